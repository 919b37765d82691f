#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "net/tls_callbacks.hpp"
#include "net/tls_channel.hpp"
#include "net/tls_context.hpp"
#include "net/tls_wire.hpp"

namespace tusk::net {

/// TLS by OpenSSL on a socket, without a copy of the stream in between: see tls_wire.
class tls_session : public tls_channel {
 public:
  /// The handshake and all checks.
  [[nodiscard]] std::optional<tls_failure> start(socket& line, const tls_settings& settings,
                                                 const deadline& until);

  [[nodiscard]] exchanged exchange(socket& line, bytes_view out, std::span<std::byte> in,
                                   const deadline& until, awaited what) override;
  void say_goodbye(socket& line, bytes_view last_words) noexcept override;
  [[nodiscard]] const tls_facts& facts() const noexcept override { return facts_; }
  [[nodiscard]] channel_binding binding() const override;

 private:
  using peer_certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  // tls_handshake.cpp
  [[nodiscard]] std::optional<tls_failure> prepare(const tls_settings& settings);
  [[nodiscard]] std::optional<tls_failure> shake_hands(socket& line, const tls_settings& settings,
                                                       const deadline& until);
  [[nodiscard]] tls_failure why_no_handshake(socket& line, const tls_settings& settings) const;
  [[nodiscard]] std::optional<tls_failure> check(const tls_settings& settings) const;
  [[nodiscard]] std::optional<tls_failure> check_alpn(const tls_settings& settings) const;
  void collect_facts();
  [[nodiscard]] peer_certificate peer() const noexcept;

  // tls_session.cpp
  [[nodiscard]] bool send_some(socket& line, bytes_view& out, exchanged& done) noexcept;
  [[nodiscard]] exchanged receive(std::span<std::byte> in) noexcept;
  [[nodiscard]] exchanged why_ended() noexcept;
  [[nodiscard]] bool wants_input() const noexcept;

  std::shared_ptr<const tls_context> context_;
  tls_notes notes_;
  tls_wire wire_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};  // before what it points to
  exchanged ended_;  // once TLS has ended: every further exchange ends like that
  tls_facts facts_;
};

}  // namespace tusk::net
