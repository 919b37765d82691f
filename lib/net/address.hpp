#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/deadline.hpp"

struct sockaddr;

namespace tusk::net {

/// One address to connect to: IPv4, IPv6, or a Unix socket.
class address {
 public:
  address(const sockaddr* from, std::size_t size, std::string text);

  [[nodiscard]] const sockaddr* data() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] int family() const noexcept;
  /// Whether it is a Unix socket's.
  [[nodiscard]] bool is_local() const noexcept;
  /// As messages show it: `127.0.0.1:5432`, `[::1]:5432`, `/run/postgresql/.s.PGSQL.5432`.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  alignas(8) unsigned char storage_[128];  // a sockaddr_storage
  std::size_t size_;
  std::string text_;
};

/// The addresses of a host, or why there are none.
struct resolved {
  std::vector<address> addresses;
  std::string error;  ///< why there are none, when there are none
  bool timed_out = false;
};

/// Finds the addresses of `host`: a name, a numeric address, or a Unix socket's folder (starts with
/// `/`, or with `@` for Linux's abstract names). A name is looked up on a thread of its own, which
/// is left behind when the deadline passes, for getaddrinfo(3) cannot be cancelled.
[[nodiscard]] resolved resolve(const std::string& host, std::uint16_t port, const deadline& until);

}  // namespace tusk::net
