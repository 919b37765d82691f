#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace tusk::test {

// The sockets of a proxy. What fails throws std::system_error.

/// An address of either family.
struct any_address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

[[nodiscard]] any_address unix_address(const std::string& path);
/// `host` is an IPv4 address in digits.
[[nodiscard]] any_address tcp_address(const std::string& host, std::uint16_t port);

/// A socket that listens there and does not block.
[[nodiscard]] int listening(any_address at);
/// The TCP port that a socket is bound to.
[[nodiscard]] std::uint16_t port_of(int descriptor);
/// A connection to there; -1 when nobody is.
[[nodiscard]] int connected(any_address at);

/// What is sent in pieces is to arrive in pieces.
void send_at_once(int descriptor) noexcept;
void close_by_reset(int descriptor) noexcept;
void close_in_order(int descriptor) noexcept;

}  // namespace tusk::test
