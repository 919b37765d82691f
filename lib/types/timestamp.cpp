#include "tusk/types/timestamp.hpp"

#include "tusk/types/failure.hpp"
#include "types/bounded_text.hpp"
#include "types/calendar.hpp"
#include "types/clock_writer.hpp"
#include "types/date_text.hpp"

namespace tusk {
namespace {

constexpr std::string_view out_of_range =
    "it is outside of PostgreSQL's timestamps, 4713-11-24 BC to 294276";
constexpr std::string_view behind_chrono =
    "it does not fit 64 bits of microseconds since 1970, which end in 294247";

using calendar::floor_divide;

bool in_range(std::int64_t microseconds) noexcept {
  return microseconds >= calendar::first_microsecond && microseconds < calendar::end_microsecond;
}

/// Since 2000, from microseconds since 1970; nullopt outside of the server's range.
std::optional<std::int64_t> from_unix(std::int64_t microseconds) noexcept {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(microseconds, calendar::unix_microseconds, &result) ||
      !in_range(result))
    return std::nullopt;
  return result;
}

std::optional<std::int64_t> to_unix(std::int64_t microseconds) noexcept {
  std::int64_t result = 0;
  if (__builtin_add_overflow(microseconds, calendar::unix_microseconds, &result))
    return std::nullopt;
  return result;
}

/// Ticks since 1970 from microseconds since 2000, which are whole ticks.
std::optional<std::int64_t> ticks_of(std::int64_t microseconds, std::int64_t per_second) noexcept {
  std::int64_t result = 0;
  if (per_second > calendar::second) {
    const std::optional<std::int64_t> since_1970 = to_unix(microseconds);
    if (!since_1970 || __builtin_mul_overflow(*since_1970, per_second / calendar::second, &result))
      return std::nullopt;
    return result;
  }
  // Divided first: coarse ticks reach further than microseconds since 1970 do.
  if (__builtin_add_overflow(microseconds / (calendar::second / per_second),
                             calendar::unix_seconds * per_second, &result))
    return std::nullopt;
  return result;
}

/// The other way, rounded down.
std::optional<std::int64_t> microseconds_of(std::int64_t ticks, std::int64_t per_second) noexcept {
  if (per_second > calendar::second)
    return from_unix(floor_divide(ticks, per_second / calendar::second));
  std::int64_t since_2000 = 0;
  std::int64_t result = 0;
  if (__builtin_sub_overflow(ticks, calendar::unix_seconds * per_second, &since_2000) ||
      __builtin_mul_overflow(since_2000, calendar::second / per_second, &result) ||
      !in_range(result))
    return std::nullopt;
  return result;
}

char* write_moment(char* to, std::int64_t microseconds, bool zoned) noexcept {
  if (microseconds == timestamp::infinity().microseconds())
    return calendar::write_word(to, "infinity");
  if (microseconds == timestamp::minus_infinity().microseconds())
    return calendar::write_word(to, "-infinity");
  const calendar::civil day = calendar::civil_of(floor_divide(microseconds, calendar::day_length));
  to = calendar::write_date(to, day);
  *to++ = ' ';
  // The remainder, without a product that could overflow at the far end.
  const std::int64_t rest = microseconds % calendar::day_length;
  to = calendar::write_time(
      to, static_cast<std::uint64_t>(rest < 0 ? rest + calendar::day_length : rest));
  if (zoned) to = calendar::write_word(to, "+00");
  return calendar::write_era(to, day);
}

std::string infinite(std::int64_t microseconds) {
  return timestamp(microseconds).to_string() + " does not fit";
}

}  // namespace

template <bool Zoned>
basic_timestamp<Zoned>::basic_timestamp(chrono_type point) {
  const auto known = from_unix(point.time_since_epoch().count());
  if (!known) detail::fail_conversion(codec<basic_timestamp>::name, out_of_range);
  microseconds_ = *known;
}

