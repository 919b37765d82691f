#pragma once

#include <openssl/x509.h>

#include <string>

#include "net/tls.hpp"
#include "net/tls_host_name.hpp"

namespace tusk::net {

/// Distinguished names as RFC 2253 writes them, control characters escaped.
[[nodiscard]] std::string subject_of(const X509* certificate);
[[nodiscard]] std::string issuer_of(const X509* certificate);

/// `2026-01-31 23:59:59 UTC`; empty when it is no valid time.
[[nodiscard]] std::string time_text(const ASN1_TIME* time);

/// Whom the certificate is for.
[[nodiscard]] certificate_names names_of(const X509* certificate);

/// The facts about the certificate; those of the connection are left alone.
void describe_certificate(const X509* certificate, tls_facts& to);

/// The digest for tls-server-end-point: of the certificate, by the hash of its signature, or by
/// SHA-256 where that is MD5 or SHA-1 (RFC 5929, section 4.1).
[[nodiscard]] channel_binding bind_to(const X509* certificate);

}  // namespace tusk::net
