#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tusk {

/// A certificate, as a person asks about it.
struct certificate_info {
  std::string subject{};         ///< RFC 2253: `CN=db.example,O=Example`
  std::string issuer{};          ///< in the same form
  std::string not_before{};      ///< UTC: `2026-01-31 23:59:59Z`
  std::string not_after{};       ///< UTC
  std::vector<std::byte> der{};  ///< the whole of it (X.509, DER)
};

/// What is known of a session's TLS.
struct tls_info {
  std::string version{};            ///< `TLSv1.3`
  std::string cipher{};             ///< OpenSSL's name: `TLS_AES_256_GCM_SHA384`
  int cipher_bits = 0;              ///< of the cipher's key
  std::string alpn{};               ///< the protocol chosen by ALPN; empty when none was
  certificate_info server{};        ///< the server's certificate
  bool verified = false;            ///< the certificate was traced to a trusted authority
  bool client_certificate = false;  ///< whether ours was sent
};

}  // namespace tusk