template <bool Zoned>
std::optional<basic_timestamp<Zoned>> basic_timestamp<Zoned>::parse(std::string_view text,
                                                                    date_order order) noexcept {
  const calendar::reading found = calendar::read_timestamp(text, Zoned, order);
  if (!found.good()) return std::nullopt;
  return basic_timestamp(found.value);
}

template <bool Zoned>
std::to_chars_result basic_timestamp<Zoned>::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(
      first, last, [this](char* to) noexcept { return write_moment(to, microseconds_, Zoned); });
}

template <bool Zoned>
std::string basic_timestamp<Zoned>::to_string() const {
  return bounded_text::string_of(*this);
}

template <bool Zoned>
typename basic_timestamp<Zoned>::chrono_type basic_timestamp<Zoned>::to_chrono() const {
  constexpr std::string_view what = codec<basic_timestamp>::name;
  if (!is_finite()) detail::fail_conversion(what, infinite(microseconds_));
  const std::optional<std::int64_t> count = to_unix(microseconds_);
  if (!count) detail::fail_conversion(what, behind_chrono);
  return chrono_type(std::chrono::microseconds(*count));
}

template class basic_timestamp<false>;
template class basic_timestamp<true>;

namespace detail {

std::int64_t read_timestamp(const field& value, bool zoned, std::string_view target) {
  const oid wanted = zoned ? oids::timestamptz : oids::timestamp;
  if (value.is_null() || value.type != wanted) fail_type(value, target);
  if (value.format == format::binary) {
    if (value.size != 8) fail_size(value, target);
    return proto::load_big_endian<std::int64_t>(value.data);
  }
  const date_order order = value.origin != nullptr ? value.origin->dates : date_order::unknown;
  const calendar::reading found = calendar::read_timestamp(value.text(), zoned, order);
  if (!found.good()) calendar::fail_reading(value, target, "a timestamp", found);
  return found.value;
}

format write_timestamp(value_writer& to, bool zoned, std::int64_t microseconds,
                       std::string_view source) {
  const oid wanted = zoned ? oids::timestamptz : oids::timestamp;
  if (to.target() != 0 && to.target() != wanted) to.fail(source, "the types do not go together");
  to.out().i64(microseconds);
  return format::binary;
}

std::int64_t read_ticks(const field& value, bool zoned, std::int64_t per_second,
                        std::string_view target) {
  const std::int64_t microseconds = read_timestamp(value, zoned, target);
  if (!timestamp(microseconds).is_finite()) fail_read(value, target, infinite(microseconds));
  if (per_second < calendar::second && microseconds % (calendar::second / per_second) != 0)
    fail_read(value, target, timestamp(microseconds).to_string() + " is finer than that");
  const std::optional<std::int64_t> ticks = ticks_of(microseconds, per_second);
  if (!ticks) fail_read(value, target, timestamp(microseconds).to_string() + " is out of range");
  return *ticks;
}

format write_ticks(value_writer& to, bool zoned, std::int64_t ticks, std::int64_t per_second,
                   std::string_view source) {
  const std::optional<std::int64_t> known = microseconds_of(ticks, per_second);
  if (!known) to.fail(source, out_of_range);
  return write_timestamp(to, zoned, *known, source);
}

bool store_ticks(std::byte* to, std::int64_t ticks, std::int64_t per_second) noexcept {
  const std::optional<std::int64_t> known = microseconds_of(ticks, per_second);
  if (known) proto::store_big_endian(to, *known);
  return known.has_value();
}

std::string ticks_text(bool zoned, std::int64_t ticks, std::int64_t per_second,
                       std::string_view source) {
  const std::optional<std::int64_t> known = microseconds_of(ticks, per_second);
  if (!known) fail_conversion(source, out_of_range);
  return zoned ? timestamptz(*known).to_string() : timestamp(*known).to_string();
}

}  // namespace detail
}  // namespace tusk
