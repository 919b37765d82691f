// Answers to SSLRequest that no server should give. Nothing of them is believed, nothing is shown,
// and no password is asked for.

#include <string>
#include <string_view>

#include "integration/attempt.hpp"
#include "support/catch.hpp"
#include "support/mock_server.hpp"
#include "support/wire.hpp"

namespace {

using namespace tusk::test;

std::string to(const mock_server& server, const std::string& more) {
  return "host=127.0.0.1 user=alice dbname=shop port=" + std::to_string(server.port()) + " " + more;
}

/// Answers the first packet, which must be an SSLRequest, with these bytes, and hangs up.
mock_server::script answering(std::string_view literal) {
  return [literal](mock_connection& client) {
    static_cast<void>(client.read_first_packet());
    client.send_raw(wire(literal));
    client.wait_for_end();
  };
}

}  // namespace

TEST_CASE("an error in the place of the answer is never shown") {
  mock_server server(answering("'E' 00000024 'SFATAL' 00 'C28000' 00 'Mplease call 555' 00 00"));
  const attempt made = try_to_connect(to(server, "sslmode=require"), "secret");
  CAPTURE(made.message);
  CHECK_FALSE(made.connected);
  CHECK_FALSE(made.says("555"));
  CHECK(made.asked == 0);
  CHECK(server.connections() == 1);
}

TEST_CASE("bytes behind the answer end the attempt, for they were there before any encryption") {
  for (const char* literal : {"'S' 15030300020228", "'S' 'E'", "'N' 'R' 00000008 00000000"}) {
    for (const char* mode : {"prefer", "require"}) {
      mock_server server(answering(literal));
      const attempt made = try_to_connect(to(server, std::string("sslmode=") + mode), "secret");
      CAPTURE(literal, mode, made.message);
      CHECK_FALSE(made.connected);
      CHECK(made.asked == 0);
      CHECK(server.connections() == 1);
    }
  }
}

TEST_CASE("a server without TLS is refused by name from sslmode=require on, and taken below") {
  mock_server server([](mock_connection& client) { client.accept_startup(); });
  for (const char* mode : {"require", "verify-ca", "verify-full"}) {
    const attempt made = try_to_connect(
        to(server, "sslrootcert=" + variable("TUSK_TEST_ROOT_CERT") + " sslmode=" + mode),
        "secret");
    CAPTURE(mode, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says("sslmode"));
    CHECK(made.asked == 0);
  }
  for (const char* mode : {"disable", "allow", "prefer"}) {
    CHECK(try_to_connect(to(server, std::string("sslmode=") + mode)).outcome() == "plain none");
  }
}

TEST_CASE("sslcertmode=require is never met without TLS") {
  mock_server server([](mock_connection& client) { client.accept_startup(); });
  for (const char* mode : {"disable", "allow", "prefer"}) {
    const attempt made =
        try_to_connect(to(server, std::string("sslcertmode=require sslmode=") + mode), "secret");
    CAPTURE(mode, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says("sslcertmode=require"));
    CHECK(made.asked == 0);
  }
}

TEST_CASE("what a server without TLS says is not said to have come with TLS") {
  mock_server server([](mock_connection& client) {
    client.read_startup();
    client.send_raw(wire("'E' 00000017 'SFATAL' 00 'C28000' 00 'Mno' 00 00"));
    client.wait_for_end();
  });
  const attempt made = try_to_connect(to(server, "sslmode=prefer"), "secret");
  CAPTURE(made.message);
  CHECK_FALSE(made.connected);
  CHECK(made.says("without TLS: no"));
  CHECK_FALSE(made.says("with TLS"));
}

TEST_CASE("a server that speaks no TLS after all is refused") {
  mock_server server([](mock_connection& client) {
    static_cast<void>(client.read_first_packet());
    client.send_raw(wire("'S'"));
    client.send_raw(wire("'HTTP/1.1 400 Bad Request' 0d0a0d0a"));
    client.wait_for_end();
  });
  const attempt made = try_to_connect(to(server, "sslmode=require"), "secret");
  CAPTURE(made.message);
  CHECK_FALSE(made.connected);
  CHECK(made.asked == 0);
}

TEST_CASE("an answer that is none of the protocol's is refused") {
  mock_server server(answering("'HTTP/1.1 400 Bad Request' 0d0a0d0a"));
  for (const char* mode : {"prefer", "require"}) {
    const attempt made = try_to_connect(to(server, std::string("sslmode=") + mode), "secret");
    CAPTURE(mode, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.asked == 0);
  }
}

TEST_CASE("a server that never answers meets connect_timeout, with TLS, too") {
  mock_server server([](mock_connection& client) { client.wait_for_end(); });
  mock_server half([](mock_connection& client) {
    static_cast<void>(client.read_first_packet());
    client.send_raw(wire("'S'"));
    client.wait_for_end();
  });
  for (const mock_server* silent : {&server, &half}) {
    const attempt made = try_to_connect(to(*silent, "sslmode=require connect_timeout=1"), "secret");
    CAPTURE(made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.asked == 0);
  }
}
