#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tusk/parameter.hpp"

namespace tusk::detail {

/// What keeps a value that `tusk::bind` was given: the value itself, and for a view what it views.
template <class T>
struct ownership {
  static const T& own(const T& value) noexcept { return value; }
};

template <class T>
using owned_t = std::remove_cvref_t<decltype(ownership<T>::own(std::declval<const T&>()))>;

template <>
struct ownership<std::string_view> {
  static std::string own(std::string_view value) { return std::string(value); }
};

template <>
struct ownership<const char*> {
  static std::optional<std::string> own(const char* value) {
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
};

template <>
struct ownership<char*> : ownership<const char*> {};

template <std::size_t Size>
struct ownership<char[Size]> {
  static std::string own(const char (&value)[Size]) {
    return std::string(parameter_access<char[Size]>::get(&value));
  }
};

template <class T>
struct ownership<std::vector<T>> {
  static std::vector<owned_t<T>> own(const std::vector<T>& value) {
    std::vector<owned_t<T>> all;
    all.reserve(value.size());
    for (const T& each : value)
      all.push_back(ownership<T>::own(each));
    return all;
  }
};

template <class T, std::size_t Extent>
struct ownership<std::span<T, Extent>> {
  static std::vector<owned_t<std::remove_cv_t<T>>> own(std::span<T, Extent> value) {
    std::vector<owned_t<std::remove_cv_t<T>>> all;
    all.reserve(value.size());
    for (const T& each : value)
      all.push_back(ownership<std::remove_cv_t<T>>::own(each));
    return all;
  }
};

template <class T>
struct ownership<std::optional<T>> {
  static std::optional<owned_t<T>> own(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return std::optional<owned_t<T>>(ownership<T>::own(*value));
  }
};

}  // namespace tusk::detail
