// Servers that ask for what they must not have, or that something between has weakened.
#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

conninfo plain_address_of(const mock_server& server) {
  conninfo to = address_of(server);
  to.sslmode = "disable";
  return to;
}

/// What a client with these parameters says of the server.
template <class Change>
error refusal_by(const Change& change, const mock_server::script& play) {
  mock_server server(play);
  conninfo to = plain_address_of(server);
  change(to);
  return failure_of([&] { session db(to, patient()); });
}

mock_server::script asking(const char* request) {
  return [request](mock_connection& client) {
    client.read_startup();
    client.send_raw(wire(request));
    client.wait_for_end();
  };
}

}  // namespace

TEST_CASE("a server that asks for less than require_auth is refused by its name") {
  const auto strict = [](conninfo& to) { to.require_auth = "scram-sha-256"; };
  for (const char* weaker : {"'R' 00000008 00000003", "'R' 0000000c 00000005 01020304",
                             "'R' 00000008 00000000 'Z' 00000005 'I'"}) {
    const error failed = refusal_by(strict, asking(weaker));
    INFO(weaker);
    CHECK(named(failed.kind()) == "connect");
    CHECK(mentions(failed, "require_auth=scram-sha-256"));
  }
}

TEST_CASE("channel_binding=require is refused on a plain connection, whatever the server asks") {
  const auto strict = [](conninfo& to) { to.channel_binding = "require"; };
  for (const char* request : {"'R' 00000017 0000000a 'SCRAM-SHA-256' 00 00",
                              "'R' 0000001c 0000000a 'SCRAM-SHA-256-PLUS' 00 00",
                              "'R' 00000008 00000003", "'R' 00000008 00000000 'Z' 00000005 'I'"}) {
    INFO(request);
    CHECK(mentions(refusal_by(strict, asking(request)), "channel_binding=require"));
  }
}

TEST_CASE("SCRAM-SHA-256-PLUS on a plain connection tells of something between") {
  const error failed =
      refusal_by([](conninfo&) {}, asking("'R' 0000001c 0000000a 'SCRAM-SHA-256-PLUS' 00 00"));
  CHECK(mentions(failed, "on a connection without TLS"));
}

TEST_CASE("a server that asks for a token is told that there is none") {
  const error failed =
      refusal_by([](conninfo&) {}, asking("'R' 00000015 0000000a 'OAUTHBEARER' 00 00"));
  CHECK(mentions(failed, "token provider"));
}
