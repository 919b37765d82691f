// Through PgBouncer and HAProxy.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;

std::string through(const std::string& port, std::string_view user) {
  return trusting_login(user) + " port=" + port;
}

/// One command for HAProxy's admin socket.
void order_haproxy(const std::string& command) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, variable("TUSK_TEST_HAPROXY_ADMIN").c_str(), sizeof at.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  const std::string line = command + "\n";
  REQUIRE(::send(descriptor, line.data(), line.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(line.size()));
  char answer[256];
  while (::recv(descriptor, answer, sizeof answer, 0) > 0) {
  }
  ::close(descriptor);
}

}  // namespace

TEST_CASE("PgBouncer takes SCRAM in plain text and in TLS, and offers no channel binding") {
  const auto port = optional_variable("TUSK_TEST_PGBOUNCER_PORT", "--pgbouncer");
  if (!port) return;
  const std::string password = variable("TUSK_TEST_PASSWORD");
  const std::string to = through(*port, "u_scram");
  CHECK(try_to_connect(to + " sslmode=disable", password).outcome() == "plain SCRAM-SHA-256");
  CHECK(try_to_connect(to + " sslmode=verify-full", password).outcome() == "TLS SCRAM-SHA-256");
  CHECK_FALSE(try_to_connect(to + " sslmode=verify-full", "not-the-one").connected);
  const attempt bound = try_to_connect(to + " sslmode=require channel_binding=require", password);
  CAPTURE(bound.message);
  CHECK_FALSE(bound.connected);
  CHECK(bound.says("channel_binding"));
  CHECK(bound.asked == 0);
}

