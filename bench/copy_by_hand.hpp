#pragma once

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "copied_rows.hpp"

/// Rows in the formats of COPY, by hand: libpq takes bytes and leaves the rest to its user. As fast
/// as a careful user writes it, for this very table and no other.
namespace bench::by_hand {

/// As many bytes as one row takes at most, in either format: 20 digits of a bigint, 24 characters
/// of a double, a text of which every character is escaped, a time.
inline constexpr std::size_t largest_row = 160;

inline constexpr std::string_view binary_header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
inline constexpr std::string_view binary_trailer{"\377\377", 2};

template <class Bits>
char* put(char* to, Bits bits) noexcept {
  if constexpr (sizeof(Bits) == 8) bits = __builtin_bswap64(bits);
  if constexpr (sizeof(Bits) == 4) bits = __builtin_bswap32(bits);
  if constexpr (sizeof(Bits) == 2) bits = __builtin_bswap16(bits);
  std::memcpy(to, &bits, sizeof bits);
  return to + sizeof bits;
}

inline char* put_binary(char* to, const copied_row& row) noexcept {
  to = put(to, std::uint16_t{4});
  to = put(to, std::uint32_t{8});
  to = put(to, static_cast<std::uint64_t>(row.id));
  to = put(to, std::uint32_t{8});
  to = put(to, std::bit_cast<std::uint64_t>(row.reading));
  to = put(to, static_cast<std::uint32_t>(row.name.size()));
  std::memcpy(to, row.name.data(), row.name.size());
  to += row.name.size();
  to = put(to, std::uint32_t{8});
  return put(to, static_cast<std::uint64_t>(row.made));
}

inline char* put_escaped(char* to, std::string_view text) noexcept {
  for (const char c : text) {
    switch (c) {
      case '\\': *to++ = '\\', *to++ = '\\'; break;
      case '\t': *to++ = '\\', *to++ = 't'; break;
      case '\n': *to++ = '\\', *to++ = 'n'; break;
      case '\r': *to++ = '\\', *to++ = 'r'; break;
      default: *to++ = c;
    }
  }
  return to;
}

inline char* put_two(char* to, unsigned value) noexcept {
  *to++ = static_cast<char>('0' + value / 10);
  *to++ = static_cast<char>('0' + value % 10);
  return to;
}

/// `2024-01-31 12:30:00.000001+00`, for times after 2000.
inline char* put_time(char* to, std::int64_t microseconds) noexcept {
  const auto since = static_cast<std::uint64_t>(microseconds);
  const std::uint64_t seconds = since / 1'000'000;
  // Years begin in March here, so that a leap day is the last one; day 0 is 1 March 1996.
  const auto days = static_cast<unsigned>(seconds / 86'400) + 1'401;
  const unsigned quad = days / 1'461;
  const unsigned in_quad = days % 1'461;
  const unsigned in_four = in_quad / 365 < 3 ? in_quad / 365 : 3;
  const unsigned of_year = in_quad - in_four * 365;
  const unsigned month_from_march = (5 * of_year + 2) / 153;
  const unsigned day = of_year - (153 * month_from_march + 2) / 5 + 1;
  const unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const unsigned year = 1996 + quad * 4 + in_four + (month <= 2 ? 1 : 0);
  const auto of_day = static_cast<unsigned>(seconds % 86'400);
  auto fraction = static_cast<unsigned>(since % 1'000'000);
  to = put_two(to, year / 100);
  to = put_two(to, year % 100);
  *to++ = '-';
  to = put_two(to, month);
  *to++ = '-';
  to = put_two(to, day);
  *to++ = ' ';
  to = put_two(to, of_day / 3600);
  *to++ = ':';
  to = put_two(to, of_day / 60 % 60);
  *to++ = ':';
  to = put_two(to, of_day % 60);
  *to++ = '.';
  for (char* digit = to + 6; digit != to; fraction /= 10)
    *--digit = static_cast<char>('0' + fraction % 10);
  to += 6;
  *to++ = '+';
  return put_two(to, 0);
}

/// All the 17 digits that bring a double back: C's library does not find out when fewer do.
inline char* put_17_digits(char* to, double value) noexcept {
  return to + std::snprintf(to, 32, "%.17g", value);
}

/// As few digits as bring it back, by C++'s library.
inline char* put_fewest_digits(char* to, double value) noexcept {
  return std::to_chars(to, to + 32, value).ptr;
}

/// Ends with the line's end.
template <auto put_double>
char* put_text(char* to, const copied_row& row) noexcept {
  to = std::to_chars(to, to + 20, row.id).ptr;
  *to++ = '\t';
  to = put_double(to, row.reading);
  *to++ = '\t';
  to = put_escaped(to, row.name);
  *to++ = '\t';
  to = put_time(to, row.made);
  *to++ = '\n';
  return to;
}

}  // namespace bench::by_hand
