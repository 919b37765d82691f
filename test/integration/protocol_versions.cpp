// Which version of the protocol is spoken with which server.

#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

using namespace tusk::test;

TEST_CASE("the newest version that both sides know is spoken, from 3.0 to what was asked for") {
  const bool knows_3_2 = std::stoi(variable("TUSK_TEST_SERVER_VERSION")) >= 18;
  const std::string to = login("u_trust");
  constexpr tusk::protocol_version first{3, 0};
  const tusk::protocol_version newest = knows_3_2 ? tusk::protocol_version{3, 2} : first;
  CHECK(tusk::session(to).protocol() == first);
  CHECK(tusk::session(to + " max_protocol_version=3.0").protocol() == first);
  CHECK(tusk::session(to + " max_protocol_version=3.2").protocol() == newest);
  CHECK(tusk::session(to + " max_protocol_version=latest").protocol() == newest);
  const attempt at_least =
      try_to_connect(to + " min_protocol_version=3.2 max_protocol_version=latest");
  CAPTURE(at_least.message);
  CHECK(at_least.connected == knows_3_2);
  if (!knows_3_2) CHECK(at_least.says("min_protocol_version"));
  const attempt crossed = try_to_connect(to + " min_protocol_version=3.2 max_protocol_version=3.0");
  CHECK_FALSE(crossed.connected);
  CHECK(crossed.says("min_protocol_version"));
}
