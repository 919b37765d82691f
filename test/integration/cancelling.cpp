// Cancelling from other threads, and what is and is not ours of SQLSTATE 57014.

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "integration/cancelling_thread.hpp"
#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;
using clock_type = std::chrono::steady_clock;
using tusk::cancel_outcome;

constexpr std::string_view forever = "select pg_sleep(600)";

}  // namespace

TEST_CASE("a canceller stops the statement that is running, whatever verb runs it") {
  auto db = connect({.drain_timeout = 60s});
  for (const auto mode : {tusk::statement_mode::prepared, tusk::statement_mode::declared,
                          tusk::statement_mode::unnamed, tusk::statement_mode::simple}) {
    const tusk::call_options how{.mode = mode};
    check_cancelled(db, [&] { return db.query(how, forever); });
    check_cancelled(db, [&] { return db.execute(how, forever); });
    CHECK(db.status() == status::open);
  }
  check_cancelled(db, [&] { return db.script("select 1; select pg_sleep(600); select 2"); });
  check_cancelled(db, [&] {
    for (const auto value : db.stream<int>("select generate_series(1, 2000000000)"))
      CHECK(value > 0);
    return 0;
  });
  CHECK(db.status() == status::open);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a canceller stops a stream whose next row does not come") {
  auto db = connect({.drain_timeout = 60s});
  check_cancelled(db, [&] {
    int rows = 0;
    for (const auto value : db.stream<int>(
             "select g from generate_series(1, 100000) g, pg_sleep(case when g < 90000 then 0 else "
             "600 end)"))
      rows += value > 0 ? 1 : 0;
    return rows;
  });
  CHECK(db.status() == status::open);
}

TEST_CASE("a canceller made while a stream is open cancels it") {
  auto db = connect({.drain_timeout = 60s});
  auto rows = db.stream<int>("select generate_series(1, 2000000000)");
  auto at = rows.begin();
  CHECK(*at == 1);
  CHECK(db.canceller().cancel(60s).outcome == cancel_outcome::passed_on);
  const auto failed = error_of<tusk::operational_error>([&] {
    for (; at != rows.end(); ++at) {
    }
    return 0;
  });
  CHECK(failed.kind() == tusk::error_kind::cancelled);
  CHECK(db.status() == status::open);
  CHECK(db.canceller().cancel().outcome == cancel_outcome::nothing_running);
}

TEST_CASE("cancelling a pipeline fails the statement that runs and skips the rest of its group") {
  auto db = connect({.drain_timeout = 60s});
  auto line = db.pipeline();
  auto before = line.query<int>("select 1");
  auto hit = line.query<int>("select 2 from pg_sleep(600)");
  auto behind = line.query<int>("select 3");
  line.sync();
  auto next_group = line.query<int>("select 4");
  line.sync();
  {
    const cancelling_thread other(db.canceller());
    const auto failed = error_of<tusk::operational_error>([&] { return hit.get(); });
    CHECK(failed.kind() == tusk::error_kind::cancelled);
  }
  CHECK(before.get().front() == 1);
  CHECK(error_of<tusk::operational_error>([&] { return behind.get(); }).kind() ==
        tusk::error_kind::skipped);
  CHECK(next_group.get().front() == 4);
  line.finish();
  CHECK(db.status() == status::open);
}

TEST_CASE("a cancelled statement fails the transaction that it was in, and nothing more") {
  auto db = connect({.drain_timeout = 60s});
  db.execute("begin");
  check_cancelled(db, [&] { return db.query(forever); });
  CHECK(db.status() == status::failed_transaction);
  db.execute("rollback");
  CHECK(db.status() == status::open);
}

TEST_CASE("a statement that waits to be described is cancelled, and its name is not left behind") {
  auto db = connect({.drain_timeout = 60s});
  auto other = connect();
  other.script("drop table if exists cancelled_lock; create table cancelled_lock(id int)");
  other.script("begin; lock table cancelled_lock");
  check_cancelled(db, [&] { return db.query("select * from cancelled_lock"); });
  check_cancelled(db, [&] { return db.prepare("select * from cancelled_lock"); });
  other.script("commit");
  CHECK(db.query("select * from cancelled_lock").empty());
  CHECK(prepared_count(db) == 1);
  other.script("drop table cancelled_lock");
}

TEST_CASE("where nothing runs there is nothing to cancel") {
  std::optional<tusk::session> db(connect());
  const auto stop = db->canceller();
  CHECK(stop.cancel().outcome == cancel_outcome::nothing_running);
  CHECK(db->scalar<int>("select 1") == 1);
  CHECK(stop.cancel().outcome == cancel_outcome::nothing_running);
  SECTION("after a failed statement") {
    error_of([&] { return db->execute("select 1 / 0"); });
  }
  SECTION("after a refused call") {
    error_of([&] { return db->one<int>("select g from generate_series(1, 2) g"); });
  }
  SECTION("after a stream that was left") {
    for (const auto value : db->stream<int>("select generate_series(1, 1000000)")) {
      CHECK(value == 1);
      break;
    }
  }
  SECTION("after a pipeline that was dropped") {
    auto line = db->pipeline();
    static_cast<void>(line.query<int>("select 1"));
  }
  SECTION("when it is closed") {
    db->close();
  }
  SECTION("when it is destroyed") {
    db.reset();
  }
  SECTION("when it is moved and destroyed") {
    {
      const tusk::session moved = std::move(*db);
    }
    db.reset();
  }
  CHECK(stop.cancel().outcome == cancel_outcome::nothing_running);
}

