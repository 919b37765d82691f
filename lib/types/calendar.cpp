#include "types/calendar.hpp"

#include <array>

#include "types/ascii.hpp"

namespace tusk::calendar {
namespace {

// Years are counted from March, so that the leap day is the last of its year; an era is the 400
// years after which the calendar repeats.
constexpr std::int64_t days_in_era = 146'097;
constexpr std::int64_t march_2000 = 60;  // days from 2000-01-01 to 2000-03-01

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
  return value / by - (value % by < 0 ? 1 : 0);
}

constexpr bool is_leap(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Days from 1 March to the first of the month that is `months` later.
constexpr std::int64_t days_before(std::int64_t months) noexcept {
  return (153 * months + 2) / 5;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out.append(digits);
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

void append_date(std::string& out, const civil& day) {
  append_padded(out, day.year > 0 ? day.year : 1 - day.year, 4);
  out.push_back('-');
  append_padded(out, day.month, 2);
  out.push_back('-');
  append_padded(out, day.day, 2);
}

void append_era(std::string& out, const civil& day) {
  if (day.year <= 0) out.append(" BC");
}

void append_time(std::string& out, std::int64_t microseconds) {
  const std::int64_t seconds = microseconds / second;
  append_padded(out, seconds / 3600, 2);
  out.push_back(':');
  append_padded(out, seconds / 60 % 60, 2);
  out.push_back(':');
  append_padded(out, seconds % 60, 2);
  const std::int64_t fraction = microseconds % second;
  if (fraction == 0) return;
  out.push_back('.');
  append_padded(out, fraction, 6);
  out.erase(out.find_last_not_of('0') + 1);
}

bool scanner::skip(char c) noexcept {
  if (!rest_.starts_with(c)) return false;
  rest_.remove_prefix(1);
  return true;
}

bool scanner::skip(std::string_view word) noexcept {
  if (!rest_.starts_with(word)) return false;
  rest_.remove_prefix(word.size());
  return true;
}

std::optional<std::int64_t> scanner::number(std::size_t least, std::size_t most) noexcept {
  std::size_t count = 0;
  std::int64_t value = 0;
  for (; count < rest_.size() && count < most && ascii::is_digit(rest_[count]); ++count)
    value = value * 10 + (rest_[count] - '0');
  if (count < least) return std::nullopt;
  rest_.remove_prefix(count);
  return value;
}

std::optional<civil> scanner::date() noexcept {
  const auto year = number(4, 7);
  if (!year || !skip('-')) return std::nullopt;
  const auto month = number(2, 2);
  if (!month || !skip('-')) return std::nullopt;
  const auto of_month = number(2, 2);
  if (!of_month || *year == 0) return std::nullopt;  // there is no year 0 in text
  return civil{*year, static_cast<int>(*month), static_cast<int>(*of_month)};
}

std::optional<std::int64_t> scanner::time() noexcept {
  const auto hours = number(2, 2);
  if (!hours || !skip(':')) return std::nullopt;
  const auto minutes = number(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  std::int64_t result = (*hours * 60 + *minutes) * 60 * second;
  if (skip(':')) {
    const auto seconds = number(2, 2);
    if (!seconds || *seconds > 60) return std::nullopt;  // :60 is the next minute's :00
    result += *seconds * second;
    if (skip('.')) {
      const std::size_t before = rest_.size();
      auto fraction = number(1, 6);
      if (!fraction) return std::nullopt;
      for (std::size_t digits = before - rest_.size(); digits < 6; ++digits)
        *fraction *= 10;
      result += *fraction;
    }
  }
  if (result > calendar::day_length) return std::nullopt;
  return result;
}

std::optional<std::int64_t> scanner::offset() noexcept {
  if (skip('Z')) return 0;
  const bool west = rest_.starts_with('-');
  if (!skip('-') && !skip('+')) return std::nullopt;
  const auto hours = number(2, 2);
  if (!hours || *hours > 15) return std::nullopt;
  std::int64_t result = *hours * 3600;
  for (const std::int64_t unit : {60, 1}) {
    if (!skip(':')) break;
    const auto part = number(2, 2);
    if (!part || *part > 59) return std::nullopt;
    result += *part * unit;
  }
  return west ? -result : result;
}

bool scanner::era(civil& day) noexcept {
  if (skip(" BC")) day.year = 1 - day.year;
  return exists(day);
}

}  // namespace tusk::calendar
