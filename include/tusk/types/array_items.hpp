#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tusk/types/array_form.hpp"

/// How the containers that hold arrays go through their elements: thin, over the compiled forms.
namespace tusk::detail {

/// What stands at the bottom of vectors in vectors, and how deep. Only codecs that say
/// `array_depth` hold arrays: a vector may have become a type of its own through a user's codec.
template <class T>
struct array_item {
  using type = T;
  static constexpr std::size_t depth = 0;
};
template <class T>
  requires requires { codec<T>::array_depth; }
struct array_item<T> {
  using type = typename codec<T>::item_type;
  static constexpr std::size_t depth = codec<T>::array_depth;
};

template <class T>
[[nodiscard]] bool is_null_value(const T& value) {
  if constexpr (requires { codec<T>::is_null(value); }) return codec<T>::is_null(value);
  return false;
}

template <class T>
[[nodiscard]] T read_item(array_reader& in, type_ref as) {
  field element;
  in.next(element);
  if (!is_nullable<T> && element.is_null()) in.fail_element("is NULL; read std::optional");
  if (is_view<T> && in.is_copy()) in.fail_element("is escaped in the text; read std::string");
  element.type = as;
  return codec<T>::decode(element);
}

/// One element, or all that lies below one subscript of the dimension `level - 1`.
template <class C>
[[nodiscard]] C read_level(array_reader& in, type_ref as, std::size_t level) {
  if constexpr (array_item<C>::depth == 0) {
    return read_item<C>(in, as);
  } else {
    using part = typename C::value_type;
    C result{};
    if constexpr (requires { result.reserve(0); }) {
      const std::size_t length = in.length(level);
      result.reserve(length);
      for (std::size_t i = 0; i < length; ++i)
        result.push_back(read_level<part>(in, as, level + 1));
    } else {
      in.require_length(level, result.size());
      for (part& each : result)
        each = read_level<part>(in, as, level + 1);
    }
    return result;
  }
}

template <class C>
[[nodiscard]] C read_array(const field& value, std::string_view target) {
  array_reader in(value, value.type.element(), target);
  in.require_dimensions(array_item<C>::depth);
  const type_ref as = in.element_as(&read_as<typename array_item<C>::type>);
  C result = read_level<C>(in, as, 0);
  in.finish();
  return result;
}

inline constexpr std::string_view ragged_array =
    "its parts are of different lengths, and an array's must be of one";
inline constexpr std::string_view oversized_array = "it has more than 2147483646 elements";

/// Finds the shape of vectors in vectors. Gives the reason why they make no array, or nothing.
template <class C>
[[nodiscard]] std::string_view measure(const C& value, array_shape& shape, std::size_t level = 0) {
  if (value.size() >= INT32_MAX) return oversized_array;
  const auto size = static_cast<std::int32_t>(value.size());
  if (shape.dimensions == level) {
    shape.each[level].size = size;
    ++shape.dimensions;
  } else if (shape.each[level].size != size) {
    return ragged_array;
  }
  if constexpr (array_item<typename C::value_type>::depth > 0) {
    for (const auto& part : value) {
      const std::string_view reason = measure(part, shape, level + 1);
      if (!reason.empty()) return reason;
    }
  }
  // Arrays that hold nothing have no dimensions, however many empty parts were asked for.
  if (level == 0 && shape.count() == 0) shape = {};
  return {};
}

/// Calls `visit` with every element in its order, until it says false.
template <class C, class Visit>
bool visit_items(const C& value, const Visit& visit) {
  for (auto at = value.begin(); at != value.end(); ++at) {
    const typename C::value_type& part = *at;
    if constexpr (array_item<typename C::value_type>::depth > 0) {
      if (!visit_items(part, visit)) return false;
    } else if (!visit(part)) {
      return false;
    }
  }
  return true;
}

/// The text of all elements; `index` and `to` are as in `text_of`.
template <class C>
void add_items(array_text& text, const C& value, std::size_t index, type_ref to) {
  using T = typename array_item<C>::type;
  visit_items(value, [&](const T& item) {
    if (is_null_value<T>(item)) {
      text.null();
    } else {
      text.add(text_of<T>(item, index, to));
    }
    return true;
  });
}

template <class T>
consteval oid own_type() {
  if constexpr (writable<T>) return codec<T>::type;
  return 0;
}

/// The array type of the types that have a codec here, at compile time.
[[nodiscard]] consteval oid array_of(oid element) {
  switch (element) {
    case oids::bool_: return oids::bool_array;
    case oids::bytea: return oids::bytea_array;
    case oids::char_: return oids::char_array;
    case oids::int8: return oids::int8_array;
    case oids::int2: return oids::int2_array;
    case oids::int4: return oids::int4_array;
    case oids::text: return oids::text_array;
    case oids::json: return oids::json_array;
    case oids::jsonb: return oids::jsonb_array;
    case oids::float4: return oids::float4_array;
    case oids::float8: return oids::float8_array;
    case oids::date: return oids::date_array;
    case oids::time: return oids::time_array;
    case oids::timestamp: return oids::timestamp_array;
    case oids::timestamptz: return oids::timestamptz_array;
    case oids::numeric: return oids::numeric_array;
    case oids::uuid: return oids::uuid_array;
    default: return 0;
  }
}

/// A codec of a type of your own says `static constexpr oid array_type` to be sent in arrays to a
/// server that was not asked.
template <class T>
struct own_array {
  static constexpr oid type = [] {
    if constexpr (requires { codec<T>::array_type; }) {
      return oid{codec<T>::array_type};
    } else {
      return array_of(own_type<T>());
    }
  }();
};
template <class T>
struct own_array<std::optional<T>> : own_array<T> {};

template <class T>
inline constexpr array_item_operations item_operations_of{
    own_type<T>(), own_array<T>::type, [](type_ref to) { return sent_as<T>(to); }};

/// Writes `items`, which have that shape, and are vectors in vectors or all elements in their
/// order.
template <class C>
format write_array(value_writer& to, const C& items, const array_shape& shape,
                   std::string_view source) {
  using T = typename array_item<C>::type;
  array_writer out(to, shape, item_operations_of<T>, source);
  const auto write = [&](const T& item) {
    if (is_null_value<T>(item)) {
      out.null();
      return true;
    }
    value_writer place = out.open();
    return out.close(codec<T>::encode(place, item));
  };
  if (out.is_binary() && visit_items(items, write)) return format::binary;
  array_text text = out.begin_text();
  const auto check = [&](const T& item) {
    if (is_null_value<T>(item)) out.check_null();
    return true;
  };
  visit_items(items, check);
  add_items(text, items, to.index(), out.item_type());
  out.finish_text(text);
  return format::text;
}

/// The text of an array that goes to `to`, or to where nobody knows.
template <class C>
[[nodiscard]] std::string array_text_of(const C& items, const array_shape& shape, type_ref to) {
  using T = typename array_item<C>::type;
  const type_ref element = to != 0 ? to.element() : type_ref(own_type<T>());
  array_text text(shape, element.delimiter(), is_vector(to));
  add_items(text, items, 0, sent_as<T>(element).value_or(type_ref()));
  return std::move(text.finish());
}

/// `Opening` + name of T + `Closing`, at compile time.
template <const std::string_view& Opening, class T>
struct template_name {
  static constexpr auto characters = [] {
    std::array<char, Opening.size() + codec<T>::name.size() + 1> all{};
    std::size_t at = 0;
    for (const char c : Opening)
      all[at++] = c;
    for (const char c : codec<T>::name)
      all[at++] = c;
    all[at] = '>';
    return all;
  }();
  static constexpr std::string_view text{characters.data(), characters.size()};
};

}  // namespace tusk::detail
