#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>

#include "client.hpp"

namespace bench {

/// A connected socket, with TLS on it where the route says so: bytes out, bytes in. Only what a
/// client cannot do without: no deadlines, and OpenSSL's own way to the socket.
class floor_link {
 public:
  explicit floor_link(route where);
  floor_link(const floor_link&) = delete;
  floor_link& operator=(const floor_link&) = delete;
  ~floor_link();

  /// Sends all of it. Throws when that fails.
  void send(std::span<const std::byte> bytes);
  /// Sends what goes without waiting and returns how much that was. Not under TLS.
  std::size_t send_some(std::span<const std::byte> bytes);
  /// Waits until more can be sent, or received; returns whether there is anything to receive.
  bool wait_either();
  /// Waits for bytes and returns how many came, at least one. Throws at the end of the connection.
  std::size_t receive(std::span<std::byte> into);

 private:
  void start_tls();

  int socket_ = -1;
  bool wakes_early_ = false;  // a Unix socket
  bool awaits_answer_ = false;
  SSL* tls_ = nullptr;
};

}  // namespace bench
