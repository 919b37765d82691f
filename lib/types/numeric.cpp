#include "tusk/types/numeric.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "tusk/types/failure.hpp"

namespace tusk {
namespace {

constexpr int base = 10000;
constexpr int base_digits = 4;

constexpr int most_digits_behind = numeric::max_scale / base_digits + 1;

/// Decimal digits of the fraction that the last base-10000 digit needs.
int fraction_digits(std::u16string_view digits, int weight) {
  const int places = (static_cast<int>(digits.size()) - 1 - weight) * base_digits;
  int unused = 0;
  for (int last = digits.back(); last % 10 == 0 && unused < base_digits; last /= 10)
    ++unused;
  return places - unused;
}

/// Where infinities and NaN stand in the order; 0 for finite numbers.
int rank(numeric::kind what) noexcept {
  switch (what) {
    case numeric::kind::minus_infinity: return -1;
    case numeric::kind::finite: return 0;
    case numeric::kind::infinity: return 1;
    case numeric::kind::nan: return 2;
  }
  return 2;
}

std::strong_ordering compare_magnitudes(const numeric& left, const numeric& right) noexcept {
  if (left.is_zero() || right.is_zero()) return right.is_zero() <=> left.is_zero();
  if (left.weight() != right.weight()) return left.weight() <=> right.weight();
  return left.digits() <=> right.digits();
}

int sign_of(const numeric& value) noexcept {
  return value.is_zero() ? 0 : value.is_negative() ? -1 : 1;
}

std::string_view name_of(numeric::kind what) noexcept {
  switch (what) {
    case numeric::kind::nan: return "NaN";
    case numeric::kind::infinity: return "Infinity";
    case numeric::kind::minus_infinity: return "-Infinity";
    case numeric::kind::finite: break;
  }
  return {};
}

/// Decimal digits of a base-10000 digit without its leading zeros.
int decimal_digits(char16_t digit) noexcept {
  return digit >= 1000 ? 4 : digit >= 100 ? 3 : digit >= 10 ? 2 : 1;
}

/// The decimal digits of one base-10000 digit from `skip` on, up to `end`.
char* put_digit(char16_t digit, int skip, char* to, const char* end) noexcept {
  constexpr int units[] = {1000, 100, 10, 1};
  for (int i = skip; i < base_digits && to != end; ++i)
    *to++ = static_cast<char>('0' + digit / units[i] % 10);
  return to;
}

}  // namespace

numeric& numeric::operator=(const numeric& other) {
  if (this == &other) return *this;
  numeric copy(other);  // which may throw, and then nothing has changed
  release();
  take(copy);
  return *this;
}

void numeric::copy_long_digits(const char16_t* from) {
  const std::size_t count = parts_.count;
  parts_.count = 0;  // should there be no memory, there is nothing to release
  char16_t* const copy = new char16_t[count];
  std::memcpy(copy, from, count * sizeof *copy);
  heap_ = copy;
  parts_.count = static_cast<std::uint16_t>(count);
}

numeric::numeric(std::string_view text) {
  std::optional<numeric> parsed = parse(text);
  if (!parsed) detail::fail_conversion("tusk::numeric", "the text is not a number within range");
  *this = std::move(*parsed);
}

std::optional<numeric> numeric::from_parts(bool negative, int weight, int scale,
                                           std::u16string_view digits) {
  if (scale < 0 || scale > max_scale) return std::nullopt;
  if (std::any_of(digits.begin(), digits.end(), [](char16_t digit) { return digit >= base; }))
    return std::nullopt;
  numeric result;
  result.parts_.scale = static_cast<std::uint16_t>(scale);
  const std::size_t first = digits.find_first_not_of(u'\0');
  if (first == std::u16string_view::npos) return result;
  const std::size_t end = digits.find_last_not_of(u'\0') + 1;
  digits = digits.substr(first, end - first);
  const std::int64_t moved = weight - static_cast<std::int64_t>(first);
  if (moved >= max_whole_digits / base_digits || moved < -most_digits_behind) return std::nullopt;
  const auto size = static_cast<std::int64_t>(digits.size());
  if (size - 1 - moved > most_digits_behind ||
      fraction_digits(digits, static_cast<int>(moved)) > scale)
    return std::nullopt;
  result.parts_.negative = negative;
  result.parts_.weight = static_cast<std::int16_t>(moved);
  result.parts_.count = static_cast<std::uint16_t>(size);
  if (result.is_long()) {
    result.copy_long_digits(digits.data());
  } else {
    std::copy(digits.begin(), digits.end(), result.here_);
  }
  return result;
}

void numeric::assign(bool negative, std::uint64_t magnitude) {
  std::array<char16_t, 5> reversed{};  // 2^64 has 20 decimal digits
  std::size_t count = 0;
  for (; magnitude != 0; magnitude /= base)
    reversed[count++] = static_cast<char16_t>(magnitude % base);
  if (count == 0) return;
  parts_.weight = static_cast<std::int16_t>(count - 1);
  parts_.negative = negative;
  std::size_t zeros = 0;  // at the end, which is the front here
  while (reversed[zeros] == 0)
    ++zeros;
  for (; count > zeros; --count)
    here_[parts_.count++] = reversed[count - 1];
}

std::size_t numeric::text_size() const noexcept {
  if (!is_finite()) return name_of(parts_.what).size();
  const int whole = parts_.count == 0 || parts_.weight < 0
                        ? 1
                        : parts_.weight * base_digits + decimal_digits(digits().front());
  const int fraction = parts_.scale == 0 ? 0 : 1 + parts_.scale;
  return static_cast<std::size_t>((parts_.negative ? 1 : 0) + whole + fraction);
}

std::to_chars_result numeric::to_chars(char* first, char* last) const noexcept {
  const std::size_t size = text_size();
  if (static_cast<std::size_t>(last - first) < size) return {last, std::errc::value_too_large};
  char* const end = first + size;
  if (!is_finite()) {
    std::memcpy(first, name_of(parts_.what).data(), size);
    return {end, std::errc{}};
  }
  const std::u16string_view known = digits();
  const auto digit_at = [known](int index) {
    return index >= 0 && index < static_cast<int>(known.size())
               ? known[static_cast<std::size_t>(index)]
               : u'\0';
  };
  if (parts_.negative) *first++ = '-';
  // The first digit is shown without leading zeros; zero is one of them, when nothing is before the
  // point.
  const bool no_whole = known.empty() || parts_.weight < 0;
  const char16_t leading = no_whole ? u'\0' : known.front();
  first = put_digit(leading, base_digits - decimal_digits(leading), first, end);
  for (int i = 1; !no_whole && i <= parts_.weight; ++i)
    first = put_digit(digit_at(i), 0, first, end);
  if (parts_.scale == 0) return {end, std::errc{}};
  *first++ = '.';
  for (int i = parts_.weight + 1; first != end; ++i)
    first = put_digit(digit_at(i), 0, first, end);
  return {end, std::errc{}};
}

std::string numeric::to_string() const {
  std::string out(text_size(), '\0');
  to_chars(out.data(), out.data() + out.size());
  return out;
}

double numeric::to_double() const {
  using limits = std::numeric_limits<double>;
  switch (parts_.what) {
    case kind::nan: return limits::quiet_NaN();
    case kind::infinity: return limits::infinity();
    case kind::minus_infinity: return -limits::infinity();
    case kind::finite: break;
  }
  const std::string text = to_string();
  double value = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), value);
  if (done.ec != std::errc::result_out_of_range) return value;
  return std::copysign(parts_.weight > 0 ? limits::infinity() : 0.0, parts_.negative ? -1.0 : 1.0);
}

