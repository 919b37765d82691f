#include "types/clock_writer.hpp"

#include <algorithm>
#include <array>

namespace tusk::calendar {

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
  to = write_number(to, static_cast<std::uint64_t>(day.year > 0 ? day.year : 1 - day.year), 4);
  *to++ = '-';
  to = write_number(to, static_cast<std::uint64_t>(day.month), 2);
  *to++ = '-';
  return write_number(to, static_cast<std::uint64_t>(day.day), 2);
}

char* write_era(char* to, const civil& day) noexcept {
  return day.year > 0 ? to : write_word(to, " BC");
}

char* write_time(char* to, std::uint64_t microseconds) noexcept {
  constexpr auto in_second = static_cast<std::uint64_t>(second);
  const std::uint64_t seconds = microseconds / in_second;
  to = write_number(to, seconds / 3600, 2);
  *to++ = ':';
  to = write_number(to, seconds / 60 % 60, 2);
  *to++ = ':';
  to = write_number(to, seconds % 60, 2);
  const std::uint64_t fraction = microseconds % in_second;
  if (fraction == 0) return to;
  *to++ = '.';
  to = write_number(to, fraction, 6);
  while (to[-1] == '0')
    --to;
  return to;
}

char* write_offset(char* to, std::int32_t seconds) noexcept {
  *to++ = seconds < 0 ? '-' : '+';
  const auto distance = static_cast<std::uint64_t>(seconds < 0 ? -seconds : seconds);
  to = write_number(to, distance / 3600, 2);
  if (distance % 3600 == 0) return to;
  *to++ = ':';
  to = write_number(to, distance / 60 % 60, 2);
  if (distance % 60 == 0) return to;
  *to++ = ':';
  return write_number(to, distance % 60, 2);
}

}  // namespace tusk::calendar
