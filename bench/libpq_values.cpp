#include "libpq_values.hpp"

#include <chrono>
#include <stdexcept>

namespace bench {
namespace {

// Reads `count` decimal digits, all of which must be there.
int number_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9')
      throw std::runtime_error("a digit is missing in a value");
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void append(decimal& to, std::uint16_t digit) {
  if (to.count == to.digits.size()) throw std::runtime_error("a numeric has too many digits");
  to.digits[to.count++] = digit;
}

unsigned char hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned char>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned char>(digit - 'a' + 10);
  throw std::runtime_error("a digit is missing in a UUID");
}

// The server keeps no zeros at either end.
void strip_zeros(decimal& number) {
  std::size_t first = 0;
  while (first < number.count && number.digits[first] == 0)
    ++first;
  std::size_t kept = 0;
  for (std::size_t i = first; i < number.count; ++i)
    number.digits[kept++] = number.digits[i];
  while (kept > 0 && number.digits[kept - 1] == 0)
    --kept;
  number.weight = kept == 0 ? 0 : number.weight - static_cast<int>(first);
  number.count = kept;
}

}  // namespace

decimal decimal_in_binary(const char* from, int size) {
  decimal number;
  const auto count = size < 8 ? std::size_t{0} : integer_in_binary<std::uint16_t>(from);
  if (size < 8 || static_cast<std::size_t>(size) != 8 + 2 * count ||
      integer_in_binary<std::uint16_t>(from + 4) != 0)
    throw std::runtime_error("not a numeric above zero");
  number.weight = integer_in_binary<std::int16_t>(from + 2);
  number.scale = integer_in_binary<std::uint16_t>(from + 6);
  for (std::size_t i = 0; i < count; ++i)
    append(number, integer_in_binary<std::uint16_t>(from + 8 + 2 * i));
  return number;
}

decimal decimal_in_text(std::string_view text) {
  decimal number;
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  number.scale = static_cast<int>(fraction.size());
  number.weight = static_cast<int>((whole.size() + 3) / 4) - 1;
  std::size_t at = 0;
  for (std::size_t size = (whole.size() + 3) % 4 + 1; at < whole.size(); at += size, size = 4)
    append(number, static_cast<std::uint16_t>(number_at(whole, at, size)));
  for (at = 0; at < fraction.size(); at += 4) {
    constexpr std::array<int, 5> missing{0, 1000, 100, 10, 1};
    const std::size_t size = fraction.size() - at < 4 ? fraction.size() - at : 4;
    append(number, static_cast<std::uint16_t>(number_at(fraction, at, size) * missing[size]));
  }
  strip_zeros(number);
  return number;
}

std::int64_t timestamptz_in_text(std::string_view text) {
  using namespace std::chrono;
  const year_month_day date{year(number_at(text, 0, 4)),
                            month(static_cast<unsigned>(number_at(text, 5, 2))),
                            day(static_cast<unsigned>(number_at(text, 8, 2)))};
  microseconds since = sys_days(date) - sys_days(year(2000) / 1 / 1);
  since += hours(number_at(text, 11, 2)) + minutes(number_at(text, 14, 2)) +
           seconds(number_at(text, 17, 2));
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    int unit = 100'000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      since += microseconds((text[at] - '0') * unit);
  }
  if (text.substr(at) != "+00") throw std::runtime_error("not a time in UTC");
  return since.count();
}

std::array<unsigned char, 16> uuid_in_text(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  if (text.size() != 36) throw std::runtime_error("not a UUID");
  std::size_t at = 0;
  for (unsigned char& byte : bytes) {
    if (text[at] == '-') ++at;
    byte = static_cast<unsigned char>(hexadecimal(text[at]) * 16 + hexadecimal(text[at + 1]));
    at += 2;
  }
  return bytes;
}

}  // namespace bench
