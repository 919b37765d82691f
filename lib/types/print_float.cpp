#include "types/print_float.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "types/short_decimal.hpp"

namespace tusk::detail {
namespace {

/// Text of bounded length, off the heap: a value's text must not depend on memory being there.
class short_text {
 public:
  void push(char c) noexcept { chars_[size_++] = c; }
  void append(std::string_view text) noexcept {
    std::memcpy(chars_.data() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void append(int value) noexcept {
    const auto done = std::to_chars(chars_.data() + size_, chars_.data() + chars_.size(), value);
    size_ = static_cast<std::size_t>(done.ptr - chars_.data());
  }
  [[nodiscard]] std::string_view view() const noexcept { return {chars_.data(), size_}; }

 private:
  // The longest is a double's 17 digits and the 31 that `is_inside` puts behind them.
  std::array<char, 64> chars_;
  std::size_t size_ = 0;
};

/// A decimal number: digits d1d2d3... with the point behind the first, times 10^exponent.
struct decimal {
  std::array<char, std::numeric_limits<double>::max_digits10> storage;
  std::size_t size = 0;
  int exponent = 0;

  [[nodiscard]] std::string_view digits() const noexcept { return {storage.data(), size}; }
};

/// `value` in scientific form, in as few digits as it takes or rounded to `digits`, split up.
template <class Float>
decimal scientific(Float value, int digits) noexcept {
  std::array<char, 64> buffer;
  char* const end = buffer.data() + buffer.size();
  const auto done =
      digits == 0
          ? std::to_chars(buffer.data(), end, value, std::chars_format::scientific)
          : std::to_chars(buffer.data(), end, value, std::chars_format::scientific, digits - 1);
  decimal parts;
  const char* at = buffer.data();
  for (; *at != 'e'; ++at)
    if (*at != '.') parts.storage[parts.size++] = *at;
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, done.ptr, parts.exponent);
  return parts;
}

/// Whether `digits` + `tail` read as `value`.
template <class Float>
bool reads_as(std::string_view digits, std::string_view tail, int exponent, Float value) noexcept {
  short_text text;
  text.push(digits[0]);
  text.push('.');
  text.append(digits.substr(1));
  text.append(tail);
  text.push('e');
  text.append(exponent);
  Float read{};
  const char* const start = text.view().data();
  const auto done = std::from_chars(start, start + text.view().size(), read);
  return done.ec == std::errc{} && read == value;
}

/// Whether a decimal lies strictly inside the interval of those that read as `value`, not on its
/// border: moved by a hair up or down it must still read the same.
template <class Float>
bool is_inside(const decimal& number, Float value) noexcept {
  decimal below = number;
  std::size_t last = below.size - 1;
  while (below.storage[last] == '0' && last > 0)
    below.storage[last--] = '9';
  --below.storage[last];
  const int exponent = number.exponent;
  return reads_as(number.digits(), "0000000000000000000000000000001", exponent, value) &&
         reads_as(below.digits(), "9999999999999999999999999999999", exponent, value);
}

/// The server never chooses a decimal that is exactly half-way between two neighbours, although it
/// would read back by rounding to even. Only integers beyond the mantissa's width can be such.
template <class Float>
decimal shortest(Float value) noexcept {
  constexpr int mantissa = std::numeric_limits<Float>::digits;
  decimal number = scientific(value, 0);
  if (value >= std::ldexp(Float{1}, mantissa) && value < std::ldexp(Float{1}, mantissa + 90)) {
    int digits = static_cast<int>(number.size);
    while (!is_inside(number, value) && digits < std::numeric_limits<Float>::max_digits10)
      number = scientific(value, ++digits);
  }
  return number;
}

void append_exponent(int exponent, short_text& out) noexcept {
  out.append(exponent < 0 ? "e-" : "e+");
  const int magnitude = exponent < 0 ? -exponent : exponent;
  if (magnitude < 10) out.push('0');
  out.append(magnitude);
}

void append_zeros(std::size_t count, short_text& out) noexcept {
  for (; count > 0; --count)
    out.push('0');
}

void append_fixed(const decimal& number, short_text& out) noexcept {
  if (number.exponent < 0) {
    out.append("0.");
    append_zeros(static_cast<std::size_t>(-number.exponent - 1), out);
    out.append(number.digits());
    return;
  }
  const auto whole = static_cast<std::size_t>(number.exponent) + 1;
  if (number.size <= whole) {
    out.append(number.digits());
    append_zeros(whole - number.size, out);
    return;
  }
  out.append(number.digits().substr(0, whole));
  out.push('.');
  out.append(number.digits().substr(whole));
}

template <class Float>
void print(Float value, short_text& out) noexcept {
  if (std::isnan(value)) {
    out.append("NaN");
    return;
  }
  if (std::signbit(value)) out.push('-');
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
  out.push(number.storage[0]);
  if (number.size > 1) {
    out.push('.');
    out.append(number.digits().substr(1));
  }
  append_exponent(number.exponent, out);
}

// The same at `to`; apart, as its text on the stack costs those that do without.
template <class Float>
[[gnu::noinline]] char* write(Float value, char* to) noexcept {
  short_text text;
  print(value, text);
  std::memcpy(to, text.view().data(), text.view().size());
  return to + text.view().size();
}

template <class Float>
void append(Float value, std::string& out) {
  std::array<char, float_chars> text;
  out.append(text.data(), write_float(value, text.data()));
}

}  // namespace

char* write_float(float value, char* to) noexcept {
  return write(value, to);
}
char* write_float(double value, char* to) noexcept {
  const bool is_negative = std::signbit(value);
  *to = '-';
  char* const end = write_short_decimal(std::fabs(value), to + (is_negative ? 1 : 0));
  return end != nullptr ? end : write(value, to);
}
void print_float(float value, std::string& out) {
  append(value, out);
}
void print_float(double value, std::string& out) {
  append(value, out);
}

}  // namespace tusk::detail
