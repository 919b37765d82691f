#pragma once

#include <cstdint>

/// The calendar and clock behind date, time and timestamps: proleptic Gregorian, days counted from
/// 2000-01-01, microseconds from its midnight.
namespace tusk::calendar {

inline constexpr std::int64_t second = 1'000'000;
inline constexpr std::int64_t day_length = 86'400 * second;

/// 2000-01-01, in days since 1970-01-01, which `std::chrono` counts from.
inline constexpr std::int64_t unix_days = 10'957;
inline constexpr std::int64_t unix_seconds = unix_days * 86'400;
inline constexpr std::int64_t unix_microseconds = unix_seconds * second;

// What the server holds: 4714-11-24 BC (Julian day 0) up to the end of 5874897 for dates, and of
// 294276 for timestamps.
inline constexpr std::int64_t first_day = -2'451'545;
inline constexpr std::int64_t last_day = 2'145'031'948;
inline constexpr std::int64_t first_microsecond = first_day * day_length;
inline constexpr std::int64_t end_microsecond = 9'223'371'331'200'000'000;

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
  return value / by - (value % by < 0 ? 1 : 0);
}

/// A day by its names; year 0 is 1 BC.
struct civil {
  std::int64_t year = 2000;
  int month = 1;
  int day = 1;
};

[[nodiscard]] civil civil_of(std::int64_t days) noexcept;
/// `day` must be one of the month's.
[[nodiscard]] std::int64_t days_of(const civil& day) noexcept;
/// Whether there is such a day.
[[nodiscard]] bool exists(const civil& day) noexcept;

}  // namespace tusk::calendar
