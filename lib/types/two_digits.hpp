#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// Digits by twos: half the divisions, and no loop where their number is known.
namespace tusk::detail {

inline constexpr std::array<char, 200> digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

/// Writes a number below 100, with its zero in front. Gives the end.
inline char* write_two_digits(char* to, std::uint32_t value) noexcept {
  std::memcpy(to, digit_pairs.data() + std::size_t{2} * value, 2);
  return to + 2;
}

/// Writes a fraction of six digits, which is not 0, without the zeros at its end. Gives the end;
/// writes up to six characters.
inline char* write_millionths(char* to, std::uint32_t value) noexcept {
  to = write_two_digits(to, value / 10'000);
  to = write_two_digits(to, value / 100 % 100);
  to = write_two_digits(to, value % 100);
  while (to[-1] == '0')
    --to;
  return to;
}

}  // namespace tusk::detail
