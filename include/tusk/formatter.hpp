#pragma once

#if __has_include(<format>)
#include <format>
#endif

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "tusk/types/types.hpp"

/// `std::format("{:>40}", id)` for tusk's value classes, where the standard library has <format>
/// (GCC 13, Clang 17 with its own library, Visual Studio 2019); elsewhere this header adds nothing.
/// The text is that of `to_string()`, and the format specification is that of strings: fill,
/// alignment, width, and a precision that cuts it short. Not among <tusk/tusk.hpp>, for <format>
/// is large.

namespace tusk::detail {

/// A value class of tusk's own: its codec calls it so. A program's own classes are left to it.
template <class T>
concept value_class = requires(const T& value) {
  { value.to_string() } -> std::same_as<std::string>;
  requires std::string_view(codec<T>::name).starts_with("tusk::");
};

/// One whose text has an upper bound, and needs no memory.
template <class T>
concept bounded_value_class = value_class<T> && requires(const T& value, char* at) {
  { T::max_chars } -> std::convertible_to<std::size_t>;
  { value.to_chars(at, at) } -> std::same_as<std::to_chars_result>;
};

}  // namespace tusk::detail

#if __has_include(<format>)

template <tusk::detail::value_class T>
struct std::formatter<T, char> : std::formatter<std::string_view, char> {
  template <class Context>
  auto format(const T& value, Context& to) const {
    using text_formatter = std::formatter<std::string_view, char>;
    if constexpr (tusk::detail::bounded_value_class<T>) {
      std::array<char, T::max_chars> text;
      const char* end = value.to_chars(text.data(), text.data() + text.size()).ptr;
      const auto size = static_cast<std::size_t>(end - text.data());
      return text_formatter::format(std::string_view(text.data(), size), to);
    } else {
      return text_formatter::format(value.to_string(), to);
    }
  }
};

#endif
