// Connections that end and deadlines that pass.

#include <chrono>
#include <string>
#include <thread>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;
using clock_type = std::chrono::steady_clock;

void check_terminated(const tusk::operational_error& failed, tusk::session& db) {
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.sqlstate() == tusk::sqlstate::admin_shutdown);
  CHECK(failed.severity() == "FATAL");
  CHECK(failed.message() == "terminating connection due to administrator command");
  CHECK_FALSE(failed.session_usable());
  CHECK_FALSE(failed.transaction_usable());
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(db.status() == status::broken);
  const auto later = error_of<tusk::operational_error>([&] { return db.query("select 1"); });
  CHECK(later.kind() == tusk::error_kind::connection_lost);
  CHECK(later.message().find("the session is broken: ") == 0);
  CHECK(later.message().find("terminating connection due to administrator command") !=
        std::string_view::npos);
  CHECK(later.safe_to_retry());
  CHECK(later.statement() == "select 1");
  db.close();
  CHECK(db.status() == status::closed);
}

void wait_for_end(tusk::session& by, int process) {
  for (int i = 0; i < 6000; ++i) {
    if (by.query("select 1 from pg_stat_activity where pid = $1", process).empty()) return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL("the server process did not end");
}

// Waits until the server process is gone, so that the next call surely meets a closed connection.
void terminate(tusk::session& by, int process) {
  by.execute("select pg_terminate_backend($1)", process);
  wait_for_end(by, process);
}

}  // namespace

TEST_CASE("a session that is terminated while idle says why at its next call") {
  auto db = connect();
  auto other = connect();
  CHECK(db.scalar<int>("select 1") == 1);
  terminate(other, db.process_id());
  SECTION("in a query") {
    check_terminated(error_of<tusk::operational_error>([&] { return db.query("select 1"); }), db);
  }
  SECTION("in a new statement") {
    check_terminated(error_of<tusk::operational_error>([&] { return db.execute("select 2"); }), db);
  }
  SECTION("in a script") {
    check_terminated(error_of<tusk::operational_error>([&] { return db.script("select 2"); }), db);
  }
}

TEST_CASE("a session that terminates itself in the middle of a statement says why") {
  auto db = connect();
  check_terminated(error_of<tusk::operational_error>(
                       [&] { return db.query("select pg_terminate_backend(pg_backend_pid())"); }),
                   db);
}

// A server that is blocked in sending rows ends without a word, for it would come in their middle.
TEST_CASE("a session that is terminated while its stream is read is broken") {
  auto db = connect();
  auto other = connect();
  const auto failed = error_of<tusk::operational_error>([&] {
    bool first = true;
    for (const auto& row : db.stream("select generate_series(1, 100000000)")) {
      static_cast<void>(row);
      if (first) other.execute("select pg_terminate_backend($1)", db.process_id());
      first = false;
    }
    return 0;
  });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.statement() == "select generate_series(1, 100000000)");
  CHECK_FALSE(failed.session_usable());
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(db.status() == status::broken);
}

TEST_CASE("a call whose time is up is cancelled, and the session goes on") {
  auto db = connect({.drain_timeout = 60s});
  constexpr std::string_view sleep = "select pg_sleep($1)";
  db.execute(sleep, 0);  // while it is only parsed there is nothing to cancel
  const auto start = clock_type::now();
  const auto failed =
      error_of<tusk::operational_error>([&] { return db.query({.timeout = 1s}, sleep, 30); });
  CHECK(clock_type::now() - start >= 1s);
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(failed.message() ==
        "the server did not answer within 1000 ms; the statement was cancelled");
  CHECK(failed.session_usable());
  CHECK(failed.statement() == sleep);
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(db.status() == status::open);
  // The cancel does not hit what runs next.
  for (int i = 0; i < 50; ++i)
    REQUIRE(db.scalar<int>("select $1::int", i) == i);
  CHECK(db.script({.timeout = 60s}, "select 1").size() == 1);
  error_of<tusk::operational_error>(
      [&] { return db.script({.timeout = 100ms}, "select pg_sleep(30)"); });
  error_of<tusk::operational_error>(
      [&] { return db.execute({.timeout = 100ms}, "select pg_sleep(30)"); });
  error_of<tusk::operational_error>(
      [&] { return db.scalar<int>({.timeout = 100ms}, "select 1 from pg_sleep(30)"); });
  CHECK(db.status() == status::open);
}

