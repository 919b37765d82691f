#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// What a string constant means, of which `text` is the whole token as `sql_scanner` finds it: with
/// its quotes, prefix and continuations ('...', E'...', N'...', U&'...', $tag$...$tag$). In U&'...'
/// `unicode_escape` stands for the backslash (UESCAPE). Escapes that the server refuses, and B''
/// and X'', come out as they are.
[[nodiscard]] std::string constant_value(std::string_view text, bool standard_conforming_strings,
                                         char unicode_escape = '\\');

}  // namespace tusk::detail
