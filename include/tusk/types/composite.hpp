#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tusk/aggregate.hpp"
#include "tusk/types/codec.hpp"

namespace tusk {

/// Which composite type of the database, or which table's row, an aggregate is. Specialise it:
///
///     struct address { std::string street; std::optional<int> zip; };
///     template <>
///     struct tusk::composite_type<address> {
///       static constexpr std::string_view name = "address";  // or "shop.address"
///     };
///
/// Members and attributes go together by their names, in any order; each needs the other. With
/// `static constexpr bool by_position = true` they go together by their order, and an anonymous
/// record (`select row(...)`) is read too. Members may be whatever has a codec: other composites,
/// enums, vectors, optionals for attributes that may be NULL.
///
/// The struct is then one column of a row. `by_name<address>` still reads a whole row into it.
///
/// An address whose members go by their names can be sent only where the session knows the type,
/// for nothing else says in which order its attributes are: not in the simple protocol, and not in
/// a statement whose parameters were not described. That throws `data_error`.
template <class T>
struct composite_type;

/// The value of an anonymous record, or of any composite type, by position: a std::tuple that is
/// one column. As a parameter it goes to composite types; the server takes no anonymous records.
template <class... Ts>
struct record : std::tuple<Ts...> {
  using std::tuple<Ts...>::tuple;
};

namespace detail {

/// What the compiled part of tusk needs of a member that is read.
struct attribute_reading {
  std::string_view name;  ///< of its C++ type
  bool nullable;
  bool is_view;
  oid own_type;  ///< what it stands for where nobody says: in the text of an anonymous record
  bool reads_own_type;
  std::optional<type_ref> (*read_as)(type_ref);
  format (*read_format)(type_ref);
};

/// And of one that is sent.
struct attribute_writing {
  std::string_view name;
  std::optional<type_ref> (*sent_as)(type_ref);
  bool (*is_null)(const void*);
  format (*encode)(value_writer&, const void*);
  std::string (*to_text)(const void*, type_ref);
};

template <class T>
consteval oid own_type_of() {
  if constexpr (writable<T>) return codec<T>::type;
  return 0;
}

template <class T>
inline constexpr attribute_reading attribute_reading_of{
    codec<T>::name,
    is_nullable<T>,
    is_view<T>,
    own_type_of<T>(),
    own_type_of<T>() != 0 || reads_text<T>,
    &read_as<T>,
    [](type_ref from) { return codec<T>::read_format(from); }};

template <class T>
inline constexpr attribute_writing attribute_writing_of{
    codec<T>::name, &sent_as<T>,
    [](const void* value) -> bool {
      if constexpr (requires { codec<T>::is_null(*static_cast<const T*>(value)); }) {
        return codec<T>::is_null(*static_cast<const T*>(value));
      } else {
        return false;
      }
    },
    [](value_writer& to, const void* value) {
      return codec<T>::encode(to, *static_cast<const T*>(value));
    },
    [](const void* value, type_ref to) {
      return text_of(*static_cast<const T*>(value), std::size_t{0}, to);
    }};

/// A composite as it is read: one entry for each member, and the members' names unless they go by
/// position.
struct composite_reading {
  std::string_view name;
  std::span<const std::string_view> members;
  std::span<const attribute_reading* const> attributes;
};

struct composite_writing {
  std::string_view name;
  std::span<const std::string_view> members;
  std::span<const attribute_writing* const> attributes;
};

/// Whether it is that composite type; then, whether it is one at all.
[[nodiscard]] bool is_composite_called(type_ref type, std::string_view name) noexcept;
[[nodiscard]] bool is_any_composite(type_ref type) noexcept;
[[nodiscard]] format composite_format(type_ref from, const composite_reading& as) noexcept;

/// Finds each member's field, of the type that it is read as. What had to be unescaped is put into
/// `scratch`, which must live as long as the fields are used. Throws `data_error` that names the
/// attribute.
void read_composite(const field& value, const composite_reading& as, std::span<field> members,
                    std::string& scratch);

/// `values` are the members. Binary where the type's attributes are known and have a binary form.
format write_composite(value_writer& to, const composite_writing& as,
                       std::span<const void* const> values);
[[nodiscard]] std::string composite_text(const composite_writing& as,
                                         std::span<const void* const> values, type_ref to);

/// The attributes of types Ts, in both directions.
template <class Tuple>
struct composite_attributes;
template <class... Ts>
struct composite_attributes<std::tuple<Ts...>> {
  static constexpr bool all_readable = (readable<Ts> && ...);
  static constexpr bool all_writable = (writable<Ts> && ...);
  static constexpr bool has_view = (is_view<Ts> || ...);

