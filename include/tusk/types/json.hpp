#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"
#include "tusk/types/value_codec.hpp"

namespace tusk {

/// The text of a JSON value, kept as it is; two are equal when their texts are. The ordering is
/// that of the texts: the server has none for json.
struct json {
  std::string text;

  /// Takes every text that the server's json_in takes (RFC 8259, with white space around); nullopt
  /// for anything else. How deep values may lie in each other is the server's to say
  /// (max_stack_depth); here there is no limit.
  [[nodiscard]] static std::optional<json> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const { return text; }

  friend bool operator==(const json&, const json&) = default;
  friend auto operator<=>(const json&, const json&) = default;
};

/// The same for jsonb: for parameters whose type the server is not asked about, and arrays of them.
/// The text is the server's own when it came from there, and as it was written before; the server
/// sorts keys, drops doubles of them and white space. Equal when the texts are, which is narrower
/// than the server's equality: it takes 1.0 and 1 for equal. There is no ordering.
struct jsonb {
  std::string text;

  /// Takes what `json::parse` takes. The server refuses two kinds of it: `\u0000` in a string, and
  /// numbers that its numeric does not hold.
  [[nodiscard]] static std::optional<jsonb> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const { return text; }

  friend bool operator==(const jsonb&, const jsonb&) = default;
};

/// A path into JSON, `$."a"[*] ? (@ > 1)`, as text; two are equal when their texts are.
struct jsonpath {
  std::string text;

  /// Takes any text that is not blank and has no NUL in it: what a path means only the server
  /// knows, which answers 42601 when it sees none in it.
  [[nodiscard]] static std::optional<jsonpath> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const { return text; }

  friend bool operator==(const jsonpath&, const jsonpath&) = default;
};

/// `json` and `jsonb`. The text is not checked: the server does that.
template <>
struct codec<json> {
  static constexpr std::string_view name = "tusk::json";
  static constexpr oid type = oids::json;

  static bool reads(oid from) noexcept { return from == oids::json || from == oids::jsonb; }
  static bool writes(oid to) noexcept { return reads(to); }
  static format read_format(oid) noexcept { return format::binary; }
  static json decode(const field& value);
  static format encode(value_writer& to, const json& value);
};

/// The same, sent as jsonb when the server was not asked.
template <>
struct codec<jsonb> {
  static constexpr std::string_view name = "tusk::jsonb";
  static constexpr oid type = oids::jsonb;

  static bool reads(oid from) noexcept { return codec<json>::reads(from); }
  static bool writes(oid to) noexcept { return reads(to); }
  static format read_format(oid) noexcept { return format::binary; }
  static jsonb decode(const field& value);
  static format encode(value_writer& to, const jsonb& value);
};

template <>
struct codec<jsonpath> : detail::value_codec<jsonpath, oids::jsonpath, oids::jsonpath_array> {
  static constexpr std::string_view name = "tusk::jsonpath";
};

namespace detail {

/// The text of a json or jsonb field in either format, jsonb's version byte taken off. Throws
/// `data_error` when that version is not 1. The view lives as long as the row's bytes.
[[nodiscard]] std::string_view json_text(const field& value, std::string_view target);

}  // namespace detail
}  // namespace tusk

template <>
struct std::hash<tusk::json> {
  std::size_t operator()(const tusk::json& value) const noexcept {
    return std::hash<std::string_view>{}(value.text);
  }
};
template <>
struct std::hash<tusk::jsonb> {
  std::size_t operator()(const tusk::jsonb& value) const noexcept {
    return std::hash<std::string_view>{}(value.text);
  }
};
template <>
struct std::hash<tusk::jsonpath> {
  std::size_t operator()(const tusk::jsonpath& value) const noexcept {
    return std::hash<std::string_view>{}(value.text);
  }
};
