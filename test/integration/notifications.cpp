// LISTEN and NOTIFY between sessions: who hears what, when, and how a wait for it ends.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;
using tusk::notification;
using tusk::statement_mode;

/// Longer than any notification takes on a machine that others use; what fails waits so long.
constexpr auto ample = std::chrono::minutes(2);

std::string payload_of(const std::optional<notification>& said) {
  return said ? said->payload : "(none)";
}

/// What has come already, or comes with one more round trip. A session that has sent NOTIFY hears
/// of it before its next answer.
std::vector<std::string> heard(tusk::session& db) {
  db.execute("select 1");
  std::vector<std::string> payloads;
  for (notification& each : db.take_notifications())
    payloads.push_back(std::move(each.payload));
  return payloads;
}

}  // namespace

TEST_CASE("a notification has its sender's process, its channel and its payload") {
  auto ear = connect();
  auto mouth = connect();
  ear.listen("jobs");
  CHECK(ear.channels() == std::vector<std::string>{"jobs"});
  mouth.notify("jobs", "one");
  mouth.notify("jobs");
  mouth.notify("elsewhere", "not heard");
  const auto first = ear.wait_notification(ample);
  REQUIRE(first.has_value());
  CHECK(first->process_id == mouth.process_id());
  CHECK(first->channel == "jobs");
  CHECK(first->payload == "one");
  CHECK(payload_of(ear.wait_notification(ample)).empty());
  CHECK_FALSE(ear.wait_notification(0ms).has_value());
  ear.unlisten("jobs");
  mouth.notify("jobs", "too late");
  CHECK(heard(ear).empty());
  CHECK(ear.channels().empty());
}

TEST_CASE("a session hears itself, and of equal notifications of one transaction only the first") {
  auto db = connect();
  db.listen("self");
  db.transact([](tusk::transaction& tx) {
    tx.notify("self", "a");
    tx.notify("self", "b");
    tx.notify("self", "a");
  });
  const auto said = db.wait_notification(ample);
  REQUIRE(said.has_value());
  CHECK(said->process_id == db.process_id());
  CHECK(said->payload == "a");
  CHECK(payload_of(db.wait_notification(ample)) == "b");
  CHECK(heard(db).empty());
}

TEST_CASE("channel names are exact, whatever stands in them") {
  auto ear = connect();
  auto mouth = connect();
  const std::string longest(63, 'n');
  const std::vector<std::string> names{"Orders",      "orders",     "with blank",
                                       " edge ",      "qu\"ote",    "apo'strophe",
                                       "back\\slash", "semi;colon", "gr\xc3\xbc\xc3\x9f\x65",
                                       "1",           "select",     longest};
  for (const std::string& name : names)
    ear.listen(name);
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  CHECK(ear.channels() == sorted);
  for (const std::string& name : names) {
    mouth.notify(name, "to " + name);
    const auto said = ear.wait_notification(ample);
    REQUIRE(said.has_value());
    CHECK(said->channel == name);
    CHECK(said->payload == "to " + name);
  }
  ear.unlisten("orders");
  mouth.notify("orders");
  mouth.notify("Orders", "still");
  CHECK(payload_of(ear.wait_notification(ample)) == "still");
  ear.unlisten_all();
  CHECK(ear.channels().empty());
}

TEST_CASE("a name that the server would cut off or refuse is refused before anything is sent") {
  auto db = connect();
  auto tx = db.begin();
  for (const std::string& name :
       {std::string(), std::string(64, 'n'), std::string("a\0b", 3), std::string("\xff")}) {
    INFO(name.size());
    CHECK_THROWS_AS(tx.listen(name), tusk::programming_error);
    CHECK_THROWS_AS(tx.unlisten(name), tusk::programming_error);
    CHECK_THROWS_AS(tx.notify(name), tusk::programming_error);
  }
  CHECK(db.status() == status::in_transaction);
  tx.commit();
  CHECK(message_of([&] {
          db.listen(std::string(64, 'n'));
          return 0;
        }).find("64 bytes") != std::string::npos);
}

