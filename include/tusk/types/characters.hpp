#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"

namespace tusk {
namespace detail {

/// Whether the binary form of this type is its text: text, varchar, bpchar, name, json and the
/// like. Not xml: where the client's encoding is not UTF-8, its binary form declares it.
[[nodiscard]] bool is_text_like(oid type) noexcept;

/// The same for any type: enums, domains over such types, and the extension citext are so, too.
[[nodiscard]] bool is_text_in_binary(type_ref type) noexcept;

/// What a column of any type is asked for in when its text is wanted.
[[nodiscard]] format text_format(oid type) noexcept;

[[nodiscard]] std::string read_string(const field& value);
[[nodiscard]] std::string_view read_view(const field& value);
format write_text(value_writer& to, std::string_view value, std::string_view source);

/// What all string types share: they are sent as text to any type, and leave it to the server to
/// say which, when it was not asked.
struct text_parameter {
  static constexpr oid type = 0;
  static bool writes(oid) noexcept { return true; }
};

}  // namespace detail

/// Any column as its text, and text for any parameter. A string with a NUL inside throws
/// `data_error` before anything is sent, since no PostgreSQL type can hold it as text.
template <>
struct codec<std::string> : detail::text_parameter {
  static constexpr std::string_view name = "std::string";
  static constexpr bool reads_text = true;

  static bool reads(oid) noexcept { return true; }
  static format read_format(oid from) noexcept { return detail::text_format(from); }
  static std::string decode(const field& value) { return detail::read_string(value); }
  static format encode(value_writer& to, const std::string& value) {
    return detail::write_text(to, value, name);
  }
};

/// A view of the text in the row: it lives as long as the row's bytes. Throws `data_error` for a
/// binary value of a type whose binary form is not its text.
template <>
struct codec<std::string_view> : detail::text_parameter {
  static constexpr std::string_view name = "std::string_view";
  static constexpr bool is_view = true;
  static constexpr bool reads_text = true;

  static bool reads(oid) noexcept { return true; }
  static format read_format(oid from) noexcept { return detail::text_format(from); }
  [[gnu::always_inline]] static std::string_view decode(const field& value) {
    // A text's binary form, which is what it is asked for in, is its text.
    if ((value.type == oids::text || value.format == format::text) && value.size >= 0) [[likely]]
      return value.text();
    return detail::read_view(value.copy());
  }
  static format encode(value_writer& to, std::string_view value) {
    return detail::write_text(to, value, name);
  }
};

/// A string literal or other text up to its NUL, as a parameter; nullptr is NULL.
template <>
struct codec<const char*> : detail::text_parameter {
  static constexpr std::string_view name = "const char*";

  static bool is_null(const char* value) noexcept { return value == nullptr; }
  static format encode(value_writer& to, const char* value) {
    return detail::write_text(to, value, name);
  }
};

/// The same for `char*`.
template <>
struct codec<char*> : codec<const char*> {};

/// The same for an array of characters, such as a literal that did not decay.
template <std::size_t Size>
struct codec<char[Size]> : codec<const char*> {};

/// One byte: `"char"`, or a text of one ASCII character.
template <>
struct codec<char> {
  static constexpr std::string_view name = "char";
  static constexpr oid type = oids::char_;

  static bool reads(oid from) noexcept;
  static bool writes(oid to) noexcept { return reads(to); }
  static format read_format(oid) noexcept { return format::binary; }
  static char decode(const field& value);
  static format encode(value_writer& to, char value);
  /// As PostgreSQL 15 and later write `"char"`: nothing for 0, `\377` for what is not ASCII.
  static std::string to_text(char value);
};

}  // namespace tusk
