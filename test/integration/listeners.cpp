// What a session tells its listeners, what it finds out without asking, and why a server goes away.

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;

constexpr std::string_view notice_x = "do $$ begin raise notice 'x'; end $$";

/// Checks until the session is broken, as a pool would between two uses.
bool becomes_unusable(tusk::session& db) {
  for (int i = 0; i < 3000; ++i) {
    if (!db.check()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

template <class Done>
bool comes_true(Done&& done) {
  for (int i = 0; i < 3000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

void terminate(tusk::session& killer, const tusk::session& victim) {
  CHECK(killer.scalar<bool>("select pg_terminate_backend($1)", victim.process_id()));
}

}  // namespace

TEST_CASE("notices go to their listener as they come, and not into the queue") {
  std::vector<std::string> heard;
  tusk::session_options options;
  options.on_notice = [&](const tusk::notice& said) { heard.push_back(said.fields.message); };
  auto db = connect(options);
  db.execute(
      "create function pg_temp.tell(i int) returns int language plpgsql as "
      "$$ begin raise notice 'at %', i; return i; end $$");
  db.execute(notice_x);
  CHECK(heard == std::vector<std::string>{"x"});
  CHECK(db.take_notices().empty());
  heard.clear();
  // During the call: the notices of the rows read so far, not of all.
  for (const int row : db.stream<int>("select pg_temp.tell(i) from generate_series(1, 50000) i")) {
    if (row != 1) continue;
    CHECK_FALSE(heard.empty());
    CHECK(heard.size() < 50'000);
  }
  CHECK(heard.size() == 50'000);
  db.on_notice({});
  db.execute(notice_x);
  CHECK(db.take_notices().size() == 1);
  CHECK(heard.size() == 50'000);
}

TEST_CASE("what a listener throws comes out of the call in which it was called") {
  auto db = connect();
  int calls = 0;
  db.on_notice([&](const tusk::notice&) { throw std::runtime_error(std::to_string(++calls)); });
  CHECK_THROWS_WITH(db.execute("do $$ begin raise notice 'a'; raise notice 'b'; end $$"), "1");
  CHECK(calls == 2);
  CHECK(db.status() == status::open);
  // The statement was carried out all the same.
  CHECK_THROWS_WITH(db.script("create temp table kept(); do $$ begin raise notice 'c'; end $$"),
                    "3");
  CHECK(db.query("select from kept").empty());
  // A call that fails has its own error, and the other one does not come later.
  CHECK(message_of([&] {
          return db.execute("do $$ begin raise notice 'd'; raise 'mine'; end $$");
        }) == "mine");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("what a listener throws during a stream comes out at its end, or of the next call") {
  auto db = connect();
  db.execute(
      "create function pg_temp.tell(i int) returns int language plpgsql as "
      "$$ begin raise notice 'at %', i; return i; end $$");
  db.on_notice([](const tusk::notice& said) { throw std::runtime_error(said.fields.message); });
  int rows = 0;
  const auto read = [&] {
    for (const int each : db.stream<int>("select pg_temp.tell(i) from generate_series(1, 9) i"))
      rows += each > 0 ? 1 : 0;
  };
  CHECK_THROWS_WITH(read(), "at 1");
  CHECK(rows == 9);
  {
    auto left = db.stream<int>("select pg_temp.tell(i) from generate_series(1, 100000) i");
    CHECK(*left.begin() == 1);
  }
  CHECK_THROWS_WITH(db.execute("create temp table never()"), "at 1");
  db.execute("create temp table never()");
}

TEST_CASE("what a listener throws in a pipeline comes out of finish") {
  auto db = connect();
  db.on_notice([](const tusk::notice& said) { throw std::runtime_error(said.fields.message); });
  auto line = db.pipeline();
  line.execute(notice_x);
  auto two = line.query<int>("select 2");
  line.sync();
  CHECK(two.get().front() == 2);
  CHECK_THROWS_WITH(line.finish(), "x");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a listener that uses the session is refused, and one that closes it ends the call") {
  auto db = connect();
  std::string refused;
  std::string no_reset;
  db.on_notice([&](const tusk::notice&) {
    refused = message_of<tusk::programming_error>([&] { return db.execute("select 2"); });
    no_reset = message_of<tusk::programming_error>([&] {
      db.reset();
      return 0;
    });
  });
  db.execute(notice_x);
  CHECK(refused == "the session cannot be used by a function that it is just telling something");
  CHECK(no_reset == refused);
  db.on_notice([&](const tusk::notice&) { db.close(); });
  const auto failed = error_of(
      [&] { return db.execute("do $$ begin raise notice 'x'; perform pg_sleep(1); end $$"); });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.message().find("closed by a function") != std::string_view::npos);
  CHECK(db.status() == status::closed);
}

TEST_CASE("all parameters that the server reports are listed") {
  auto db = connect();
  bool has_encoding = false;
  for (const auto& [name, value] : db.parameters()) {
    CHECK(db.parameter(name) == value);
    has_encoding = has_encoding || (name == "server_encoding" && value == "UTF8");
  }
  CHECK(has_encoding);
  CHECK(db.parameters().size() > 8);
}

TEST_CASE("parameters that change are told, the initial ones are not") {
  std::vector<std::pair<std::string, std::string>> heard;
  tusk::session_options options;
  options.on_parameter_change = [&](std::string_view name, std::string_view value) {
    heard.emplace_back(name, value);
  };
  auto db = connect(options);
  CHECK(heard.empty());
  db.execute("set application_name = 'renamed'");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0] == std::pair<std::string, std::string>("application_name", "renamed"));
  db.execute("set application_name = 'renamed'");
  CHECK(heard.size() == 1);
  // A rollback undoes SET, and says so.
  db.execute("begin");
  db.execute("set datestyle = 'SQL, DMY'");
  db.execute("rollback");
  REQUIRE(heard.size() == 3);
  CHECK(heard[1].second == "SQL, DMY");
  CHECK(heard[2].first == "DateStyle");
  CHECK(heard[2].second == "ISO, MDY");
  CHECK(db.parameter("DateStyle") == "ISO, MDY");
  // What is undone within one round trip: reported once, if at all, from 14 on.
  heard.clear();
  db.script("set datestyle = 'SQL, DMY'; set datestyle = 'ISO, MDY'");
  CHECK(heard.size() == (major_version(db) >= 14 ? 0U : 2U));
}

TEST_CASE("check takes in notifications without a round trip") {
  auto listener = connect();
  auto sender = connect();
  CHECK(listener.check());
  listener.execute("listen jobs");
  sender.execute("notify jobs, 'one'");
  std::vector<tusk::notification> told;
  CHECK(comes_true([&] {
    REQUIRE(listener.check());
    for (auto& each : listener.take_notifications())
      told.push_back(std::move(each));
    return !told.empty();
  }));
  CHECK(told.at(0).payload == "one");
  // No statement of the listener's was needed for it.
  CHECK(sender.scalar<std::string>("select query from pg_stat_activity where pid = $1",
                                   listener.process_id()) == "listen jobs");
}

TEST_CASE("a parameter that was changed from outside is told with the next answer") {
  std::string name_now;
  tusk::session_options options;
  options.on_parameter_change = [&](std::string_view name, std::string_view value) {
    if (name == "application_name") name_now = value;
  };
  auto db = connect(options);
  auto other = connect();
  other.execute("alter system set application_name = 'from outside'");
  other.execute("select pg_reload_conf()");
  CHECK(comes_true([&] { return db.scalar<int>("select 1") == 1 && name_now == "from outside"; }));
  CHECK(db.parameter("application_name") == "from outside");
  other.execute("alter system reset application_name");
  other.execute("select pg_reload_conf()");
  CHECK(comes_true([&] { return db.scalar<int>("select 1") == 1 && name_now.empty(); }));
}

TEST_CASE("check of a busy, a failed, a closed and a moved session") {
  auto db = connect();
  {
    auto rows = db.stream<int>("select 1");
    CHECK(db.check());
  }
  db.execute("begin");
  error_of([&] { return db.execute("select 1/0"); });
  CHECK(db.check());  // it takes ROLLBACK
  db.execute("rollback");
  tusk::session moved = std::move(db);
  CHECK(moved.check());
  CHECK_FALSE(db.check());  // NOLINT: what is asked
  moved.close();
  CHECK_FALSE(moved.check());
}

TEST_CASE("a session that was terminated while idle is found by check, with the reason") {
  auto db = connect();
  auto killer = connect();
  terminate(killer, db);
  CHECK(becomes_unusable(db));
  CHECK(db.status() == status::broken);
  const auto failed = error_of<tusk::operational_error>([&] { return db.execute("select 1"); });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.sqlstate() == tusk::sqlstate::admin_shutdown);
  CHECK(failed.message().find("terminating connection due to administrator command") !=
        std::string_view::npos);
  CHECK(failed.safe_to_retry());  // nothing was sent
  CHECK(failed.is_transient());
  db.reset();
  CHECK(db.check());
}

TEST_CASE("without check, the next statement's error has the reason, idle or running") {
  auto killer = connect();
  {
    auto db = connect();
    terminate(killer, db);
    CHECK(comes_true([&] {
      return killer.scalar<std::int64_t>("select count(*) from pg_stat_activity where pid = $1",
                                         db.process_id()) == 0;
    }));
    const auto failed = error_of<tusk::operational_error>([&] { return db.execute("select 1"); });
    CHECK(failed.kind() == tusk::error_kind::connection_lost);
    CHECK(failed.sqlstate() == tusk::sqlstate::admin_shutdown);
    CHECK_FALSE(failed.session_usable());
  }
  auto db = connect();
  const int victim = db.process_id();
  std::thread other([&killer, victim] {
    comes_true([&] {
      return killer.scalar<std::int64_t>(
                 "select count(*) from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'",
                 victim) == 1;
    });
    killer.execute("select pg_terminate_backend($1)", victim);
  });
  const auto failed =
      error_of<tusk::operational_error>([&] { return db.execute("select pg_sleep(120)"); });
  other.join();
  CHECK(failed.sqlstate() == tusk::sqlstate::admin_shutdown);
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(failed.is_transient());
}

TEST_CASE("a session that was idle for too long is told so (57P05)") {
  auto db = connect();
  if (major_version(db) < 14) return;
  db.execute("set idle_session_timeout = '50ms'");
  CHECK(becomes_unusable(db));
  const auto failed = error_of<tusk::operational_error>([&] { return db.execute("select 1"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::idle_session_timeout);
  CHECK(failed.is_transient());
}

TEST_CASE("a transaction that was idle for too long is told so (25P03)") {
  auto db = connect();
  db.execute("begin");
  db.execute("set idle_in_transaction_session_timeout = '50ms'");
  CHECK(becomes_unusable(db));
  const auto failed = error_of<tusk::operational_error>([&] { return db.execute("select 1"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::idle_in_transaction_session_timeout);
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
}
