#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "tusk/types/field.hpp"
#include "tusk/types/value_writer.hpp"

namespace tusk {

/// How a C++ type goes to and comes from PostgreSQL: the one customisation point. Specialise it for
/// a type of your own:
///
///     template <>
///     struct tusk::codec<point2d> {
///       // What messages call it, and what it is sent as when the server names no type.
///       static constexpr std::string_view name = "point2d";
///       static constexpr tusk::oid type = tusk::oids::point;
///
///       static bool reads(tusk::oid from) { return from == tusk::oids::point; }
///       static bool writes(tusk::oid to) { return to == tusk::oids::point; }
///       static tusk::format read_format(tusk::oid) { return tusk::format::binary; }
///
///       // Calls fail_read() when it cannot.
///       static point2d decode(const tusk::field& value);
///       // Gives the format in which it wrote.
///       static tusk::format encode(tusk::value_writer& to, const point2d& value);
///     };
///
/// `reads` and `writes` are asked once per statement, before a row is read or a parameter sent.
/// `read_format` is the format asked of the server for a column of that type, or of one not known
/// yet when it is given 0; `decode` must still
/// understand text, which the simple protocol always brings. `decode` never sees NULL unless the
/// codec says `static constexpr bool nullable = true`; `encode` is not called when the codec has
/// `static bool is_null(const T&)` and it says true. A type that points into the row's bytes says
/// `static constexpr bool is_view = true`.
///
/// A type of fixed width can say how many bytes the binary form of `type` has, and decode just
/// those; columns of exactly that type are then read by it, without asking anything else:
///
///       static constexpr std::uint32_t native_size = 16;
///       static point2d from_native(const std::byte* bytes) noexcept;
template <class T>
struct codec;

/// A type that a column can be read as.
template <class T>
concept readable = requires(const field& value, oid type) {
  { codec<T>::name } -> std::convertible_to<std::string_view>;
  { codec<T>::reads(type) } -> std::same_as<bool>;
  { codec<T>::read_format(type) } -> std::same_as<format>;
  { codec<T>::decode(value) } -> std::same_as<T>;
};

/// A type that can be sent as a parameter.
template <class T>
concept writable = requires(value_writer& to, const T& value, oid type) {
  { codec<T>::name } -> std::convertible_to<std::string_view>;
  { codec<T>::type } -> std::convertible_to<oid>;
  { codec<T>::writes(type) } -> std::same_as<bool>;
  { codec<T>::encode(to, value) } -> std::same_as<format>;
};

/// Whether a codec's `decode` takes NULL.
template <class T>
inline constexpr bool is_nullable = requires { requires codec<T>::nullable; };

/// Whether a decoded T points into the row it came from.
template <class T>
inline constexpr bool is_view = requires { requires codec<T>::is_view; };

/// Whether a codec decodes its own type's binary form directly.
template <class T>
concept has_native_form = requires(const std::byte* bytes) {
  { codec<T>::native_size } -> std::convertible_to<std::uint32_t>;
  { codec<T>::from_native(bytes) } noexcept -> std::same_as<T>;
};

/// NULL as `std::nullopt`.
template <class T>
struct codec<std::optional<T>> {
  static constexpr std::string_view name = codec<T>::name;
  static constexpr bool nullable = true;
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr oid type = [] {
    if constexpr (writable<T>) return codec<T>::type;
    return oid{0};
  }();

  static bool reads(oid from)
    requires readable<T>
  {
    return codec<T>::reads(from);
  }
  static bool writes(oid to)
    requires writable<T>
  {
    return codec<T>::writes(to);
  }
  static format read_format(oid from)
    requires readable<T>
  {
    return codec<T>::read_format(from);
  }
  static std::optional<T> decode(const field& value)
    requires readable<T>
  {
    if (value.is_null()) return std::nullopt;
    return codec<T>::decode(value);
  }
  static bool is_null(const std::optional<T>& value) noexcept { return !value; }
  static format encode(value_writer& to, const std::optional<T>& value)
    requires writable<T>
  {
    return codec<T>::encode(to, *value);
  }
};

/// NULL of whatever type the server wants.
template <>
struct codec<std::nullopt_t> {
  static constexpr std::string_view name = "std::nullopt_t";
  static constexpr oid type = 0;
  static bool writes(oid) { return true; }
  static bool is_null(std::nullopt_t) noexcept { return true; }
  static format encode(value_writer&, std::nullopt_t) noexcept { return format::text; }
};

}  // namespace tusk
