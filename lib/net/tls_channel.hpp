#pragma once

#include <memory>
#include <optional>
#include <span>

#include "net/socket.hpp"
#include "net/tls.hpp"

namespace tusk::net {

/// The TLS state above a socket. The socket is given with each call and stays the caller's; it must
/// be the same one every time.
class tls_channel {
 public:
  tls_channel() = default;
  virtual ~tls_channel() = default;
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  /// As transport::exchange.
  [[nodiscard]] virtual exchanged exchange(socket& line, bytes_view out, std::span<std::byte> in,
                                           const deadline& until, awaited what) = 0;
  /// Encrypts and sends what the socket takes without waiting, close_notify last.
  virtual void say_goodbye(socket& line, bytes_view last_words) noexcept = 0;
  [[nodiscard]] virtual const tls_facts& facts() const noexcept = 0;
  [[nodiscard]] virtual channel_binding binding() const = 0;
};

/// Does the handshake on `line`; the channel comes in `out`. Rethrows what the passphrase callback
/// throws.
[[nodiscard]] std::optional<tls_failure> start_tls(socket& line, const tls_settings& settings,
                                                   const deadline& until,
                                                   std::unique_ptr<tls_channel>& out);

}  // namespace tusk::net