  static std::span<const attribute_reading* const> reading() noexcept {
    static constexpr std::array<const attribute_reading*, sizeof...(Ts)> all{
        &attribute_reading_of<Ts>...};
    return all;
  }
  static std::span<const attribute_writing* const> writing() noexcept {
    static constexpr std::array<const attribute_writing*, sizeof...(Ts)> all{
        &attribute_writing_of<Ts>...};
    return all;
  }

  template <class Into>
  static Into decode(const field& value, const composite_reading& as) {
    std::array<field, sizeof...(Ts)> members;
    std::string scratch;
    read_composite(value, as, members, scratch);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Into{codec<Ts>::decode(members[I])...};
    }(std::index_sequence_for<Ts...>{});
  }

  /// The addresses of a tuple's elements.
  static std::array<const void*, sizeof...(Ts)> addresses(
      const std::tuple<Ts...>& values) noexcept {
    return std::apply(
        [](const Ts&... each) {
          return std::array<const void*, sizeof...(Ts)>{static_cast<const void*>(&each)...};
        },
        values);
  }
};

template <class T>
concept mapped_composite = std::is_class_v<T> && requires {
  { composite_type<T>::name } -> std::convertible_to<std::string_view>;
};

template <class T>
inline constexpr bool goes_by_position = requires { requires composite_type<T>::by_position; };

/// The members' names, or none for what goes by position.
template <class T>
[[nodiscard]] std::span<const std::string_view> composite_members() noexcept {
  if constexpr (goes_by_position<T>) {
    return {};
  } else {
    static constexpr auto names = member_names<T>();
    return names;
  }
}

}  // namespace detail

/// A composite type of the database.
template <detail::mapped_composite T>
struct codec<T> {
  using attributes = detail::composite_attributes<detail::members_t<T>>;

  static constexpr std::string_view name = composite_type<T>::name;
  static constexpr oid type = 0;
  static constexpr bool is_view = attributes::has_view;

  static bool reads(type_ref from) noexcept
    requires attributes::all_readable
  {
    if (detail::goes_by_position<T> && from == oids::record) return true;
    return detail::is_composite_called(from, name);
  }
  static format read_format(type_ref from) noexcept
    requires attributes::all_readable
  {
    return detail::composite_format(from, reading());
  }
  static T decode(const field& value)
    requires attributes::all_readable
  {
    return attributes::template decode<T>(value, reading());
  }
  static bool writes(type_ref to) noexcept
    requires attributes::all_writable
  {
    return detail::is_composite_called(to, name);
  }
  static format encode(value_writer& to, const T& value)
    requires attributes::all_writable
  {
    return detail::write_composite(to, writing(), addresses(value));
  }
  static std::string to_text(const T& value, type_ref to = {})
    requires attributes::all_writable
  {
    return detail::composite_text(writing(), addresses(value), to);
  }

 private:
  static detail::composite_reading reading() noexcept {
    return {name, detail::composite_members<T>(), attributes::reading()};
  }
  static detail::composite_writing writing() noexcept {
    return {name, detail::composite_members<T>(), attributes::writing()};
  }
  static auto addresses(const T& value) noexcept {
    return detail::with_members<detail::member_count<T>>(value, [](const auto&... members) {
      return std::array<const void*, sizeof...(members)>{static_cast<const void*>(&members)...};
    });
  }
};

/// An anonymous record, or any composite type by position.
template <class... Ts>
struct codec<record<Ts...>> {
  using attributes = detail::composite_attributes<std::tuple<Ts...>>;

  static constexpr std::string_view name = "tusk::record";
  static constexpr oid type = 0;
  static constexpr bool is_view = attributes::has_view;

  static bool reads(type_ref from) noexcept
    requires attributes::all_readable
  {
    return from == oids::record || detail::is_any_composite(from);
  }
  static format read_format(type_ref from) noexcept
    requires attributes::all_readable
  {
    return detail::composite_format(from, {name, {}, attributes::reading()});
  }
  static record<Ts...> decode(const field& value)
    requires attributes::all_readable
  {
    return attributes::template decode<record<Ts...>>(value, {name, {}, attributes::reading()});
  }
  static bool writes(type_ref to) noexcept
    requires attributes::all_writable
  {
    return detail::is_any_composite(to);
  }
  static format encode(value_writer& to, const record<Ts...>& value)
    requires attributes::all_writable
  {
    return detail::write_composite(to, {name, {}, attributes::writing()},
                                   attributes::addresses(value));
  }
  static std::string to_text(const record<Ts...>& value, type_ref to = {})
    requires attributes::all_writable
  {
    return detail::composite_text({name, {}, attributes::writing()}, attributes::addresses(value),
                                  to);
  }
};

}  // namespace tusk

template <class... Ts>
struct std::tuple_size<tusk::record<Ts...>> : std::tuple_size<std::tuple<Ts...>> {};
template <std::size_t I, class... Ts>
struct std::tuple_element<I, tusk::record<Ts...>> : std::tuple_element<I, std::tuple<Ts...>> {};