std::uint64_t numeric::whole_magnitude(std::uint64_t low, std::uint64_t high,
                                       std::string_view target) const {
  const auto fail = [&](std::string_view why) {
    detail::fail_conversion(std::string("tusk::numeric to ").append(target), why);
  };
  if (!is_finite()) fail(to_string() + " is not an integer");
  std::uint64_t magnitude = 0;
  const std::u16string_view known = digits();
  if (parts_.weight > 4) fail("it is out of range");
  for (int i = 0; i <= parts_.weight; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::uint64_t digit = at < known.size() ? known[at] : 0U;
    if (magnitude > (std::numeric_limits<std::uint64_t>::max() - digit) / base)
      fail("it is out of range");
    magnitude = magnitude * base + digit;
  }
  if (static_cast<int>(known.size()) > parts_.weight + 1) fail("it is not a whole number");
  if (magnitude > (parts_.negative ? low : high)) fail("it is out of range");
  return magnitude;
}

std::weak_ordering operator<=>(const numeric& left, const numeric& right) noexcept {
  if (!left.is_finite() || !right.is_finite())
    return rank(left.parts_.what) <=> rank(right.parts_.what);
  const int sign = sign_of(left);
  if (sign != sign_of(right)) return sign <=> sign_of(right);
  return sign < 0 ? compare_magnitudes(right, left) : compare_magnitudes(left, right);
}

std::size_t numeric::hash() const noexcept {
  const std::size_t seed = static_cast<std::size_t>(parts_.weight) * 31U +
                           static_cast<std::size_t>(parts_.what) * 7U + (parts_.negative ? 1U : 0U);
  return std::hash<std::u16string_view>{}(digits()) ^ (seed * 0x9E3779B97F4A7C15U);
}

}  // namespace tusk
