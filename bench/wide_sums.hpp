#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "workloads.hpp"

namespace bench {

/// What the values of `rows_wide` add up to: the same work on every side, once a value is there.
class wide_sums {
 public:
  void whole(std::int64_t value) noexcept { sum_ += static_cast<std::uint64_t>(value); }
  void number(double value) noexcept { numbers_ += value; }
  void truth(bool value) noexcept { sum_ += value ? 1 : 0; }
  void text(std::string_view value) noexcept { sum_ += text_digest(value); }
  void null() noexcept { ++sum_; }
  /// The 16 bytes of a UUID.
  void uuid(const void* bytes) noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, bytes, sizeof halves);
    sum_ += halves[0] + 3 * halves[1];
  }
  /// Digits of base 10000, the first of which has the weight 10000^weight.
  template <class Digits>
  void decimal(const Digits& digits, int weight, int scale) noexcept {
    for (const auto digit : digits)
      sum_ += digit;
    sum_ += static_cast<std::uint64_t>(weight + scale);
  }

  [[nodiscard]] std::uint64_t digest() const noexcept {
    return sum_ + static_cast<std::uint64_t>(numbers_ * 4);
  }

 private:
  std::uint64_t sum_ = 0;
  double numbers_ = 0;
};

}  // namespace bench