TEST_CASE("the longest payload passes whole, and a longer one is the server's error") {
  auto db = connect();
  db.listen("long");
  std::string payload(7999, 'x');
  payload.front() = '\t';
  payload.back() = '\n';
  db.notify("long", payload);
  CHECK(payload_of(db.wait_notification(ample)) == payload);
  const auto refused = error_of([&] {
    db.notify("long", std::string(8000, 'x'));
    return 0;
  });
  CHECK(refused.sqlstate().text() == "22023");
  CHECK(refused.session_usable());
  CHECK_THROWS_AS(db.notify("long", std::string("a\0b", 3)), tusk::error);
  CHECK(heard(db).empty());
}

TEST_CASE("every statement mode listens, notifies and waits") {
  for (const auto mode : {statement_mode::prepared, statement_mode::declared,
                          statement_mode::unnamed, statement_mode::simple}) {
    INFO(static_cast<int>(mode));
    tusk::session_options options;
    options.mode = mode;
    auto db = connect(options);
    db.listen("modal");
    for (int i = 0; i < 3; ++i) {
      db.notify("modal", "it's " + std::to_string(i) + "\\");
      CHECK(payload_of(db.wait_notification(ample)) == "it's " + std::to_string(i) + "\\");
    }
    CHECK(db.channels() == std::vector<std::string>{"modal"});
  }
}

TEST_CASE("LISTEN takes effect at the commit, and a rollback undoes it") {
  auto db = connect();
  auto mouth = connect();
  {
    auto tx = db.begin();
    tx.listen("kept");
    CHECK(db.channels().empty());
    tx.commit();
  }
  CHECK(db.channels() == std::vector<std::string>{"kept"});
  {
    auto tx = db.begin();
    tx.listen("undone");
    tx.unlisten("kept");
    tx.rollback();
  }
  CHECK(db.channels() == std::vector<std::string>{"kept"});
  {
    auto tx = db.begin();
    auto inner = tx.savepoint();
    inner.listen("undone");
    inner.rollback();
    tx.listen("other");
    tx.commit();
  }
  CHECK(db.channels() == std::vector<std::string>{"kept", "other"});
  mouth.notify("undone");
  mouth.notify("kept", "heard");
  CHECK(payload_of(db.wait_notification(ample)) == "heard");
}

TEST_CASE("in a transaction nothing new comes, and what it has missed comes after its end") {
  auto db = connect();
  auto mouth = connect();
  db.listen("later");
  auto tx = db.begin();
  mouth.notify("later", "meanwhile");
  tx.notify("later", "own");
  CHECK_FALSE(db.wait_notification(50ms).has_value());
  CHECK(db.status() == status::in_transaction);
  tx.commit();
  CHECK(payload_of(db.wait_notification(ample)) == "meanwhile");
  CHECK(payload_of(db.wait_notification(ample)) == "own");
  auto failed = db.begin();
  CHECK_THROWS_AS(db.execute("select 1/0"), tusk::data_error);
  CHECK_FALSE(db.wait_notification(1ms).has_value());
  CHECK(db.status() == status::failed_transaction);
  failed.rollback();
}

TEST_CASE("a handler is told of its channel in the call in which it comes, and it is not queued") {
  auto db = connect();
  std::vector<std::string> told;
  db.listen("a", [&](const notification& said) { told.push_back("1:" + said.payload); });
  db.listen("b");
  db.notify("a", "x");
  db.notify("b", "y");
  CHECK(payload_of(db.wait_notification(ample)) == "y");
  CHECK(told == std::vector<std::string>{"1:x"});
  db.listen("a");  // leaves the handler as it is
  db.listen("a", [&](const notification& said) { told.push_back("2:" + said.payload); });
  db.notify("a", "z");
  CHECK(heard(db).empty());
  CHECK(told == std::vector<std::string>{"1:x", "2:z"});
  db.listen("a", {});
  db.notify("a", "queued");
  CHECK(heard(db) == std::vector<std::string>{"queued"});
}

