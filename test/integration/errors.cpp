// The server's errors: families, every field, and the place in the statement.

#include <string>
#include <string_view>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

enum class family { operational, programming, integrity, data, internal, unsupported };

family family_of(const tusk::error& e) {
  if (dynamic_cast<const tusk::operational_error*>(&e) != nullptr) return family::operational;
  if (dynamic_cast<const tusk::integrity_error*>(&e) != nullptr) return family::integrity;
  if (dynamic_cast<const tusk::data_error*>(&e) != nullptr) return family::data;
  if (dynamic_cast<const tusk::internal_error*>(&e) != nullptr) return family::internal;
  if (dynamic_cast<const tusk::not_supported_error*>(&e) != nullptr) return family::unsupported;
  return family::programming;
}

struct expected {
  const char* sql;
  const char* code;
  family in;
};

const expected failures[] = {
    {"selec 1", "42601", family::programming},
    {"select * from nowhere", "42P01", family::programming},
    {"select nothing", "42703", family::programming},
    {"select nothing()", "42883", family::programming},
    {"select 1/0", "22012", family::data},
    {"select 'x'::int", "22P02", family::data},
    {"select 2147483647 + 1", "22003", family::data},
    {"select (select generate_series(1, 2))", "21000", family::data},
    {"insert into pg_class default values", "23502", family::integrity},
    {"create temp table t(a int) with (oids = 1)", "", family::programming},
    {"savepoint s", "25P01", family::operational},
    {"vacuum full (freeze maybe)", "", family::programming},
    {"set local statement_timeout = 'x'", "22023", family::data},
    {"set role nobody_of_that_name", "", family::data},
};

// What RAISE says, in the family of its code.
const expected raised[] = {
    {"", "08006", family::operational}, {"", "40001", family::operational},
    {"", "40P01", family::operational}, {"", "53200", family::operational},
    {"", "55P03", family::operational}, {"", "57014", family::operational},
    {"", "58030", family::operational}, {"", "23505", family::integrity},
    {"", "44000", family::integrity},   {"", "22001", family::data},
    {"", "XX001", family::internal},    {"", "0A000", family::unsupported},
    {"", "P0001", family::programming}, {"", "42501", family::programming},
};

}  // namespace

TEST_CASE("each error is thrown as its family, with its SQLSTATE, and the session goes on") {
  auto db = connect();
  for (const expected& each : failures) {
    CAPTURE(each.sql);
    const auto failed = error_of([&] { return db.execute(each.sql); });
    if (*each.code != '\0') {
      CHECK(failed.sqlstate().text() == each.code);
      try {
        db.execute(each.sql);
      } catch (const tusk::error& e) {
        CHECK(family_of(e) == each.in);
      }
    }
    CHECK(failed.kind() == tusk::error_kind::server);
    CHECK(failed.severity() == "ERROR");
    CHECK(failed.statement() == each.sql);
    CHECK_FALSE(failed.message().empty());
    CHECK(failed.session_usable());
    CHECK(db.status() == tusk::session_status::open);
  }
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("an error's family follows its SQLSTATE's class, and only transient ones are retried") {
  auto db = connect();
  db.execute(
      "create function pg_temp.tell(code text) returns int language plpgsql as "
      "$$ begin raise 'told' using errcode = code; end $$");
  for (const expected& each : raised) {
    CAPTURE(each.code);
    try {
      db.execute("select pg_temp.tell($1)", each.code);
      FAIL("no error");
    } catch (const tusk::error& e) {
      CHECK(family_of(e) == each.in);
      CHECK(e.sqlstate().text() == each.code);
      CHECK(e.message() == "told");
      const std::string_view code = each.code;
      CHECK(e.safe_to_retry() == (code == "40001" || code == "40P01"));
    }
  }
}

TEST_CASE("an error carries every field that RAISE can set") {
  auto db = connect();
  const auto failed = error_of([&] {
    return db.execute(
        "do $$ begin raise 'the message' using detail = 'the detail', hint = 'the hint',"
        " schema = 'the schema', table = 'the table', column = 'the column',"
        " datatype = 'the type', constraint = 'the constraint', errcode = 'unique_violation';"
        " end $$");
  });
  CHECK(failed.message() == "the message");
  CHECK(failed.detail() == "the detail");
  CHECK(failed.hint() == "the hint");
  CHECK(failed.schema() == "the schema");
  CHECK(failed.table() == "the table");
  CHECK(failed.column() == "the column");
  CHECK(failed.data_type() == "the type");
  CHECK(failed.constraint() == "the constraint");
  CHECK(failed.sqlstate() == tusk::sqlstate::unique_violation);
  CHECK(failed.where().find("PL/pgSQL function inline_code_block line 1 at RAISE") == 0);
  CHECK(failed.details().source_file == "pl_exec.c");
  CHECK(failed.details().source_routine == "exec_stmt_raise");
  CHECK_FALSE(failed.details().source_line.empty());
  CHECK(std::string_view(failed.what()) == "ERROR: the message (23505)");
  CHECK(failed.report() ==
        "ERROR:  the message (23505)\nDETAIL:  the detail\nHINT:  the hint\nCONTEXT:  " +
            std::string(failed.where()) + "\n");
}

TEST_CASE("a violated constraint is named with its schema, table and column") {
  auto db = connect();
  db.execute(
      "create temp table account(id int primary key, name text not null unique, balance int "
      "constraint not_in_debt check (balance >= 0), parent int references account)");
  db.execute("insert into account values (1, 'Ada', 5, null)");
  const auto violated = [&](const char* values) {
    return error_of<tusk::integrity_error>(
        [&] { return db.execute("insert into account values " + std::string(values)); });
  };
  const auto unique = violated("(1, 'Blaise', 0, null)");
  CHECK(unique.sqlstate() == tusk::sqlstate::unique_violation);
  CHECK(unique.constraint() == "account_pkey");
  CHECK(unique.table() == "account");
  CHECK(unique.schema().find("pg_temp") == 0);
  CHECK(unique.detail() == "Key (id)=(1) already exists.");
  const auto null = violated("(2, null, 0, null)");
  CHECK(null.sqlstate() == tusk::sqlstate::not_null_violation);
  CHECK(null.column() == "name");
  const auto check = violated("(2, 'Blaise', -1, null)");
  CHECK(check.sqlstate() == tusk::sqlstate::check_violation);
  CHECK(check.constraint() == "not_in_debt");
  const auto reference = violated("(2, 'Blaise', 0, 99)");
  CHECK(reference.sqlstate() == tusk::sqlstate::foreign_key_violation);
  CHECK(reference.constraint() == "account_parent_fkey");
}

TEST_CASE("a deferred constraint's error comes from the commit") {
  auto db = connect();
  db.execute("create temp table t(id int unique deferrable initially deferred)");
  db.execute("begin");
  CHECK(db.execute("insert into t values (1), (1)").rows() == 2);
  const auto failed = error_of<tusk::integrity_error>([&] { return db.execute("commit"); });
  CHECK(failed.constraint() == "t_id_key");
  CHECK(db.status() == tusk::session_status::open);
  // Without a transaction block it comes after CommandComplete, from the Sync.
  error_of<tusk::integrity_error>([&] { return db.execute("insert into t values (2), (2)"); });
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 0);
}

