#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tusk::detail {

/// Finds the first of up to four bytes, eight at a time.
class byte_finder {
 public:
  /// Fewer are given by repeating one of them.
  constexpr byte_finder(char a, char b, char c, char d) noexcept
      : wanted_{a, b, c, d}, patterns_{spread(a), spread(b), spread(c), spread(d)} {}

  /// The first place of one of them in [at, end), or `end`.
  [[nodiscard]] const char* find(const char* at, const char* end) const noexcept {
    while (end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
      const std::uint64_t marks = zeros(word ^ patterns_[0]) | zeros(word ^ patterns_[1]) |
                                  zeros(word ^ patterns_[2]) | zeros(word ^ patterns_[3]);
      if (marks != 0) return at + std::countr_zero(marks) / 8;
      at += 8;
    }
    while (at != end && !wants(*at))
      ++at;
    return at;
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101U;

  static constexpr std::uint64_t spread(char c) noexcept {
    return ones * static_cast<unsigned char>(c);
  }
  /// Marks the top bit of each byte that is 0. The lowest mark is right; above it a byte of 1 may
  /// be marked, too, which the first one found never is.
  static constexpr std::uint64_t zeros(std::uint64_t word) noexcept {
    return (word - ones) & ~word & (ones << 7U);
  }
  [[nodiscard]] bool wants(char c) const noexcept {
    return c == wanted_[0] || c == wanted_[1] || c == wanted_[2] || c == wanted_[3];
  }

  std::array<char, 4> wanted_;
  std::array<std::uint64_t, 4> patterns_;
};

}  // namespace tusk::detail
