#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/array_shape.hpp"

namespace tusk::detail {

/// One piece of an array's text.
struct array_token {
  enum class kind { open, close, delimiter, element, end, malformed };

  kind what = kind::end;
  std::string_view text;    ///< an element's characters, without its quotes
  bool is_escaped = false;  ///< a backslash stands in them
  bool is_null = false;
};

/// Takes the next piece off `rest`, and the white space around it. An element without quotes may
/// have white space and escapes inside, as array_in reads it.
[[nodiscard]] array_token next_token(std::string_view& rest, char delimiter) noexcept;

/// The dimensions that the bounds in front (`[0:1][2]=`) or else the braces say, which must not
/// contradict each other; `text` is left at the first brace. nullopt when it is not the text of an
/// array from one end to the other; behind this, the pieces need no further looking at.
[[nodiscard]] std::optional<array_shape> literal_shape(std::string_view& text,
                                                       char delimiter) noexcept;

/// An element's characters without the backslashes that escape others.
void unescape(std::string_view text, std::string& into);

}  // namespace tusk::detail
