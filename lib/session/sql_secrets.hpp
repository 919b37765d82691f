#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// Appends a text that may hold SQL, with '***' in place of every string literal behind the words
/// PASSWORD (ALTER ROLE, CREATE USER MAPPING) and CONNECTION (CREATE SUBSCRIPTION). Wherever they
/// stand, also in a comment or inside another literal: the text may be a function's body, or be
/// broken. So now and then more is hidden than must be, and never less.
void append_without_secrets(std::string& to, std::string_view text);

}  // namespace tusk::detail
