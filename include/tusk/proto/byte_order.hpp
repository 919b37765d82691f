#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tusk::proto {

/// Loads an integer in network byte order from `from`, which needs no alignment.
template <std::integral T>
[[nodiscard]] inline T load_big_endian(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  if constexpr (sizeof(T) == 1 || std::endian::native == std::endian::big) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  } else if constexpr (sizeof(T) == 4) {
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  } else {
    static_assert(sizeof(T) == 8);
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
}

/// Stores an integer in network byte order at `to`, which needs no alignment.
template <std::integral T>
inline void store_big_endian(std::byte* to, T value) noexcept {
  value = load_big_endian<T>(reinterpret_cast<const std::byte*>(&value));
  std::memcpy(to, &value, sizeof value);
}

}  // namespace tusk::proto
