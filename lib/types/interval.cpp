#include "tusk/types/interval.hpp"

#include "tusk/types/failure.hpp"
#include "types/bounded_text.hpp"
#include "types/calendar.hpp"
#include "types/clock_writer.hpp"

namespace tusk {
namespace {

constexpr std::string_view to_chrono = "tusk::interval to std::chrono::microseconds";

constexpr std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

template <class Part>
bool fits(std::int64_t value) noexcept {
  return value >= std::numeric_limits<Part>::min() && value <= std::numeric_limits<Part>::max();
}

/// Style postgres gives each part its own sign, and shows a `+` only behind a negative part.
class postgres_style {
 public:
  explicit postgres_style(char* to) noexcept : to_(to), start_(to) {}

  void part(std::int64_t value, std::string_view unit) noexcept {
    if (value == 0) return;
    sign(value < 0);
    to_ = calendar::write_number(to_, magnitude(value));
    *to_++ = ' ';
    to_ = calendar::write_word(to_, unit);
    if (value != 1) *to_++ = 's';
    behind_negative_ = value < 0;
  }

  char* clock(std::int64_t microseconds) noexcept {
    if (microseconds == 0 && to_ != start_) return to_;
    sign(microseconds < 0);
    return calendar::write_time(to_, magnitude(microseconds));
  }

 private:
  void sign(bool negative) noexcept {
    if (to_ != start_) *to_++ = ' ';
    if (negative) *to_++ = '-';
    if (!negative && behind_negative_) *to_++ = '+';
  }

  char* to_;
  char* start_;
  bool behind_negative_ = false;
};

}  // namespace

std::chrono::microseconds interval::to_duration() const {
  if (months_ != 0 || days_ != 0)
    detail::fail_conversion(to_chrono, to_string() + " has months or days, whose length varies");
  return std::chrono::microseconds(microseconds_);
}

std::chrono::microseconds interval::to_duration_of_24_hour_days() const {
  if (months_ != 0)
    detail::fail_conversion(to_chrono, to_string() + " has months, whose length varies");
  std::int64_t sum = 0;
  if (__builtin_add_overflow(days_ * calendar::day_length, microseconds_, &sum))
    detail::fail_conversion(to_chrono, to_string() + " does not fit");
  return std::chrono::microseconds(sum);
}

std::to_chars_result interval::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) noexcept {
    if (has_same_parts(infinity())) return calendar::write_word(to, "infinity");
    if (has_same_parts(minus_infinity())) return calendar::write_word(to, "-infinity");
    postgres_style out(to);
    out.part(months_ / 12, "year");
    out.part(months_ % 12, "mon");
    out.part(days_, "day");
    return out.clock(microseconds_);
  });
}

std::string interval::to_string() const {
  return bounded_text::string_of(*this);
}

std::size_t interval::hash() const noexcept {
  const whole all = length();
  // What is left of a day takes 37 bits; the days are spread so that they meet all of them.
  const auto spread = static_cast<std::uint64_t>(all.days) * 0x9E3779B97F4A7C15U;
  return std::hash<std::uint64_t>{}(spread ^ static_cast<std::uint64_t>(all.microseconds));
}

namespace detail {

interval interval_of(std::int64_t count, std::int64_t times, interval_part part) {
  constexpr std::string_view source = "std::chrono::duration to tusk::interval";
  std::int64_t product = 0;
  if (__builtin_mul_overflow(count, times, &product))
    fail_conversion(source, "it does not fit 64 bits of microseconds");
  if (part == interval_part::microseconds) return {0, 0, product};
  if (!fits<std::int32_t>(product))
    fail_conversion(source, std::to_string(product) + " does not fit 32 bits of months or days");
  const auto narrow = static_cast<std::int32_t>(product);
  return part == interval_part::months ? interval(narrow, 0, 0) : interval(0, narrow, 0);
}

}  // namespace detail

interval codec<interval>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::text) {
    const std::optional<interval> parsed = interval::parse(value.text());
    if (!parsed) detail::fail_text(value, name, "an interval");
    return *parsed;
  }
  if (value.size != native_size) detail::fail_size(value, name);
  return from_native(value.data);
}

format codec<interval>::encode(value_writer& to, const interval& value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  to.out().i64(value.microseconds());
  to.out().i32(value.days());
  to.out().i32(value.months());
  return format::binary;
}

}  // namespace tusk
