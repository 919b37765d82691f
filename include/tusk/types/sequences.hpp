#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tusk/types/array_items.hpp"
#include "tusk/types/failure.hpp"

namespace tusk {
namespace detail {

inline constexpr std::string_view vector_opening = "std::vector<";
inline constexpr std::string_view array_opening = "std::array<";
inline constexpr std::string_view span_opening = "std::span<";

/// What containers share whose elements are T: `C` is one of vector, array and span.
template <class C, class T, const std::string_view& Opening>
struct sequence_codec {
  using item_type = typename array_item<T>::type;
  static constexpr std::size_t array_depth = array_item<T>::depth + 1;
  static_assert(array_depth <= array_shape::most_dimensions,
                "tusk: PostgreSQL's arrays have at most six dimensions");

  static constexpr std::string_view name = template_name<Opening, T>::text;
  static constexpr oid type = own_array<item_type>::type;

  static bool writes(type_ref to)
    requires writable<T>
  {
    const type_ref element = to.element();
    return element != 0 && sent_as<item_type>(element).has_value();
  }
  /// Throws `data_error` when vectors in it are of different lengths, and for what an element's
  /// codec refuses.
  static format encode(value_writer& to, const C& value)
    requires writable<T>
  {
    array_shape shape;
    const std::string_view reason = measure(value, shape);
    if (!reason.empty()) to.fail(name, reason);
    return write_array(to, value, shape, name);
  }
  static std::string to_text(const C& value, type_ref to = {})
    requires writable<T>
  {
    array_shape shape;
    const std::string_view reason = measure(value, shape);
    if (!reason.empty()) fail_conversion(name, reason);
    return array_text_of(value, shape, to);
  }
};

/// The same for those that an array can be read into.
template <class C, class T, const std::string_view& Opening>
struct container_codec : sequence_codec<C, T, Opening> {
  using typename sequence_codec<C, T, Opening>::item_type;
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr bool reads_text = tusk::reads_text<T>;

  static bool reads(type_ref from)
    requires readable<T>
  {
    const type_ref element = from.element();
    return element != 0 && read_as<item_type>(element).has_value();
  }
  static format read_format(type_ref from)
    requires readable<T>
  {
    const std::optional<type_ref> element = read_as<item_type>(from.element());
    return codec<item_type>::read_format(element.value_or(type_ref()));
  }
  static C decode(const field& value)
    requires readable<T>
  {
    return read_array<C>(value, sequence_codec<C, T, Opening>::name);
  }
};

}  // namespace detail

/// An array of one dimension, or with vectors in vectors one of up to six. Elements that may be
/// NULL are `std::optional<T>`; a NULL read into another type throws `data_error`, and so does an
/// array of another number of dimensions, except that an empty one has none. Lower bounds are
/// passed over in reading, and 1 in sending (0 to int2vector and oidvector, which want that);
/// `tusk::array` keeps them. An array of a domain over arrays is a
/// `std::vector<std::optional<std::vector<T>>>`.
template <class T>
  requires readable<T> || writable<T>
struct codec<std::vector<T>> : detail::container_codec<std::vector<T>, T, detail::vector_opening> {
};

/// An array of fixed size. Reading one of another length throws `data_error`.
template <class T, std::size_t Size>
  requires readable<T> || writable<T>
struct codec<std::array<T, Size>>
    : detail::container_codec<std::array<T, Size>, T, detail::array_opening> {};

/// A view of values, as a parameter. (A span of bytes is a `bytea`.)
template <class T, std::size_t Extent>
  requires writable<std::remove_const_t<T>>
struct codec<std::span<T, Extent>>
    : detail::sequence_codec<std::span<T, Extent>, std::remove_const_t<T>, detail::span_opening> {};

}  // namespace tusk
