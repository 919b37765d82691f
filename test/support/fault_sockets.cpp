#include "support/fault_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace tusk::test {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

}  // namespace

any_address unix_address(const std::string& path) {
  any_address made;
  auto* at = reinterpret_cast<sockaddr_un*>(&made.storage);
  at->sun_family = AF_UNIX;
  if (path.size() >= sizeof at->sun_path) throw std::runtime_error("the path is too long");
  std::memcpy(at->sun_path, path.c_str(), path.size() + 1);
  made.size = sizeof(sockaddr_un);
  return made;
}

any_address tcp_address(const std::string& host, std::uint16_t port) {
  any_address made;
  auto* at = reinterpret_cast<sockaddr_in*>(&made.storage);
  at->sin_family = AF_INET;
  at->sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &at->sin_addr) != 1)
    throw std::runtime_error("\"" + host + "\" is no IPv4 address");
  made.size = sizeof(sockaddr_in);
  return made;
}

int listening(any_address at) {
  const int descriptor =
      ::socket(at.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) fail("socket");
  if (::bind(descriptor, at.get(), at.size) != 0) fail("bind");
  if (::listen(descriptor, 64) != 0) fail("listen");
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size) != 0) fail("getsockname");
  return ntohs(at.sin_port);
}

int connected(any_address at) {
  const int descriptor = ::socket(at.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail("socket");
  if (::connect(descriptor, at.get(), at.size) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

// A Unix socket refuses it and needs it not.
void send_at_once(int descriptor) noexcept {
  const int on = 1;
  static_cast<void>(::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

void close_by_reset(int descriptor) noexcept {
  const linger at_once{1, 0};
  static_cast<void>(::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  ::close(descriptor);
}

// Unread input would turn the end into a reset. Not for ever: the other end may never stop.
void close_in_order(int descriptor) noexcept {
  ::shutdown(descriptor, SHUT_WR);
  std::array<std::byte, 16384> unread;
  for (int i = 0; i < 1000; ++i)
    if (::recv(descriptor, unread.data(), unread.size(), MSG_DONTWAIT) <= 0) break;
  ::close(descriptor);
}

}  // namespace tusk::test