TEST_CASE("a handler hears what comes with the answer of its LISTEN, and goes with UNLISTEN") {
  auto db = connect();
  std::vector<std::string> told;
  const auto handler = [&](const notification& said) { told.push_back(said.payload); };
  db.transact([&](tusk::transaction& tx) {
    tx.notify("early", "same transaction");
    tx.listen("early", handler);
  });
  CHECK(told == std::vector<std::string>{"same transaction"});
  db.unlisten("early");
  db.listen("early");
  db.notify("early", "queued");
  CHECK(heard(db) == std::vector<std::string>{"queued"});
  // One that is refused leaves the handler that was there.
  db.listen("early", handler);
  auto tx = db.begin();
  CHECK_THROWS(db.execute("select 1/0"));
  CHECK_THROWS_AS(tx.listen("early", [](const notification&) {}), tusk::error);
  tx.rollback();
  db.notify("early", "still told");
  CHECK(heard(db).empty());
  CHECK(told.back() == "still told");
}

TEST_CASE("what another handler throws during LISTEN and UNLISTEN undoes neither") {
  auto db = connect();
  std::vector<std::string> told;
  db.listen("angry", [](const notification&) { throw std::runtime_error("angry"); });
  const auto handler = [&](const notification& said) { told.push_back(said.payload); };
  auto tx = db.begin();
  tx.notify("angry");
  CHECK_THROWS_WITH(tx.commit(), "angry");
  // It comes with the answer of the very call.
  auto mouth = connect();
  const auto make_angry = [&] {
    mouth.notify("angry");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  make_angry();
  CHECK_THROWS_WITH(db.listen("m", handler), "angry");
  db.notify("m", "heard");
  CHECK(told == std::vector<std::string>{"heard"});
  make_angry();
  CHECK_THROWS_WITH(db.unlisten("m"), "angry");
  db.listen("m");
  db.notify("m", "queued");
  CHECK(heard(db) == std::vector<std::string>{"queued"});
  CHECK(told.size() == 1);
}

TEST_CASE("what a handler throws ends the wait, and nothing behind it is lost") {
  auto db = connect();
  auto mouth = connect();
  db.listen("bad", [](const notification& said) { throw std::runtime_error(said.payload); });
  db.listen("good");
  mouth.script("notify bad, 'thrown'; notify good, 'behind'");
  CHECK_THROWS_WITH(db.wait_notification(ample), "thrown");
  CHECK(payload_of(db.wait_notification(ample)) == "behind");
  mouth.notify("bad", "again");
  CHECK_THROWS_WITH(
      [&] {
        for (;;)
          db.execute("select 1");
      }(),
      "again");
  std::string refused;
  db.listen("bad", [&](const notification&) {
    refused = message_of<tusk::programming_error>([&] { return db.wait_notification(0ms); });
  });
  mouth.script("notify bad; notify good");
  CHECK(db.wait_notification(ample).has_value());
  CHECK(refused == "the session cannot be used by a function that it is just telling something");
}

TEST_CASE("notices and changed parameters pass while a session waits") {
  auto db = connect();
  auto other = connect();
  db.listen("tick");
  std::vector<std::string> changes;
  db.on_parameter_change([&](std::string_view name, std::string_view value) {
    changes.push_back(std::string(name) + "=" + std::string(value));
  });
  db.execute("set application_name to 'before'");
  other.notify("tick", "x");
  CHECK(payload_of(db.wait_notification(ample)) == "x");
  CHECK(changes == std::vector<std::string>{"application_name=before"});
}

TEST_CASE(
    "in other calls notifications are queued up to the limit, and drops are counted exactly") {
  tusk::session_options options;
  options.max_queued_messages = 100;
  auto db = connect(options);
  auto mouth = connect();
  db.listen("flood");
  mouth.execute("select pg_notify('flood', i::text) from generate_series(1, 1000) i");
  // Notices have a queue of their own, and push out none of these.
  db.execute("do $$ begin for i in 1..150 loop raise notice 'n'; end loop; end $$");
  const auto kept = heard(db);
  REQUIRE(kept.size() == 100);
  CHECK(kept.front() == "901");
  CHECK(kept.back() == "1000");
  CHECK(db.dropped_notifications() == 900);
  CHECK(db.dropped_messages() == 900 + 50);
  CHECK(db.take_notices().size() == 100);
}

TEST_CASE("a session that keeps no notifications loses none while it waits") {
  tusk::session_options options;
  options.max_queued_messages = 0;
  auto db = connect(options);
  auto mouth = connect();
  db.listen("few");
  mouth.execute("select pg_notify('few', i::text) from generate_series(1, 5000) i");
  for (int i = 1; i <= 5000; ++i)
    REQUIRE(payload_of(db.wait_notification(ample)) == std::to_string(i));
  CHECK(db.dropped_notifications() == 0);
}

TEST_CASE("a wait is refused while a stream, a pipeline or a COPY is open, and after close") {
  auto db = connect();
  {
    auto rows = db.stream<int>("select generate_series(1, 3)");
    CHECK_THROWS_AS(db.wait_notification(0ms), tusk::programming_error);
  }
  {
    auto line = db.pipeline();
    CHECK_THROWS_AS(db.wait_notification(0ms), tusk::programming_error);
    line.finish();
  }
  db.execute("create temp table copied (i int)");
  {
    auto in = db.copy_in({.table = "copied"});
    CHECK_THROWS_AS(db.wait_notification(0ms), tusk::programming_error);
    in.row(1);
    CHECK(in.finish() == 1);
  }
  {
    auto out = db.copy_out({.table = "copied"});
    CHECK_THROWS_AS(db.wait_notification(0ms), tusk::programming_error);
    while (out.next()) {
    }
  }
  CHECK_FALSE(db.wait_notification(0ms).has_value());
  db.close();
  CHECK_THROWS_AS(db.wait_notification(0ms), tusk::programming_error);
}

TEST_CASE("a server that ends the session ends the wait, after what it said before") {
  auto db = connect();
  auto killer = connect();
  db.listen("last");
  killer.script("notify last, 'first'; notify last, 'word'");  // which come together
  CHECK(payload_of(db.wait_notification(ample)) == "first");
  killer.execute("select pg_terminate_backend($1)", db.process_id());
  CHECK(payload_of(db.wait_notification(ample)) == "word");
  const auto failed = error_of([&] { return db.wait_notification(ample); });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.sqlstate().text() == "57P01");
  CHECK_FALSE(failed.session_usable());
  CHECK(db.status() == status::broken);
  CHECK(error_of([&] { return db.wait_notification(); }).kind() ==
        tusk::error_kind::connection_lost);
}

