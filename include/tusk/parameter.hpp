#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tusk/types/characters.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/codec_check.hpp"

namespace tusk {
namespace detail {

/// What the compiled part of tusk needs of a parameter's C++ type.
struct parameter_operations {
  std::string_view name;
  oid type;
  /// What it goes as to a parameter of that type: the type itself or a domain's base.
  std::optional<type_ref> (*sent_as)(type_ref);
  bool (*is_null)(const void*);
  format (*encode)(value_writer&, const void*);
  /// The last is the type that it goes to, 0 where nobody knows.
  std::string (*to_text)(const void*, std::size_t index, type_ref target);
};

/// One parameter, its type erased: a view of the caller's object.
struct parameter {
  const void* value;
  const parameter_operations* operations;
};

template <class T>
struct parameter_access {
  using codec_type = codec<T>;
  using value_type = T;
  static const T& get(const void* value) noexcept { return *static_cast<const T*>(value); }
};

/// A string literal, or any array of char: the characters up to its first NUL, or all of them.
template <std::size_t N>
struct parameter_access<char[N]> {
  using codec_type = codec<std::string_view>;
  using value_type = std::string_view;
  static std::string_view get(const void* value) noexcept {
    const std::string_view all(static_cast<const char*>(value), N);
    return all.substr(0, all.find('\0'));
  }
};

template <class T>
inline constexpr parameter_operations operations_of{
    parameter_access<T>::codec_type::name,
    parameter_access<T>::codec_type::type,
    [](type_ref to) { return sent_as<typename parameter_access<T>::value_type>(to); },
    [](const void* value) -> bool {
      using codec_type = typename parameter_access<T>::codec_type;
      if constexpr (requires { codec_type::is_null(parameter_access<T>::get(value)); }) {
        return codec_type::is_null(parameter_access<T>::get(value));
      } else {
        return false;
      }
    },
    [](value_writer& to, const void* value) -> format {
      return parameter_access<T>::codec_type::encode(to, parameter_access<T>::get(value));
    },
    [](const void* value, std::size_t index, type_ref target) -> std::string {
      return text_of(parameter_access<T>::get(value), index, target);
    }};

template <class T>
parameter make_parameter(const T& value) noexcept {
  if constexpr (!std::is_array_v<T>) {
    static_assert(writable<T> || explain_unwritable<T>());
  }
  return {&value, &operations_of<T>};
}

}  // namespace detail

/// Parameters whose number is known only at run time; given in place of the values:
///
///     tusk::dynamic_parameters values;
///     for (const std::optional<std::string>& word : words)
///       values.add(word);
///     db.execute(sql, values);
///
/// It holds views: what was added must live, unmoved, until the call is over.
class dynamic_parameters {
 public:
  /// The next one: the first is `$1`.
  template <class T>
  void add(const T& value) {
    list_.push_back(detail::make_parameter(value));
  }
  template <class T>
  void add(const T&& value) = delete;  // it would be gone before the call

  [[nodiscard]] std::span<const detail::parameter> list() const noexcept { return list_; }

 private:
  std::vector<detail::parameter> list_;
};

namespace detail {

template <class... P>
std::array<parameter, sizeof...(P)> make_parameters(const P&... values) noexcept {
  return {make_parameter(values)...};
}
inline std::span<const parameter> make_parameters(const dynamic_parameters& values) noexcept {
  return values.list();
}

}  // namespace detail

}  // namespace tusk
