#include "types/date_text.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>

#include "tusk/types/failure.hpp"
#include "types/ascii.hpp"
#include "types/calendar.hpp"
#include "types/clock_scanner.hpp"
#include "types/zone_abbreviations.hpp"

namespace tusk::calendar {
namespace {

using outcome = reading::outcome;

// As long as the server writes an abbreviation (MAXTZLEN).
constexpr std::size_t longest_abbreviation = 10;

/// A day as it stood in text: the year not yet of an era, and the month perhaps not the month.
struct dated {
  civil day;
  date_order order = date_order::month_first;  ///< unknown when the form does not say
};

/// `YYYY-MM-DD` by its year of four digits or more, `DD.MM.YYYY`, or two numbers in `order` and the
/// year behind.
std::optional<dated> scan_numbers(scanner& in, date_order order) noexcept {
  const scanner start = in;
  if (const auto year = in.number(4, 7); year && in.skip('-')) {
    const auto month = in.number(2, 2);
    if (!month || !in.skip('-')) return std::nullopt;
    const auto day = in.number(2, 2);
    if (!day) return std::nullopt;
    return dated{{*year, static_cast<int>(*month), static_cast<int>(*day)}};
  }
  in = start;
  const auto first = in.number(2, 2);
  if (!first) return std::nullopt;
  char between = 0;
  for (const char each : {'/', '-', '.'})
    if (in.skip(each)) between = each;
  const auto second = in.number(2, 2);
  if (between == 0 || !second || !in.skip(between)) return std::nullopt;
  const auto year = in.number(4, 7);
  if (!year) return std::nullopt;
  // Style German ignores the order.
  return dated{{*year, static_cast<int>(*first), static_cast<int>(*second)},
               between == '.' ? date_order::day_first : order};
}

/// A name's place among `names`, which have three letters each, from 1 on; 0 for none.
int scan_name(scanner& in, std::string_view names) noexcept {
  for (std::size_t i = 0; i < names.size(); i += 3)
    if (in.skip(names.substr(i, 3))) return static_cast<int>(i / 3) + 1;
  return 0;
}

int scan_month(scanner& in) noexcept {
  return scan_name(in, "JanFebMarAprMayJunJulAugSepOctNovDec");
}

int scan_weekday(scanner& in) noexcept {
  return scan_name(in, "MonTueWedThuFriSatSun");
}

/// The day that is meant; its number since 2000.
reading resolve(dated found) noexcept {
  if (found.day.year == 0) return {};  // no text has a year 0
  if (found.day.year < 0) ++found.day.year;
  civil other = found.day;
  std::swap(other.month, other.day);
  const bool as_other = found.order != date_order::month_first && exists(other);
  const bool as_written = found.order != date_order::day_first && exists(found.day);
  if (!as_other && !as_written) return {};
  if (as_other && as_written && other.day != found.day.day) return {outcome::two_dates, 0, {}};
  return {outcome::good, days_of(as_written ? found.day : other), {}};
}

void scan_era(scanner& in, dated& found) noexcept {
  if (in.skip(" BC")) found.day.year = -found.day.year;
}

/// Fills in the offset; what was wrong otherwise.
reading scan_zone(scanner& in, std::int32_t& offset) noexcept {
  in.skip(' ');
  if (const auto numeric = in.offset()) {
    offset = *numeric;
    return {outcome::good, 0, {}};
  }
  const std::string_view name = in.letters(longest_abbreviation);
  if (name.empty()) return {};
  const auto known = zone_offset(name);
  if (!known) return {outcome::unclear_zone, 0, name};
  offset = *known;
  return {outcome::good, 0, {}};
}

/// A timestamp's parts in the order in which style Postgres writes them, or in that of the others.
struct moment {
  dated date;
  std::int64_t clock = 0;
  std::int32_t offset = 0;
  int weekday = 0;  ///< 1 for Monday; 0 when the text does not say
};

bool scan_postgres(scanner& in, moment& found) noexcept {
  std::optional<std::int64_t> day;
  if (!in.skip(' ')) return false;
  if (ascii::is_digit(in.next())) {
    day = in.number(2, 2);
    if (!day || !in.skip(' ')) return false;
  }
  found.date.day.month = scan_month(in);
  if (found.date.day.month == 0 || !in.skip(' ')) return false;
  if (!day) {
    day = in.number(2, 2);
    if (!day || !in.skip(' ')) return false;
  }
  const auto clock = in.time();
  if (!clock || !in.skip(' ')) return false;
  const auto year = in.number(4, 7);
  if (!year) return false;
  found.date.day.day = static_cast<int>(*day);
  found.date.day.year = *year;
  found.clock = *clock;
  return true;
}

bool scan_moment(scanner& in, moment& found, date_order order) noexcept {
  found.weekday = scan_weekday(in);
  if (found.weekday != 0) return scan_postgres(in, found);
  const auto date = scan_numbers(in, order);
  if (!date || (!in.skip(' ') && !in.skip('T'))) return false;
  const auto clock = in.time();
  if (!clock) return false;
  found.date = *date;
  found.clock = *clock;
  return true;
}

reading count_microseconds(const moment& found) noexcept {
  const reading day = resolve(found.date);
  if (!day.good()) return day;
  // 2000-01-03 was a Monday. A weekday that contradicts the date belongs to some other text.
  const std::int64_t since_monday = day.value - 2;
  if (found.weekday != 0 && since_monday - floor_divide(since_monday, 7) * 7 != found.weekday - 1)
    return {};
  // One day more than the range, since the offset may bring it back.
  constexpr std::int64_t last = end_microsecond / day_length;
  if (day.value < first_day - 1 || day.value > last) return {};
  std::int64_t result = 0;
  if (__builtin_add_overflow(day.value * day_length, found.clock - found.offset * second,
                             &result) ||
      result < first_microsecond || result >= end_microsecond)
    return {};
  return {outcome::good, result, {}};
}

template <class T>
reading infinite(std::string_view text) noexcept {
  using limits = std::numeric_limits<T>;
  if (text == "infinity") return {outcome::good, limits::max(), {}};
  if (text == "-infinity") return {outcome::good, limits::min(), {}};
  return {};
}

}  // namespace

reading read_date(std::string_view text, date_order order) noexcept {
  if (const reading end = infinite<std::int32_t>(text); end.good()) return end;
  scanner in(text);
  std::optional<dated> found = scan_numbers(in, order);
  if (!found) return {};
  scan_era(in, *found);
  if (!in.at_end()) return {};
  const reading result = resolve(*found);
  if (result.good() && (result.value < first_day || result.value > last_day)) return {};
  return result;
}

reading read_timestamp(std::string_view text, bool zoned, date_order order) noexcept {
  if (const reading end = infinite<std::int64_t>(text); end.good()) return end;
  scanner in(text);
  moment found;
  if (!scan_moment(in, found, order)) return {};
  reading zone{outcome::good, 0, {}};
  if (zoned) zone = scan_zone(in, found.offset);
  if (zone.result == outcome::malformed) return {};
  scan_era(in, found.date);
  if (!in.at_end()) return {};
  const reading result = count_microseconds(found);
  return result.good() ? (zone.good() ? result : zone) : result;
}

reading read_zoned_time(std::string_view text, std::int32_t& offset) noexcept {
  scanner in(text);
  const auto clock = in.time();
  if (!clock) return {};
  const reading zone = scan_zone(in, offset);
  if (zone.result == outcome::malformed || !in.at_end()) return {};
  if (!zone.good()) return zone;
  return {outcome::good, *clock, {}};
}

void fail_reading(const field& value, std::string_view target, std::string_view what,
                  const reading& failed) {
  constexpr std::string_view remedy = "; set DateStyle to ISO, or ask for it in binary";
  if (failed.result == outcome::two_dates)
    fail_read(
        value, target,
        '"' + std::string(value.text()) + "\" could be either of two dates" + std::string(remedy));
  if (failed.result == outcome::unclear_zone)
    fail_read(value, target,
              "the zone abbreviation \"" + std::string(failed.zone) +
                  "\" does not stand for one offset" + std::string(remedy));
  detail::fail_text(value, target, what);
}

}  // namespace tusk::calendar
