#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace tusk::test {

/// A port of 127.0.0.1 where connections come about, for the kernel makes them, and nobody answers;
/// closed, one where nobody is.
class silent_port {
 public:
  silent_port() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(descriptor_, address, size) != 0 || ::listen(descriptor_, 8) != 0 ||
        ::getsockname(descriptor_, address, &size) != 0) {
      throw std::runtime_error("no free port on 127.0.0.1");
    }
    port_ = std::to_string(ntohs(at.sin_port));
  }
  ~silent_port() { close(); }
  silent_port(const silent_port&) = delete;
  silent_port& operator=(const silent_port&) = delete;

  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  [[nodiscard]] const std::string& port() const { return port_; }

 private:
  int descriptor_;
  std::string port_;
};

}  // namespace tusk::test
