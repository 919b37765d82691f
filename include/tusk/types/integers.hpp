#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/codec.hpp"

namespace tusk {
namespace detail {

/// One of `T`'s candidates, whatever its const and volatile.
template <class T, class... Candidates>
inline constexpr bool is_any_of = (std::same_as<T, Candidates> || ...);

/// Whether integers are read from this type: int2, int4, int8, oid, and the types that are numbers
/// on the wire (regclass and its like, xid, cid, xid8). The text of regclass and its like is a
/// name, which is refused.
[[nodiscard]] bool reads_integer(oid from) noexcept;
/// Whether integers are sent to this type: those above, numeric, float4 and float8.
[[nodiscard]] bool writes_integer(oid to) noexcept;

/// What the fast path does not take: text, widths that are rare, and everything that is wrong.
/// Throws `data_error` when the value is not within [lowest, highest].
[[nodiscard]] std::int64_t read_signed(const field& value, std::int64_t lowest,
                                       std::int64_t highest, std::string_view target);
/// The same for unsigned targets; the lowest is 0.
[[nodiscard]] std::uint64_t read_unsigned(const field& value, std::uint64_t highest,
                                          std::string_view target);

/// Writes for `to.target()`, or as `own` when that is 0. Throws `data_error` when it does not fit.
format write_signed(value_writer& to, std::int64_t value, oid own, std::string_view source);
format write_unsigned(value_writer& to, std::uint64_t value, oid own, std::string_view source);

template <class T>
consteval std::string_view integer_name() {
  if (std::is_signed_v<T>) {
    return sizeof(T) == 1   ? "std::int8_t"
           : sizeof(T) == 2 ? "std::int16_t"
           : sizeof(T) == 4 ? "std::int32_t"
                            : "std::int64_t";
  }
  return sizeof(T) == 1   ? "std::uint8_t"
         : sizeof(T) == 2 ? "std::uint16_t"
         : sizeof(T) == 4 ? "std::uint32_t"
                          : "std::uint64_t";
}

/// The narrowest type that holds every T.
template <class T>
consteval oid integer_type() {
  constexpr int bits = std::numeric_limits<T>::digits;
  return bits <= 15   ? oids::int2
         : bits <= 31 ? oids::int4
         : bits <= 63 ? oids::int8
                      : oids::numeric;
}

/// Takes a value that is binary, of this type and width, and fits.
template <class Wire, class T>
[[nodiscard]] inline bool take(const field& value, oid type, T& into) noexcept {
  if (value.size != static_cast<std::int32_t>(sizeof(Wire)) || value.type != type) return false;
  const Wire wide = proto::load_big_endian<Wire>(value.data);
  into = static_cast<T>(wide);
  // A round trip finds what does not fit, a sign that changes included.
  return static_cast<Wire>(into) == wide && (into < T{}) == (wide < Wire{});
}

}  // namespace detail

/// Every integer type of at most 64 bits; bool and the character types are no numbers here, except
/// `signed char` and `unsigned char`, which are the 8-bit integers.
template <class T>
concept whole_number = std::integral<T> && sizeof(T) <= 8 &&
                       !detail::is_any_of<T, bool, char, wchar_t, char8_t, char16_t, char32_t> &&
                       !std::is_const_v<T> && !std::is_volatile_v<T>;

/// Integers of any width: each value is checked against the range of both sides.
template <whole_number T>
struct codec<T> {
  static constexpr std::string_view name = detail::integer_name<T>();
  static constexpr oid type = detail::integer_type<T>();

  static bool reads(oid from) noexcept { return detail::reads_integer(from); }
  static bool writes(oid to) noexcept { return detail::writes_integer(to); }
  static format read_format(oid) noexcept { return format::binary; }

  static constexpr std::uint32_t native_size = type == oids::int2 ? 2 : type == oids::int4 ? 4 : 8;
  static T from_native(const std::byte* bytes) noexcept
    requires(sizeof(T) == native_size && std::is_signed_v<T>)
  {
    return proto::load_big_endian<T>(bytes);
  }
  static void to_native(std::byte* to, T value) noexcept
    requires(sizeof(T) == native_size && std::is_signed_v<T>)
  {
    proto::store_big_endian(to, value);
  }

  /// Throws `data_error` when the value does not fit.
  [[gnu::always_inline]] static T decode(const field& value) {
    if (value.format == format::binary) [[likely]] {
      T result;
      if constexpr (sizeof(T) == 8) {
        if (detail::take<std::int64_t>(value, oids::int8, result)) [[likely]]
          return result;
        if (detail::take<std::int32_t>(value, oids::int4, result)) return result;
      } else {
        if (detail::take<std::int32_t>(value, oids::int4, result)) [[likely]]
          return result;
        if (detail::take<std::int64_t>(value, oids::int8, result)) return result;
      }
    }
    return decode_slowly(value.copy());
  }

  /// Throws `data_error` when the type the server wants cannot hold the value exactly.
  static format encode(value_writer& to, T value) {
    if constexpr (std::is_signed_v<T>) return detail::write_signed(to, value, type, name);
    return detail::write_unsigned(to, static_cast<std::uint64_t>(value), type, name);
  }
  static std::string to_text(T value) { return std::to_string(value); }

 private:
  [[gnu::cold, gnu::noinline]] static T decode_slowly(const field& value) {
    using limits = std::numeric_limits<T>;
    if constexpr (std::is_signed_v<T>) {
      return static_cast<T>(detail::read_signed(value, limits::min(), limits::max(), name));
    } else {
      return static_cast<T>(detail::read_unsigned(value, limits::max(), name));
    }
  }
};

}  // namespace tusk
