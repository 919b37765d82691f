// Scripts: all results of a string of statements, and where and why it stopped.

#include <chrono>
#include <string>
#include <string_view>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;

// Where it stopped, as "index:line:text".
std::string stop_of(const tusk::script_outcome& outcome) {
  if (outcome.ok()) return "not stopped";
  const auto& at = outcome.failed->details().in_script;
  if (!at) return "nowhere";
  return std::to_string(at->index) + ":" + std::to_string(at->line) + ":" + at->text;
}

}  // namespace

TEST_CASE("a script gives the result of each statement, and none for an empty one") {
  auto db = connect();
  const auto outcome = db.try_script(
      "select 1 as a;; ; create temp table t(i int);insert into t values (1), (2); -- three\n"
      "select i from t order by i;");
  CHECK(outcome.ok());
  REQUIRE(outcome.results.size() == 4);
  CHECK(outcome.results[0].columns().at(0).name == "a");
  CHECK(outcome.results[1].columns().empty());
  CHECK(outcome.results[1].done().tag() == "CREATE TABLE");
  CHECK(outcome.results[2].done().rows() == 2);
  CHECK(outcome.results[3].at(1)[0].as<int>() == 2);
}

TEST_CASE("a script of nothing has no results, and is no error") {
  auto db = connect();
  for (const char* const sql : {"", ";", " ; ;", ";;", "-- nothing", "/* ; */ ;"}) {
    INFO(sql);
    const auto outcome = db.try_script(sql);
    CHECK(outcome.ok());
    CHECK(outcome.results.empty());
    CHECK(db.script(sql).empty());
  }
  CHECK(db.status() == status::open);
}

TEST_CASE("the results before an error are given, and those behind it were never run") {
  auto db = connect();
  db.script("create temp sequence runs");
  const auto outcome = db.try_script(
      "select nextval('runs');\n\nselect 2;;\n"
      "select 1 / 0;\nselect nextval('runs')");
  REQUIRE_FALSE(outcome.ok());
  REQUIRE(outcome.results.size() == 2);
  CHECK(outcome.results[1][0][0].as<int>() == 2);
  CHECK(outcome.failed->sqlstate() == tusk::sqlstate::division_by_zero);
  CHECK(outcome.failed->kind() == tusk::error_kind::server);
  CHECK(stop_of(outcome) == "2:4:select 1 / 0");
  CHECK(outcome.failed->session_usable());
  CHECK(db.scalar<std::int64_t>("select last_value from runs") == 1);
}

TEST_CASE("a script without BEGIN is one transaction, which an error rolls back") {
  auto db = connect();
  db.script("create temp table t(i int)");
  const auto outcome = db.try_script(
      "insert into t values (1); insert into t values (2); "
      "insert into t values ('x')");
  CHECK(stop_of(outcome) == "2:1:insert into t values ('x')");
  CHECK(outcome.results.size() == 2);
  CHECK(db.status() == status::open);
  CHECK(db.scalar<int>("select count(*)::int from t") == 0);
  CHECK(db.script("select txid_current(); select txid_current()").size() == 2);
  const auto both = db.script("select txid_current(); select txid_current()");
  CHECK(both[0][0][0].as<std::int64_t>() == both[1][0][0].as<std::int64_t>());
  // What was committed in the middle stays.
  CHECK_FALSE(db.try_script("begin; insert into t values (1); commit; select nope").ok());
  CHECK(db.scalar<int>("select count(*)::int from t") == 1);
}

TEST_CASE(
    "a script that fails inside its own BEGIN leaves a failed block, for its ROLLBACK was "
    "not run") {
  auto db = connect();
  const auto outcome = db.try_script("begin; select 1/0; rollback");
  CHECK(stop_of(outcome) == "1:1:select 1/0");
  CHECK(outcome.results.size() == 1);
  CHECK_FALSE(outcome.failed->transaction_usable());
  CHECK(outcome.failed->session_usable());
  CHECK(db.status() == status::failed_transaction);
  // COMMIT of a failed block is answered by ROLLBACK.
  CHECK(db.script("commit")[0].done().tag() == "ROLLBACK");
  CHECK(db.status() == status::open);
}

TEST_CASE("a syntax error anywhere keeps the whole script from being run, and is found") {
  auto db = connect();
  const auto outcome =
      db.try_script("select 1;\ncreate temp table t();\n;\nselect 'ä', 'ö';\nselekt 3;\nselect 4");
  CHECK(outcome.results.empty());
  CHECK(outcome.failed->sqlstate() == tusk::sqlstate::syntax_error);
  CHECK(stop_of(outcome) == "3:5:selekt 3");
  CHECK(stop_of(db.try_script("select 1; select (")) == "1:1:select (");
  CHECK(db.status() == status::open);
}

