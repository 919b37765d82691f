#pragma once

#include <span>
#include <string>
#include <string_view>

#include "session/quoting.hpp"
#include "tusk/parameter.hpp"

namespace tusk::detail {

/// The statement with each `$n` replaced by the value as a literal, for the simple protocol, which
/// has no parameters. What looks like a placeholder in quotes, comments and names stays. Without
/// values the text is returned as it is, for a function's body has placeholders of its own.
///
/// A literal is always in quotes, so that -5 cannot make a comment of the minus before it; it means
/// the same whatever standard_conforming_strings says; and it has the type of its C++ type by a
/// cast, except that text is left without one, for the server to infer what it is.
///
/// Throws `programming_error` before anything is sent: placeholders and values that do not match, a
/// placeholder with junk or another constant at its side, quotes or comments without an end, a
/// value that holds a NUL or is not in the client's encoding; a statement that is not, where part
/// of a character can look like a quote. Throws what the codecs throw, too.
[[nodiscard]] std::string bind_literals(std::string_view sql, std::span<const parameter> values,
                                        const literal_rules& rules);

}  // namespace tusk::detail
