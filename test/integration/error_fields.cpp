// What can be known of an error beside its words: whether it may pass, whether a retry is safe.

#include <string>
#include <string_view>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

std::string raising(std::string_view code) {
  return "begin raise 'told' using errcode = '" + std::string(code) + "'; end";
}

/// A function and a procedure that fail by each code.
void make_failing(tusk::session& db) {
  db.execute(
      "create function pg_temp.fail(code text) returns int language plpgsql as "
      "$$ begin raise 'told' using errcode = code; end $$");
  db.execute(
      "create procedure pg_temp.fail_late(code text) language plpgsql as "
      "$$ begin create temp table if not exists kept(); commit; "
      "raise 'told' using errcode = code; end $$");
}

}  // namespace

TEST_CASE("a serialization failure or deadlock is safe to retry, other transient errors are not") {
  auto db = connect();
  make_failing(db);
  for (const char* code : {"40001", "40P01"}) {
    CAPTURE(code);
    const auto failed = error_of([&] { return db.query("select pg_temp.fail($1)", code); });
    CHECK(failed.safe_to_retry());
    CHECK(failed.is_transient());
  }
  for (const char* code : {"53300", "57P03", "55P03", "53200", "57014", "23505"}) {
    CAPTURE(code);
    const auto failed = error_of([&] { return db.query("select pg_temp.fail($1)", code); });
    CHECK_FALSE(failed.safe_to_retry());
  }
}

TEST_CASE("a procedure that may have committed before it failed is not safe to retry") {
  auto db = connect();
  make_failing(db);
  const auto late = error_of([&] { return db.execute("call pg_temp.fail_late('40001')"); });
  CHECK(late.sqlstate().text() == "40001");
  CHECK_FALSE(late.safe_to_retry());
  CHECK(late.is_transient());
  CHECK(db.query("select from kept").empty());  // it had
  CHECK_FALSE(error_of([&] {
                return db.execute("/* c */ do $$ " + raising("40P01") + " $$");
              }).safe_to_retry());
  CHECK_FALSE(
      error_of([&] { return db.script("call pg_temp.fail_late('40001')"); }).safe_to_retry());
  // In a transaction block it cannot.
  db.execute("begin");
  const auto inside = error_of([&] { return db.execute("do $$ " + raising("40001") + " $$"); });
  CHECK(inside.safe_to_retry());
  CHECK_FALSE(inside.transaction_usable());
  db.execute("rollback");
}

TEST_CASE("in a pipeline the same holds") {
  auto db = connect();
  make_failing(db);
  auto line = db.pipeline();
  auto whole = line.query("select pg_temp.fail('40001')");
  line.sync();
  auto maybe_not = line.execute("call pg_temp.fail_late('40001')");
  line.sync();
  CHECK(error_of([&] { return whole.get(); }).safe_to_retry());
  CHECK_FALSE(error_of([&] { return maybe_not.get(); }).safe_to_retry());
  line.finish();
}

TEST_CASE("a parameter that does not fit is found before anything is carried out") {
  auto db = connect();
  db.execute("create temp table t(small int2)");
  for (const auto mode : {tusk::statement_mode::prepared, tusk::statement_mode::declared,
                          tusk::statement_mode::unnamed}) {
    const tusk::call_options how{.mode = mode};
    const auto range = error_of<tusk::data_error>(
        [&] { return db.execute(how, "insert into t values ($1)", std::string("a\0b", 3)); });
    CHECK(range.kind() == tusk::error_kind::conversion);
    CHECK(range.safe_to_retry());
    CHECK(range.session_usable());
  }
  const auto big =
      error_of<tusk::data_error>([&] { return db.execute("insert into t values ($1)", 100'000); });
  CHECK(big.kind() == tusk::error_kind::conversion);
  CHECK(big.safe_to_retry());
  const auto misfit = error_of<tusk::programming_error>(
      [&] { return db.execute("insert into t values ($1)", true); });
  CHECK(misfit.safe_to_retry());
  const auto count = error_of<tusk::programming_error>(
      [&] { return db.execute("insert into t values ($1)", 1, 2); });
  CHECK(count.safe_to_retry());
  // What was read wrongly was carried out before.
  const auto read = error_of([&] {
    return db.scalar<tusk::uuid>(tusk::call_options{.mode = tusk::statement_mode::simple},
                                 "select 'x'::text");
  });
  CHECK_FALSE(read.safe_to_retry());
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 0);
}

TEST_CASE("a domain's constraint is named with the domain's type") {
  auto db = connect();
  db.execute("create domain pg_temp.positive as int constraint above_zero check (value > 0)");
  const auto failed =
      error_of<tusk::integrity_error>([&] { return db.execute("select (-1)::pg_temp.positive"); });
  CHECK(failed.constraint() == "above_zero");
  CHECK(failed.data_type() == "positive");
  CHECK(failed.schema().find("pg_temp") == 0);
}

TEST_CASE("a statement that writes on a server that does not take it has 25006") {
  auto db = connect();
  db.execute("set default_transaction_read_only = on");
  const auto failed =
      error_of<tusk::operational_error>([&] { return db.execute("create table never()"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::read_only_sql_transaction);
  CHECK_FALSE(failed.is_transient());
  CHECK(failed.session_usable());
}
