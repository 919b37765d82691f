// Several hosts: which one a session comes to, and what is said when it comes to none.

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include "integration/attempt.hpp"
#include "support/catch.hpp"
#include "support/mock_server.hpp"
#include "support/silent_port.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

/// Every host is 127.0.0.1, so that the ports tell them apart.
std::string at_ports(const std::string& first, const std::string& second,
                     const std::string& user = "u_trust") {
  return "host=127.0.0.1,127.0.0.1 port=" + first + "," + second + " dbname=postgres user=" + user;
}

std::string server_port() {
  return variable("TUSK_TEST_PORT");
}

/// A server that refuses each login with this SQLSTATE.
auto refusing(std::string code, std::string text) {
  return [code = std::move(code), text = std::move(text)](mock_connection& client) {
    client.read_startup();
    const tusk::proto::error_field fields[] = {
        {'S', "FATAL"}, {'V', "FATAL"}, {'C', code}, {'M', text}};
    client.send(tusk::proto::error_response{fields});
    client.close();
  };
}

}  // namespace

TEST_CASE("a host that is not there gives way to the next") {
  const closed_port nobody;
  const tusk::session db(at_ports(nobody.port(), server_port()));
  CHECK(std::to_string(db.port()) == server_port());
  CHECK(db.host() == "127.0.0.1");
  // A name that does not exist does, too.
  const tusk::session named(
      "host=no-such-host.invalid,127.0.0.1 dbname=postgres user=u_trust port=" + server_port());
  CHECK(named.host() == "127.0.0.1");
}

TEST_CASE("all addresses of one name are tried") {
  // localhost is ::1 and 127.0.0.1 here; the server has both, and a closed port neither.
  const closed_port nobody;
  const attempt made = try_to_connect("host=localhost user=u dbname=d port=" + nobody.port());
  CHECK_FALSE(made.connected);
  CHECK(made.says("127.0.0.1:" + nobody.port()));
}

TEST_CASE("a server that starts up or shuts down gives way to the next; other refusals are final") {
  for (const char* code : {"57P03"}) {
    mock_server starting(refusing(code, "the database system is starting up"));
    const attempt made = try_to_connect(at_ports(std::to_string(starting.port()), server_port()));
    CAPTURE(code, made.message);
    CHECK(made.connected);
    CHECK(std::to_string(made.port) == server_port());
  }
  for (const char* code : {"28P01", "28000", "3D000", "42501", "53300"}) {
    mock_server refuses(refusing(code, "no and no"));
    const attempt made = try_to_connect(at_ports(std::to_string(refuses.port()), server_port()) +
                                        " sslmode=disable");
    CAPTURE(code, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says("no and no"));
    CHECK(refuses.connections() == 1);
  }
}

TEST_CASE("a wrong password is not tried on the next host") {
  mock_server second([](mock_connection& client) { client.accept_startup(); });
  const attempt made = try_to_connect(
      at_ports(server_port(), std::to_string(second.port()), "u_scram") + " sslmode=disable",
      "not-the-one");
  CHECK_FALSE(made.connected);
  CHECK(made.asked == 1);
  CHECK(made.code == tusk::sqlstate::invalid_password);
  CHECK(second.connections() == 0);
}

TEST_CASE("one error tells what each host has said") {
  mock_server starting(refusing("57P03", "the database system is starting up"));
  const closed_port nobody;
  const attempt made = try_to_connect(at_ports(nobody.port(), std::to_string(starting.port())));
  CAPTURE(made.message);
  CHECK_FALSE(made.connected);
  CHECK(made.says("127.0.0.1:" + nobody.port()));
  CHECK(made.says("Connection refused"));
  CHECK(made.says("127.0.0.1:" + std::to_string(starting.port())));
  CHECK(made.says("the database system is starting up"));
}

TEST_CASE("connect_timeout counts for each address, and the session's timeout for all") {
  const silent_port silent;
  const std::string to = at_ports(silent.port(), server_port());
  const auto start = clock_type::now();
  const attempt made = try_to_connect(to + " connect_timeout=4");
  CAPTURE(made.message);
  CHECK(std::to_string(made.port) == server_port());
  CHECK(clock_type::now() - start >= 3900ms);
  tusk::session_options options;
  options.timeout = 300ms;
  const auto late = error_of<tusk::operational_error>(
      [&] { return tusk::session(to + " connect_timeout=3600", options); });
  CHECK(late.kind() == tusk::error_kind::timeout);
}

