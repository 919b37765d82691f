#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
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
///       static bool reads(tusk::type_ref from) { return from == tusk::oids::point; }
///       static bool writes(tusk::type_ref to) { return to == tusk::oids::point; }
///       static tusk::format read_format(tusk::type_ref) { return tusk::format::binary; }
///
///       // Calls fail_read() when it cannot.
///       static point2d decode(const tusk::field& value);
///       // Gives the format in which it wrote.
///       static tusk::format encode(tusk::value_writer& to, const point2d& value);
///       // For where a value must go as text, in a form that `type`'s input function reads.
///       static std::string to_text(const point2d& value);
///     };
///
/// A type that is not built in has an OID that only its database knows. It goes by its name there:
/// `reads` says `from.is("vector")`, `type` is 0, and the session looks in the catalogs once for
/// each type that no codec took for its OID alone. What a domain is made of is asked for when the
/// domain itself was refused, and an array of the type, also inside of a composite type, works by
/// itself.
///
/// `to_text` may be left out when the value has a member `to_string()`, which is used then, or when
/// `encode` writes text; otherwise a value cannot be sent where only text goes (the simple
/// protocol, most of all). It may have a second parameter where the text depends on it: the
/// `type_ref` that it goes to, 0 where nobody knows.
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
///
/// and the other way round, so that rows of a COPY are written by it. It may give a bool: false for
/// a value that has no binary form, which `encode` will refuse and say why:
///
///       static void to_native(std::byte* to, const point2d& value) noexcept;
template <class T>
struct codec;

/// A type that a column can be read as.
template <class T>
concept readable = requires(const field& value, type_ref type) {
  { codec<T>::name } -> std::convertible_to<std::string_view>;
  { codec<T>::reads(type) } -> std::same_as<bool>;
  { codec<T>::read_format(type) } -> std::same_as<format>;
  { codec<T>::decode(value) } -> std::same_as<T>;
};

/// A type that can be sent as a parameter.
template <class T>
concept writable = requires(value_writer& to, const T& value, type_ref type) {
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

/// Whether a codec writes its own type's binary form directly.
template <class T>
concept has_native_output = requires(std::byte* to, const T& value) {
  { codec<T>::native_size } -> std::convertible_to<std::uint32_t>;
  { codec<T>::to_native(to, value) } noexcept;
};

namespace detail {

template <class T>
struct optional_value {
  static constexpr bool is_optional = false;
  using type = T;
};
template <class T>
struct optional_value<std::optional<T>> {
  static constexpr bool is_optional = true;
  using type = T;
};

}  // namespace detail

/// Whether it is a `std::optional` of such a type: what is not NULL is then decoded as directly.
template <class T>
concept has_optional_native_form = detail::optional_value<T>::is_optional &&
                                   has_native_form<typename detail::optional_value<T>::type>;

/// Whether a codec reads any type at all, from its text.
template <class T>
inline constexpr bool reads_text = requires { requires codec<T>::reads_text; };

namespace detail {

/// The type itself or, when that is a domain, the first of what it is made of, that a T is read
/// from.
template <class T>
[[nodiscard]] std::optional<type_ref> read_as(type_ref from) {
  while (!codec<T>::reads(from)) {
    if (from.kind() != type_kind::domain) return std::nullopt;
    from = from.part();
  }
  return from;
}

/// The same for what a T is sent to.
template <class T>
[[nodiscard]] std::optional<type_ref> sent_as(type_ref to) {
  while (!codec<T>::writes(to)) {
    if (to.kind() != type_kind::domain) return std::nullopt;
    to = to.part();
  }
  return to;
}

/// The text that a codec's `encode` writes. Throws `data_error` when it writes binary.
[[nodiscard]] std::string text_by_encoding(std::string_view name,
                                           format (*encode)(value_writer&, const void*),
                                           const void* value, std::size_t index);

/// A value, which is not NULL, as text that PostgreSQL reads. `index` is 1 for `$1`, and 0 for what
/// is no parameter; `target` is the type that it goes to, 0 where nobody knows.
template <class T>
[[nodiscard]] std::string text_of(const T& value, std::size_t index = 0, type_ref target = {}) {
  if constexpr (requires {
                  { codec<T>::to_text(value, target) } -> std::convertible_to<std::string>;
                }) {
    return codec<T>::to_text(value, target);
  } else if constexpr (requires {
                         { codec<T>::to_text(value) } -> std::convertible_to<std::string>;
                       }) {
    return codec<T>::to_text(value);
  } else if constexpr (requires {
                         { value.to_string() } -> std::convertible_to<std::string>;
                       }) {
    return value.to_string();
  } else {
    return text_by_encoding(
        codec<T>::name,
        [](value_writer& to, const void* erased) {
          return codec<T>::encode(to, *static_cast<const T*>(erased));
        },
        &value, index);
  }
}

}  // namespace detail

/// NULL as `std::nullopt`.
template <class T>
struct codec<std::optional<T>> {
  static constexpr std::string_view name = codec<T>::name;
  static constexpr bool nullable = true;
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr bool reads_text = tusk::reads_text<T>;
  static constexpr oid type = [] {
    if constexpr (writable<T>) return codec<T>::type;
    return oid{0};
  }();

  static bool reads(type_ref from)
    requires readable<T>
  {
    return codec<T>::reads(from);
  }
  static bool writes(type_ref to)
    requires writable<T>
  {
    return codec<T>::writes(to);
  }
  static format read_format(type_ref from)
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
  static std::string to_text(const std::optional<T>& value, type_ref to = {})
    requires writable<T>
  {
    return detail::text_of(*value, std::size_t{0}, to);
  }
};

/// NULL of whatever type the server wants.
template <>
struct codec<std::nullopt_t> {
  static constexpr std::string_view name = "std::nullopt_t";
  static constexpr oid type = 0;
  static bool writes(type_ref) { return true; }
  static bool is_null(std::nullopt_t) noexcept { return true; }
  static format encode(value_writer&, std::nullopt_t) noexcept { return format::text; }
};

}  // namespace tusk