TEST_CASE("a call whose time is up inside a transaction fails the transaction only") {
  auto db = connect({.drain_timeout = 60s});
  constexpr std::string_view sleep = "select pg_sleep($1)";
  db.execute(sleep, 0);
  db.execute("begin");
  const auto failed =
      error_of<tusk::operational_error>([&] { return db.execute({.timeout = 1s}, sleep, 30); });
  CHECK(failed.session_usable());
  CHECK_FALSE(failed.transaction_usable());
  CHECK(db.status() == status::failed_transaction);
  db.execute("rollback");
  CHECK(db.status() == status::open);
}

TEST_CASE("a session's timeout holds for each of its calls") {
  auto db = connect({.timeout = 4s, .drain_timeout = 60s});
  for (int i = 0; i < 2; ++i) {
    const auto failed =
        error_of<tusk::operational_error>([&] { return db.execute("select pg_sleep(30)"); });
    CHECK(failed.kind() == tusk::error_kind::timeout);
    CHECK(db.status() == status::open);
  }
  CHECK(db.execute({.timeout = 60s}, "select pg_sleep(5)").rows() == 1);
}

TEST_CASE("a statement that waits for a lock to be parsed is cancelled as well") {
  auto db = connect({.drain_timeout = 60s});
  auto other = connect();
  other.script("drop table if exists locked; create table locked(id int)");
  other.script("begin; lock table locked");
  for (int i = 0; i < 2; ++i) {
    const auto failed = error_of<tusk::operational_error>(
        [&] { return db.query({.timeout = 200ms}, "select * from locked"); });
    CHECK(failed.kind() == tusk::error_kind::timeout);
    CHECK(db.status() == status::open);
  }
  other.script("commit");
  CHECK(db.query("select * from locked").empty());
  CHECK(prepared_count(db) == 1);
  other.script("drop table locked");
}

TEST_CASE("the server's own timeout is its error, and an operational one") {
  auto db = connect();
  db.execute("set statement_timeout = '100ms'");
  const auto failed =
      error_of<tusk::operational_error>([&] { return db.execute("select pg_sleep(30)"); });
  CHECK(failed.kind() == tusk::error_kind::server);
  CHECK(failed.sqlstate() == tusk::sqlstate::query_canceled);
  CHECK(db.status() == status::open);
}

TEST_CASE("a closed session and one that was moved from refuse everything clearly") {
  auto db = connect();
  auto moved = std::move(db);
  CHECK(db.status() == status::closed);  // NOLINT(bugprone-use-after-move): what is tested
  CHECK(db.parameter("server_version").empty());
  CHECK(db.process_id() == 0);
  CHECK(db.peer().empty());
  CHECK(message_of<tusk::programming_error>([&] { return db.query("select 1"); }) ==
        "the session was moved from");
  error_of<tusk::programming_error>([&] { return db.stream("select 1"); });
  error_of<tusk::programming_error>([&] { return db.script("select 1"); });
  error_of<tusk::programming_error>([&] { return db.take_notices(); });
  db.close();
  CHECK(moved.scalar<int>("select 1") == 1);
  moved.close();
  moved.close();
  CHECK(moved.status() == status::closed);
  const auto failed = error_of<tusk::programming_error>([&] { return moved.query("select 1"); });
  CHECK(failed.message() == "the session is closed");
  CHECK_FALSE(failed.session_usable());
  db = connect();
  CHECK(db.scalar<int>("select 2") == 2);
  auto& same = db;
  db = std::move(same);
  CHECK(db.scalar<int>("select 3") == 3);
}

TEST_CASE("a session that is assigned to closes what it had") {
  auto other = connect();
  auto db = connect();
  const int before = db.process_id();
  db = connect();
  wait_for_end(other, before);
}
