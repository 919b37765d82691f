#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"

namespace tusk {

/// The text of a JSON value. tusk does not parse it; two are equal when their texts are.
struct json {
  std::string text;

  friend bool operator==(const json&, const json&) = default;
  friend auto operator<=>(const json&, const json&) = default;
};

/// `json` and `jsonb`.
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

namespace detail {

/// The text of a json or jsonb field in either format, jsonb's version byte taken off. Throws
/// `data_error` when that version is not 1. The view lives as long as the row's bytes.
[[nodiscard]] std::string_view json_text(const field& value, std::string_view target);

}  // namespace detail
}  // namespace tusk