TEST_CASE("a canceller goes with a session that is moved or reset") {
  auto first = connect({.drain_timeout = 60s});
  const auto stop = first.canceller();
  auto db = std::move(first);
  for (int round = 0; round < 2; ++round) {
    const cancelling_thread other(stop);
    CHECK(error_of([&] { return db.query(forever); }).kind() == tusk::error_kind::cancelled);
    db.reset();
  }
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("57014 that this session's cancellers did not ask for stays the server's error") {
  auto db = connect({.drain_timeout = 60s});
  const auto stop = db.canceller();
  SECTION("statement_timeout") {
    db.execute("set statement_timeout = '100ms'");
    const auto failed = error_of([&] { return db.query(forever); });
    CHECK(failed.kind() == tusk::error_kind::server);
    CHECK(failed.sqlstate() == tusk::sqlstate::query_canceled);
  }
  SECTION("pg_cancel_backend of another session") {
    const int process = db.process_id();
    std::thread other([process] {
      auto by = connect();
      while (by.query("select from pg_stat_activity where pid = $1 and state = 'active' and "
                      "wait_event = 'PgSleep'",
                      process)
                 .empty())
        std::this_thread::sleep_for(10ms);
      by.execute("select pg_cancel_backend($1)", process);
    });
    const auto failed = error_of([&] { return db.query(forever); });
    other.join();
    CHECK(failed.kind() == tusk::error_kind::server);
    CHECK(failed.sqlstate() == tusk::sqlstate::query_canceled);
  }
  SECTION("statement_timeout after a statement that was cancelled") {
    check_cancelled(db, [&] { return db.query(forever); });
    db.execute("set statement_timeout = '100ms'");
    CHECK(error_of([&] { return db.query(forever); }).kind() == tusk::error_kind::server);
  }
  CHECK(db.status() == status::open);
}

TEST_CASE(
    "2,000 statements against a canceller that fires at random: each cancel hits one or none") {
  auto db = connect({.timeout = 120s, .drain_timeout = 60s});
  const auto stop = db.canceller();
  std::atomic<bool> over = false;
  std::atomic<int> passed_on = 0;
  std::atomic<int> others = 0;
  std::thread other([&] {
    std::minstd_rand random(4);
    while (!over) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
      const auto outcome = stop.cancel(60s).outcome;
      passed_on += outcome == cancel_outcome::passed_on ? 1 : 0;
      others += outcome == cancel_outcome::passed_on || outcome == cancel_outcome::nothing_running
                    ? 0
                    : 1;
    }
  });
  int hit = 0;
  int wrong = 0;
  for (int round = 1; round <= 2000; ++round) {
    const double delay = round % 2 == 0 ? 0.001 : 0;
    try {
      wrong += db.scalar<int>("select $1::int from pg_sleep($2)", round, delay) == round ? 0 : 1;
    } catch (const tusk::error& failed) {
      ++hit;
      wrong += failed.kind() == tusk::error_kind::cancelled ? 0 : 1;
    }
  }
  over = true;
  other.join();
  CHECK(wrong == 0);
  CHECK(others == 0);
  CHECK(hit > 0);
  CHECK(hit <= passed_on);
  CHECK(db.status() == status::open);
  CHECK(db.scalar<int>("select 7") == 7);
}

namespace {

int connect_to(const std::string& socket) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  socket.copy(to.sun_path, sizeof to.sun_path - 1);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
    return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

// The connector is called when a cancel has found something to hit and before the server hears of
// it, which it does when what was to be hit may be over.
TEST_CASE("a statement that begins while a cancel of the one before is on its way is not hit") {
  const std::string socket(connect().peer());
  std::atomic<int> called = 0;
  auto db =
      connect({.timeout = 120s, .drain_timeout = 60s, .connector = [&](const tusk::endpoint&) {
                 const int descriptor = connect_to(socket);
                 ++called;
                 return descriptor;
               }});
  const auto stop = db.canceller();
  std::minstd_rand random(5);
  int passed_on = 0;
  for (int round = 0; round < 500; ++round) {
    const int before = called;
    cancel_outcome outcome{};
    std::thread other;
    {
      auto rows = db.stream<int>("select 1");  // it runs until its end was read
      other = std::thread([&] { outcome = stop.cancel(60s).outcome; });
      while (called == before)
        std::this_thread::yield();
      const auto late = clock_type::now() + std::chrono::microseconds(random() % 2000);
      while (clock_type::now() < late)
        std::this_thread::yield();
    }
    int answer = 0;
    try {
      answer = db.scalar<int>("select 42 from pg_sleep(0.003)");
    } catch (const tusk::error& failed) {
      UNSCOPED_INFO(failed.report());
    }
    other.join();
    REQUIRE(answer == 42);
    passed_on += outcome == cancel_outcome::passed_on ? 1 : 0;
  }
  CHECK(passed_on > 0);
}

TEST_CASE("a call of the child's on a session that was open at the fork is refused, clearly") {
  auto db = connect();
  CHECK(db.scalar<int>("select 1") == 1);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int failures = 0;
    try {
      static_cast<void>(db.scalar<int>("select 1"));
      failures = 1;
    } catch (const tusk::operational_error& refused) {
      failures += refused.session_usable() ? 2 : 0;
      failures +=
          refused.message().find("by the process that forked this one") == std::string_view::npos
              ? 4
              : 0;
    }
    {
      const auto own = std::move(db);  // its end does not disturb the parent's
    }
    try {
      failures += connect().scalar<int>("select 2") == 2 ? 0 : 8;
    } catch (...) {
      failures += 16;
    }
    ::_exit(failures);
  }
  int ended = 0;
  REQUIRE(::waitpid(child, &ended, 0) == child);
  CHECK(WIFEXITED(ended));
  CHECK(WEXITSTATUS(ended) == 0);
  CHECK(db.scalar<int>("select 3") == 3);
}
