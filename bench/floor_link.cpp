#include "floor_link.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "tusk/proto/frontend.hpp"

namespace bench {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int open_socket(int family, const void* address, std::size_t size) {
  const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  if (::connect(socket, static_cast<const sockaddr*>(address), static_cast<socklen_t>(size)) != 0)
    fail("connect");
  return socket;
}

int connect_unix() {
  const std::string path = environment("TUSK_TEST_SOCKET_DIR") + std::string("/.s.PGSQL.") +
                           environment("TUSK_TEST_PORT");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return open_socket(AF_UNIX, &address, sizeof address);
}

int connect_tcp() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(environment("TUSK_TEST_PORT"))));
  if (::inet_pton(AF_INET, environment("TUSK_TEST_HOST"), &address.sin_addr) != 1)
    throw std::runtime_error("TUSK_TEST_HOST is no IPv4 address");
  const int socket = open_socket(AF_INET, &address, sizeof address);
  const int on = 1;
  if (::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("setsockopt");
  return socket;
}

struct release_context {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};

// One for all connections: reading the root certificate is not a connection's cost.
SSL_CTX* context() {
  static const std::unique_ptr<SSL_CTX, release_context> made = [] {
    std::unique_ptr<SSL_CTX, release_context> fresh(SSL_CTX_new(TLS_client_method()));
    if (fresh == nullptr ||
        SSL_CTX_load_verify_file(fresh.get(), environment("TUSK_TEST_ROOT_CERT")) != 1)
      throw std::runtime_error("OpenSSL does not take the root certificate");
    SSL_CTX_set_verify(fresh.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(fresh.get(), SSL_OP_NO_TICKET);
    // Many records of a large result in one recv.
    SSL_CTX_set_read_ahead(fresh.get(), 1);
    SSL_CTX_set_default_read_buffer_len(fresh.get(), std::size_t{64} << 10);
    return fresh;
  }();
  return made.get();
}

}  // namespace

floor_link::floor_link(route where)
    : socket_(where == route::unix_socket ? connect_unix() : connect_tcp()),
      wakes_early_(where == route::unix_socket) {
  if (where == route::tls) start_tls();
}

floor_link::~floor_link() {
  if (tls_ != nullptr) {
    SSL_shutdown(tls_);
    SSL_free(tls_);
  }
  ::close(socket_);
}

void floor_link::start_tls() {
  std::array<std::byte, 8> request{};
  tusk::proto::writer out(request);
  if (tusk::proto::encode(out, tusk::proto::ssl_request{}))
    throw std::runtime_error("SSLRequest cannot be encoded");
  send(request);
  std::byte answer{};
  if (receive({&answer, 1}) != 1 || answer != std::byte{'S'})
    throw std::runtime_error("the server does not speak TLS");
  tls_ = SSL_new(context());
  if (tls_ == nullptr || SSL_set_fd(tls_, socket_) != 1 || SSL_connect(tls_) != 1)
    throw std::runtime_error("the TLS handshake failed");
}

void floor_link::send(std::span<const std::byte> bytes) {
  if (tls_ != nullptr) {
    std::size_t sent = 0;
    if (SSL_write_ex(tls_, bytes.data(), bytes.size(), &sent) != 1 || sent != bytes.size())
      throw std::runtime_error("SSL_write failed");
    return;
  }
  awaits_answer_ = true;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

std::size_t floor_link::send_some(std::span<const std::byte> bytes) {
  awaits_answer_ = true;
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno != EAGAIN && errno != EWOULDBLOCK) fail("send");
  return 0;
}

bool floor_link::wait_either() {
  pollfd either{socket_, POLLIN | POLLOUT, 0};
  if (::poll(&either, 1, -1) < 0) fail("poll");
  if ((either.revents & POLLIN) == 0) return false;
  awaits_answer_ = false;
  return true;
}

std::size_t floor_link::receive(std::span<std::byte> into) {
  if (tls_ != nullptr) {
    std::size_t got = 0;
    if (SSL_read_ex(tls_, into.data(), into.size(), &got) != 1)
      throw std::runtime_error("SSL_read failed");
    return got;
  }
  // Who sleeps in recv on a Unix socket is also woken when the server has read the request, long
  // before there is an answer; poll sleeps through that.
  if (wakes_early_ && awaits_answer_) {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, -1) < 0) fail("poll");
    awaits_answer_ = false;
  }
  const ssize_t got = ::recv(socket_, into.data(), into.size(), 0);
  if (got <= 0) fail("recv");
  return static_cast<std::size_t>(got);
}

}  // namespace bench
