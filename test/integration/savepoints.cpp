// Savepoints: nested, released, rolled back to, left, and used when they are over.

#include <optional>
#include <string>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using status = tusk::session_status;

std::string ids(tusk::executor& db) {
  return db.scalar<std::string>(
      "select coalesce(string_agg(id::text, ' ' order by id), '') from t");
}

void insert(tusk::executor& into, int id) {
  into.execute("insert into t values ($1)", id);
}

template <class Call>
std::string refusal_of(Call&& call) {
  return message_of<tusk::programming_error>([&] {
    call();
    return 0;
  });
}

struct begun {
  begun() { db.execute("create temp table t(id int primary key)"); }
  tusk::session db = connect();
};

}  // namespace

TEST_CASE_METHOD(begun, "what a savepoint releases stays, what it rolls back is gone") {
  auto tx = db.begin();
  insert(tx, 1);
  auto kept = tx.savepoint();
  insert(kept, 2);
  kept.release();
  CHECK_FALSE(kept.is_open());
  auto undone = tx.savepoint();
  insert(undone, 3);
  CHECK(ids(tx) == "1 2 3");
  undone.rollback();
  CHECK_FALSE(undone.is_open());
  {
    auto left = tx.savepoint();
    insert(left, 4);
  }
  insert(tx, 5);
  tx.commit();
  CHECK(ids(db) == "1 2 5");
}

TEST_CASE_METHOD(begun, "a failed transaction is brought back by its savepoint") {
  auto tx = db.begin();
  insert(tx, 1);
  SECTION("by rollback()") {
    auto attempt = tx.savepoint();
    error_of<tusk::integrity_error>([&] { return attempt.execute("insert into t values (1)"); });
    CHECK(db.status() == status::failed_transaction);
    const auto failed = error_of<tusk::operational_error>([&] {
      attempt.release();
      return 0;
    });
    CHECK(failed.sqlstate() == tusk::sqlstate::in_failed_sql_transaction);
    CHECK(attempt.is_open());
    attempt.rollback();
  }
  SECTION("by being left") {
    auto attempt = tx.savepoint();
    error_of<tusk::integrity_error>([&] { return attempt.execute("insert into t values (1)"); });
  }
  CHECK(db.status() == status::in_transaction);
  insert(tx, 2);
  tx.commit();
  CHECK(ids(db) == "1 2");
}

TEST_CASE_METHOD(begun, "savepoints nest to any depth") {
  constexpr int depth = 200;
  auto tx = db.begin();
  std::vector<tusk::savepoint> nest;
  nest.push_back(tx.savepoint());
  for (int i = 1; i < depth; ++i) {
    insert(nest.back(), i);
    nest.push_back(nest.back().savepoint());
  }
  // Those inside of the hundredth go with it, in whatever order they are destroyed.
  nest[100].rollback();
  CHECK(nest[99].is_open());
  CHECK_FALSE(nest[100].is_open());
  CHECK_FALSE(nest[150].is_open());
  CHECK(refusal_of([&] { nest[190].release(); }) ==
        "the savepoint is over: so is the transaction or the savepoint around it");
  nest.clear();
  CHECK(tx.is_open());
  CHECK(ids(tx).empty());
  tx.commit();
}

TEST_CASE_METHOD(begun, "an inner rollback keeps the outer one's work") {
  auto tx = db.begin();
  auto outer = tx.savepoint();
  insert(outer, 1);
  {
    auto inner = outer.savepoint();
    insert(inner, 2);
    auto innermost = inner.savepoint();
    insert(innermost, 3);
    innermost.release();
    CHECK(ids(tx) == "1 2 3");
  }
  outer.release();
  tx.commit();
  CHECK(ids(db) == "1");
}

TEST_CASE_METHOD(begun, "releasing an outer savepoint releases those inside of it") {
  auto tx = db.begin();
  auto outer = tx.savepoint();
  auto inner = tx.savepoint();  // of the transaction, and yet inside: the last one is open
  insert(inner, 1);
  outer.release();
  CHECK_FALSE(inner.is_open());
  CHECK(refusal_of([&] { inner.rollback(); }) ==
        "the savepoint is over: so is the transaction or the savepoint around it");
  tx.commit();
  CHECK(ids(db) == "1");
}

TEST_CASE_METHOD(begun, "a commit with open savepoints keeps what is in them") {
  auto tx = db.begin();
  auto open = tx.savepoint();
  insert(open, 1);
  tx.commit();
  CHECK_FALSE(open.is_open());
  CHECK(ids(db) == "1");
}

TEST_CASE_METHOD(begun, "a savepoint that is over refuses everything, and says how it ended") {
  auto tx = db.begin();
  auto sp = tx.savepoint();
  SECTION("released") {
    sp.release();
    CHECK(refusal_of([&] { sp.rollback(); }) == "the savepoint is over: it was released");
  }
  SECTION("rolled back") {
    sp.rollback();
    CHECK(refusal_of([&] { insert(sp, 1); }) == "the savepoint is over: it was rolled back");
  }
  SECTION("by a COMMIT as a statement") {
    tx.execute("commit");
    CHECK(refusal_of([&] { sp.release(); }).find("the savepoint is over") == 0);
  }
  SECTION("moved from") {
    auto moved = std::move(sp);
    refusal_of([&] { sp.release(); });  // NOLINT(bugprone-use-after-move): what is tested
    CHECK_FALSE(sp.is_open());
    insert(moved, 1);
    auto next = moved.savepoint();
    moved = std::move(next);  // what `moved` stood for is undone, and with it the one inside
    CHECK_FALSE(moved.is_open());
    CHECK(ids(tx).empty());
  }
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE_METHOD(begun, "a savepoint that cannot be rolled back to ends the session") {
  auto tx = db.begin();
  {
    auto sp = tx.savepoint();
    const auto names = tx.script("release savepoint tusk_s2");
  }
  CHECK(db.status() == status::broken);
}
