// Which way to protect a connection comes next, in a build that has TLS.
#include <atomic>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

TEST_CASE("sslmode=allow goes over to TLS whatever code a pooler refuses plain text with") {
  std::atomic<int> asked_for_tls = 0;
  mock_server pooler([&](mock_connection& client) {
    if (std::holds_alternative<proto::ssl_request>(client.read_first_packet())) {
      ++asked_for_tls;
    } else {
      send_error(client, "FATAL", "08P01", "SSL required");
    }
    client.close();
  });
  conninfo to = address_of(pooler);
  for (const auto& [mode, requests] : {std::pair{"allow", 1}, std::pair{"disable", 0}}) {
    asked_for_tls = 0;
    to.sslmode = mode;
    CHECK(mentions(failure_of([&] { session db(to, patient()); }), "SSL required"));
    CHECK(asked_for_tls == requests);
  }
}

TEST_CASE("sslmode=prefer does without TLS where the server dies of the handshake") {
  mock_server server([](mock_connection& client) {
    if (client.number() == 0) {
      static_cast<void>(client.read_first_packet());
      client.send_raw(wire("'S'"));
      client.close();
    } else {
      client.accept_startup();
      client.wait_for_end();
    }
  });
  conninfo to = address_of(server);
  to.sslmode = "prefer";
  const session db(to, patient());
  CHECK(db.tls() == nullptr);
  CHECK(server.connections() == 2);
}
