#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cli {

/// A descriptor that is closed with its owner.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  ~descriptor() { close(); }
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
  void close() noexcept;

 private:
  int number_ = -1;
};

/// A socket's address of any family.
struct socket_address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

/// The addresses of a host, a numeric address or a Unix socket's folder. Throws std::runtime_error
/// that names it when there are none.
[[nodiscard]] std::vector<socket_address> addresses_of(const std::string& host,
                                                       const std::string& port);

/// Listens; port 0 is any free one. Throws std::runtime_error.
[[nodiscard]] descriptor listen_on(const std::string& host, const std::string& port);
/// The port that it listens on.
[[nodiscard]] std::uint16_t port_of(const descriptor& listener);

/// The next client, or a closed descriptor when there is none. It does not block, nor is what comes
/// blocking.
[[nodiscard]] descriptor accept_on(const descriptor& listener) noexcept;
/// Begins to connect, without waiting. Closed when that fails at once, with the reason in errno.
[[nodiscard]] descriptor begin_connect(const socket_address& to) noexcept;
/// What came of it once the socket can be written to: 0, or the error's number.
[[nodiscard]] int connect_error(const descriptor& from) noexcept;

}  // namespace cli
