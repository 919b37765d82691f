#include "net/tls_callbacks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

#include "net/tls_certificate.hpp"

namespace tusk::net {

namespace {

tls_notes* notes_of(const SSL* ssl) noexcept {
  return ssl == nullptr ? nullptr : static_cast<tls_notes*>(SSL_get_app_data(ssl));
}

// No exception may pass through OpenSSL, so each callback keeps its own.

int note_refusal(int fine, X509_STORE_CTX* checked) {
  if (fine == 1) return 1;
  const auto* const ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(checked, SSL_get_ex_data_X509_STORE_CTX_idx()));
  tls_notes* const notes = notes_of(ssl);
  if (notes == nullptr || notes->refusal.code != 0) return 0;
  notes->refusal.code = X509_STORE_CTX_get_error(checked);
  notes->refusal.depth = X509_STORE_CTX_get_error_depth(checked);
  const X509* const certificate = X509_STORE_CTX_get_current_cert(checked);
  if (certificate == nullptr) return 0;
  try {
    notes->refusal.subject = subject_of(certificate);
    notes->refusal.issuer = issuer_of(certificate);
    notes->refusal.not_before = time_text(X509_get0_notBefore(certificate));
    notes->refusal.not_after = time_text(X509_get0_notAfter(certificate));
  } catch (const std::exception&) {
    // The code alone says enough.
  }
  return 0;
}

int note_request(SSL* ssl, void* argument) {
  auto& notes = *static_cast<tls_notes*>(argument);
  notes.certificate_requested = true;
  notes.certificate_sent = SSL_get_certificate(ssl) != nullptr;
  return 1;
}

// The whole line in one write(2), so that lines of several processes do not mix.
int append(const std::string& file, const std::string& line) noexcept {
  const int log = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (log < 0) return errno;
  const ssize_t written = ::write(log, line.data(), line.size());
  const int failed = written < 0 ? errno : 0;
  ::close(log);
  return failed;
}

}  // namespace

void take_notes(SSL* ssl, tls_notes& notes) noexcept {
  SSL_set_app_data(ssl, &notes);
  SSL_set_cert_cb(ssl, note_request, &notes);
}

void verify_peer(SSL* ssl) noexcept {
  SSL_set_verify(ssl, SSL_VERIFY_PEER, note_refusal);
}

void append_to_key_log(const SSL* ssl, const char* line) {
  tls_notes* const notes = notes_of(ssl);
  if (notes == nullptr || notes->key_log.empty()) return;
  try {
    const int failed = append(notes->key_log, std::string(line) + '\n');
    if (failed == 0 || !notes->warning.empty()) return;
    notes->warning = "the key log \"" + notes->key_log + "\" (sslkeylogfile) cannot be written: " +
                     std::error_code(failed, std::system_category()).message();
  } catch (const std::exception&) {
    // A log line less.
  }
}

}  // namespace tusk::net
