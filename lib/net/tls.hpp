#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "auth/secret.hpp"

namespace tusk::net {

/// How far the server's certificate is checked; the names are those of sslmode.
enum class certificate_check : unsigned char {
  none,       ///< allow, prefer, require: only if there is a file of root certificates
  authority,  ///< verify-ca: it comes from an authority that we trust
  host,       ///< verify-full: and it is for the host that we asked for
};

/// sslcertmode: what becomes of the client's certificate.
enum class client_certificate : unsigned char {
  disable,  ///< never sent
  allow,    ///< sent when the server asks and there is one
  require,  ///< the server must ask for it
};

/// What a TLS connection is to be. Texts are libpq's keywords, empty where not given.
struct tls_settings {
  certificate_check check = certificate_check::none;
  /// The name or numeric address that the user wrote: for SNI, and for the check of the host.
  std::string host = {};
  bool sni = true;
  /// TLS from the first byte: the server must then choose the protocol "postgresql" (ALPN).
  bool direct = false;
  std::string root_certificate = {};  ///< sslrootcert: a file, or `system`
  std::string certificate = {};       ///< sslcert: a file, with the chain behind it
  std::string key = {};               ///< sslkey: a file
  std::string crl = {};               ///< sslcrl: a file
  std::string crl_folder = {};        ///< sslcrldir: a folder hashed by `openssl rehash`
  std::string min_version = {};       ///< TLSv1 to TLSv1.3; TLSv1.2 where empty
  std::string max_version = {};       ///< the newest where empty
  std::string key_log = {};           ///< sslkeylogfile: secrets are appended to this file
  /// Where root.crt, root.crl, postgresql.crt and postgresql.key are looked for: `~/.postgresql`.
  /// Empty when there is no home.
  std::string default_folder = {};
  client_certificate mode = client_certificate::allow;
  /// Asked for the passphrase of an encrypted key, with the key's file; nothing: there is none.
  /// May throw. Nobody is ever asked on the terminal.
  std::function<std::optional<auth::secret_text>(const std::string& key_file)> passphrase = {};
};

/// What was agreed with the server. Texts are OpenSSL's names (`TLSv1.3`,
/// `TLS_AES_256_GCM_SHA384`).
struct tls_facts {
  std::string version;
  std::string cipher;
  std::string alpn;       ///< empty when the server chose none, as PostgreSQL before 17
  int bits = 0;           ///< of the cipher's key
  bool verified = false;  ///< whether the certificate was traced to an authority that we trust
  bool client_certificate_sent = false;
  std::string subject;                 ///< the server's certificate: RFC 2253's form
  std::string issuer;                  ///< likewise
  std::string serial;                  ///< hexadecimal
  std::string not_before;              ///< `2026-01-31 23:59:59 UTC`
  std::string not_after;               ///< likewise
  std::vector<std::byte> certificate;  ///< DER
  std::string warning;  ///< what did not work but ends nothing: the key log. Mostly empty.
};

/// The kinds of ways in which TLS does not come about.
enum class tls_fault : unsigned char {
  unsupported,  ///< this build has no TLS
  settings,     ///< a file or keyword of ours: trying another address is of no use
  certificate,  ///< the server's certificate is refused
  handshake,    ///< the server and we cannot agree, or it refuses our certificate
  network,      ///< the connection broke
  timed_out,    ///< the deadline passed
};

/// Why TLS did not come about. `message` is a sentence without a full stop that says what to do; it
/// holds no secret.
struct tls_failure {
  tls_fault what = tls_fault::handshake;
  std::string message;
  std::error_code error;  ///< for `network`: what the system said, if it said anything
};

/// What binds a SCRAM exchange to this TLS channel: tls-server-end-point (RFC 5929, section 4).
struct channel_binding {
  std::string data;     ///< a digest of the server's certificate: 20 to 64 bytes
  std::string why_not;  ///< why there is none, when there is none
};

/// Whether this build can speak TLS at all (`-Dtls=enabled`).
[[nodiscard]] bool tls_supported() noexcept;

}  // namespace tusk::net
