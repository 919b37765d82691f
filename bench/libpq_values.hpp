#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// PostgreSQL's values out of libpq's results, by hand: libpq gives bytes and leaves the rest to
/// its user. As fast as a careful user writes it.
namespace bench {

/// An integer in network byte order.
template <std::integral T>
[[nodiscard]] T integer_in_binary(const char* from) noexcept {
  if constexpr (sizeof(T) == 8) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, from, sizeof bits);
    return static_cast<T>(__builtin_bswap64(bits));
  } else if constexpr (sizeof(T) == 4) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, from, sizeof bits);
    return static_cast<T>(__builtin_bswap32(bits));
  } else {
    static_assert(sizeof(T) == 2);
    std::uint16_t bits = 0;
    std::memcpy(&bits, from, sizeof bits);
    return static_cast<T>(__builtin_bswap16(bits));
  }
}

[[nodiscard]] inline double double_in_binary(const char* from) noexcept {
  return std::bit_cast<double>(integer_in_binary<std::uint64_t>(from));
}

/// An exact decimal of the size that the workloads need: digits of base 10000, the first of which
/// has the weight 10000^weight.
struct decimal {
  std::array<std::uint16_t, 8> digits{};
  std::size_t count = 0;
  int weight = 0;
  int scale = 0;
};

/// Throws when it is not a number above zero, or longer than a `decimal`.
[[nodiscard]] decimal decimal_in_binary(const char* from, int size);
[[nodiscard]] decimal decimal_in_text(std::string_view text);

/// Microseconds since 2000 of `2024-01-31 12:30:00.000001+00`; throws when it is something else.
[[nodiscard]] std::int64_t timestamptz_in_text(std::string_view text);

/// The bytes of a UUID in its standard form; throws when it is something else.
[[nodiscard]] std::array<unsigned char, 16> uuid_in_text(std::string_view text);

}  // namespace bench
