#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/field.hpp"

/// Texts as parts of a statement, for who must put SQL together by hand: `tusk::sql` does it
/// without, and values are better sent as parameters than quoted.
///
/// These functions know no session. They take UTF-8, so what they give is for sessions whose
/// client_encoding is UTF8, as it is unless `session_options::follow_client_encoding` says
/// otherwise; the members of `executor` of the same names know the session's. What they give means
/// the same whatever standard_conforming_strings says. They throw `programming_error`, which names
/// the byte, for a text with a NUL, which no PostgreSQL text can hold, and for one that is not
/// UTF-8: a character cut short could take the closing quote for its rest.
namespace tusk {

/// A name in double quotes: `a"b` becomes `"a""b"`. Capitals count, as in every quoted identifier.
/// Also refused are an empty name and one of more than 63 bytes: the server would drop the rest
/// with no more than a notice, and the name could mean another object.
[[nodiscard]] std::string quote_identifier(std::string_view name);
/// The same with a schema in front, unless that is empty: `"s"."a""b"`.
[[nodiscard]] std::string quote_identifier(std::string_view schema, std::string_view name);

/// A text as a string constant: `it's` becomes `'it''s'`. With a backslash in the text it is
/// `E'...'` and begins with a blank, so that what stands before cannot take the E for its own.
[[nodiscard]] std::string quote_literal(std::string_view text);

/// The same, and `NULL` for std::nullopt.
[[nodiscard]] std::string quote_nullable(const std::optional<std::string_view>& text);

/// Bytes as a string constant that the server reads as `bytea`, where the context or a cast says
/// that it is one. Any bytes will do, and any client_encoding.
[[nodiscard]] std::string quote_bytea(bytes_view bytes);

/// A text as a pattern for LIKE that matches just this text: each `%`, `_` and `escape` has the
/// escape before it. A pattern is a value: send it as a parameter, or quote it. With another
/// `escape` than the backslash the statement must say `LIKE ... ESCAPE ...`. Refused is an escape
/// that is not of ASCII, or a wildcard.
[[nodiscard]] std::string escape_like(std::string_view text, char escape = '\\');

}  // namespace tusk
