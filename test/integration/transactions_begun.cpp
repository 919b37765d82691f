// Transactions by begin(): what they are begun as, how they end, and what is refused.

#include <chrono>
#include <optional>
#include <string>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;
using tusk::isolation;

tusk::session with_table() {
  auto db = connect();
  db.execute("create temp table t(id int unique deferrable initially deferred)");
  return db;
}

std::int64_t count(tusk::session& db) {
  return db.scalar<std::int64_t>("select count(*) from t");
}

template <class Error = tusk::error>
Error error_of_commit(tusk::transaction& tx) {
  return error_of<Error>([&] {
    tx.commit();
    return 0;
  });
}

}  // namespace

TEST_CASE("a transaction is begun as its options say") {
  auto db = connect();
  const auto [options, level, read_only, deferrable] = GENERATE(
      std::tuple{tusk::transaction_options{}, "read committed", "off", "off"},
      std::tuple{tusk::transaction_options{.isolation = isolation::read_uncommitted},
                 "read uncommitted", "off", "off"},
      std::tuple{tusk::transaction_options{.isolation = isolation::read_committed},
                 "read committed", "off", "off"},
      std::tuple{
          tusk::transaction_options{.isolation = isolation::repeatable_read, .read_only = false},
          "repeatable read", "off", "off"},
      std::tuple{tusk::transaction_options{
                     .isolation = isolation::serializable, .read_only = true, .deferrable = true},
                 "serializable", "on", "on"},
      std::tuple{tusk::transaction_options{.read_only = true, .deferrable = false},
                 "read committed", "on", "off"});
  auto tx = db.begin(options);
  CHECK(tx.scalar<std::string>("show transaction_isolation") == level);
  CHECK(tx.scalar<std::string>("show transaction_read_only") == read_only);
  CHECK(tx.scalar<std::string>("show transaction_deferrable") == deferrable);
  tx.commit();
  CHECK(db.status() == status::open);
}

TEST_CASE("what is committed stays, what is rolled back or left is gone") {
  auto db = with_table();
  auto first = db.begin();
  first.execute("insert into t values (1)");
  CHECK(first.is_open());
  CHECK(db.status() == status::in_transaction);
  first.commit();
  CHECK_FALSE(first.is_open());
  auto second = db.begin();
  second.execute("insert into t values (2)");
  CHECK(count(db) == 2);  // the session's own verbs run inside
  second.rollback();
  {
    auto third = db.begin({.know_outcome = true});
    third.execute("insert into t values (3)");
  }
  CHECK(db.status() == status::open);
  CHECK(count(db) == 1);
}

TEST_CASE("every verb runs on a transaction") {
  auto db = with_table();
  auto tx = db.begin();
  const auto insert = tx.prepare("insert into t values ($1)");
  tx.execute(insert, 1);
  tx.script("insert into t values (2); insert into t values (3)");
  auto lines = tx.pipeline();
  lines.execute("insert into t values ($1)", 4);
  lines.finish();
  int sum = 0;
  for (auto [id] : tx.stream<std::tuple<int>>("select id from t"))
    sum += id;
  CHECK(sum == 10);
  CHECK(tx.maybe<int>("select id from t where id = 9") == std::nullopt);
  tx.commit();
  CHECK(count(db) == 4);
}

TEST_CASE(
    "a transaction that is left in flight of an exception is rolled back, also a failed one") {
  auto db = with_table();
  const bool failed = GENERATE(false, true);
  try {
    auto tx = db.begin();
    tx.execute("insert into t values (1)");
    if (failed) tx.execute("select 1/0");
    throw std::runtime_error("somewhere");
  } catch (const std::exception&) {
    CHECK(db.status() == status::open);
  }
  CHECK(count(db) == 0);
}

TEST_CASE("the commit of a transaction in which a statement failed is an error") {
  auto db = with_table();
  auto tx = db.begin({.know_outcome = GENERATE(false, true)});
  error_of([&] { return tx.execute("select 1/0"); });
  const auto failed = error_of_commit<tusk::operational_error>(tx);
  CHECK(failed.kind() == tusk::error_kind::rolled_back);
  CHECK(failed.sqlstate() == tusk::sqlstate::in_failed_sql_transaction);
  CHECK(failed.session_usable());
  CHECK_FALSE(failed.safe_to_retry());
  CHECK_FALSE(tx.is_open());
  CHECK(db.status() == status::open);
  CHECK(error_of_commit<tusk::programming_error>(tx).message() ==
        "the transaction is over: it was rolled back");
}

TEST_CASE("what the server refuses to commit is its error, and the transaction is over") {
  auto db = with_table();
  auto tx = db.begin();
  tx.execute("insert into t values (1), (1)");
  const auto failed = error_of_commit<tusk::integrity_error>(tx);
  CHECK(failed.kind() == tusk::error_kind::server);
  CHECK(failed.sqlstate() == tusk::sqlstate::unique_violation);
  CHECK(failed.statement() == "commit");
  CHECK(failed.session_usable());
  CHECK_FALSE(tx.is_open());
  CHECK(db.status() == status::open);
  CHECK(count(db) == 0);
}