TEST_CASE("the position counts characters, and the caret stands under the mistake") {
  auto db = connect();
  const auto failed = error_of<tusk::programming_error>(
      [&] { return db.query("select 'äöü€', nope, 1 as \"ß\""); });
  CHECK(failed.position() == 16);
  CHECK(failed.report() ==
        "ERROR:  column \"nope\" does not exist (42703)\n"
        "LINE 1: select 'äöü€', nope, 1 as \"ß\"\n"
        "                       ^\n");
  // A wide character takes two columns on the screen and is one for the server.
  const auto wide =
      error_of<tusk::programming_error>([&] { return db.query("select '😀', nope"); });
  CHECK(wide.position() == 13);
  CHECK(wide.report() ==
        "ERROR:  column \"nope\" does not exist (42703)\n"
        "LINE 1: select '😀', nope\n"
        "                     ^\n");
}

TEST_CASE("the caret finds its line among several, at the end, and in a script") {
  auto db = connect();
  const auto second = error_of([&] { return db.query("select 1,\n  'ä',\r\n  nope\nfrom t"); });
  CHECK(second.report().find("LINE 4: from t\n             ^\n") != std::string::npos);
  const auto end = error_of([&] { return db.query("select (1"); });
  CHECK(end.report() ==
        "ERROR:  syntax error at end of input (42601)\nLINE 1: select (1\n                 ^\n");
  const auto script = error_of([&] { return db.script("select 1;\nselect nope;"); });
  CHECK(script.report().find("LINE 2: select nope;\n               ^\n") != std::string::npos);
}

TEST_CASE("an error inside a function shows the function's own query") {
  auto db = connect();
  const auto failed = error_of([&] { return db.execute("do $$ begin perform nope; end $$"); });
  CHECK(failed.details().internal_query ==
        (major_version(db) < 14 ? "SELECT nope" : "SELECT nope"));
  CHECK(failed.details().internal_position == 8);
  CHECK(failed.position() == 0);
  CHECK(failed.report().find("LINE 1: SELECT nope\n               ^\n") != std::string::npos);
}

TEST_CASE("a script of which a part may have been committed is not safe to retry") {
  auto db = connect();
  db.execute(
      "create function pg_temp.tell() returns int language plpgsql as "
      "$$ begin raise 'mine' using errcode = '40001'; end $$");
  const std::string fails = "select pg_temp.tell()";
  CHECK(error_of([&] { return db.script(fails); }).safe_to_retry());
  const auto failed =
      error_of([&] { return db.script("begin; create temp table kept(); commit; " + fails); });
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(db.query("select from kept").empty());
}
