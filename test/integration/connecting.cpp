// Every way to a session, and what is said when none comes about.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/silent_port.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

std::string to(const std::string& host, const std::string& user) {
  return "host=" + host + " port=" + variable("TUSK_TEST_PORT") + " user=" + user +
         " dbname=postgres";
}

std::string with_password(const std::string& dsn) {
  return dsn + " password=" + variable("TUSK_TEST_PASSWORD");
}

tusk::operational_error refusal_of(const std::string& dsn,
                                   const tusk::session_options& options = {}) {
  auto failed = error_of<tusk::operational_error>([&] { return tusk::session(dsn, options); });
  CHECK_FALSE(failed.session_usable());
  CHECK(failed.safe_to_retry());
  return failed;
}

/// Whether this machine has the address ::1, which a container may lack.
bool has_ipv6() {
  const int descriptor = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_addr = in6addr_loopback;
  const bool bound =
      descriptor >= 0 && ::bind(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!bound) WARN("left out, for this machine has no IPv6");
  return bound;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("every way to authenticate works over IPv4, IPv6 and the Unix socket") {
  const std::string folder = variable("TUSK_TEST_SOCKET_DIR");
  const std::string port = variable("TUSK_TEST_PORT");
  const std::string hosts[] = {"127.0.0.1", "::1", folder, "localhost"};
  const std::string peers[] = {"127.0.0.1:" + port, "[::1]:" + port, folder + "/.s.PGSQL." + port,
                               ""};
  const bool with_ipv6 = has_ipv6();
  for (std::size_t i = 0; i < std::size(hosts); ++i) {
    if (hosts[i] == "::1" && !with_ipv6) continue;
    for (const char* user : {"u_trust", "u_scram", "u_md5", "u_pass", "postgres"}) {
      CAPTURE(hosts[i], user);
      tusk::session db(with_password(to(hosts[i], user)));
      CHECK(db.scalar<std::string>("select current_user") == user);
      CHECK(db.status() == tusk::session_status::open);
      if (!peers[i].empty()) CHECK(db.peer() == peers[i]);
    }
  }
}

TEST_CASE("a wrong password is refused by name of host and user, and never shown") {
  const std::string folder = variable("TUSK_TEST_SOCKET_DIR");
  for (const std::string& host : {std::string("127.0.0.1"), folder}) {
    for (const char* user : {"u_scram", "u_md5", "u_pass"}) {
      CAPTURE(host, user);
      const auto failed = refusal_of(to(host, user) + " password=not-the-one");
      CHECK(failed.kind() == tusk::error_kind::connect);
      CHECK(failed.sqlstate() == tusk::sqlstate::invalid_password);
      CHECK(contains(failed.message(), "cannot connect to " + host));
      CHECK(contains(failed.message(), std::string("as user \"") + user + "\""));
      CHECK(contains(failed.message(),
                     std::string("password authentication failed for user \"") + user + "\""));
      CHECK_FALSE(contains(failed.report(), "not-the-one"));
    }
  }
}

TEST_CASE("a missing password is said to be missing, and where to put it") {
  for (const char* user : {"u_scram", "u_md5", "u_pass"}) {
    CAPTURE(user);
    const auto failed = refusal_of(to("127.0.0.1", user));
    CHECK(failed.kind() == tusk::error_kind::connect);
    CHECK(contains(failed.message(), "the server asks for a"));
    CHECK(contains(failed.message(), std::string("password for user \"") + user +
                                         "\" and none is given: set password in the connection "
                                         "string, PGPASSWORD, or a password file"));
  }
}

TEST_CASE("a role that pg_hba.conf rejects, and one that is not there, are the server's refusal") {
  const auto rejected = refusal_of(with_password(to("127.0.0.1", "u_reject")));
  CHECK(rejected.sqlstate() == tusk::sqlstate::invalid_authorization_specification);
  CHECK(contains(rejected.message(), "pg_hba.conf rejects connection"));
  CHECK(rejected.severity() == "FATAL");
  const auto unknown = refusal_of(with_password(to("127.0.0.1", "nobody_of_that_name")));
  CHECK(contains(unknown.message(), "nobody_of_that_name"));
}

TEST_CASE("a missing database is named") {
  const auto failed = refusal_of(to("127.0.0.1", "postgres") + " dbname=nowhere");
  CHECK(failed.sqlstate() == tusk::sqlstate::invalid_catalog_name);
  CHECK(contains(failed.message(), "database \"nowhere\" does not exist"));
  CHECK(failed.kind() == tusk::error_kind::connect);
}

TEST_CASE("a host that is not there is named") {
  const auto failed = refusal_of("postgresql://u@no-such-host.invalid/db");
  CHECK(failed.kind() == tusk::error_kind::connect);
  CHECK(contains(failed.message(),
                 "cannot connect to no-such-host.invalid: the host name \"no-such-host.invalid\" "
                 "cannot be resolved: "));
}

TEST_CASE("a closed port is named with the address, and each address that was tried") {
  const closed_port nobody;
  const std::string& port = nobody.port();
  const auto failed = refusal_of("host=127.0.0.1 user=u port=" + port);
  CHECK(failed.kind() == tusk::error_kind::connect);
  CHECK(failed.message() ==
        "cannot connect to 127.0.0.1:" + port + " as user \"u\": Connection refused");
  const auto both = refusal_of("host=localhost user=u port=" + port);
  CHECK(contains(both.message(), "localhost (127.0.0.1:" + port + ")"));
}

TEST_CASE("a socket folder without a socket, an abstract one and one too long are named") {
  const auto nothing = refusal_of("host=/nowhere port=5999 user=u");
  CHECK(nothing.message() ==
        "cannot connect to /nowhere/.s.PGSQL.5999 as user \"u\": No such file or directory");
  const auto abstract = refusal_of("host=@tusk-nobody port=5999 user=u");
  CHECK(abstract.message() ==
        "cannot connect to @tusk-nobody/.s.PGSQL.5999 as user \"u\": Connection refused");
  const auto long_one = refusal_of("host=/" + std::string(120, 'x') + " user=u");
  CHECK(contains(long_one.message(), "is longer than the system allows (107 bytes)"));
}

TEST_CASE("a silent server meets the timeout and the connect_timeout") {
  const silent_port server;
  const std::string dsn = "host=127.0.0.1 user=u port=" + server.port();
  const auto start = clock_type::now();
  const auto failed = refusal_of(dsn, {.timeout = 300ms});
  CHECK(clock_type::now() - start >= 300ms);
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(contains(failed.message(), "cannot connect to 127.0.0.1:" + server.port()));
  const auto second = clock_type::now();
  const auto slow = refusal_of(dsn + " connect_timeout=1");
  CHECK(slow.kind() == tusk::error_kind::timeout);
  CHECK(clock_type::now() - second >= 900ms);
}

TEST_CASE("application_name, options and connect_timeout of the connection string are honoured") {
  tusk::session db(to("127.0.0.1", "u_trust") +
                   " application_name='the tests' connect_timeout=60"
                   " options='-c work_mem=5MB -c extra_float_digits=1'");
  CHECK(db.scalar<std::string>("show application_name") == "the tests");
  CHECK(db.scalar<std::string>("show work_mem") == "5MB");
  CHECK(db.parameter("application_name") == "the tests");
  // The deadline was for connecting only.
  CHECK(db.execute("select pg_sleep(0.1)").rows() == 1);
  tusk::session named(to("127.0.0.1", "u_trust") + " fallback_application_name=fallback");
  CHECK(named.scalar<std::string>("show application_name") == "fallback");
  const auto refused = refusal_of(to("127.0.0.1", "u_trust") + " options='-c nonsense=1'");
  CHECK(contains(refused.message(), "nonsense"));
}

TEST_CASE("a conninfo connects to exactly what it says") {
  tusk::conninfo to_server{.host = variable("TUSK_TEST_HOST"),
                           .port = variable("TUSK_TEST_PORT"),
                           .dbname = "postgres",
                           .user = "u_scram",
                           .password = variable("TUSK_TEST_PASSWORD")};
  to_server.settings.emplace_back("search_path", "pg_catalog");
  tusk::session db(to_server);
  CHECK(db.scalar<std::string>("show search_path") == "pg_catalog");
  to_server.settings.emplace_back("no_such_setting", "1");
  error_of<tusk::operational_error>([&] { return tusk::session(to_server); });
}

TEST_CASE("too many SCRAM iterations are refused before they are computed") {
  const std::string dsn = with_password(to("127.0.0.1", "u_scram"));
  const auto failed = refusal_of(dsn, {.max_scram_iterations = 4095});
  CHECK(contains(failed.message(),
                 "the server asks for 4096 SCRAM iterations; the limit is 4095 (option "
                 "max_scram_iterations)"));
  CHECK(tusk::session(dsn, {.max_scram_iterations = 4096}).scalar<int>("select 1") == 1);
}

TEST_CASE("a startup packet that no server takes is refused before it is sent") {
  const auto failed =
      refusal_of(to("127.0.0.1", "u_trust") + " application_name=" + std::string(10'000, 'x'));
  CHECK(contains(failed.message(), "and a server accepts 10000"));
}

TEST_CASE("a timeout that no clock can count to is none") {
  const auto longest = std::chrono::milliseconds::max();
  auto db = connect({.timeout = longest, .drain_timeout = longest});
  CHECK(db.scalar<int>({.timeout = longest}, "select 1") == 1);
  error_of([&] { return db.execute({.timeout = std::chrono::milliseconds::min()}, "select 1"); });
  CHECK(db.scalar<int>("select 1") == 1);
}
