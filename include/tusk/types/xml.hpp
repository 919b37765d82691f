#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"

namespace tusk {

/// An XML document or content, as its text: what xml_out prints, which declares no encoding. Well
/// formed or not is the server's to say; equal are equal texts.
struct xml {
  std::string text;

  [[nodiscard]] std::string to_string() const { return text; }
  [[nodiscard]] std::size_t hash() const noexcept { return std::hash<std::string>{}(text); }

  friend bool operator==(const xml&, const xml&) noexcept = default;
};

/// `xml`, both ways as text. Its binary form is no text to pass on: xml_send declares the client's
/// encoding where that is not UTF-8, and xml_recv takes what declares none for UTF-8. Should it
/// come in binary still, as a part of a record, its text is made of it.
template <>
struct codec<xml> {
  static constexpr std::string_view name = "tusk::xml";
  static constexpr oid type = oids::xml;
  static constexpr oid array_type = oids::xml_array;

  static bool reads(oid from) noexcept { return from == oids::xml; }
  static bool writes(oid to) noexcept { return to == oids::xml; }
  static format read_format(oid) noexcept { return format::text; }
  static xml decode(const field& value);
  /// Throws `data_error` when there is a NUL inside.
  static format encode(value_writer& to, const xml& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::xml> {
  std::size_t operator()(const tusk::xml& value) const noexcept { return value.hash(); }
};
