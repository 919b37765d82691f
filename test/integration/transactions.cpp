// Transactions that are begun and ended by SQL: where the session says it stands.

#include <cstdint>
#include <string>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {
using namespace tusk::test;
using status = tusk::session_status;
}  // namespace

TEST_CASE("status follows the transaction block") {
  auto db = connect();
  CHECK(db.status() == status::open);
  db.execute("begin");
  CHECK(db.status() == status::in_transaction);
  CHECK(db.scalar<int>("select 1") == 1);
  CHECK(db.status() == status::in_transaction);
  db.execute("commit");
  CHECK(db.status() == status::open);
  db.script("begin; select 1");
  CHECK(db.status() == status::in_transaction);
  db.script("rollback");
  CHECK(db.status() == status::open);
  CHECK(tusk::name_of(status::failed_transaction) == "failed transaction");
}

TEST_CASE("an error inside a transaction fails it, and only a rollback helps") {
  auto db = connect();
  db.execute("create temp table t(id int)");
  db.execute("begin");
  db.execute("insert into t values (1)");
  const auto failed = error_of<tusk::data_error>([&] { return db.execute("select 1/0"); });
  CHECK(failed.session_usable());
  CHECK_FALSE(failed.transaction_usable());
  CHECK(db.status() == status::failed_transaction);
  const auto refused = error_of<tusk::operational_error>([&] { return db.query("select 1"); });
  CHECK(refused.sqlstate() == tusk::sqlstate::in_failed_sql_transaction);
  CHECK_FALSE(refused.transaction_usable());
  CHECK(db.status() == status::failed_transaction);
  SECTION("rollback") {
    db.execute("rollback");
  }
  SECTION("a commit says that it was a rollback") {
    CHECK(db.execute("commit").tag() == "ROLLBACK");
  }
  CHECK(db.status() == status::open);
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 0);
}

TEST_CASE("a failed transaction takes a rollback that was prepared before and one that was not") {
  auto db = connect();
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    db.execute("begin");
    error_of([&] { return db.execute("select 1/0"); });
    db.execute(round == 1 ? "rollback /* new */" : "rollback");
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("a savepoint brings a failed transaction back") {
  auto db = connect();
  db.execute("create temp table t(id int)");
  db.execute("begin");
  db.execute("insert into t values (1)");
  db.execute("savepoint s");
  error_of([&] { return db.execute("insert into t values (1/0)"); });
  CHECK(db.status() == status::failed_transaction);
  db.execute("rollback to s");
  CHECK(db.status() == status::in_transaction);
  db.execute("commit");
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 1);
}

TEST_CASE("an error of tusk's own leaves the transaction as it was") {
  auto db = connect();
  db.execute("begin");
  const auto misfit =
      error_of<tusk::data_error>([&] { return db.execute("select $1::int2", 70000); });
  CHECK(misfit.transaction_usable());
  error_of<tusk::programming_error>([&] { return db.query<int>("select 1, 2"); });
  error_of<tusk::programming_error>([&] { return db.execute("select $1::int"); });
  CHECK(db.status() == status::in_transaction);
  CHECK(db.scalar<int>("select 1") == 1);
  db.execute("commit");
}

TEST_CASE("a serialization failure is safe to retry") {
  auto first = connect();
  auto second = connect();
  first.script("drop table if exists contended; create table contended(id int)");
  first.execute("insert into contended values (1)");
  first.execute("begin isolation level repeatable read");
  CHECK(first.scalar<std::int64_t>("select count(*) from contended") == 1);
  second.execute("update contended set id = 2");
  const auto failed = error_of<tusk::operational_error>(
      [&] { return first.execute("update contended set id = 3"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::serialization_failure);
  CHECK(failed.safe_to_retry());
  CHECK(failed.session_usable());
  first.execute("rollback");
  first.execute("drop table contended");
}
