#pragma once

#include <string>
#include <string_view>

#include "session/client_encoding.hpp"
#include "tusk/types/field.hpp"

namespace tusk::detail {

/// The settings that decide how the server reads the text of a statement; the encodings as
/// ParameterStatus names them, the server's empty where it is not known.
struct literal_rules {
  bool standard_conforming_strings = true;
  std::string_view client_encoding = "UTF8";
  std::string_view server_encoding = {};
};

/// Why a text can be no part of a statement, "its byte 3 is NUL, ..."; empty when it can.
[[nodiscard]] std::string fault_of(std::string_view text, std::string_view client_encoding);

/// A string constant for a text in which `fault_of` finds nothing. It means the same whatever
/// standard_conforming_strings says: with a backslash in it, it is ` E'...'`, and the blank keeps
/// its E off a name before it.
void append_literal(std::string& to, std::string_view text, const character_check& characters);

/// A name as SQL's quoted identifier ("Identifiers and Key Words"): `a"b` becomes `"a""b"`. Throws
/// `programming_error` for a name that is empty, at fault, or surely longer than the 63 bytes that
/// servers keep of it.
[[nodiscard]] std::string quoted_name(std::string_view name, const literal_rules& rules);

/// The same with the schema in front, unless that is empty.
[[nodiscard]] std::string quoted_name(std::string_view schema, std::string_view name,
                                      const literal_rules& rules);

/// A string constant. Throws `programming_error` for a text that is at fault.
[[nodiscard]] std::string quoted_literal(std::string_view text, const literal_rules& rules);

/// A constant for `bytea`, in hex.
[[nodiscard]] std::string quoted_bytea(bytes_view bytes);

/// The text as a LIKE pattern that matches just it. Throws `programming_error` for a text that is
/// at fault, and when `escape` is no character of ASCII or a wildcard.
[[nodiscard]] std::string escaped_for_like(std::string_view text, char escape,
                                           std::string_view client_encoding);

}  // namespace tusk::detail
