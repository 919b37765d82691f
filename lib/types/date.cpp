#include "tusk/types/date.hpp"

#include "tusk/types/failure.hpp"
#include "types/bounded_text.hpp"
#include "types/calendar.hpp"
#include "types/clock_writer.hpp"
#include "types/date_text.hpp"

namespace tusk {
namespace {

constexpr std::string_view no_chrono_year = "its year does not fit std::chrono::year";
constexpr std::string_view out_of_range =
    "it is outside of PostgreSQL's dates, 4713-11-24 BC to 5874897-12-31";

bool in_range(std::int64_t days) noexcept {
  return days >= calendar::first_day && days <= calendar::last_day;
}

/// The same day for PostgreSQL; nullopt when it has no such date.
std::optional<date> from_sys_days(std::chrono::sys_days day) noexcept {
  const std::int64_t count = day.time_since_epoch().count();
  if (!in_range(count - calendar::unix_days)) return std::nullopt;
  return date(static_cast<std::int32_t>(count - calendar::unix_days));
}

std::optional<date> from_year_month_day(std::chrono::year_month_day day) noexcept {
  if (!day.ok()) return std::nullopt;
  return from_sys_days(std::chrono::sys_days(day));
}

std::chrono::sys_days as_sys_days(date day) noexcept {
  return std::chrono::sys_days(std::chrono::days(day.days() + calendar::unix_days));
}

std::optional<std::chrono::year_month_day> as_year_month_day(date day) noexcept {
  const calendar::civil named = calendar::civil_of(day.days());
  if (named.year > int{std::chrono::year::max()} || named.year < int{std::chrono::year::min()})
    return std::nullopt;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(named.year)),
                                     std::chrono::month(static_cast<unsigned>(named.month)),
                                     std::chrono::day(static_cast<unsigned>(named.day)));
}

std::string infinite(date day) {
  return day.to_string() + " does not fit";
}

/// A finite date, for the types of std::chrono.
date decode_finite(const field& value, std::string_view target) {
  const bool plain = value.format == format::binary && value.size == 4 && value.type == oids::date;
  const date day = plain ? date(proto::load_big_endian<std::int32_t>(value.data))
                         : codec<date>::decode_slowly(value, target);
  if (!day.is_finite()) fail_read(value, target, infinite(day));
  return day;
}

format write_date(value_writer& to, std::optional<date> day, std::string_view source) {
  if (to.target() != 0 && to.target() != oids::date)
    to.fail(source, "the types do not go together");
  if (!day) to.fail(source, out_of_range);
  to.out().i32(day->days());
  return format::binary;
}

}  // namespace

date::date(std::chrono::sys_days day) {
  const std::optional<date> known = from_sys_days(day);
  if (!known) detail::fail_conversion("std::chrono::sys_days to tusk::date", out_of_range);
  *this = *known;
}

date::date(std::chrono::year_month_day day) {
  constexpr std::string_view what = "std::chrono::year_month_day to tusk::date";
  if (!day.ok()) detail::fail_conversion(what, "there is no such day");
  const std::optional<date> known = from_year_month_day(day);
  if (!known) detail::fail_conversion(what, out_of_range);
  *this = *known;
}

std::optional<date> date::parse(std::string_view text, date_order order) noexcept {
  const calendar::reading found = calendar::read_date(text, order);
  if (!found.good()) return std::nullopt;
  return date(static_cast<std::int32_t>(found.value));
}

std::to_chars_result date::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) noexcept {
    if (*this == infinity()) return calendar::write_word(to, "infinity");
    if (*this == minus_infinity()) return calendar::write_word(to, "-infinity");
    const calendar::civil day = calendar::civil_of(days_);
    return calendar::write_era(calendar::write_date(to, day), day);
  });
}

std::string date::to_string() const {
  return bounded_text::string_of(*this);
}

std::chrono::sys_days date::to_sys_days() const {
  if (!is_finite()) detail::fail_conversion("tusk::date to std::chrono::sys_days", infinite(*this));
  return as_sys_days(*this);
}

std::chrono::year_month_day date::to_year_month_day() const {
  constexpr std::string_view what = "tusk::date to std::chrono::year_month_day";
  if (!is_finite()) detail::fail_conversion(what, infinite(*this));
  const auto day = as_year_month_day(*this);
  if (!day) detail::fail_conversion(what, no_chrono_year);
  return *day;
}

date codec<date>::decode_slowly(const field& value, std::string_view target) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, target);
  if (value.format == format::binary) detail::fail_size(value, target);
  const date_order order = value.origin != nullptr ? value.origin->dates : date_order::unknown;
  const calendar::reading found = calendar::read_date(value.text(), order);
  if (!found.good()) calendar::fail_reading(value, target, "a date", found);
  return date(static_cast<std::int32_t>(found.value));
}

format codec<date>::encode(value_writer& to, date value) {
  return write_date(to, value, name);
}

std::chrono::year_month_day codec<std::chrono::year_month_day>::decode(const field& value) {
  const date day = decode_finite(value, name);
  const auto named = as_year_month_day(day);
  if (!named) fail_read(value, name, day.to_string() + ": " + std::string(no_chrono_year));
  return *named;
}

format codec<std::chrono::year_month_day>::encode(value_writer& to,
                                                  std::chrono::year_month_day value) {
  if (!value.ok()) to.fail(name, "there is no such day");
  return write_date(to, from_year_month_day(value), name);
}

std::string codec<std::chrono::year_month_day>::to_text(std::chrono::year_month_day value) {
  return date(value).to_string();
}

std::chrono::sys_days codec<std::chrono::sys_days>::decode(const field& value) {
  return as_sys_days(decode_finite(value, name));
}

format codec<std::chrono::sys_days>::encode(value_writer& to, std::chrono::sys_days value) {
  return write_date(to, from_sys_days(value), name);
}

std::string codec<std::chrono::sys_days>::to_text(std::chrono::sys_days value) {
  return date(value).to_string();
}

}  // namespace tusk
