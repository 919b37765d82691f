#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tusk/types/codec.hpp"

namespace tusk {

/// Which labels of an enum in the database a C++ enum's values are. Specialise it:
///
///     enum class mood { sad, happy };
///     template <>
///     struct tusk::enum_type<mood> {
///       static constexpr std::string_view name = "mood";  // or "shop.mood"
///       static constexpr std::pair<mood, std::string_view> labels[] = {
///           {mood::sad, "sad"}, {mood::happy, "happy"}};
///     };
///
/// Columns and parameters of that type are then read as and sent from `mood`, alone, in arrays, in
/// composites and in domains. A label that is not in the list, and a value that has none, throw
/// `data_error` that names it. Not every label needs a value, nor every value a label.
template <class T>
struct enum_type;

namespace detail {

template <class T>
concept mapped_enum = std::is_enum_v<T> && requires {
  { enum_type<T>::name } -> std::convertible_to<std::string_view>;
  { enum_type<T>::labels[0].first } -> std::convertible_to<T>;
  { enum_type<T>::labels[0].second } -> std::convertible_to<std::string_view>;
};

/// Whether each value and each label stands once, so that what is sent comes back.
template <mapped_enum T>
consteval bool has_clear_labels() {
  const auto& all = enum_type<T>::labels;
  for (std::size_t i = 0; i < std::size(all); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (all[i].first == all[j].first || all[i].second == all[j].second) return false;
  }
  return true;
}

/// The labels alone, for the part that is compiled once.
template <mapped_enum T>
inline constexpr auto enum_labels = [] {
  std::array<std::string_view, std::size(enum_type<T>::labels)> labels{};
  std::size_t i = 0;
  for (const auto& each : enum_type<T>::labels)
    labels[i++] = each.second;
  return labels;
}();

/// Whether a column or parameter of that type is the enum called `name`; or may be, for its OID was
/// looked up and no catalog had it, so that the labels must tell.
[[nodiscard]] bool is_enum_called(type_ref type, std::string_view name) noexcept;
/// Which of the labels the value is. Throws `data_error` when it is none of them.
[[nodiscard]] std::size_t find_label(const field& value, std::span<const std::string_view> labels,
                                     std::string_view name);
format write_label(value_writer& to, std::string_view label, std::string_view name);
/// Throws `data_error`: `$1 (mood) cannot take this mood: its value 7 has no label`.
[[noreturn]] void fail_unlabelled(const value_writer& to, std::string_view name,
                                  std::int64_t value);
[[noreturn]] void fail_unlabelled(std::string_view name, std::int64_t value);

}  // namespace detail

/// The label of a mapped enum's value; nullopt when it has none. The view lives for ever.
template <detail::mapped_enum T>
[[nodiscard]] constexpr std::optional<std::string_view> enum_label(T value) noexcept {
  for (const auto& each : enum_type<T>::labels)
    if (each.first == value) return each.second;
  return std::nullopt;
}

/// The value that a label stands for; nullopt when it is none of the enum's.
template <detail::mapped_enum T>
[[nodiscard]] constexpr std::optional<T> enum_value(std::string_view label) noexcept {
  for (const auto& each : enum_type<T>::labels)
    if (each.second == label) return each.first;
  return std::nullopt;
}

/// An enum of the database. Where the server was not asked for a parameter's type it goes as text.
template <detail::mapped_enum T>
struct codec<T> {
  static_assert(detail::has_clear_labels<T>(),
                "tusk: in tusk::enum_type<T>::labels each value and each label may stand once");

  static constexpr std::string_view name = enum_type<T>::name;
  static constexpr oid type = 0;

  static bool reads(type_ref from) noexcept { return detail::is_enum_called(from, name); }
  static bool writes(type_ref to) noexcept { return detail::is_enum_called(to, name); }
  // Both forms are the label. Binary lets composites that hold it come in binary, too.
  static format read_format(type_ref from) noexcept {
    return from.kind() == type_kind::enumeration ? format::binary : format::text;
  }
  static T decode(const field& value) {
    return enum_type<T>::labels[detail::find_label(value, detail::enum_labels<T>, name)].first;
  }
  static format encode(value_writer& to, T value) {
    const std::optional<std::string_view> label = enum_label(value);
    if (!label) detail::fail_unlabelled(to, name, number_of(value));
    return detail::write_label(to, *label, name);
  }
  static std::string to_text(T value) {
    const std::optional<std::string_view> label = enum_label(value);
    if (!label) detail::fail_unlabelled(name, number_of(value));
    return std::string(*label);
  }

 private:
  static std::int64_t number_of(T value) noexcept {
    return static_cast<std::int64_t>(static_cast<std::underlying_type_t<T>>(value));
  }
};

}  // namespace tusk
