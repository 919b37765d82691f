#pragma once

#include <cstdint>
#include <string_view>

namespace tusk {

/// How a session proved to the server who it is.
enum class authentication_method : std::uint8_t {
  none,                ///< the server asked for nothing: `trust`, `peer`, `cert` and the like
  password,            ///< the password as it is (what `ldap`, `pam` and `radius` ask for, too)
  md5,                 ///< the password's MD5 hash
  scram_sha_256,       ///< SCRAM-SHA-256 (RFC 7677)
  scram_sha_256_plus,  ///< the same, bound to the TLS channel (RFC 5929)
  oauthbearer,         ///< a bearer token (RFC 7628)
};

/// As PostgreSQL and the registry of SASL mechanisms write it: "none", "password", "md5",
/// "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "OAUTHBEARER". Lives for ever.
[[nodiscard]] std::string_view name_of(authentication_method method) noexcept;

}  // namespace tusk
