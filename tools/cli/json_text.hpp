#pragma once

#include <string_view>

#include "output.hpp"

namespace cli {

/// Writes a JSON string (RFC 8259, section 7). Bytes that are not UTF-8, which a SQL_ASCII database
/// may hold, become U+FFFD: JSON has no other way to say them.
void write_json_string(output& to, std::string_view text);

/// Whether the text is a JSON number (RFC 8259, section 6); `NaN` and `Infinity` are not.
[[nodiscard]] bool is_json_number(std::string_view text) noexcept;

}  // namespace cli
