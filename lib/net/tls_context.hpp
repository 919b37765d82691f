#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>

#include "net/tls.hpp"

namespace tusk::net {

/// What many connections share: the trusted roots, the revocation lists, the allowed versions.
/// Client certificates and keys are no part of it, so that no decrypted key outlives its
/// connection, and none serves a caller who does not know its passphrase.
struct tls_context {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{nullptr, SSL_CTX_free};
  /// For messages: the file, or OpenSSL's; empty when the server's certificate is not checked.
  std::string roots;
  std::string lists;  ///< for messages: where revocation lists come from; empty: not checked
};

/// The context for these settings: one that another connection uses, or a fresh one. Loading the
/// system's roots takes tens of milliseconds, so up to 16 are kept; files that have changed since
/// are noticed by their identity, size and times. Null on failure, with the reason in `failure`.
[[nodiscard]] std::shared_ptr<const tls_context> find_tls_context(const tls_settings& settings,
                                                                  tls_failure& failure);

/// For messages: the versions that the settings allow, `TLSv1.2 or newer`.
[[nodiscard]] std::string allowed_versions(const tls_settings& settings);

}  // namespace tusk::net
