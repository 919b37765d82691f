#include <openssl/err.h>

#include "net/tls_certificate.hpp"
#include "net/tls_client_certificate.hpp"
#include "net/tls_session.hpp"

namespace tusk::net {

namespace {

// The protocol's name for ALPN (RFC 7301, section 3.1: each name behind its length), which
// PostgreSQL 17 and later choose. Older servers ignore it.
constexpr std::string_view alpn = "\x0apostgresql";

tls_failure out_of_memory() {
  return {tls_fault::settings, "OpenSSL cannot be used: " + openssl_reason(), {}};
}

tls_failure timed_out(const deadline& until) {
  return {tls_fault::timed_out, "the TLS handshake was not done " + until.within(), {}};
}

}  // namespace

tls_session::peer_certificate tls_session::peer() const noexcept {
  return {SSL_get1_peer_certificate(ssl_.get()), X509_free};
}

channel_binding tls_session::binding() const {
  const peer_certificate certificate = peer();
  return certificate ? bind_to(certificate.get())
                     : channel_binding{{}, "the server has no certificate"};
}

std::optional<tls_failure> tls_session::prepare(const tls_settings& settings) {
  tls_failure failure;
  context_ = find_tls_context(settings, failure);
  if (!context_) return failure;
  ssl_.reset(SSL_new(context_->context.get()));
  BIO* const bio = ssl_ ? wire_.make_bio() : nullptr;
  if (bio == nullptr) return out_of_memory();
  SSL* const ssl = ssl_.get();
  SSL_set_bio(ssl, bio, bio);  // takes it over
  notes_.key_log = settings.key_log;
  take_notes(ssl, notes_);
  if (!context_->roots.empty()) verify_peer(ssl);
  if (SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(alpn.data()), alpn.size()) !=
      0)
    return out_of_memory();
  const bool named = settings.sni && !settings.host.empty() && !looks_numeric(settings.host);
  // SSL_set_tlsext_host_name, without its macro's cast.
  if (named && SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                        const_cast<char*>(settings.host.c_str())) != 1) {
    return tls_failure{tls_fault::settings,
                       "the host name is too long to be asked for by TLS (sslsni=0 leaves it out)",
                       {}};
  }
  return load_client_certificate(ssl, settings);
}

std::optional<tls_failure> tls_session::shake_hands(socket& line, const tls_settings& settings,
                                                    const deadline& until) {
  for (;;) {
    wire_.allow(until.is_set() ? tls_wire::reading::available : tls_wire::reading::waiting);
    ERR_clear_error();
    const bool done = SSL_connect(ssl_.get()) == 1;
    const bool all_sent = wire_.flush();
    if (done && all_sent) return std::nullopt;
    if (!done && !wants_input()) return why_no_handshake(line, settings);
    const exchanged waited = line.wait(!all_sent, !done, until);
    if (waited.ended == outcome::timed_out) return timed_out(until);
    if (waited.ended != outcome::progress) {
      return tls_failure{
          tls_fault::network,
          "the connection failed during the TLS handshake: " + waited.error.message(),
          waited.error};
    }
  }
}

tls_failure tls_session::why_no_handshake(socket& line, const tls_settings& settings) const {
  if (notes_.refusal.code != X509_V_OK) {
    ERR_clear_error();
    return {tls_fault::certificate, describe(notes_.refusal, context_->roots, context_->lists), {}};
  }
  const exchanged& wire = wire_.ended();
  if (wire.ended == outcome::progress) {
    return {tls_fault::handshake, describe_handshake(openssl_error(), settings), {}};
  }
  ERR_clear_error();
  const std::error_code error = wire.error ? wire.error : line.write_error();
  std::string message = "the server closed the connection during the TLS handshake";
  // That our alert did not get out any more is no news then.
  if (wire.ended == outcome::failed)
    message = "the connection broke during the TLS handshake: " + error.message();
  if (settings.direct) {
    message +=
        "; sslnegotiation=direct needs PostgreSQL 17 or later, or a proxy that speaks TLS first";
  }
  return {tls_fault::network, std::move(message), error};
}

std::optional<tls_failure> tls_session::check_alpn(const tls_settings& settings) const {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  const std::string_view name(reinterpret_cast<const char*>(chosen), size);
  if (name == alpn.substr(1) || (name.empty() && !settings.direct)) return std::nullopt;
  // Without this check another protocol's server could be made to listen to ours (ALPACA).
  return tls_failure{tls_fault::handshake,
                     (name.empty() ? "the server did not choose a protocol"
                                   : std::string("the server chose a protocol that we did not "
                                                 "offer")) +
                         " (ALPN), so it is not a PostgreSQL server that takes "
                         "TLS directly: try sslnegotiation=postgres",
                     {}};
}

std::optional<tls_failure> tls_session::check(const tls_settings& settings) const {
  const peer_certificate certificate = peer();
  if (!certificate) return tls_failure{tls_fault::certificate, "the server has no certificate", {}};
  if (settings.check == certificate_check::host) {
    if (const auto why = refuse_host(settings.host, names_of(certificate.get()))) {
      return tls_failure{
          tls_fault::certificate, "the server's certificate is refused: it " + *why, {}};
    }
  }
  if (settings.mode == client_certificate::require && !notes_.certificate_requested) {
    return tls_failure{tls_fault::handshake,
                       "sslcertmode=require, but the server did not ask for a client certificate",
                       {}};
  }
  return check_alpn(settings);
}

void tls_session::collect_facts() {
  const SSL* const ssl = ssl_.get();
  facts_.version = SSL_get_version(ssl);
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl);
  facts_.cipher = SSL_CIPHER_get_name(cipher);
  facts_.bits = SSL_CIPHER_get_bits(cipher, nullptr);
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl, &chosen, &size);
  facts_.alpn.assign(reinterpret_cast<const char*>(chosen), size);
  facts_.verified = !context_->roots.empty();
  facts_.client_certificate_sent = notes_.certificate_sent;
  facts_.warning = notes_.warning;
  if (const peer_certificate certificate = peer()) describe_certificate(certificate.get(), facts_);
}

std::optional<tls_failure> tls_session::start(socket& line, const tls_settings& settings,
                                              const deadline& until) {
  wire_.use(line);
  if (auto failure = prepare(settings)) return failure;
  if (auto failure = shake_hands(line, settings, until)) return failure;
  if (auto failure = check(settings)) return failure;
  collect_facts();
  return std::nullopt;
}

std::optional<tls_failure> start_tls(socket& line, const tls_settings& settings,
                                     const deadline& until, std::unique_ptr<tls_channel>& out) {
  auto fresh = std::make_unique<tls_session>();
  if (auto failure = fresh->start(line, settings, until)) return failure;
  out = std::move(fresh);
  return std::nullopt;
}

}  // namespace tusk::net