TEST_CASE("PgBouncer runs statements, also when the prepared ones do not last") {
  const auto port = optional_variable("TUSK_TEST_PGBOUNCER_PORT", "--pgbouncer");
  if (!port) return;
  tusk::session_options options;
  options.statement_cache_entries = 0;
  tusk::session db(
      through(*port, "u_scram") + " sslmode=verify-full password=" + variable("TUSK_TEST_PASSWORD"),
      options);
  for (int i = 0; i < 20; ++i)
    CHECK(db.scalar<int>("select $1::int + 1", i) == i + 1);
  CHECK(db.server_version() >= 100000);
  const auto late = error_of<tusk::operational_error>(
      [&] { return db.execute({.timeout = 300ms}, "select pg_sleep(300)"); });
  CHECK(late.kind() == tusk::error_kind::timeout);
  CHECK(late.session_usable());
  CHECK(db.scalar<int>("select 1") == 1);
  db.reset();
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE(
    "PgBouncer passes COPY through both ways, in each protocol, and what fails in its middle") {
  const auto port = optional_variable("TUSK_TEST_PGBOUNCER_PORT", "--pgbouncer");
  if (!port) return;
  using mode = tusk::statement_mode;
  for (const mode how : {mode::unnamed, mode::simple}) {
    CAPTURE(static_cast<int>(how));
    tusk::session db(through(*port, "u_scram") + " password=" + variable("TUSK_TEST_PASSWORD"),
                     {.mode = how});
    // A pooler may give each transaction another server, so the table is there only in this one.
    auto tx = db.begin();
    tx.execute("create temp table copied(i int, t text) on commit drop");
    CHECK(tx.copy_in({.table = "copied"}, [](tusk::copy_in& in) {
      for (int i = 0; i < 10'000; ++i)
        in.row(i, "some text");
    }) == 10'000);
    int rows = 0;
    for (const auto& [i, t] : tx.copy_rows<int, std::string_view>({.table = "copied"}))
      rows += i >= 0 && t == "some text" ? 1 : 0;
    CHECK(rows == 10'000);
    auto left = tx.savepoint();
    CHECK_THROWS_AS(left.copy_in({.table = "copied", .format = tusk::copy_format::text},
                                 [](tusk::copy_in& in) { in.write("1\tx\nnone\ty\n"); }),
                    tusk::data_error);
    left.rollback();
    CHECK(tx.scalar<int>("select count(*)::int from copied") == 10'000);
    tx.commit();
  }
}

TEST_CASE("PgBouncer and protocol 3.2, and direct TLS: what it refuses reaches the user") {
  const auto port = optional_variable("TUSK_TEST_PGBOUNCER_PORT", "--pgbouncer");
  if (!port) return;
  const std::string to = through(*port, "u_scram") + " sslmode=verify-full";
  const attempt recent =
      try_to_connect(to + " max_protocol_version=3.2", variable("TUSK_TEST_PASSWORD"));
  std::printf("PgBouncer and protocol 3.2: %s\n",
              recent.connected ? recent.outcome().c_str() : recent.message.c_str());
  // From 1.20 on it negotiates the version.
  const std::string version = variable("TUSK_TEST_PGBOUNCER_VERSION");
  const bool negotiates = std::stoi(version.substr(version.find('.') + 1)) >= 20;
  CHECK(recent.connected == negotiates);
  CHECK((negotiates || recent.says("bad packet header")));
  const attempt direct =
      try_to_connect(to + " sslnegotiation=direct", variable("TUSK_TEST_PASSWORD"));
  CAPTURE(direct.message);
  CHECK_FALSE(direct.connected);
  CHECK(direct.says("sslnegotiation"));
}

TEST_CASE("HAProxy passes TLS and channel binding through, and its backup serves when it must") {
  const auto port = optional_variable("TUSK_TEST_HAPROXY_PORT", "--haproxy");
  if (!port) return;
  const std::string to = through(*port, "u_scram") +
                         " sslmode=verify-full channel_binding=require" +
                         " password=" + variable("TUSK_TEST_PASSWORD");
  tusk::session db(to);
  CHECK(db.authentication() == tusk::authentication_method::scram_sha_256_plus);
  CHECK_FALSE(db.scalar<bool>("select pg_is_in_recovery()"));
  order_haproxy("disable server servers/primary");
  order_haproxy("shutdown sessions server servers/primary");
  // HAProxy cuts its sessions when it gets round to it.
  const auto lost = error_of([&] {
    for (int tries = 0; tries < 6000; ++tries) {
      db.execute("select 1");
      std::this_thread::sleep_for(10ms);
    }
    return 0;
  });
  CHECK(lost.kind() == tusk::error_kind::connection_lost);
  CHECK(db.status() == tusk::session_status::broken);
  db.reset();
  CHECK(db.scalar<bool>("select pg_is_in_recovery()"));
  const attempt picky = try_to_connect(to + " target_session_attrs=primary");
  CHECK_FALSE(picky.connected);
  order_haproxy("enable server servers/primary");
  // It is up once a check of its health has said so.
  for (int tries = 0; tries < 6000; ++tries) {
    db.reset();
    if (!db.scalar<bool>("select pg_is_in_recovery()")) break;
    std::this_thread::sleep_for(10ms);
  }
  CHECK_FALSE(db.scalar<bool>("select pg_is_in_recovery()"));
}

TEST_CASE("PgBouncer in session mode passes notifications on, and a wait for them is woken") {
  const auto port = optional_variable("TUSK_TEST_PGBOUNCER_PORT", "--pgbouncer");
  if (!port) return;
  tusk::session ear(through(*port, "u_scram") + " dbname=by_session sslmode=verify-full password=" +
                    variable("TUSK_TEST_PASSWORD"));
  auto mouth = connect();
  ear.listen("Through The Pooler");
  CHECK(ear.channels() == std::vector<std::string>{"Through The Pooler"});
  mouth.execute("select pg_notify('Through The Pooler', i::text) from generate_series(1, 5000) i");
  for (int i = 1; i <= 5000; ++i) {
    const auto said = ear.wait_notification(std::chrono::minutes(2));
    REQUIRE(said.has_value());
    REQUIRE(said->payload == std::to_string(i));
  }
  const tusk::waker stop = ear.waker();
  std::thread other([&] { stop.wake(); });
  CHECK_FALSE(ear.wait_notification().has_value());
  other.join();
}
