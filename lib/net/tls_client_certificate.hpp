#pragma once

#include <openssl/ssl.h>

#include <optional>

#include "net/tls.hpp"

namespace tusk::net {

/// Loads the client's certificate and key into this connection alone, by libpq's rules: a
/// certificate that does not exist is none, unless sslcertmode=require; one that exists needs its
/// key. Rethrows what `settings.passphrase` throws.
[[nodiscard]] std::optional<tls_failure> load_client_certificate(SSL* ssl,
                                                                 const tls_settings& settings);

}  // namespace tusk::net
