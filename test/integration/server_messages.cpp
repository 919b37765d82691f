// What comes beside the answers: notices, notifications, parameters; and COPY, which is refused.

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;

// Another session's notification comes when the server gets round to it.
std::vector<tusk::notification> wait_for_notifications(tusk::session& db, std::size_t count) {
  std::vector<tusk::notification> all;
  for (int i = 0; i < 3000 && all.size() < count; ++i) {
    if (i != 0) std::this_thread::sleep_for(20ms);
    db.execute("select 1");
    for (auto& each : db.take_notifications())
      all.push_back(std::move(each));
  }
  return all;
}

}  // namespace

TEST_CASE("notices are kept in order until they are taken") {
  auto db = connect();
  db.execute(
      "do $$ begin raise notice 'first'; raise warning 'second' using hint = 'a hint'; end $$");
  const auto notices = db.take_notices();
  REQUIRE(notices.size() == 2);
  CHECK(notices[0].fields.message == "first");
  CHECK(notices[0].fields.severity == "NOTICE");
  CHECK(notices[1].fields.severity == "WARNING");
  CHECK(notices[1].fields.hint == "a hint");
  CHECK(notices[1].fields.code == tusk::sqlstate::warning);
  CHECK(db.take_notices().empty());
  CHECK(db.dropped_messages() == 0);
}

TEST_CASE("notices come with an error, between rows and in a script too") {
  auto db = connect();
  error_of([&] { return db.script("do $$ begin raise notice 'x'; raise 'y'; end $$"); });
  CHECK(db.take_notices().size() == 1);
  db.execute(
      "create function pg_temp.tell(i int) returns int language plpgsql as "
      "$$ begin raise notice 'at %', i; return i; end $$");
  CHECK(db.query<int>("select pg_temp.tell(i) from generate_series(1, 50) i").size() == 50);
  CHECK(db.take_notices().size() == 50);
  int rows = 0;
  for (const int i : db.stream<int>("select pg_temp.tell(i) from generate_series(1, 50) i"))
    CHECK(i == ++rows);
  CHECK(db.take_notices().back().fields.message == "at 50");
}

TEST_CASE("the queue of notices is bounded: the oldest go, and are counted") {
  auto db = connect({.max_queued_messages = 10});
  db.execute("do $$ begin for i in 1..25 loop raise notice '%', i; end loop; end $$");
  CHECK(db.dropped_messages() == 15);
  const auto notices = db.take_notices();
  REQUIRE(notices.size() == 10);
  CHECK(notices.front().fields.message == "16");
}

TEST_CASE("notifications come with other answers, with channel, payload and sender") {
  auto listener = connect();
  auto sender = connect();
  listener.execute("listen jobs");
  sender.execute("notify jobs, 'one'");
  sender.execute("select pg_notify('jobs', $1)", "zwei €");
  sender.execute("notify elsewhere");
  const auto told = wait_for_notifications(listener, 2);
  REQUIRE(told.size() == 2);
  CHECK(told[0].channel == "jobs");
  CHECK(told[0].payload == "one");
  CHECK(told[0].process_id == sender.process_id());
  CHECK(told[1].payload == "zwei €");
  CHECK(sender.take_notifications().empty());
  listener.execute("notify jobs");
  const auto own = wait_for_notifications(listener, 1);
  REQUIRE(own.size() == 1);
  CHECK(own[0].payload.empty());
  CHECK(own[0].process_id == listener.process_id());
}

TEST_CASE("parameters that the server reports follow what is set") {
  auto db = connect();
  CHECK(db.parameter("server_encoding") == "UTF8");
  CHECK(db.parameter("application_name").empty());
  db.execute("set application_name = 'renamed'");
  CHECK(db.parameter("application_name") == "renamed");
  db.execute("set datestyle = 'SQL, DMY'");
  CHECK(db.parameter("DateStyle") == "SQL, DMY");
  CHECK(db.parameter("no_such_parameter").empty());
  CHECK(db.process_id() == db.scalar<int>("select pg_backend_pid()"));
}

TEST_CASE("a COPY that fails before it reads data leaves the session in step") {
  auto db = connect();
  db.script("create temp table t(id int); create temp view v as select 1 as id");
  for (int i = 0; i < 20; ++i) {
    CHECK_THROWS_AS(db.execute("copy v from stdin"), tusk::error);
    CHECK(db.scalar<int>("select $1::int", i) == i);
    CHECK_THROWS_AS(db.execute("copy t from stdin"), tusk::error);
    CHECK(db.scalar<int>("select $1::int", i) == i);
  }
  CHECK(db.status() == tusk::session_status::open);
}

TEST_CASE("COPY is refused clearly by every verb, and the session goes on") {
  auto db = connect();
  db.execute("create temp table t(id int)");
  db.execute("insert into t select generate_series(1, 100000)");
  const std::string in = "COPY FROM STDIN needs data, and this call has none to send";
  const std::string out = "COPY TO STDOUT gives data that this call cannot take";
  using wrong = tusk::programming_error;
  for (const auto& [sql, message] :
       {std::pair("copy t from stdin", in), std::pair("copy t to stdout", out),
        std::pair("copy t to stdout (format binary)", out)}) {
    CAPTURE(sql);
    CHECK(message_of<wrong>([&] { return db.query(sql); }) == message);
    CHECK(message_of<wrong>([&] { return db.execute(sql); }) == message);
    CHECK(message_of<wrong>([&] { return db.script(sql); }) == message);
    CHECK(message_of<wrong>([&] {
            for (const auto& row : db.stream(sql))
              static_cast<void>(row);
            return 0;
          }) == message);
    const std::string among = "select 1; " + std::string(sql) + "; select 2";
    CHECK(message_of<wrong>([&] { return db.script(among); }) == message);
    CHECK(message_of<wrong>([&] { return db.stream(sql); }) == message);
    CHECK(db.status() == status::open);
    CHECK(db.scalar<std::int64_t>("select count(*) from t") == 100'000);
  }
}

TEST_CASE("COPY FROM STDIN fails a transaction, COPY TO STDOUT does not") {
  auto db = connect();
  db.execute("create temp table t(id int)");
  db.execute("begin");
  CHECK(error_of([&] { return db.execute("copy t to stdout"); }).transaction_usable());
  CHECK(db.status() == status::in_transaction);
  CHECK_FALSE(error_of([&] { return db.execute("copy t from stdin"); }).transaction_usable());
  CHECK(db.status() == status::failed_transaction);
  db.execute("rollback");
  CHECK(db.scalar<int>("select 1") == 1);
}
