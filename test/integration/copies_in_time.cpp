// COPYs whose time is up, that somebody cancels, and that the server itself ends.

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "integration/cancelling_thread.hpp"
#include "integration/held_table.hpp"
#include "support/catch.hpp"
#include "support/fault_proxy.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using mode = tusk::statement_mode;
using status = tusk::session_status;

// Each row that arrives takes the server as long as it is told.
constexpr const char* slow_rows = "copy held from stdin where pg_sleep(i) is not null";

void check_timeout(const tusk::error& failed) {
  INFO(failed.report());
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(failed.session_usable());
}

}  // namespace

TEST_CASE("a COPY whose time is up while it is opened, fed or finished leaves the session usable") {
  held_table held;
  for (const mode how : every_mode) {
    CAPTURE(static_cast<int>(how));
    auto db = patient(how);
    held.lock();
    check_timeout(error_of([&] { return db.copy_in({.timeout = 100ms}, {.table = "held"}); }));
    check_timeout(error_of([&] { return db.copy_out({.timeout = 100ms}, {.table = "held"}); }));
    CHECK(db.status() == status::open);
    held.unlock();

    auto fed = db.copy_in({.timeout = 1500ms}, slow_rows);
    check_timeout(error_of([&] {
      for (;;)
        fed.write("1\n");
      return 0;
    }));
    CHECK_FALSE(fed.is_open());
    CHECK(db.status() == status::open);

    auto finished = db.copy_in({.timeout = 1500ms}, slow_rows);
    finished.write("600\n");
    check_timeout(error_of([&] { return finished.finish(); }));
    CHECK(error_of([&] { return finished.finish(); }).message() == "the COPY is over");
    CHECK(db.status() == status::open);
    CHECK(held.count() == 0);

    auto idle = db.copy_in({.timeout = 1500ms}, {.table = "held"});
    std::this_thread::sleep_for(1600ms);
    idle.row(1);
    check_timeout(error_of([&] { return idle.finish(); }));
    CHECK(db.scalar<int>("select 1") == 1);
    CHECK(held.count() == 0);
  }
}

TEST_CASE("a COPY that is cancelled while it is opened, fed, finished or read says so") {
  held_table held;
  for (const mode how : every_mode) {
    CAPTURE(static_cast<int>(how));
    auto db = patient(how);
    held.lock();
    check_cancelled(db, [&] { return db.copy_in({.table = "held"}); });
    held.unlock();
    check_cancelled(db, [&] {
      auto in = db.copy_in("copy held from stdin where pg_sleep(0.001) is not null");
      for (;;)
        in.write("1\n");
      return 0;
    });
    check_cancelled(db, [&] {
      auto in = db.copy_in(slow_rows);
      in.write("600\n");
      return in.finish();
    });
    check_cancelled(db, [&] {
      return db.copy_out({.query = "select generate_series(1, 2000000000)"})
          .write_to([](tusk::bytes_view) {});
    });
    check_cancelled(db,
                    [&] { return db.copy_out({.query = "select pg_sleep(600)::text"}).next(); });
    CHECK(db.status() == status::open);
    CHECK(held.count() == 0);
  }
}

TEST_CASE("the server's own time limits end a COPY as any statement") {
  held_table held;
  for (const mode how : every_mode) {
    CAPTURE(static_cast<int>(how));
    auto db = patient(how);
    db.script("set statement_timeout = 1000");
    auto in = db.copy_in(slow_rows);
    in.write("600\n");
    const auto failed = error_of([&] { return in.finish(); });
    CHECK(failed.sqlstate() == tusk::sqlstate::query_canceled);
    CHECK(failed.session_usable());
    auto out = db.copy_out({.query = "select pg_sleep(600)::text"});
    CHECK(error_of([&] { return out.next(); }).sqlstate() == tusk::sqlstate::query_canceled);
    db.script("reset statement_timeout; set idle_in_transaction_session_timeout = 1500");
    {
      auto tx = db.begin();
      auto waiting = tx.copy_in({.table = "held"});
      std::this_thread::sleep_for(1800ms);  // the COPY is no idle transaction
      waiting.row(1);
      CHECK(waiting.finish() == 1);
      tx.rollback();
    }
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("an answer that comes when time is up says whether the COPY was carried out") {
  fault_proxy proxy({variable("TUSK_TEST_HOST"),
                     static_cast<std::uint16_t>(std::stoi(variable("TUSK_TEST_PORT")))});
  tusk::session db("host=127.0.0.1 sslmode=disable dbname=postgres user=u_trust port=" +
                       std::to_string(proxy.port()),
                   tusk::session_options{.drain_timeout = 60s});
  db.script("create temp table late(i int)");
  const auto delay = [&](std::chrono::microseconds pause = 3s, std::uint64_t after = 0) {
    proxy.mark(0);
    proxy.plan(
        0,
        {.what = fault_kind::delay, .way = direction::to_client, .after = after, .pause = pause});
  };
  const tusk::call_options hasty{.timeout = 1s};
  delay();
  const auto opened = error_of([&] { return db.copy_in(hasty, {.table = "late"}); });
  check_timeout(opened);
  CHECK_FALSE(opened.carried_out());
  CHECK(opened.message().ends_with("; nothing was carried out yet"));
  // The description that follows the question for the columns' names, too.
  const auto answered = [&](const tusk::copy_into& where) {
    proxy.mark(0);
    static_cast<void>(db.copy_in(where));
    return proxy.passed(0).to_client;
  };
  const std::uint64_t whole = answered({.table = "late"});
  delay(3s, whole - answered({.table = "late", .columns = {"i"}}));
  const auto named = error_of([&] { return db.copy_in(hasty, {.table = "late"}); });
  check_timeout(named);
  CHECK_FALSE(named.carried_out());
  CHECK(named.message().ends_with("; nothing was carried out yet"));
  delay();
  const auto described = error_of([&] { return db.execute(hasty, "insert into late values (1)"); });
  check_timeout(described);
  CHECK_FALSE(described.carried_out());
  CHECK(described.message().ends_with("; nothing was carried out yet"));
  CHECK(db.execute("insert into late values (1)").rows() == 1);
  delay();
  const auto executed = error_of([&] { return db.execute(hasty, "insert into late values (1)"); });
  check_timeout(executed);
  CHECK(executed.carried_out());
  CHECK_FALSE(executed.safe_to_retry());
  auto in = db.copy_in({.timeout = 4s}, {.table = "late"});
  in.row(2);
  delay(8s);
  const auto finished = error_of([&] { return in.finish(); });
  check_timeout(finished);
  CHECK(finished.carried_out());
  CHECK(finished.message().ends_with("but the statement was carried out"));
  CHECK(db.scalar<int>("select sum(i)::int from late") == 4);
}