TEST_CASE("target_session_attrs takes primary and standby for what they are") {
  const auto standby_port = optional_variable("TUSK_TEST_STANDBY_PORT", "--standby");
  if (!standby_port) return;
  {
    const tusk::session standby("host=127.0.0.1 dbname=postgres user=u_trust port=" +
                                *standby_port);
    REQUIRE(standby.parameter("server_version").size() > 0);
  }
  struct row {
    const char* target;
    bool primary;  ///< takes the primary alone
    bool standby;  ///< takes the standby alone
    char of_both;  ///< which of both, in either order; `f`: the first
  };
  constexpr row rows[] = {{"any", true, true, 'f'},        {"read-write", true, false, 'p'},
                          {"read-only", false, true, 's'}, {"primary", true, false, 'p'},
                          {"standby", false, true, 's'},   {"prefer-standby", true, true, 's'}};
  const std::string primary = server_port();
  const std::string& standby = *standby_port;
  for (const auto& [target, takes_primary, takes_standby, of_both] : rows) {
    const std::string wanted = std::string(" target_session_attrs=") + target;
    const std::string one = "host=127.0.0.1 dbname=postgres user=u_trust port=";
    CAPTURE(target);
    const attempt by_primary = try_to_connect(one + primary + wanted);
    CAPTURE(by_primary.message);
    CHECK(by_primary.connected == takes_primary);
    const attempt by_standby = try_to_connect(one + standby + wanted);
    CAPTURE(by_standby.message);
    CHECK(by_standby.connected == takes_standby);
    if (!takes_primary) CHECK(by_primary.says(target));
    for (const auto& [first, second] : {std::pair(primary, standby), std::pair(standby, primary)}) {
      const std::string expected = of_both == 'f' ? first : of_both == 'p' ? primary : standby;
      CHECK(std::to_string(try_to_connect(at_ports(first, second) + wanted).port) == expected);
    }
  }
  // A primary whose transactions are read-only by default is no read-write session.
  const std::string read_only = "host=127.0.0.1 dbname=postgres user=u_trust port=" + primary +
                                " options='-c default_transaction_read_only=on'";
  CHECK_FALSE(try_to_connect(read_only + " target_session_attrs=read-write").connected);
  CHECK(try_to_connect(read_only + " target_session_attrs=read-only").connected);
  CHECK(try_to_connect(read_only + " target_session_attrs=primary").connected);
}

TEST_CASE("load_balance_hosts=random comes to every host, disable to the first") {
  const auto standby = optional_variable("TUSK_TEST_STANDBY_PORT", "--standby");
  if (!standby) return;
  const std::string to = at_ports(server_port(), *standby);
  std::set<int> seen;
  // That one of two is missed 64 times is less likely than anything else that may fail.
  for (int i = 0; i < 64 && seen.size() < 2; ++i) {
    seen.insert(try_to_connect(to + " load_balance_hosts=random").port);
  }
  CHECK(seen.size() == 2);
  for (int i = 0; i < 8; ++i) {
    CHECK(std::to_string(try_to_connect(to + " load_balance_hosts=disable").port) == server_port());
  }
}

TEST_CASE("requirepeer names the user that runs the server of a Unix socket") {
  const std::string folder = variable("TUSK_TEST_SOCKET_DIR");
  struct stat socket{};
  REQUIRE(::stat((folder + "/.s.PGSQL." + server_port()).c_str(), &socket) == 0);
  const passwd* owner = ::getpwuid(socket.st_uid);
  REQUIRE(owner != nullptr);
  const std::string name = owner->pw_name;
  const std::string to = "dbname=postgres user=u_scram host=" + folder + " port=" + server_port();
  CHECK(try_to_connect(to + " requirepeer=" + name, variable("TUSK_TEST_PASSWORD")).connected);
  const attempt refused = try_to_connect(to + " requirepeer=daemon", "x");
  CAPTURE(refused.message);
  CHECK_FALSE(refused.connected);
  CHECK(refused.says("requirepeer"));
  CHECK(refused.says("daemon"));
  CHECK(refused.says(name));
  CHECK(refused.asked == 0);
  // It says nothing of TCP.
  CHECK(try_to_connect(to + " host=127.0.0.1 requirepeer=daemon", variable("TUSK_TEST_PASSWORD"))
            .connected);
}

TEST_CASE("a caller's own socket is used, for cancelling, too") {
  int made = 0;
  tusk::session_options options;
  options.connector = [&made](const tusk::endpoint& to) {
    ++made;
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(to.port);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) return descriptor;
    ::close(descriptor);
    return -1;
  };
  tusk::session db(trusting_login("u_trust") + " sslmode=verify-full", options);
  CHECK(db.tls() != nullptr);
  CHECK(made == 1);
  error_of([&] { return db.execute({.timeout = 200ms}, "select pg_sleep(300)"); });
  CHECK(made == 2);
  CHECK(db.scalar<int>("select 1") == 1);
  options.connector = [](const tusk::endpoint&) { return -1; };
  CHECK_FALSE(try_to_connect(login("u_trust"), std::nullopt, options).connected);
}

TEST_CASE("reset connects anew with the same parameters, also when the server has hung up") {
  tusk::session db(trusting_login("u_trust") + " sslmode=verify-full application_name=again");
  const auto first = db.process_id();
  db.execute("set work_mem = '5MB'");
  db.reset();
  CHECK(db.process_id() != first);
  CHECK(db.scalar<std::string>("show work_mem") != "5MB");
  CHECK(db.scalar<std::string>("show application_name") == "again");
  CHECK(db.tls() != nullptr);
  auto superuser = connect();
  superuser.execute("select pg_terminate_backend($1)", db.process_id());
  // Versions before 14 cannot be asked to wait for its end.
  const auto gone = "select not exists (select from pg_stat_activity where pid = $1)";
  while (!superuser.scalar<bool>(gone, db.process_id()))
    std::this_thread::sleep_for(5ms);
  error_of([&] { return db.execute("select 1"); });
  CHECK(db.status() == tusk::session_status::broken);
  db.reset();
  CHECK(db.status() == tusk::session_status::open);
  CHECK(db.scalar<int>("select 1") == 1);
}
