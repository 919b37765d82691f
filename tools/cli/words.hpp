#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace cli {

/// The words behind a command, one by one: options `--name`, `--name=value` or `--name value`,
/// which may stand anywhere before `--`, and operands. `-` alone and what begins with `-` and a
/// digit are operands.
class words {
 public:
  explicit words(std::span<const char* const> all) noexcept : all_(all) {}

  /// Goes on to the next word; false at the end.
  bool next();
  [[nodiscard]] bool is_option() const noexcept { return is_option_; }
  /// The option's name with its dashes, or the operand.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// The option's value. Throws usage_error when there is none.
  std::string_view value();
  /// For an option that takes no value. Throws usage_error when it has one.
  void require_no_value() const;
  /// Throws usage_error for an option that the command does not have.
  [[noreturn]] void refuse() const;

 private:
  std::span<const char* const> all_;
  std::size_t at_ = 0;
  std::string_view text_;
  std::optional<std::string_view> value_;
  bool is_option_ = false;
  bool options_end_ = false;
};

/// The value of `--timeout`: seconds above 0, fractions allowed. Throws usage_error.
[[nodiscard]] std::chrono::milliseconds parse_timeout(std::string_view text);

/// The value of `--format` where it is text or json. Throws usage_error.
[[nodiscard]] bool parse_is_json(std::string_view text);

}  // namespace cli
