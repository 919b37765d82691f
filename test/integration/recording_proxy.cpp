#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "trace_libpq.hpp"

namespace tusk::test {

namespace {

constexpr int patience = 30'000;  // ms without a word on either side

int connect_to(const char* host, const char* port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host, port, &hints, &found) != 0)
    throw std::runtime_error("the test server's address is not known");
  const int descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int done = ::connect(descriptor, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  if (done != 0) throw std::runtime_error("the test server does not take connections");
  return descriptor;
}

void send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

recording_proxy::recording_proxy(const char* host, const char* port)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), server_(connect_to(host, port)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), size) != 0 ||
      ::listen(listener_, 1) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error("the recording proxy cannot listen");
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { relay(); });
}

recording_proxy::~recording_proxy() {
  if (thread_.joinable()) thread_.join();
  ::close(listener_);
  ::close(server_);
}

std::vector<recorded> recording_proxy::finish() {
  thread_.join();
  return std::move(pieces_);
}

void recording_proxy::relay() {
  pollfd waiting{listener_, POLLIN, 0};
  if (::poll(&waiting, 1, patience) <= 0) return;
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  std::array<pollfd, 2> sides{{{client, POLLIN, 0}, {server_, POLLIN, 0}}};
  std::array<char, 16384> buffer;
  // The server ends the connection when the client has said goodbye.
  for (bool open = true; open && ::poll(sides.data(), 2, patience) > 0;) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (sides[i].revents == 0) continue;
      const ssize_t count = ::recv(sides[i].fd, buffer.data(), buffer.size(), 0);
      if (count <= 0) {
        if (i == 1) open = false;
        ::shutdown(sides[1 - i].fd, SHUT_WR);
        sides[i].fd = -1;
        continue;
      }
      const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
      pieces_.push_back({i == 0, std::string(bytes)});
      send_all(i == 0 ? server_ : client, bytes);
    }
  }
  ::close(client);
}

}  // namespace tusk::test
