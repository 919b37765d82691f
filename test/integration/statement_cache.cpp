// Statements that stay prepared: how many, and what happens when the server forgets them.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {
using namespace tusk::test;
using status = tusk::session_status;

std::string numbered(int i) {
  return "select $1::int + " + std::to_string(i);
}
}  // namespace

TEST_CASE("a statement is prepared once, however often it runs") {
  auto db = connect();
  for (int i = 0; i < 10; ++i)
    CHECK(db.scalar<int>("select $1::int", i) == i);
  CHECK(prepared_count(db) == 1);
}

TEST_CASE("the cache keeps its bound, closes what it drops, and drops the least recently used") {
  auto db = connect({.statement_cache_entries = 3});
  for (int i = 0; i < 20; ++i) {
    CHECK(db.scalar<int>(numbered(i), 1) == i + 1);
    CHECK(db.scalar<int>(numbered(0), 1) == 1);
    CHECK(prepared_count(db) <= 3);
  }
  const auto kept = db.script(
      "select statement from pg_prepared_statements where not from_sql order by prepare_time");
  std::vector<std::string> texts;
  for (const auto& row : kept[0])
    texts.push_back(row[0].as<std::string>());
  CHECK(texts == std::vector<std::string>{numbered(0), numbered(18), numbered(19)});
}