TEST_CASE("what was queued before the connection was lost can still be waited for") {
  auto db = connect();
  auto killer = connect();
  db.listen("q");
  db.notify("q", "queued");
  db.execute("select 1");
  killer.execute("select pg_terminate_backend($1)", db.process_id());
  while (db.check())
    std::this_thread::sleep_for(5ms);
  CHECK(payload_of(db.wait_notification()) == "queued");
  CHECK_THROWS_AS(db.wait_notification(), tusk::operational_error);
}

TEST_CASE("a session that was reset keeps its handlers and its waker, and listens to nothing") {
  auto db = connect();
  std::vector<std::string> told;
  const tusk::waker stop = db.waker();
  db.listen("r", [&](const notification& said) { told.push_back(said.payload); });
  db.reset();
  CHECK(db.channels().empty());
  db.listen("r");
  db.notify("r", "again");
  db.execute("select 1");
  CHECK(told == std::vector<std::string>{"again"});
  stop.wake();
  CHECK_FALSE(db.wait_notification().has_value());
}

TEST_CASE("a canceller finds nothing running while a session waits") {
  auto db = connect();
  db.listen("c");
  const tusk::canceller stop = db.canceller();
  const tusk::waker wake = db.waker();
  tusk::cancel_result result{tusk::cancel_outcome::uncertain};
  std::thread other([&] {
    std::this_thread::sleep_for(20ms);
    result = stop.cancel();
    wake.wake();
  });
  CHECK_FALSE(db.wait_notification().has_value());
  other.join();
  CHECK(result.outcome == tusk::cancel_outcome::nothing_running);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a wake ends the wait that runs or else the next one, once, and goes before a message") {
  auto db = connect();
  auto mouth = connect();
  db.listen("w");
  const tusk::waker stop = db.waker();
  std::thread other([&] {
    std::this_thread::sleep_for(20ms);
    stop.wake();
  });
  CHECK_FALSE(db.wait_notification().has_value());
  other.join();
  stop.wake();
  stop.wake();
  mouth.notify("w", "x");
  CHECK_FALSE(db.wait_notification().has_value());
  CHECK(payload_of(db.wait_notification(ample)) == "x");
  CHECK_FALSE(db.wait_notification(20ms).has_value());
  mouth.notify("w", "y");
  CHECK(payload_of(db.wait_notification()) == "y");
}

