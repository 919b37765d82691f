#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace cli {

/// One limit for everything that a command does, connecting included.
class time_limit {
 public:
  explicit time_limit(std::optional<std::chrono::milliseconds> whole) noexcept {
    if (whole) end_ = clock::now() + *whole;
  }

  /// What is left, at least a millisecond: who is given it then says that time is up.
  [[nodiscard]] std::optional<std::chrono::milliseconds> left() const noexcept {
    if (!end_) return std::nullopt;
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(*end_ - clock::now());
    return std::max(rest, std::chrono::milliseconds(1));
  }

  /// Whether nothing is left.
  [[nodiscard]] bool is_over() const noexcept { return end_ && clock::now() >= *end_; }

 private:
  using clock = std::chrono::steady_clock;

  std::optional<clock::time_point> end_;
};

}  // namespace cli
