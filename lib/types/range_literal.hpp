#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tusk::detail {

/// A bound as it stands in a range's text.
struct bound_literal {
  std::string_view text;    ///< without the quotes around it, when it has no others
  bool is_escaped = false;  ///< quotes or backslashes are inside
};

struct range_literal {
  std::uint8_t flags = 0;  ///< of `range_flag`
  bound_literal lower;     ///< of no meaning when the flags say that there is none
  bound_literal upper;
};

/// Takes a range off the beginning of `rest`, with the white space around it, as range_parse of
/// PostgreSQL does. nullopt when there is none.
[[nodiscard]] std::optional<range_literal> take_range(std::string_view& rest) noexcept;

/// A bound's characters, without quotes and backslashes that are no part of it.
void unescape_bound(std::string_view text, std::string& into);

}  // namespace tusk::detail
