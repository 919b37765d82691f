#include "types/clock_writer.hpp"

#include <algorithm>
#include <array>

#include "types/two_digits.hpp"

namespace tusk::calendar {

namespace {

using detail::write_two_digits;

/// At least two digits, and mostly no more.
char* write_two(char* to, std::uint64_t value) noexcept {
  return value < 100 ? write_two_digits(to, static_cast<std::uint32_t>(value))
                     : write_number(to, value);
}

/// Likewise four.
char* write_four(char* to, std::uint64_t value) noexcept {
  if (value >= 10'000) return write_number(to, value);
  to = write_two_digits(to, static_cast<std::uint32_t>(value) / 100);
  return write_two_digits(to, static_cast<std::uint32_t>(value) % 100);
}

}  // namespace

char* write_word(char* to, std::string_view word) noexcept {
  return std::copy(word.begin(), word.end(), to);
}

char* write_number(char* to, std::uint64_t value, std::size_t width) noexcept {
  std::array<char, 20> digits;
  std::size_t count = 0;
  for (; value > 0 || count < width; value /= 10)
    digits[count++] = static_cast<char>('0' + value % 10);
  return std::reverse_copy(digits.begin(), digits.begin() + static_cast<std::ptrdiff_t>(count), to);
}

char* write_date(char* to, const civil& day) noexcept {
  to = write_four(to, static_cast<std::uint64_t>(day.year > 0 ? day.year : 1 - day.year));
  *to++ = '-';
  to = write_two_digits(to, static_cast<std::uint32_t>(day.month));
  *to++ = '-';
  return write_two_digits(to, static_cast<std::uint32_t>(day.day));
}

char* write_era(char* to, const civil& day) noexcept {
  return day.year > 0 ? to : write_word(to, " BC");
}

char* write_time(char* to, std::uint64_t microseconds) noexcept {
  constexpr auto in_second = static_cast<std::uint64_t>(second);
  const std::uint64_t seconds = microseconds / in_second;
  to = write_two(to, seconds / 3600);
  *to++ = ':';
  to = write_two_digits(to, static_cast<std::uint32_t>(seconds / 60 % 60));
  *to++ = ':';
  to = write_two_digits(to, static_cast<std::uint32_t>(seconds % 60));
  const auto fraction = static_cast<std::uint32_t>(microseconds % in_second);
  if (fraction == 0) return to;
  *to++ = '.';
  return detail::write_millionths(to, fraction);
}

char* write_offset(char* to, std::int32_t seconds) noexcept {
  *to++ = seconds < 0 ? '-' : '+';
  const auto distance = static_cast<std::uint64_t>(seconds < 0 ? -seconds : seconds);
  to = write_two(to, distance / 3600);
  if (distance % 3600 == 0) return to;
  *to++ = ':';
  to = write_two_digits(to, static_cast<std::uint32_t>(distance / 60 % 60));
  if (distance % 60 == 0) return to;
  *to++ = ':';
  return write_two_digits(to, static_cast<std::uint32_t>(distance % 60));
}

}  // namespace tusk::calendar