TEST_CASE("the cache is bounded in bytes") {
  auto db = connect({.statement_cache_bytes = 20'000});
  for (int i = 0; i < 50; ++i) {
    const std::string sql = numbered(i) + " -- " + std::string(4000, 'x');
    CHECK(db.scalar<int>(sql, 1) == i + 1);
    CHECK(prepared_count(db) <= 5);
  }
  CHECK(prepared_count(db) >= 2);
  SECTION("a statement larger than the bound works, and goes with the next") {
    const std::string large = "select 5 -- " + std::string(100'000, 'x');
    CHECK(db.scalar<int>(large) == 5);
    CHECK(db.scalar<int>(large) == 5);
    CHECK(db.scalar<int>("select 6") == 6);
    const auto sizes = db.script("select max(length(statement)) from pg_prepared_statements");
    CHECK(sizes[0][0][0].as<int>() < 100'000);
  }
}

TEST_CASE("without a cache nothing stays prepared and everything works") {
  auto db = connect({.statement_cache_entries = 0});
  for (int i = 0; i < 3; ++i) {
    CHECK(db.scalar<int>(numbered(i), 1) == i + 1);
    CHECK(db.scalar<int>(numbered(0), 1) == 1);
    db.script("select 1");  // destroys the unnamed statement
    CHECK(db.scalar<int>(numbered(0), 1) == 1);
    CHECK(prepared_count(db) == 0);
  }
  error_of([&] { return db.query("select 1/0"); });
  for (const int i : db.stream<int>("select generate_series(1, 3)"))
    CHECK(i > 0);
  CHECK(db.status() == status::open);
}

TEST_CASE("a failed Parse leaves nothing behind") {
  auto db = connect();
  for (int i = 0; i < 3; ++i)
    error_of<tusk::programming_error>([&] { return db.query("select nope"); });
  CHECK(prepared_count(db) == 0);
  db.execute("create temp table nowhere(nope int)");
  CHECK(db.query("select nope from nowhere").empty());
}

TEST_CASE("a statement whose table was altered is prepared again") {
  auto db = connect();
  db.execute("create temp table t(a int)");
  db.execute("insert into t values (1)");
  const char* sql = "select * from t";
  CHECK(db.query(sql).columns().size() == 1);
  db.execute("alter table t add b text default 'x'");
  SECTION("by a query") {
    CHECK(db.query(sql)[0]["b"].as<std::string>() == "x");
  }
  SECTION("by execute") {
    CHECK(db.execute(sql).rows() == 1);
  }
  SECTION("by a stream") {
    for (const tusk::row& row : db.stream(sql))
      CHECK(row["b"].as<std::string>() == "x");
  }
  SECTION("a typed one finds its columns changed") {
    CHECK(db.query<int, std::string>(sql).size() == 1);
    CHECK(message_of<tusk::programming_error>([&] { return db.query<int>(sql); }) ==
          "the statement returns 2 columns and 1 is to be read");
  }
  CHECK(db.status() == status::open);
  CHECK(db.query(sql)[0].size() == 2);
}

TEST_CASE("a column that changes its type is read anew") {
  auto db = connect();
  db.execute("create temp table t(a int)");
  db.execute("insert into t values (7)");
  CHECK(db.scalar<std::int64_t>("select a from t") == 7);
  db.execute("alter table t alter a type bigint");
  CHECK(db.scalar<std::int64_t>("select a from t") == 7);
  db.execute("alter table t alter a type text");
  CHECK(db.query("select a from t")[0][0].as<std::string>() == "7");
  error_of<tusk::programming_error>([&] { return db.scalar<int>("select a from t"); });
}

TEST_CASE("statements are prepared again after DISCARD ALL and DEALLOCATE ALL") {
  auto db = connect();
  for (const char* forget : {"discard all", "deallocate all"}) {
    CAPTURE(forget);
    CHECK(db.scalar<int>("select 1") == 1);
    CHECK(db.scalar<int>("select 2") == 2);
    db.script(forget);
    CHECK(prepared_count(db) == 0);
    CHECK(db.scalar<int>("select 1") == 1);
    db.script(forget);
    int sum = 0;
    for (const int i : db.stream<int>("select 2"))
      sum += i;
    CHECK(sum == 2);
    CHECK(db.execute("select 1").rows() == 1);
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("inside a transaction what the session itself has forgotten or altered costs nothing") {
  auto db = connect();
  db.script("create temp table t(a int)");
  CHECK(db.query("select * from t").columns().size() == 1);
  CHECK(db.scalar<int>("select 1") == 1);
  db.script("begin; deallocate all");
  CHECK(db.scalar<int>("select 1") == 1);
  db.script("alter table t add b int");
  CHECK(db.query("select * from t").columns().size() == 2);
  db.execute("rollback");
  db.script("begin; savepoint a");
  CHECK(db.query("select * from t").columns().size() == 1);
  db.execute("alter table t add b int");
  CHECK(db.query("select * from t").columns().size() == 2);
  db.execute("rollback to savepoint a");
  CHECK(db.query("select * from t").columns().size() == 1);
  db.execute("commit");
  CHECK(db.status() == status::open);
}

TEST_CASE("inside a transaction a statement forgotten unseen is an error, and fine after it") {
  auto db = connect();
  CHECK(db.scalar<int>("select 1") == 1);
  CHECK(db.scalar<int>("select 2") == 2);
  SECTION("deallocated") {
    db.script("begin; do 'begin execute ''deallocate all''; end'");
    const auto failed = error_of([&] { return db.scalar<int>("select 1"); });
    CHECK(failed.sqlstate() == tusk::sqlstate::invalid_sql_statement_name);
    CHECK_FALSE(failed.transaction_usable());
  }
  SECTION("deallocated, by a stream") {
    db.script("begin; do 'begin execute ''deallocate all''; end'");
    const auto failed = error_of([&] {
      for (const int i : db.stream<int>("select 1"))
        static_cast<void>(i);
      return 0;
    });
    CHECK(failed.sqlstate() == tusk::sqlstate::invalid_sql_statement_name);
  }
  SECTION("altered") {
    db.script("create temp table t(a int)");
    CHECK(db.query("select * from t").empty());
    db.script("begin; do 'begin alter table t add b int; end'");
    const auto failed =
        error_of<tusk::not_supported_error>([&] { return db.query("select * from t"); });
    CHECK(failed.sqlstate() == tusk::sqlstate::feature_not_supported);
  }
  CHECK(db.status() == status::failed_transaction);
  db.execute("rollback");
  CHECK(db.scalar<int>("select 1") == 1);
  CHECK(db.scalar<int>("select 2") == 2);
  CHECK(db.status() == status::open);
}

TEST_CASE("an error of the same code that is the statement's own is not run twice") {
  auto db = connect();
  db.execute("create temp sequence runs");
  db.execute(
      "create function pg_temp.fails() returns int language plpgsql as $$ begin "
      "perform nextval('runs'); raise 'mine' using errcode = '26000'; end $$");
  for (int i = 0; i < 2; ++i)
    error_of([&] { return db.query("select pg_temp.fails()"); });
  CHECK(db.scalar<std::int64_t>("select last_value from runs") == 2);
}

TEST_CASE("an EXECUTE of the caller's that finds nothing is run once, and forgets no statement") {
  auto db = connect();
  db.execute("create temp table runs(missing bool)");
  db.script(
      "create procedure pg_temp.run(missing bool) language plpgsql as $$ begin "
      "insert into runs values (missing); commit; "
      "if missing then execute 'execute nope'; end if; end $$");
  const std::string call = "call pg_temp.run($1)";
  db.execute(call, false);
  const int before = prepared_count(db);
  const auto failed = error_of([&] { return db.execute(call, true); });
  CHECK(failed.sqlstate() == tusk::sqlstate::invalid_sql_statement_name);
  CHECK(prepared_count(db) == before);
  db.execute(call, false);
  CHECK(prepared_count(db) == before);
  CHECK(db.scalar<std::int64_t>("select count(*) from runs") == 3);
}

TEST_CASE("calls that are refused again and again heap no statements on the server") {
  auto db = connect();
  for (int i = 0; i < 20; ++i)
    error_of<tusk::programming_error>([&] { return db.execute("select $1::int"); });
  CHECK(prepared_count(db) == 1);
}