TEST_CASE("a waker outlives its session, and goes with a session that is moved") {
  auto first = std::make_unique<tusk::session>(connect());
  const tusk::waker stop = first->waker();
  tusk::session second = std::move(*first);
  first.reset();
  stop.wake();
  CHECK_FALSE(second.wait_notification().has_value());
  second.close();
  stop.wake();
}

TEST_CASE("a signal handler wakes a session") {
  auto db = connect();
  static const tusk::waker* woken = nullptr;
  const tusk::waker stop = db.waker();
  woken = &stop;
  struct sigaction act{};
  struct sigaction before{};
  act.sa_handler = [](int) { woken->wake(); };
  REQUIRE(::sigaction(SIGALRM, &act, &before) == 0);
  ::alarm(1);
  CHECK_FALSE(db.wait_notification().has_value());
  ::sigaction(SIGALRM, &before, nullptr);
}

TEST_CASE("a session under TLS waits, hears what came with earlier records, and is woken") {
  const std::string dsn =
      "host=" + variable("TUSK_TEST_HOST") + " port=" + variable("TUSK_TEST_PORT") +
      " user=u_scram dbname=postgres password=" + variable("TUSK_TEST_PASSWORD") +
      " sslmode=require";
  std::optional<tusk::session> encrypted;
  try {
    encrypted.emplace(dsn);
  } catch (const tusk::error& refused) {
    WARN("this server has no TLS: " << refused.message());
    return;
  }
  tusk::session& db = *encrypted;
  auto mouth = connect();
  db.listen("secret");
  const bool with_waker = GENERATE(false, true);
  std::optional<tusk::waker> stop;
  if (with_waker) stop = db.waker();
  // Many in few records, read together: those behind the first are in no socket any more.
  mouth.execute("select pg_notify('secret', i::text) from generate_series(1, 20000) i");
  for (int i = 1; i <= 20000; ++i)
    REQUIRE(payload_of(i % 2 == 0 ? db.wait_notification(ample) : db.wait_notification()) ==
            std::to_string(i));
  CHECK_FALSE(db.wait_notification(1ms).has_value());
  if (!with_waker) return;
  std::thread other([&] {
    std::this_thread::sleep_for(20ms);
    stop->wake();
  });
  CHECK_FALSE(db.wait_notification().has_value());
  other.join();
}
