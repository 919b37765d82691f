#pragma once

#include <optional>
#include <string_view>

#include "auth/secret.hpp"

namespace tusk::auth {

/// Prepares a password by SASLprep (RFC 4013), in the way PostgreSQL does it, since the server
/// compares with what it made of the password itself:
///  - plain ASCII stays as it is, control characters included;
///  - prohibited and unassigned code points and bidirectional text are judged after the mapping but
///    before the normalisation (the RFC judges after it).
///
/// Nothing is returned when `password` is not valid UTF-8, holds what SASLprep prohibits, or maps
/// to nothing at all. PostgreSQL then takes the password's bytes as they are; so must the caller.
std::optional<secret_text> saslprep(std::string_view password);

}  // namespace tusk::auth
