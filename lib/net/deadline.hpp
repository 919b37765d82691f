#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace tusk::net {

/// A point in time by which a call must be done, on the steady clock; or none.
class deadline {
 public:
  using clock = std::chrono::steady_clock;

  /// Never passes.
  deadline() = default;
  /// `from_now` in the future; never, when there is none or it is more than a century.
  static deadline after(std::optional<std::chrono::milliseconds> from_now);

  [[nodiscard]] bool is_set() const noexcept { return at_.has_value(); }
  /// For messages: `within 300 ms`.
  [[nodiscard]] std::string within() const;
  [[nodiscard]] bool passed() const noexcept { return at_ && clock::now() >= *at_; }
  /// The time for poll(2): milliseconds rounded up, so that a wait never ends too early; -1 for
  /// ever.
  [[nodiscard]] int poll_timeout() const noexcept;
  /// What is left, not negative; nothing when it never passes.
  [[nodiscard]] std::optional<clock::duration> left() const noexcept;
  /// Whichever passes first.
  [[nodiscard]] deadline or_before(const deadline& other) const noexcept;

 private:
  std::optional<clock::time_point> at_;
  std::chrono::milliseconds given_{};
};

}  // namespace tusk::net
