// The mock server against a client of bare sockets: what other tests stand on must hold itself.
#include "support/mock_server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "support/catch.hpp"
#include "support/wire.hpp"

namespace tusk::test {
namespace {

template <class Address>
int connected(int family, const Address& address) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const timeval patience{60, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return descriptor;
}

class raw_client {
 public:
  explicit raw_client(const mock_server& server) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    descriptor_ = connected(AF_INET, address);
  }
  explicit raw_client(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    descriptor_ = connected(AF_UNIX, address);
  }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  ~raw_client() { ::close(descriptor_); }

  void send(std::string_view literal) {
    const auto bytes = wire(literal);
    REQUIRE(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  /// All bytes up to the server's end of the connection, then how it ended unless in order.
  std::string receive_all() {
    std::vector<std::byte> all;
    std::array<std::byte, 4096> block;
    for (;;) {
      const ssize_t got = ::recv(descriptor_, block.data(), block.size(), 0);
      if (got < 0) return hex(all) + (errno == ECONNRESET ? "reset" : "timeout");
      if (got == 0) return hex(all);
      all.insert(all.end(), block.begin(), block.begin() + got);
    }
  }

 private:
  int descriptor_ = -1;
};

constexpr std::string_view startup_ada = "00000012 00030000 'user' 00 'ada' 00 00";
constexpr std::string_view greeting =
    "'R' 00000008 00000000 'S' 00000018 'server_version' 00 '15.0' 00"
    "'S' 00000019 'client_encoding' 00 'UTF8' 00 'K' 0000000c 00001092 'key!' 'Z' 00000005 'I'";

}  // namespace

TEST_CASE("The mock server refuses encryption, takes a startup and greets", "[mock]") {
  mock_server server{[](mock_connection& client) {
    client.accept_startup();
    client.read_message();
  }};
  raw_client client{server};
  client.send("00000008 04d2162f");
  client.send("00000008 04d21630");
  client.send(startup_ada);
  client.send("'X' 00000004");
  CHECK(client.receive_all() == hex(wire("'NN'" + std::string(greeting))));
  CHECK(server.connections() == 1);
}

TEST_CASE("The mock server serves a Unix socket and removes it", "[mock]") {
  std::string folder = std::filesystem::temp_directory_path() / "mock-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/.s.PGSQL.5433";
  {
    mock_server server{folder, 5433, [](mock_connection& client) { client.accept_startup(); }};
    raw_client client{path};
    client.send(startup_ada);
    CHECK(client.receive_all() == hex(wire(greeting)));
  }
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(std::filesystem::remove(folder));
}

TEST_CASE("The mock server reads messages byte by byte and echoes what it understood", "[mock]") {
  mock_server server{[](mock_connection& client) {
    const auto message = client.read_message();
    client.send(proto::command_complete{std::get<proto::query>(message).sql});
  }};
  raw_client client{server};
  for (const std::string_view byte : {"51", "00", "00", "00", "06", "'x'", "00"})
    client.send(byte);
  CHECK(client.receive_all() == hex(wire("'C' 00000006 'x' 00")));
}

TEST_CASE("The mock server ends a connection in order, by reset, and in mid-message", "[mock]") {
  mock_server server{[](mock_connection& client) {
    client.read_message();
    if (client.number() == 0) client.send_raw(wire("'half'"));
    if (client.number() == 1) client.reset();
    if (client.number() == 2) client.end_after(3, false);
    if (client.number() == 2) client.send(proto::ready_for_query{});
  }};
  const std::array<std::string, 3> expected{hex(wire("'half'")), "reset", hex(wire("'Z' 0000"))};
  for (const std::string& what : expected) {
    raw_client client{server};
    client.send("'S' 00000004");
    CHECK(client.receive_all() == what);
  }
}

TEST_CASE("A mock server that goes away interrupts its scripts at once", "[mock]") {
  const auto begun = std::chrono::steady_clock::now();
  {
    mock_server server{[](mock_connection& client) { client.wait_for_end(); }};
    raw_client client{server};
    mock_server nobody_comes{[](mock_connection&) {}};
  }
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{60});
}

}  // namespace tusk::test
