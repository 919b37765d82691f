#pragma once

#include <concepts>
#include <string_view>

#include "tusk/types/codec.hpp"

// What a codec lacks, said one by one, where `readable` and `writable` only say that it does.
namespace tusk::detail {

template <class T>
inline constexpr bool has_codec = requires { sizeof(codec<T>); };

/// Never true; does not compile where T cannot be read, and says what to write.
template <class T>
consteval bool explain_unreadable() {
  if constexpr (optional_value<T>::is_optional) {
    return explain_unreadable<typename optional_value<T>::type>();
  } else {
    static_assert(has_codec<T>,
                  "tusk: a column cannot be read as this type, for it has no codec. For an enum "
                  "specialise tusk::enum_type<T>, for a composite tusk::composite_type<T>, for "
                  "anything else tusk::codec<T>; see tusk/types/codec.hpp");
    if constexpr (has_codec<T>) {
      static_assert(
          requires {
            { codec<T>::name } -> std::convertible_to<std::string_view>;
          }, "tusk: this codec lacks `static constexpr std::string_view name`");
      static_assert(
          requires(type_ref from) {
            { codec<T>::reads(from) } -> std::same_as<bool>;
          }, "tusk: to be read, this codec lacks `static bool reads(tusk::type_ref)`");
      static_assert(
          requires(type_ref from) {
            { codec<T>::read_format(from) } -> std::same_as<format>;
          },
          "tusk: to be read, this codec lacks `static tusk::format read_format(tusk::type_ref)`");
      static_assert(
          requires(const field& value) {
            { codec<T>::decode(value) } -> std::same_as<T>;
          }, "tusk: to be read, this codec lacks `static T decode(const tusk::field&)`");
    }
    return false;
  }
}

/// The same for sending.
template <class T>
consteval bool explain_unwritable() {
  if constexpr (optional_value<T>::is_optional) {
    return explain_unwritable<typename optional_value<T>::type>();
  } else {
    static_assert(has_codec<T>,
                  "tusk: this type cannot be sent as a parameter, for it has no codec. For an enum "
                  "specialise tusk::enum_type<T>, for a composite tusk::composite_type<T>, for "
                  "anything else tusk::codec<T>; see tusk/types/codec.hpp");
    if constexpr (has_codec<T>) {
      static_assert(
          requires {
            { codec<T>::name } -> std::convertible_to<std::string_view>;
          }, "tusk: this codec lacks `static constexpr std::string_view name`");
      static_assert(
          requires {
            { codec<T>::type } -> std::convertible_to<oid>;
          },
          "tusk: to be sent, this codec lacks `static constexpr tusk::oid type`; 0 lets "
          "the server choose");
      static_assert(
          requires(type_ref to) {
            { codec<T>::writes(to) } -> std::same_as<bool>;
          }, "tusk: to be sent, this codec lacks `static bool writes(tusk::type_ref)`");
      static_assert(
          requires(value_writer& to, const T& value) {
            { codec<T>::encode(to, value) } -> std::same_as<format>;
          },
          "tusk: to be sent, this codec lacks `static tusk::format encode(tusk::value_writer&, "
          "const "
          "T&)`");
    }
    return false;
  }
}

}  // namespace tusk::detail
