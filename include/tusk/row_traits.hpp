#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tusk/aggregate.hpp"
#include "tusk/row.hpp"
#include "tusk/types/codec_check.hpp"

namespace tusk {

/// How a struct's members and a result's columns may differ when they go by name.
enum class allow : std::uint8_t {
  nothing = 0,
  extra_columns = 1,    ///< a column without a member is passed over
  missing_columns = 2,  ///< a member without a column keeps the value of `T{}`, its default
  both = 3,
};

/// Says that a struct's members are found by their columns' names, in any order:
/// `db.query<tusk::by_name<account>>(...)`. Every member needs its column and every column its
/// member, unless it is said otherwise: `by_name<account, tusk::allow::extra_columns>`.
template <class T, allow Allowed = allow::nothing>
struct by_name {};

namespace detail {

/// What the compiled part of tusk needs of a column's C++ type.
struct column_operations {
  std::string_view name;
  bool nullable;
  /// What a column of that type is read as: the type itself, or a domain's base.
  std::optional<type_ref> (*read_as)(type_ref);
  format (*read_format)(type_ref);
  oid native_type;  ///< whose binary form is decoded directly; 0 for none
};

template <class T>
constexpr oid native_type_of() {
  if constexpr (has_native_form<T> || has_optional_native_form<T>) return codec<T>::type;
  return 0;
}

template <class T>
inline constexpr column_operations column_operations_of{
    codec<T>::name, is_nullable<T>, &read_as<T>,
    [](type_ref from) { return codec<T>::read_format(from); }, native_type_of<T>()};

/// How rows are read: one entry for each value wanted; untyped when there are none.
struct row_shape {
  std::span<const column_operations* const> values;
  std::span<const std::string_view> names;  ///< of the members, when columns go by name
  bool untyped = false;
  allow allowed = allow::nothing;

  [[nodiscard]] constexpr bool allows(allow what) const noexcept {
    return (static_cast<unsigned>(allowed) & static_cast<unsigned>(what)) != 0;
  }
};

/// Stands in `column_set::members` for a column that is passed over.
inline constexpr std::uint32_t no_member = UINT32_MAX;

template <class T>
constexpr void require_readable() {
  static_assert(
      readable<T>,
      "tusk: a column cannot be read as this type. Specialise tusk::codec<T> with name, "
      "reads(), read_format() and decode() (see tusk/types/codec.hpp); a struct that is a "
      "whole row must be a plain aggregate of such types");
}

template <class... Ts>
struct positional {
  static constexpr std::array<const column_operations*, sizeof...(Ts)> values{
      &column_operations_of<Ts>...};
  static constexpr row_shape shape{values, {}, false};
  static constexpr bool has_view = (is_view<Ts> || ...);

  // Braces evaluate from left to right, as the values lie in the row. Inlined, so that a loop over
  // rows keeps their values in registers.
  template <class Into>
  [[gnu::always_inline]] static Into read(const std::byte* body, const column_set& columns) {
    row_cursor cursor(body, columns);
    return Into{cursor.next_as<Ts>()...};
  }
};

template <class Tuple>
struct positional_of;
template <class... Ts>
struct positional_of<std::tuple<Ts...>> : positional<Ts...> {
  static constexpr bool all_readable = ((readable<Ts> || explain_unreadable<Ts>()) && ...);
};

/// How one C++ type stands for a row.
template <class T>
struct row_traits {
  using value_type = T;
  using members = positional_of<members_t<T>>;
  static_assert(members::all_readable,
                "tusk: a member of this struct cannot be read from a column. Specialise "
                "tusk::codec<T> for the member's type; see tusk/types/codec.hpp");
  static constexpr row_shape shape = members::shape;
  static constexpr bool has_view = members::has_view;
  [[gnu::always_inline]] static T read(const std::byte* body, const column_set& columns) {
    return members::template read<T>(body, columns);
  }
};

/// A type with a codec is one column.
template <readable T>
struct row_traits<T> {
  using value_type = T;
  static constexpr row_shape shape = positional<T>::shape;
  static constexpr bool has_view = is_view<T>;
  static T read(const std::byte* body, const column_set& columns) {
    return row_cursor(body, columns).next_as<T>();
  }
};

template <class... Ts>
struct row_traits<std::tuple<Ts...>> {
  using value_type = std::tuple<Ts...>;
  static_assert(
      ((readable<Ts> || explain_unreadable<Ts>()) && ...),
      "tusk: a column cannot be read as one of these types. Specialise tusk::codec<T>; see "
      "tusk/types/codec.hpp");
  static constexpr row_shape shape = positional<Ts...>::shape;
  static constexpr bool has_view = positional<Ts...>::has_view;
  [[gnu::always_inline]] static value_type read(const std::byte* body, const column_set& columns) {
    return positional<Ts...>::template read<value_type>(body, columns);
  }
};

template <>
struct row_traits<row> {
  using value_type = row;
  static constexpr row_shape shape{{}, {}, true};
  static constexpr bool has_view = true;
  static row read(const std::byte* body, const column_set& columns) noexcept {
    return {body, columns};
  }
};

template <class T, allow Allowed>
struct row_traits<by_name<T, Allowed>> {
  using value_type = T;
  using members = positional_of<members_t<T>>;
  static_assert(members::all_readable,
                "tusk: a member of this struct cannot be read from a column. Specialise "
                "tusk::codec<T> for the member's type; see tusk/types/codec.hpp");
  static constexpr auto names = member_names<T>();
  static constexpr row_shape shape{members::values, names, false, Allowed};
  static constexpr bool has_view = members::has_view;

  static T read(const std::byte* body, const column_set& columns) {
    std::array<field, names.size()> found;
    row_cursor cursor(body, columns);
    for (const std::uint32_t member : columns.members) {
      const field value = cursor.next();
      if (member != no_member) found[member] = value;
    }
    if constexpr (shape.allows(allow::missing_columns)) {
      T made{};
      with_members<names.size()>(made, [&found](auto&... each) {
        const field* next = found.data();
        (assign(each, *next++), ...);
      });
      return made;
    } else {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return T{decode_checked<std::tuple_element_t<I, members_t<T>>>(found[I])...};
      }(std::make_index_sequence<names.size()>{});
    }
  }

 private:
  template <class M>
  static void assign(M& member, const field& value) {
    const bool is_missing = value.origin == nullptr;
    if (!is_missing) member = decode_checked<M>(value);
  }
};

/// What `query<Ts...>` reads: nothing named is an untyped row, one type is itself, several are a
/// tuple.
template <class... Ts>
struct row_for {
  using type = std::tuple<Ts...>;
};
template <>
struct row_for<> {
  using type = row;
};
template <class T>
struct row_for<T> {
  using type = T;
};
template <class... Ts>
using row_for_t = typename row_for<Ts...>::type;

}  // namespace detail
}  // namespace tusk
