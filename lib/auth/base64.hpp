#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/secret.hpp"

namespace tusk::auth {

/// Base64 with padding and without line breaks (RFC 4648, section 4).
std::string base64_encode(std::span<const unsigned char> bytes);
/// The same, appended to a text that is wiped.
void append_base64(std::span<const unsigned char> bytes, secret_text& to);

/// The bytes, or nothing unless `text` is exactly what an encoder writes: whole groups of four, no
/// white space, padding only at the end, unused bits zero.
std::optional<std::vector<unsigned char>> base64_decode(std::string_view text);

}  // namespace tusk::auth
