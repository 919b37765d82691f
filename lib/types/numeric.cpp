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

void append_digit(char16_t digit, std::string& out) {
  const int value = digit;
  for (const int unit : {1000, 100, 10, 1})
    out.push_back(static_cast<char>('0' + value / unit % 10));
}

}  // namespace

numeric::numeric(std::string_view text) {
  std::optional<numeric> parsed = parse(text);
  if (!parsed) detail::fail_conversion("tusk::numeric", "the text is not a number within range");
  *this = std::move(*parsed);
}

std::optional<numeric> numeric::from_parts(bool negative, int weight, int scale,
                                           std::u16string digits) {
  if (scale < 0 || scale > max_scale) return std::nullopt;
  if (std::any_of(digits.begin(), digits.end(), [](char16_t digit) { return digit >= base; }))
    return std::nullopt;
  numeric result;
  result.negative_ = negative;
  result.weight_ = weight;
  result.scale_ = static_cast<std::uint16_t>(scale);
  result.digits_ = std::move(digits);
  result.strip();
  if (result.is_zero()) return result;
  if (result.weight_ >= max_whole_digits / base_digits) return std::nullopt;
  if (fraction_digits(result.digits_, result.weight_) > scale) return std::nullopt;
  return result;
}

void numeric::strip() {
  if (!digits_.empty() && digits_.front() != 0 && digits_.back() != 0) return;  // as servers send
  const std::size_t first = digits_.find_first_not_of(u'\0');
  if (first == std::u16string::npos) {
    digits_.clear();
    weight_ = 0;
    negative_ = false;
    return;
  }
  digits_.erase(digits_.find_last_not_of(u'\0') + 1);
  digits_.erase(0, first);
  weight_ -= static_cast<std::int32_t>(first);
}

void numeric::assign(bool negative, std::uint64_t magnitude) {
  std::array<char16_t, 5> reversed{};  // 2^64 has 20 decimal digits
  std::size_t count = 0;
  for (; magnitude != 0; magnitude /= base)
    reversed[count++] = static_cast<char16_t>(magnitude % base);
  digits_.assign(reversed.rend() - static_cast<std::ptrdiff_t>(count), reversed.rend());
  weight_ = static_cast<std::int32_t>(count) - 1;
  negative_ = negative;
  strip();
}

std::string numeric::to_string() const {
  switch (kind_) {
    case kind::nan: return "NaN";
    case kind::infinity: return "Infinity";
    case kind::minus_infinity: return "-Infinity";
    case kind::finite: break;
  }
  const auto digit_at = [this](int index) {
    return index >= 0 && index < static_cast<int>(digits_.size())
               ? digits_[static_cast<std::size_t>(index)]
               : u'\0';
  };
  std::string whole;
  for (int i = 0; i <= weight_; ++i)
    append_digit(digit_at(i), whole);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  std::string out = negative_ ? "-" : "";
  out.append(whole.empty() ? "0" : whole);
  if (scale_ == 0) return out;
  out.push_back('.');
  const std::size_t wanted = out.size() + scale_;
  for (int i = weight_ + 1; out.size() < wanted; ++i)
    append_digit(digit_at(i), out);
  out.resize(wanted);
  return out;
}

double numeric::to_double() const {
  using limits = std::numeric_limits<double>;
  switch (kind_) {
    case kind::nan: return limits::quiet_NaN();
    case kind::infinity: return limits::infinity();
    case kind::minus_infinity: return -limits::infinity();
    case kind::finite: break;
  }
  const std::string text = to_string();
  double value = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), value);
  if (done.ec != std::errc::result_out_of_range) return value;
  return std::copysign(weight_ > 0 ? limits::infinity() : 0.0, negative_ ? -1.0 : 1.0);
}

std::uint64_t numeric::whole_magnitude(std::uint64_t low, std::uint64_t high,
                                       std::string_view target) const {
  const auto fail = [&](std::string_view why) {
    detail::fail_conversion(std::string("tusk::numeric to ").append(target), why);
  };
  if (!is_finite()) fail(to_string() + " is not an integer");
  std::uint64_t magnitude = 0;
  if (weight_ > 4) fail("it is out of range");
  for (int i = 0; i <= weight_; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::uint64_t digit = at < digits_.size() ? digits_[at] : 0U;
    if (magnitude > (std::numeric_limits<std::uint64_t>::max() - digit) / base)
      fail("it is out of range");
    magnitude = magnitude * base + digit;
  }
  if (static_cast<int>(digits_.size()) > weight_ + 1) fail("it is not a whole number");
  if (magnitude > (negative_ ? low : high)) fail("it is out of range");
  return magnitude;
}

std::weak_ordering operator<=>(const numeric& left, const numeric& right) noexcept {
  if (!left.is_finite() || !right.is_finite()) return rank(left.kind_) <=> rank(right.kind_);
  const int sign = sign_of(left);
  if (sign != sign_of(right)) return sign <=> sign_of(right);
  return sign < 0 ? compare_magnitudes(right, left) : compare_magnitudes(left, right);
}

std::size_t numeric::hash() const noexcept {
  const std::size_t seed = static_cast<std::size_t>(weight_) * 31U +
                           static_cast<std::size_t>(kind_) * 7U + (negative_ ? 1U : 0U);
  return std::hash<std::u16string>{}(digits_) ^ (seed * 0x9E3779B97F4A7C15U);
}

}  // namespace tusk