TEST_CASE("the line is the one that the server points at, or the statement's first") {
  auto db = connect();
  CHECK(stop_of(db.try_script("select 1;\nselect\n  2,\n  nope,\n  3;")) ==
        "1:4:select\n  2,\n  nope,\n  3");
  CHECK(stop_of(db.try_script("select 1;\n-- why\nselect\n  1 / 0")) == "1:3:select\n  1 / 0");
}

TEST_CASE("semicolons that end nothing do not disturb the count") {
  auto db = connect();
  const auto outcome = db.try_script(
      "select ';'; select $$;$$, $x$;$x$; do $$ begin perform 1; perform 2; end $$;"
      "/* ; /* ; */ ; */ select 1 as \";\"; select 1/0");
  CHECK(outcome.results.size() == 4);
  CHECK(stop_of(outcome) == "4:1:select 1/0");
}

TEST_CASE("an error inside a function is its statement's") {
  auto db = connect();
  const auto outcome = db.try_script(
      "create function pg_temp.fails() returns int language plpgsql as $$\nbegin\n"
      "return (select nope);\nend $$;\nselect 1;\nselect pg_temp.fails()");
  CHECK(stop_of(outcome) == "2:6:select pg_temp.fails()");
}

TEST_CASE("script() throws what try_script() gives, of the same family, and says where it was") {
  auto db = connect();
  const auto failed =
      error_of<tusk::data_error>([&] { return db.script("select 1;\nselect 1/0"); });
  REQUIRE(failed.details().in_script.has_value());
  CHECK(failed.details().in_script->index == 1);
  CHECK(failed.statement() == "select 1;\nselect 1/0");
  CHECK(failed.report().find("SCRIPT:  statement 1 (from 0), line 2: select 1/0\n") !=
        std::string::npos);
  // A single statement is no script.
  CHECK_FALSE(error_of([&] { return db.query("select 1/0"); }).details().in_script.has_value());
}

TEST_CASE("COPY in a script is refused, and the session stays usable") {
  auto db = connect();
  db.script("create temp table t(i int)");
  const auto in = db.try_script("select 1; copy t from stdin; insert into t values (1)");
  CHECK(in.results.size() == 1);
  CHECK(in.failed->kind() == tusk::error_kind::usage);
  CHECK(stop_of(in) == "1:1:copy t from stdin");
  CHECK(db.scalar<int>("select count(*)::int from t") == 0);
  const auto out = db.try_script("select 1;\ncopy t to stdout;\nselect 2");
  CHECK(out.results.size() == 1);
  CHECK(out.failed->kind() == tusk::error_kind::usage);
  CHECK(stop_of(out) == "1:2:copy t to stdout");
  CHECK(db.status() == status::open);
  CHECK(db.scalar<int>("select 3") == 3);
}

TEST_CASE("a script whose time is up claims no place, for the server keeps its answers back") {
  auto db = connect({.drain_timeout = 60s});
  const auto outcome =
      db.try_script({.timeout = 500ms}, "select 1; select 2; select pg_sleep(30); select 4");
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.failed->kind() == tusk::error_kind::timeout);
  CHECK(outcome.failed->session_usable());
  CHECK(outcome.results.size() <= 2);
  CHECK(stop_of(outcome) == "nowhere");
  CHECK(db.scalar<int>("select 3") == 3);
}

TEST_CASE("a script whose server goes away tells how far it came") {
  auto db = connect();
  const auto outcome =
      db.try_script("select 1; select pg_terminate_backend(pg_backend_pid()); select 3");
  CHECK(outcome.failed->kind() == tusk::error_kind::connection_lost);
  CHECK(outcome.failed->sqlstate() == tusk::sqlstate::admin_shutdown);
  CHECK(outcome.results.size() == 1);
  CHECK(stop_of(outcome) == "1:1:select pg_terminate_backend(pg_backend_pid())");
  CHECK(db.status() == status::broken);
  // Of a misuse nothing came: it is thrown.
  error_of<tusk::operational_error>([&] { return db.try_script("select 1"); });
  db.close();
  CHECK(message_of<tusk::programming_error>([&] { return db.try_script("select 1"); }) ==
        "the session is closed");
}
