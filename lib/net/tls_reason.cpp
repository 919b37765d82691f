#include "net/tls_reason.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "net/tls_context.hpp"

namespace tusk::net {

namespace {

// What the server says in an alert, in words; null for the rest.
const char* alert_in_words(int reason) noexcept {
  switch (reason) {
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return "the server does not trust the authority of our client certificate (sslcert)";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return "the server demands a client certificate, and none was sent: set sslcert and sslkey";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
      return "the server refuses our client certificate (sslcert)";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
      return "the server refuses our client certificate (sslcert): it has been revoked";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "the server refuses our client certificate (sslcert): it has expired";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return "the server does not know the host name that we asked for (see sslsni)";
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
      return "the server does not offer the protocol \"postgresql\" (ALPN)";
    case SSL_R_TLSV1_ALERT_INTERNAL_ERROR: return "the server reports an internal error of its TLS";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
      return "the server accepts none of the ciphers and settings that we offer";
    default: return nullptr;
  }
}

bool about_versions(int reason) noexcept {
  switch (reason) {
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_VERSION_TOO_LOW: return true;
    default: return false;
  }
}

// What comes of a peer whose bytes are no TLS records at all.
bool about_no_tls(int reason) noexcept {
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_ENCRYPTED_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_BAD_RECORD_TYPE: return true;
    default: return false;
  }
}

std::string in_openssls_words(unsigned long code) {
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "OpenSSL error " + std::to_string(code);
}

// "PEM lib" and its like: the name of the part in which something went wrong.
bool passes_on(unsigned long code) noexcept {
  const int reason = ERR_GET_REASON(code);
  return (reason & ERR_RFLAG_COMMON) != 0 && (reason & ERR_RFLAG_FATAL) == 0 &&
         (reason & ~ERR_RFLAG_COMMON) <= ERR_LIB_USER;
}

class openssl_category : public std::error_category {
 public:
  const char* name() const noexcept override { return "TLS"; }
  std::string message(int code) const override {
    if (code == 0) return "OpenSSL gives no reason";
    const auto packed = static_cast<unsigned long>(code);
    const char* const words =
        ERR_GET_LIB(packed) == ERR_LIB_SSL ? alert_in_words(ERR_GET_REASON(packed)) : nullptr;
    return words != nullptr ? words : "TLS: " + in_openssls_words(packed);
  }
};

std::string trouble_with(const certificate_refusal& what, const std::string& roots,
                         const std::string& lists) {
  const std::string into = "; if you trust it, add its certificate to them";
  switch (what.code) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "it is self-signed and not among " + roots + into;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return "this authority is not among " + roots + into;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "its issuer \"" + what.issuer +
             "\" is unknown: neither sent by the server nor among " + roots +
             "; if you trust it, add the issuer's certificate to them";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "it expired on " + what.not_after + "; the server needs a new one";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "it is not valid before " + what.not_before + "; compare the clocks";
    case X509_V_ERR_CERT_REVOKED: return "it has been revoked by its issuer, according to " + lists;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return "there is no revocation list of its issuer \"" + what.issuer + "\" in " + lists +
             "; each authority of the chain needs one there";
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return "the revocation list of its issuer \"" + what.issuer + "\" in " + lists +
             " is out of date; fetch a new one";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "its signature is not that of its issuer \"" + what.issuer + "\"";
    default: return X509_verify_cert_error_string(what.code);
  }
}

}  // namespace

std::error_code openssl_error() noexcept {
  static const openssl_category category;
  const unsigned long latest = ERR_peek_last_error();
  ERR_clear_error();
  return {static_cast<int>(latest & 0x7fffffff), category};
}

std::string openssl_reason() {
  // The system's error if there is one, else the latest that does not merely pass on another's.
  unsigned long latest = 0;
  while (const unsigned long code = ERR_get_error()) {
    if (ERR_SYSTEM_ERROR(latest)) continue;
    if (latest == 0 || ERR_SYSTEM_ERROR(code) || !passes_on(code)) latest = code;
  }
  return latest == 0 ? "OpenSSL gives no reason" : in_openssls_words(latest);
}

std::string describe(const certificate_refusal& what, const std::string& roots,
                     const std::string& lists) {
  const std::string whose = what.depth == 0
                                ? "the server's certificate"
                                : "the certificate \"" + what.subject + "\" in the server's chain";
  return whose + " is refused: " + trouble_with(what, roots, lists);
}

std::string describe_handshake(std::error_code error, const tls_settings& settings) {
  const auto packed = static_cast<unsigned long>(error.value());
  const int reason = ERR_GET_LIB(packed) == ERR_LIB_SSL ? ERR_GET_REASON(packed) : 0;
  if (about_versions(reason)) {
    return "the server speaks no version of TLS that we allow, which is " +
           allowed_versions(settings) +
           "; see ssl_min_protocol_version and ssl_max_protocol_version (" +
           in_openssls_words(packed) + ")";
  }
  if (about_no_tls(reason)) {
    return std::string("what the server answers is not TLS") +
           (settings.direct ? "; sslnegotiation=direct needs PostgreSQL 17 or later" : "") + " (" +
           in_openssls_words(packed) + ")";
  }
  if (reason == SSL_R_BAD_EXTENSION) {
    // What OpenSSL calls a protocol (ALPN) that was not offered.
    return "the server's TLS answers what we did not ask for, such as another protocol than "
           "\"postgresql\" (ALPN)";
  }
  if (alert_in_words(reason) != nullptr) return error.message();
  return "the TLS handshake failed: " + in_openssls_words(packed);
}

}  // namespace tusk::net
