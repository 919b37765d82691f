#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tusk/parameter.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/integers.hpp"

/// Values that go into a row of a COPY without asking their codec each time.
namespace tusk::detail {

/// How a value of some C++ type may be written directly, where its column's type allows it.
enum class copy_way : std::uint8_t {
  general,     ///< by its codec only
  native,      ///< the codec's own type, whose binary form has a fixed size
  whole,       ///< an integer, to a column of any of the three integer types
  characters,  ///< a string, to a column whose binary form is its text
  bytes,       ///< to a bytea
  null,        ///< nothing but NULL
};

template <class V>
inline constexpr bool is_copied_string =
    std::is_same_v<std::remove_extent_t<V>, char>
        ? std::is_array_v<V>
        : is_any_of<V, std::string, std::string_view, const char*, char*>;

template <class V>
consteval copy_way copy_way_of() {
  if constexpr (optional_value<V>::is_optional)
    return copy_way_of<typename optional_value<V>::type>();
  if (is_copied_string<V>) return copy_way::characters;
  if (is_any_of<V, std::vector<std::byte>, bytes_view>) return copy_way::bytes;
  if (std::is_same_v<V, std::nullopt_t>) return copy_way::null;
  if (whole_number<V>) return copy_way::whole;
  return has_native_output<V> ? copy_way::native : copy_way::general;
}

/// Bytes that are written as they are; NULL when there is no data.
struct copied_bytes {
  const void* data = nullptr;
  std::size_t size = 0;
};
/// The same that must have no NUL among them.
struct copied_characters : copied_bytes {};
/// A value of fixed size; NULL when there is none.
template <class T>
struct copied_fixed {
  const T* value = nullptr;
};

/// What of a value is written.
template <class V>
auto copied(const V& value) noexcept {
  constexpr copy_way way = copy_way_of<V>();
  if constexpr (optional_value<V>::is_optional) {
    using form = decltype(copied(*value));
    return value ? copied(*value) : form{};
  } else if constexpr (way == copy_way::null) {
    return copied_bytes{};
  } else if constexpr (way == copy_way::characters) {
    if constexpr (std::is_pointer_v<V>) {
      if (value == nullptr) return copied_characters{};
    }
    const std::string_view text = parameter_access<V>::get(&value);
    return copied_characters{{text.data() == nullptr ? "" : text.data(), text.size()}};
  } else if constexpr (way == copy_way::bytes) {
    return copied_bytes{value.data() == nullptr ? "" : static_cast<const void*>(value.data()),
                        value.size()};
  } else {
    return copied_fixed<V>{&value};
  }
}

/// Writes an integer in `width` bytes. False when it does not fit.
template <class T>
[[gnu::always_inline]] inline bool store_whole(std::byte* to, T value, std::uint8_t width) {
  if (width == 8) {
    proto::store_big_endian(to, static_cast<std::int64_t>(value));
    return std::in_range<std::int64_t>(value);
  }
  if (width == 4) {
    proto::store_big_endian(to, static_cast<std::int32_t>(value));
    return std::in_range<std::int32_t>(value);
  }
  proto::store_big_endian(to, static_cast<std::int16_t>(value));
  return std::in_range<std::int16_t>(value);
}

/// Writes a value's binary form, `width` bytes. False when it has none.
template <class T>
[[gnu::always_inline]] inline bool store_fixed(std::byte* to, const T& value, std::uint8_t width) {
  if constexpr (whole_number<T>) {
    return store_whole(to, value, width);
  } else if constexpr (std::is_same_v<decltype(codec<T>::to_native(to, value)), bool>) {
    return codec<T>::to_native(to, value);
  } else {
    codec<T>::to_native(to, value);
    return true;
  }
}

/// Copies characters. False when there is a NUL among them.
[[nodiscard]] bool copy_characters(std::byte* to, const void* from, std::size_t size) noexcept;

/// Bytes in a binary row, with the Int32 length before each value.
inline std::size_t size_in_row(const copied_bytes& value, std::uint8_t) noexcept {
  return 4 + value.size;
}
template <class T>
std::size_t size_in_row(copied_fixed<T> value, std::uint8_t width) noexcept {
  if (value.value == nullptr) return 4;
  if constexpr (!whole_number<T>) return 4 + codec<T>::native_size;
  return std::size_t{4} + width;
}

/// Writes length and value, and moves `to` behind them. False when the codec must say why not.
[[gnu::always_inline]] inline bool store_in_row(std::byte*& to, const copied_bytes& value,
                                                std::uint8_t) noexcept {
  const bool is_null = value.data == nullptr;
  proto::store_big_endian(to, is_null ? std::int32_t{-1} : static_cast<std::int32_t>(value.size));
  if (!is_null) std::memcpy(to + 4, value.data, value.size);
  to += 4 + value.size;
  return true;
}
[[gnu::always_inline]] inline bool store_in_row(std::byte*& to, const copied_characters& value,
                                                std::uint8_t width) noexcept {
  if (value.data == nullptr)
    return store_in_row(to, static_cast<const copied_bytes&>(value), width);
  proto::store_big_endian(to, static_cast<std::int32_t>(value.size));
  std::byte* const text = to + 4;
  to = text + value.size;
  return copy_characters(text, value.data, value.size);
}
template <class T>
[[gnu::always_inline]] inline bool store_in_row(std::byte*& to, copied_fixed<T> value,
                                                std::uint8_t width) noexcept {
  if (value.value == nullptr) {
    proto::store_big_endian(to, std::int32_t{-1});
    to += 4;
    return true;
  }
  if constexpr (!whole_number<T>) width = codec<T>::native_size;
  proto::store_big_endian(to, std::int32_t{width});
  const bool fits = store_fixed(to + 4, *value.value, width);
  to += 4 + width;
  return fits;
}

/// Characters that a value of fixed size has at most.
inline constexpr std::size_t most_printed = 72;

/// Room for a value in a line of text or CSV: each character may be escaped, and quotes put around.
inline std::size_t room_in_line(const copied_bytes& value) noexcept {
  return 2 * value.size + 4;
}
template <class T>
constexpr std::size_t room_in_line(copied_fixed<T>) noexcept {
  return most_printed;
}

}  // namespace tusk::detail
