#include "trace_socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace cli {

namespace {

bool is_folder(const std::string& host) {
  return !host.empty() && (host.front() == '/' || host.front() == '@');
}

// PostgreSQL's name for the socket; with an @ in front it is one of Linux's abstract ones.
socket_address unix_address(const std::string& folder, const std::string& port) {
  socket_address made;
  sockaddr_un at{};
  const std::string path = folder + "/.s.PGSQL." + port;
  if (path.size() >= sizeof at.sun_path)
    throw std::runtime_error("the Unix socket's path \"" + path + "\" is too long");
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, path.data(), path.size());
  std::size_t used = path.size() + 1;
  if (path.front() == '@') {
    at.sun_path[0] = '\0';
    used = path.size();
  }
  std::memcpy(&made.bytes, &at, sizeof at);
  made.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + used);
  return made;
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

void prepare(int number) noexcept {
  ::fcntl(number, F_SETFD, FD_CLOEXEC);
  ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_NONBLOCK);
  // Fails on a Unix socket, which needs no such thing.
  const int on = 1;
  ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

void descriptor::close() noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

std::vector<socket_address> addresses_of(const std::string& host, const std::string& port) {
  if (is_folder(host)) return {unix_address(host, port)};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); failed != 0) {
    throw std::runtime_error("cannot resolve \"" + host + "\", port " + port + ": " +
                             ::gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  std::vector<socket_address> all;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    socket_address& one = all.emplace_back();
    one.size = at->ai_addrlen;
    std::memcpy(&one.bytes, at->ai_addr, at->ai_addrlen);
  }
  return all;
}

descriptor listen_on(const std::string& host, const std::string& port) {
  const std::string what = "cannot listen on " + host + ", port " + port;
  const std::vector<socket_address> all = addresses_of(host, port);
  descriptor made(::socket(all.front().bytes.ss_family, SOCK_STREAM, 0));
  if (!made.is_open()) fail(what);
  prepare(made.number());
  const int on = 1;
  ::setsockopt(made.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* at = reinterpret_cast<const sockaddr*>(&all.front().bytes);
  if (::bind(made.number(), at, all.front().size) != 0 || ::listen(made.number(), 128) != 0)
    fail(what);
  return made;
}

std::uint16_t port_of(const descriptor& listener) {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  if (::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&at), &size) != 0)
    fail("the port that is listened on is not known");
  // The port lies at the same place in both families' addresses.
  sockaddr_in v4{};
  std::memcpy(&v4, &at, sizeof v4);
  return ntohs(v4.sin_port);
}

descriptor accept_on(const descriptor& listener) noexcept {
  descriptor made(::accept(listener.number(), nullptr, nullptr));
  if (made.is_open()) prepare(made.number());
  return made;
}

descriptor begin_connect(const socket_address& to) noexcept {
  descriptor made(::socket(to.bytes.ss_family, SOCK_STREAM, 0));
  if (!made.is_open()) return made;
  prepare(made.number());
  const auto* at = reinterpret_cast<const sockaddr*>(&to.bytes);
  if (::connect(made.number(), at, to.size) != 0 && errno != EINPROGRESS) {
    const int why = errno;
    made.close();
    errno = why;
  }
  return made;
}

int connect_error(const descriptor& from) noexcept {
  int why = 0;
  socklen_t size = sizeof why;
  if (::getsockopt(from.number(), SOL_SOCKET, SO_ERROR, &why, &size) != 0) return errno;
  return why;
}

}  // namespace cli
