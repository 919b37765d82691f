// After the promotion of the standby. Last in the program: there is no way back.

#include <chrono>
#include <string>
#include <thread>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

using namespace tusk::test;

TEST_CASE("after a promotion the former standby is the primary") {
  using namespace std::chrono_literals;
  const auto standby = optional_variable("TUSK_TEST_STANDBY_PORT", "--standby");
  if (!standby) return;
  const std::string folder = variable("TUSK_TEST_STANDBY_SOCKET_DIR");
  const std::string alone = "host=127.0.0.1 dbname=postgres user=u_trust port=" + *standby;
  const std::string target = " target_session_attrs=";
  tusk::session watching(alone);
  REQUIRE(watching.parameter("in_hot_standby") != "off");  // else it was promoted by an earlier run
  CHECK_FALSE(try_to_connect(alone + target + "primary").connected);
  tusk::session superuser("dbname=postgres user=postgres host=" + folder + " port=" + *standby);
  REQUIRE(superuser.scalar<bool>("select pg_is_in_recovery()"));
  CHECK(superuser.scalar<bool>("select pg_promote()"));
  for (const char* takes : {"primary", "read-write", "any", "prefer-standby"}) {
    CAPTURE(takes);
    CHECK(try_to_connect(alone + target + takes).connected);
  }
  for (const char* leaves : {"standby", "read-only"}) {
    CAPTURE(leaves);
    CHECK_FALSE(try_to_connect(alone + target + leaves).connected);
  }
  // A session from before the promotion writes now, and reset keeps to it.
  watching.reset();
  CHECK(watching.scalar<std::string>("show transaction_read_only") == "off");
}
