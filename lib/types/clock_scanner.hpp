#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tusk::calendar {

/// Takes the parts of a date or a clock in text from its front. Each gives nothing when it is not
/// there, and says nothing of where the text is then.
class scanner {
 public:
  explicit scanner(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  /// What comes next; NUL at the end.
  [[nodiscard]] char next() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  bool skip(char c) noexcept;
  bool skip(std::string_view word) noexcept;
  /// A number of `least` to `most` digits, fewer than 19.
  std::optional<std::int64_t> number(std::size_t least, std::size_t most) noexcept;
  /// Up to `most` letters, which may be none.
  std::string_view letters(std::size_t most) noexcept;
  /// `HH:MM[:SS[.ffffff]]` up to 24:00:00, in microseconds. A second 60 is the next minute's first.
  std::optional<std::int64_t> time() noexcept;
  /// `.ffffff` in microseconds, from 1 digit to 6; 0 when there is no point.
  std::optional<std::int64_t> fraction() noexcept;
  /// `+HH`, `-HH:MM`, `+HHMM`, `+HH:MM:SS` in seconds east of Greenwich, less than 16 hours.
  std::optional<std::int32_t> offset() noexcept;

 private:
  std::string_view rest_;
};

}  // namespace tusk::calendar
