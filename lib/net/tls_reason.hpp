#pragma once

#include <string>
#include <system_error>

#include "net/tls.hpp"

namespace tusk::net {

/// What OpenSSL found wrong with a certificate of the server's chain.
struct certificate_refusal {
  int code = 0;  ///< X509_V_ERR_*; 0: nothing
  int depth = 0;
  std::string subject;
  std::string issuer;
  std::string not_before;
  std::string not_after;
};

/// The latest reason in OpenSSL's queue of this thread, in OpenSSL's words. Empties the queue.
[[nodiscard]] std::string openssl_reason();

/// The same as a code whose message() puts it in plain words.
[[nodiscard]] std::error_code openssl_error() noexcept;

/// A sentence about the certificate, with what to do. `roots` and `lists` say where those are.
[[nodiscard]] std::string describe(const certificate_refusal& what, const std::string& roots,
                                   const std::string& lists);

/// A sentence about a handshake that failed with `error`, one of openssl_error().
[[nodiscard]] std::string describe_handshake(std::error_code error, const tls_settings& settings);

}  // namespace tusk::net