TEST_CASE("a second transaction on the session is refused, whoever has begun the first") {
  auto db = connect();
  {
    auto tx = db.begin();
    const auto failed = error_of<tusk::programming_error>([&] { return db.begin(); });
    CHECK(failed.message().find("savepoint()") != std::string_view::npos);
    CHECK(failed.safe_to_retry());
    CHECK(tx.is_open());
    CHECK(tx.scalar<int>("select 1") == 1);
  }
  db.execute("begin");
  CHECK(message_of<tusk::programming_error>([&] {
          return db.begin();
        }).find("a BEGIN that was run as a statement") != std::string::npos);
  db.execute("rollback");
  db.begin().commit();
}

TEST_CASE("a transaction that is over refuses everything, and says how it ended") {
  auto db = connect();
  auto tx = db.begin();
  std::string how = "it was committed";
  SECTION("committed") {
    tx.commit();
  }
  SECTION("rolled back") {
    tx.rollback();
    how = "it was rolled back";
  }
  SECTION("by COMMIT as a statement") {
    db.execute("commit");
    how = "a COMMIT or ROLLBACK that was run as a statement has ended it";
  }
  SECTION("by ROLLBACK as a statement") {
    tx.execute("rollback");
    how = "a COMMIT or ROLLBACK that was run as a statement has ended it";
  }
  SECTION("by ROLLBACK as a statement, and another one was begun since") {
    db.execute("rollback");
    db.execute("begin");
    how = "a COMMIT or ROLLBACK that was run as a statement has ended it";
  }
  SECTION("by COMMIT in a script that begins another one") {
    db.script("commit; begin");
    how = "a COMMIT or ROLLBACK that was run as a statement has ended it";
  }
  SECTION("by a reset") {
    db.reset();
    how = "the session was reset";
  }
  const std::string whole = "the transaction is over: " + how;
  CHECK_FALSE(tx.is_open());
  CHECK(message_of<tusk::programming_error>([&] { return tx.query("select 1"); }) == whole);
  CHECK(message_of<tusk::programming_error>([&] { return tx.pipeline(); }) == whole);
  CHECK(message_of<tusk::programming_error>([&] { return tx.savepoint(); }) == whole);
  CHECK(error_of_commit<tusk::programming_error>(tx).message() == whole);
  CHECK(message_of<tusk::programming_error>([&] {
          tx.rollback();
          return 0;
        }) == whole);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a transaction outlives its session, and follows it when it is moved") {
  std::optional<tusk::transaction> tx;
  {
    auto db = with_table();
    tx = db.begin();
    auto moved = std::move(db);
    tx->execute("insert into t values (1)");
    CHECK(count(moved) == 1);
  }
  CHECK(message_of<tusk::programming_error>([&] { return tx->query("select 1"); }) ==
        "the session is closed");
  CHECK(error_of_commit<tusk::programming_error>(*tx).message() == "the session is closed");
  tx.reset();
}

TEST_CASE("a transaction that was moved from is refused, and one assigned to rolls back first") {
  auto db = with_table();
  auto other = connect();
  auto tx = db.begin();
  auto moved = std::move(tx);
  error_of_commit<tusk::programming_error>(tx);  // NOLINT(bugprone-use-after-move): what is tested
  CHECK_FALSE(tx.is_open());
  moved.execute("insert into t values (1)");
  moved = other.begin();
  CHECK(db.status() == status::open);
  CHECK(count(db) == 0);
  CHECK(other.status() == status::in_transaction);
  moved.commit();
}

TEST_CASE("a transaction that is left while a stream is open in it ends the session") {
  auto db = connect();
  std::optional<tusk::stream<int>> left;
  {
    auto tx = db.begin();
    left.emplace(tx.stream<int>("select generate_series(1, 100000)"));
  }
  CHECK(db.status() == status::broken);
  left.reset();
  CHECK(message_of<tusk::operational_error>([&] {
          return db.query("select 1");
        }).find("a transaction was left while a stream was open in it") != std::string::npos);
}

TEST_CASE("a transaction that is left while a pipeline is open in it is rolled back") {
  auto db = with_table();
  std::optional<tusk::pipeline> left;
  {
    auto tx = db.begin();
    left.emplace(tx.pipeline());
    left->execute("insert into t values (1)");
  }
  CHECK(db.status() == status::open);
  left.reset();
  CHECK(count(db) == 0);
}

TEST_CASE("a begin whose time is up leaves no transaction behind") {
  auto db = connect({.drain_timeout = 60s});
  const auto failed = error_of<tusk::operational_error>([&] { return db.begin({.timeout = 0ms}); });
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(db.status() == status::open);
  db.begin().commit();
}

TEST_CASE("a commit with little time waits for what the server does in it") {
  auto db = connect({.drain_timeout = 60s});
  db.script(
      "create function pg_temp.slow() returns trigger language plpgsql as "
      "$$begin perform pg_sleep(2.5); return null; end$$;"
      "create temp table slow_at_commit(id int);"
      "create constraint trigger late after insert on slow_at_commit deferrable initially deferred "
      "for each row execute function pg_temp.slow()");
  auto tx = db.begin({.timeout = 2s});
  tx.execute({.timeout = 60s}, "insert into slow_at_commit values (1)");
  tx.commit();
  CHECK(db.status() == status::open);
  CHECK(db.scalar<int>("select id from slow_at_commit") == 1);
}
