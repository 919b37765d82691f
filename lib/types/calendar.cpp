#include "types/calendar.hpp"

#include <array>

namespace tusk::calendar {
namespace {

// Years are counted from March, so that the leap day is the last of its year; an era is the 400
// years after which the calendar repeats.
constexpr std::int64_t days_in_era = 146'097;
constexpr std::int64_t march_2000 = 60;  // days from 2000-01-01 to 2000-03-01

constexpr bool is_leap(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Days from 1 March to the first of the month that is `months` later.
constexpr std::int64_t days_before(std::int64_t months) noexcept {
  return (153 * months + 2) / 5;
}

}  // namespace

civil civil_of(std::int64_t days) noexcept {
  const std::int64_t from_march = days - march_2000;
  const std::int64_t era = floor_divide(from_march, days_in_era);
  const std::int64_t in_era = from_march - era * days_in_era;
  const std::int64_t year = (in_era - in_era / 1'460 + in_era / 36'524 - in_era / 146'096) / 365;
  const std::int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * in_year + 2) / 153;
  civil result;
  result.day = static_cast<int>(in_year - days_before(month) + 1);
  result.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  result.year = 2000 + era * 400 + year + (month < 10 ? 0 : 1);
  return result;
}

std::int64_t days_of(const civil& day) noexcept {
  const std::int64_t year = day.year - (day.month <= 2 ? 1 : 0) - 2000;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t of_era = year - era * 400;
  const std::int64_t in_year =
      days_before(day.month > 2 ? day.month - 3 : day.month + 9) + day.day - 1;
  const std::int64_t in_era = of_era * 365 + of_era / 4 - of_era / 100 + in_year;
  return era * days_in_era + in_era + march_2000;
}

bool exists(const civil& day) noexcept {
  constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day.month < 1 || day.month > 12 || day.day < 1) return false;
  const int length = lengths[static_cast<std::size_t>(day.month - 1)];
  return day.day <= length + (day.month == 2 && is_leap(day.year) ? 1 : 0);
}

}  // namespace tusk::calendar
