#include "types/print_float.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace tusk::detail {
namespace {

/// A decimal number: digits d1d2d3... with the point behind the first, times 10^exponent.
struct decimal {
  std::string digits;
  int exponent = 0;
};

/// Splits what to_chars wrote in scientific form ("1.25e+20").
decimal split(std::string_view text) {
  decimal parts;
  const std::size_t e = text.find('e');
  for (const char c : text.substr(0, e))
    if (c != '.') parts.digits.push_back(c);
  std::string_view exponent = text.substr(e + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), parts.exponent);
  return parts;
}

template <class Float>
std::string scientific(Float value, int digits) {
  std::array<char, 64> buffer;
  char* const end = buffer.data() + buffer.size();
  const auto done =
      digits == 0
          ? std::to_chars(buffer.data(), end, value, std::chars_format::scientific)
          : std::to_chars(buffer.data(), end, value, std::chars_format::scientific, digits - 1);
  return {buffer.data(), done.ptr};
}

template <class Float>
bool reads_as(const std::string& text, Float value) {
  Float read{};
  const auto done = std::from_chars(text.data(), text.data() + text.size(), read);
  return done.ec == std::errc{} && read == value;
}

/// Whether a decimal lies strictly inside the interval of those that read as `value`, not on its
/// border: moved by a hair up or down it must still read the same.
template <class Float>
bool is_inside(const std::string& text, Float value) {
  decimal parts = split(text);
  const std::string tail = 'e' + std::to_string(parts.exponent);
  const auto point = [&](std::string digits) { return digits.insert(1, 1, '.') + tail; };
  const std::string above = parts.digits + "0000000000000000000000000000001";
  std::string below = parts.digits;
  std::size_t last = below.size() - 1;
  while (below[last] == '0' && last > 0)
    below[last--] = '9';
  --below[last];
  below += "9999999999999999999999999999999";
  return reads_as(point(above), value) && reads_as(point(below), value);
}

/// The server never chooses a decimal that is exactly half-way between two neighbours, although it
/// would read back by rounding to even. Only integers beyond the mantissa's width can be such.
template <class Float>
decimal shortest(Float value) {
  constexpr int mantissa = std::numeric_limits<Float>::digits;
  std::string text = scientific(value, 0);
  if (value >= std::ldexp(Float{1}, mantissa) && value < std::ldexp(Float{1}, mantissa + 90)) {
    int digits = static_cast<int>(split(text).digits.size());
    while (!is_inside(text, value) && digits < std::numeric_limits<Float>::max_digits10)
      text = scientific(value, ++digits);
  }
  return split(text);
}

void append_exponent(int exponent, std::string& out) {
  out.append(exponent < 0 ? "e-" : "e+");
  const std::string digits = std::to_string(exponent < 0 ? -exponent : exponent);
  if (digits.size() < 2) out.push_back('0');
  out.append(digits);
}

void append_fixed(const decimal& number, std::string& out) {
  if (number.exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-number.exponent - 1), '0');
    out.append(number.digits);
    return;
  }
  const auto whole = static_cast<std::size_t>(number.exponent) + 1;
  if (number.digits.size() <= whole) {
    out.append(number.digits).append(whole - number.digits.size(), '0');
    return;
  }
  out.append(number.digits, 0, whole).push_back('.');
  out.append(number.digits, whole);
}

template <class Float>
void print(Float value, std::string& out) {
  if (std::isnan(value)) {
    out.append("NaN");
    return;
  }
  if (std::signbit(value)) out.push_back('-');
  if (std::isinf(value)) {
    out.append("Infinity");
    return;
  }
  const decimal number = shortest(std::fabs(value));
  // Fixed notation from 0.0001 up to as many digits as every decimal of the type survives with.
  if (number.exponent >= -4 && number.exponent < std::numeric_limits<Float>::digits10) {
    append_fixed(number, out);
    return;
  }
  out.push_back(number.digits[0]);
  if (number.digits.size() > 1) out.append(".").append(number.digits, 1);
  append_exponent(number.exponent, out);
}

}  // namespace

void print_float(float value, std::string& out) {
  print(value, out);
}
void print_float(double value, std::string& out) {
  print(value, out);
}

}  // namespace tusk::detail
