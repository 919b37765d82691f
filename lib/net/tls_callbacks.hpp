#pragma once

#include <openssl/ssl.h>

#include <string>

#include "net/tls_reason.hpp"

namespace tusk::net {

/// What OpenSSL's callbacks tell about one connection. It is the SSL's app data.
struct tls_notes {
  certificate_refusal refusal;
  bool certificate_requested = false;
  bool certificate_sent = false;
  std::string key_log;  ///< the file; empty: none
  std::string warning;
};

/// Sets the SSL up to write into `notes`, which must outlive it. (Lines for the key log come
/// through the context.)
void take_notes(SSL* ssl, tls_notes& notes) noexcept;

/// Asks for the server's certificate to be checked, and notes what is wrong with it.
void verify_peer(SSL* ssl) noexcept;

/// A context's callback: appends a line of NSS's key log format to the file of the notes. Whoever
/// has the file can read the connection. A file that cannot be written leaves a warning, as in
/// libpq: the log is a means to look for faults and must not be one.
void append_to_key_log(const SSL* ssl, const char* line);

}  // namespace tusk::net
