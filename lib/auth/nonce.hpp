#pragma once

#include <string>

namespace tusk::auth {

/// A fresh nonce for a SCRAM exchange: 18 bytes of the system's cryptographic randomness in base64,
/// as libpq sends. Empty when the system has none to give.
[[nodiscard]] std::string make_nonce();

}  // namespace tusk::auth
