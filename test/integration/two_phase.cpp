// Two-phase commit.

#include <string>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using status = tusk::session_status;

struct shared_table {
  shared_table() {
    db.script(
        "drop table if exists pledged; create table pledged(id int unique deferrable "
        "initially deferred)");
  }
  tusk::transaction pledging(int id) {
    auto tx = db.begin();
    tx.execute("insert into pledged values ($1)", id);
    return tx;
  }
  std::int64_t count() { return db.scalar<std::int64_t>("select count(*) from pledged"); }

  tusk::session db = connect();
};

}  // namespace

TEST_CASE_METHOD(shared_table,
                 "a prepared transaction is committed or rolled back by any session") {
  const std::string id = GENERATE("plain", "it's \\ \"odd\" $1", "gr\xc3\xbc\xc3\x9f");
  const bool conforming = GENERATE(true, false);
  db.execute(conforming ? "set standard_conforming_strings = on"
                        : "set standard_conforming_strings = off");
  auto tx = pledging(1);
  tx.prepare_commit(id);
  CHECK_FALSE(tx.is_open());
  CHECK(db.status() == status::open);
  CHECK(count() == 0);
  const auto waiting = db.prepared_transactions();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].id == id);
  CHECK(waiting[0].owner == "postgres");
  CHECK(waiting[0].database == "postgres");
  CHECK(waiting[0].prepared_at <= db.scalar<tusk::timestamptz>("select clock_timestamp()"));
  CHECK(message_of<tusk::programming_error>([&] { return tx.query("select 1"); }) ==
        "the transaction is over: it was prepared for a two-phase commit");
  auto other = connect();
  SECTION("committed") {
    other.commit_prepared(id);
    CHECK(count() == 1);
  }
  SECTION("rolled back") {
    other.rollback_prepared(id);
    CHECK(count() == 0);
  }
  CHECK(db.prepared_transactions().empty());
  const auto gone = error_of<tusk::programming_error>([&] {
    other.commit_prepared(id);
    return 0;
  });
  CHECK(gone.sqlstate() == tusk::sqlstate::undefined_object);
  db.execute("drop table pledged");
}

TEST_CASE_METHOD(shared_table, "what cannot be prepared is rolled back, and said") {
  SECTION("a statement had failed") {
    auto tx = pledging(1);
    error_of([&] { return tx.execute("select 1/0"); });
    const auto failed = error_of<tusk::operational_error>([&] {
      tx.prepare_commit("never");
      return 0;
    });
    CHECK(failed.kind() == tusk::error_kind::rolled_back);
  }
  SECTION("a deferred constraint does not hold") {
    auto tx = pledging(1);
    tx.execute("insert into pledged values (1)");
    error_of<tusk::integrity_error>([&] {
      tx.prepare_commit("never");
      return 0;
    });
    CHECK_FALSE(tx.is_open());
  }
  SECTION("the id is too long") {
    auto tx = pledging(1);
    error_of<tusk::data_error>([&] {
      tx.prepare_commit(std::string(200, 'x'));
      return 0;
    });
  }
  CHECK(db.prepared_transactions().empty());
  CHECK(count() == 0);
  CHECK(db.status() == status::open);
  db.execute("drop table pledged");
}

TEST_CASE_METHOD(shared_table, "the second half is refused by the server inside of a transaction") {
  auto tx = db.begin();
  const auto failed = error_of<tusk::operational_error>([&] {
    db.commit_prepared("any");
    return 0;
  });
  CHECK(failed.sqlstate() == tusk::sqlstate::active_sql_transaction);
  tx.rollback();
  db.execute("drop table pledged");
}
