// What a socket promises besides its exchanges.
#include "net/socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/transport.hpp"
#include "support/catch.hpp"
#include "support/mock_server.hpp"

namespace tusk::net {

TEST_CASE("A caller's socket is taken over: blocking, closed on exec, closed in the end", "[net]") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
  {
    socket taken = socket::adopt(ends[0]);
    CHECK(taken.is_open());
    CHECK((::fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
    CHECK((::fcntl(ends[0], F_GETFD) & FD_CLOEXEC) != 0);
    transport line(std::move(taken));
    CHECK(line.exchange(as_bytes(std::span("hi", 2)), {}, {}).sent == 2);
    char in[4];
    CHECK(::recv(ends[1], in, sizeof in, 0) == 2);
    CHECK(line.tls() == nullptr);
  }
  CHECK(::fcntl(ends[0], F_GETFD) == -1);
  ::close(ends[1]);
  CHECK_FALSE(socket::adopt(-1).is_open());
}

TEST_CASE("requirepeer knows who runs the other end of a Unix socket", "[net]") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const socket line = socket::adopt(ends[0]);
  const std::string us = ::getpwuid(::geteuid())->pw_name;
  CHECK(line.refuse_peer(us) == std::nullopt);
  const auto refused = line.refuse_peer("nobody-of-that-name");
  REQUIRE(refused.has_value());
  CHECK(refused->find("requirepeer=nobody-of-that-name") == 0);
  CHECK(refused->find("\"" + us + "\"") != std::string::npos);
  ::close(ends[1]);
}

TEST_CASE("A TCP connection is made with the options asked for, and has no peer to require",
          "[net]") {
  test::mock_server server{[](test::mock_connection& client) { client.wait_for_end(); }};
  const resolved found = resolve("127.0.0.1", server.port(), {});
  REQUIRE(found.addresses.size() == 1);
  // The lowest free descriptor is the one that the socket gets.
  const int expected = ::dup(0);
  ::close(expected);
  const auto option = [expected](int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(expected, level, name, &value, &size);
    return value;
  };
  socket line;
  const tcp_options options{.idle = 7, .interval = 3, .count = 2, .user_timeout = 4000};
  REQUIRE(socket::connect(found.addresses[0], options, {}, line).ended == outcome::progress);
  CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(option(IPPROTO_TCP, TCP_KEEPIDLE) == 7);
  CHECK(option(IPPROTO_TCP, TCP_KEEPINTVL) == 3);
  CHECK(option(IPPROTO_TCP, TCP_KEEPCNT) == 2);
  CHECK(option(IPPROTO_TCP, TCP_USER_TIMEOUT) == 4000);
  CHECK(option(IPPROTO_TCP, TCP_NODELAY) == 1);
  CHECK(line.refuse_peer("nobody-of-that-name") == std::nullopt);
  line.close();
  REQUIRE(socket::connect(found.addresses[0], {.keepalives = false}, {}, line).ended ==
          outcome::progress);
  CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 0);
}

}  // namespace tusk::net
