#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tusk/aggregate_members.hpp"

// What C++20 does not say about a struct, taken from what it does: the number of its members from
// the initialisers that it accepts, their types from structured bindings, their names from the
// compiler's own spelling of a pointer to a member.
namespace tusk::detail {

/// Stands for any initialiser. The conversion is const so that a member that is constructible from
/// anything prefers its own constructor; equal ranks would be ambiguous.
struct any_value {
  template <class U>
  operator U() const noexcept;  // never defined: only asked about
};

/// Stands for a base of T and nothing else.
template <class T>
struct any_base_of {
  template <class U>
    requires(std::is_base_of_v<U, T>)
  operator U() const noexcept;
};

/// Stands for nothing at all, but a member that is constructible from anything takes even this.
struct no_value {};

template <class Value, std::size_t>
using repeated = Value;

template <class T, class First, class Rest>
inline constexpr bool is_initialised_by = false;
template <class T, class First, std::size_t... I>
inline constexpr bool is_initialised_by<T, First, std::index_sequence<I...>> =
    requires { T{First{}, repeated<any_value, I>{}...}; };

/// Whether `T{x, ...}` with N initialisers is well-formed.
template <class T, std::size_t N, class First = any_value>
inline constexpr bool takes = is_initialised_by<T, First, std::make_index_sequence<N - 1>>;

/// The largest N that T takes, one more than `most_members` when there are more, 0 for none. Small
/// numbers may fail too: when a member behind them has no default.
template <class T, std::size_t N = 1, bool Found = false>
consteval std::size_t most_initialisers() {
  if constexpr (N > most_members + 1) {
    return Found ? N - 1 : 0;
  } else if constexpr (takes<T, N>) {
    return most_initialisers<T, N + 1, true>();
  } else if constexpr (Found) {
    return N - 1;
  } else {
    return most_initialisers<T, N + 1, false>();
  }
}

/// Whether fewer pairs of braces than plain initialisers fill T: those go into an array one by one.
template <class T, std::size_t Count, std::size_t N = 0>
consteval bool has_array_member() {
  if constexpr (takes_braces<Count, T>() || !takes_braces<N, T>()) {
    return false;
  } else if constexpr (takes_braces<N + 1, T>()) {
    return has_array_member<T, Count, N + 1>();
  } else {
    return !takes_braces<N, T, any_value>();
  }
}

template <class T>
inline constexpr bool is_tuple_like = requires { sizeof(std::tuple_size<T>); };

template <class T>
consteval std::size_t count_members() {
  static_assert(std::is_class_v<T> && std::is_aggregate_v<T>,
                "tusk: this type is neither a column nor a row. To read it from one column, "
                "specialise tusk::codec<T> (see tusk/types/codec.hpp); to read whole rows into it, "
                "make it a plain aggregate: a struct with public members and no constructors");
  static_assert(!is_tuple_like<T>,
                "tusk: a row cannot be read into a std::array; use std::tuple or a struct");
  if constexpr (std::is_class_v<T> && std::is_aggregate_v<T> && !is_tuple_like<T>) {
    constexpr std::size_t count = most_initialisers<T>();
    static_assert(count != 0, "tusk: this struct has no members that values could be read into");
    constexpr bool has_arrays =
        has_array_member<T, (count < most_members ? count : most_members)>();
    static_assert(!has_arrays,
                  "tusk: a struct for rows must not have built-in arrays: use std::array");
    static_assert(has_arrays || count <= most_members,
                  "tusk: a struct for rows has at most 64 members");
    if constexpr (!has_arrays && count != 0 && count <= most_members) {
      static_assert(!takes<T, count, any_base_of<T>> || takes<T, count, no_value>,
                    "tusk: a struct for rows must not have base classes: list the members in one "
                    "struct");
    }
    return count;
  }
  return 0;
}

/// The number of T's members. T is an aggregate of 1 to 64 members without base classes and
/// built-in arrays; anything else does not compile, and says why.
template <class T>
inline constexpr std::size_t member_count = count_members<T>();

struct type_lister {
  template <class... Members>
  constexpr auto operator()(Members&...) const {
    return std::type_identity<std::tuple<Members...>>{};
  }
};

/// A std::tuple of the types of T's members, as declared.
template <class T>
using members_t =
    typename decltype(with_members<member_count<T>>(std::declval<T&>(), type_lister{}))::type;

/// Room for a T that is never made: only its members' addresses count. (An `extern` object would
/// do, but compilers warn where T has no linkage.)
template <class T>
union unmade {
  char nothing;
  T value;
  constexpr unmade() noexcept : nothing() {}
  constexpr ~unmade() {}
};
#if defined(__clang__)
// Older ones want a literal T for a constexpr union; and what is not used is not in the program.
template <class T>
inline unmade<T> unmade_object{};
#else
// GCC would put a variable into the program, with a call of its destructor.
template <class T>
inline constexpr unmade<T> unmade_object{};
#endif

/// A pointer as a template argument; a plain one to a member does not do before Clang 18.
template <class M>
struct member_pointer {
  const M* address;
};

/// The member's name: the last identifier of the text in which the compiler names `Pointer`, e.g.
/// `... member_pointer<int>{(& unmade_object<T>.unmade<T>::value.T::id)}]` or `... {&x.value.id}]`.
template <auto Pointer>
consteval std::string_view spelled_name() {
  // GCC appends what std::string_view stands for.
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(0, text.rfind('}'));
  const auto is_part = [](char c) {
    return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  };
  while (!text.empty() && !is_part(text.back()))
    text.remove_suffix(1);
  std::size_t start = text.size();
  while (start > 0 && is_part(text[start - 1]))
    --start;
  return text.substr(start);
}

template <class T, std::size_t I>
consteval std::string_view spelled_member_name() {
  constexpr auto pointer = with_members<member_count<T>>(unmade_object<T>.value, [](auto&... m) {
    const auto all = std::tie(m...);
    using type = std::remove_cvref_t<std::tuple_element_t<I, decltype(all)>>;
    return member_pointer<type>{&std::get<I>(all)};
  });
  return spelled_name<pointer>();
}

template <class T>
consteval auto spelled_member_names() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<std::string_view, sizeof...(I)>{spelled_member_name<T, I>()...};
  }(std::make_index_sequence<member_count<T>>{});
}

template <class T>
consteval std::size_t total_name_length() {
  std::size_t total = 0;
  for (const std::string_view name : spelled_member_names<T>())
    total += name.size();
  return total;
}

/// The names behind one another: a copy, so that programs do not hold the compiler's long texts.
template <class T>
inline constexpr auto joined_member_names = [] {
  std::array<char, total_name_length<T>()> joined{};
  std::size_t end = 0;
  for (const std::string_view name : spelled_member_names<T>()) {
    for (const char c : name)
      joined[end++] = c;
  }
  return joined;
}();

/// The names of T's members, in their order; T as for `member_count`, of any scope. The views live
/// for ever.
template <class T>
constexpr std::array<std::string_view, member_count<T>> member_names() {
  constexpr auto lengths = [] {
    std::array<std::size_t, member_count<T>> made{};
    std::size_t i = 0;
    for (const std::string_view name : spelled_member_names<T>())
      made[i++] = name.size();
    return made;
  }();
  std::array<std::string_view, member_count<T>> names;
  const char* start = joined_member_names<T>.data();
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = {start, lengths[i]};
    start += lengths[i];
  }
  return names;
}

}  // namespace tusk::detail
