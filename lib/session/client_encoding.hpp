#pragma once

#include <cstddef>
#include <string_view>

namespace tusk::detail {

/// Whether a setting of client_encoding means UTF-8: `UTF8`, as the server reports it, and the
/// other spellings it takes.
[[nodiscard]] bool is_utf8(std::string_view client_encoding) noexcept;

/// Whether a byte that looks like a quote or a backslash is one. Not so in the encodings that only
/// clients may use ("Character Set Support" in PostgreSQL's manual), nor in any that tusk has never
/// heard of.
[[nodiscard]] bool keeps_ascii_apart(std::string_view client_encoding) noexcept;

/// Bytes at the beginning of `text` that are UTF-8 as the server takes it: RFC 3629, so nothing
/// overlong, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] std::size_t valid_utf8_size(std::string_view text) noexcept;

}  // namespace tusk::detail
