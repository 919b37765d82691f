#pragma once

#include <charconv>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/single_type.hpp"

namespace tusk {

/// A span of time in PostgreSQL's three parts, which do not turn into each other: months differ in
/// length, and so do days where clocks change. Each part has its own sign.
class interval {
 public:
  constexpr interval() noexcept = default;
  constexpr interval(std::int32_t months, std::int32_t days, std::int64_t microseconds) noexcept
      : microseconds_(microseconds), days_(days), months_(months) {}
  /// Years and months as months, weeks and days as days, hours and less as microseconds. Throws
  /// `data_error` when the part cannot hold them. Durations finer than microseconds must be rounded
  /// first.
  template <std::signed_integral Count, class Period>
    requires(std::ratio_divide<Period, std::micro>::den == 1)
  explicit interval(std::chrono::duration<Count, Period> span);

  /// Infinite in either direction (PostgreSQL 17). Earlier servers take the same three numbers for
  /// a very long time.
  [[nodiscard]] static constexpr interval infinity() noexcept;
  [[nodiscard]] static constexpr interval minus_infinity() noexcept;

  /// Reads text as the server writes it under any IntervalStyle (`1 mon -2 days +00:00:03.5`, `@ 1
  /// mon -2 days 3.5 secs ago`, `+0-1 -2 +0:00:03.5`, `P1M-2DT3.5S`), `infinity`, and what is made
  /// of the units that the server knows. As under IntervalStyle sql_standard, the sign of `-3 4:05`
  /// is that of its time, too. nullopt for anything else: for fractions of anything but seconds and
  /// for those of more than six digits, too, which the server would spread or round.
  [[nodiscard]] static std::optional<interval> parse(std::string_view text) noexcept;

  [[nodiscard]] constexpr std::int32_t months() const noexcept { return months_; }
  [[nodiscard]] constexpr std::int32_t days() const noexcept { return days_; }
  [[nodiscard]] constexpr std::int64_t microseconds() const noexcept { return microseconds_; }
  [[nodiscard]] constexpr bool is_finite() const noexcept {
    return !has_same_parts(infinity()) && !has_same_parts(minus_infinity());
  }
  /// Whether all three parts are equal: closer than `==`, which takes `1 mon` for `30 days`.
  [[nodiscard]] constexpr bool has_same_parts(const interval& other) const noexcept {
    return months_ == other.months_ && days_ == other.days_ && microseconds_ == other.microseconds_;
  }

  /// Throws `data_error` when there are months or days.
  [[nodiscard]] std::chrono::microseconds to_duration() const;
  /// With days of 24 hours. Throws `data_error` when there are months, or it is too long.
  [[nodiscard]] std::chrono::microseconds to_duration_of_24_hour_days() const;

  /// As many characters as `to_chars` writes at most.
  static constexpr std::size_t max_chars = 67;
  /// Writes the server's text under IntervalStyle postgres, like `std::to_chars`. That text means
  /// the same to the server under the other styles, too.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// The server's order, with months of 30 days of 24 hours (interval_cmp).
  friend constexpr bool operator==(const interval& left, const interval& right) noexcept {
    return left.length() == right.length();
  }
  friend constexpr std::weak_ordering operator<=>(const interval& left,
                                                  const interval& right) noexcept {
    return left.length() <=> right.length();
  }
  /// Equal for equal intervals.
  [[nodiscard]] std::size_t hash() const noexcept;

 private:
  /// All three parts in days of 24 hours and what is left of one, which is never negative: exact
  /// where microseconds alone would not fit 64 bits.
  struct whole {
    std::int64_t days;
    std::int64_t microseconds;
    friend constexpr auto operator<=>(const whole&, const whole&) noexcept = default;
  };
  [[nodiscard]] constexpr whole length() const noexcept {
    constexpr std::int64_t day = 86'400'000'000;
    const std::int64_t rest = microseconds_ % day;
    const std::int64_t borrowed = rest < 0 ? 1 : 0;
    return {std::int64_t{months_} * 30 + days_ + microseconds_ / day - borrowed,
            rest + borrowed * day};
  }

  std::int64_t microseconds_ = 0;
  std::int32_t days_ = 0;
  std::int32_t months_ = 0;
};

namespace detail {

enum class interval_part : std::uint8_t { months, days, microseconds };
/// `count` times `times` of one part. Throws `data_error` when that does not fit.
[[nodiscard]] interval interval_of(std::int64_t count, std::int64_t times, interval_part part);

}  // namespace detail

template <std::signed_integral Count, class Period>
  requires(std::ratio_divide<Period, std::micro>::den == 1)
interval::interval(std::chrono::duration<Count, Period> span) {
  using detail::interval_part;
  using in_months = std::ratio_divide<Period, std::chrono::months::period>;
  using in_days = std::ratio_divide<Period, std::chrono::days::period>;
  using in_microseconds = std::ratio_divide<Period, std::micro>;
  if constexpr (in_months::den == 1) {
    *this = detail::interval_of(span.count(), in_months::num, interval_part::months);
  } else if constexpr (in_days::den == 1) {
    *this = detail::interval_of(span.count(), in_days::num, interval_part::days);
  } else {
    *this = detail::interval_of(span.count(), in_microseconds::num, interval_part::microseconds);
  }
}

constexpr interval interval::infinity() noexcept {
  return {std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::max(),
          std::numeric_limits<std::int64_t>::max()};
}

constexpr interval interval::minus_infinity() noexcept {
  return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::min(),
          std::numeric_limits<std::int64_t>::min()};
}

/// `interval`.
template <>
struct codec<interval> : detail::single_type<oids::interval, oids::interval_array> {
  static constexpr std::string_view name = "tusk::interval";

  static constexpr std::uint32_t native_size = 16;
  /// Microseconds, days, months (interval_send).
  static interval from_native(const std::byte* bytes) noexcept {
    return {proto::load_big_endian<std::int32_t>(bytes + 12),
            proto::load_big_endian<std::int32_t>(bytes + 8),
            proto::load_big_endian<std::int64_t>(bytes)};
  }
  static void to_native(std::byte* to, const interval& value) noexcept {
    proto::store_big_endian(to, value.microseconds());
    proto::store_big_endian(to + 8, value.days());
    proto::store_big_endian(to + 12, value.months());
  }
  static interval decode(const field& value);
  static format encode(value_writer& to, const interval& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::interval> {
  std::size_t operator()(const tusk::interval& value) const noexcept { return value.hash(); }
};
