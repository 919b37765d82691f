#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace tusk::test {

/// A port of 127.0.0.1 that connections are refused on. It is held for as long as this lives, so
/// that no other process comes to listen there.
class closed_port {
 public:
  closed_port() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(descriptor_, address, size) != 0 ||
        ::getsockname(descriptor_, address, &size) != 0) {
      throw std::runtime_error("no free port on 127.0.0.1");
    }
    port_ = std::to_string(ntohs(at.sin_port));
  }
  ~closed_port() { ::close(descriptor_); }
  closed_port(const closed_port&) = delete;
  closed_port& operator=(const closed_port&) = delete;

  [[nodiscard]] const std::string& port() const { return port_; }

 protected:
  int descriptor_;

 private:
  std::string port_;
};

/// A port of 127.0.0.1 where connections come about, for the kernel makes them, and nobody answers.
class silent_port : public closed_port {
 public:
  silent_port() {
    if (::listen(descriptor_, 8) != 0) throw std::runtime_error("cannot listen on 127.0.0.1");
  }
};

}  // namespace tusk::test
