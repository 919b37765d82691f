#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "net/socket.hpp"
#include "net/tls.hpp"

namespace tusk::net {

class tls_channel;

/// A connection to a server: a socket, and TLS on top of it once that was started.
class transport {
 public:
  transport() noexcept;
  explicit transport(socket line) noexcept;
  ~transport();
  transport(transport&& other) noexcept;
  transport& operator=(transport&& other) noexcept;

  /// Does the TLS handshake and checks the server's certificate. Everything that was sent and
  /// received before was in plain text; no byte of the server's may be waiting when this is called.
  /// After a failure the connection is of no use but to be closed. Rethrows what
  /// `settings.passphrase` throws.
  [[nodiscard]] std::optional<tls_failure> start_tls(const tls_settings& settings,
                                                     const deadline& until);
  /// What was agreed; null while in plain text. Lives as long as this object stays where it is.
  [[nodiscard]] const tls_facts* tls() const noexcept;
  /// For SCRAM-SHA-256-PLUS.
  [[nodiscard]] channel_binding binding() const;

  /// As socket::exchange. Over TLS `sent` counts what was encrypted: what the socket could not take
  /// is kept here and goes first next time.
  [[nodiscard]] exchanged exchange(bytes_view out, std::span<std::byte> in, const deadline& until,
                                   awaited what = awaited::input) {
    if (!tls_) [[likely]]
      return socket_.exchange(out, in, until, what);
    return exchange_over_tls(out, in, until, what);
  }

  /// Receives something, and sends nothing, until the deadline, or until `by` is woken if there is
  /// one. A deadline that has passed leaves time for what has come already.
  [[nodiscard]] exchanged listen(std::span<std::byte> in, const deadline& until, wake_event* by);

  [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }
  [[nodiscard]] bool is_inherited() const noexcept { return socket_.is_inherited(); }
  /// As socket::farewell; over TLS the last words are followed by a close_notify.
  void farewell(bytes_view last_words) noexcept;
  void close() noexcept;
  /// The socket beneath; what is sent on it directly is not encrypted.
  [[nodiscard]] const socket& plain() const noexcept { return socket_; }

 private:
  [[nodiscard]] exchanged exchange_over_tls(bytes_view out, std::span<std::byte> in,
                                            const deadline& until, awaited what);

  socket socket_;
  std::unique_ptr<tls_channel> tls_;
};

}  // namespace tusk::net
