// Statements that are put together from parts, run by every verb and in every mode.

#include "tusk/sql.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

/// A table whose every name has to be quoted.
tusk::sql table() {
  return tusk::ident("pg_temp", "the \"table\"; --");
}

tusk::session with_table() {
  tusk::session db = connect();
  db.execute(tusk::sql("create temp table {} ({} int, {} text)", tusk::ident("the \"table\"; --"),
                       tusk::ident("Id"), tusk::ident("a'b\\")));
  return db;
}

tusk::sql insert(int id, std::string_view text) {
  return tusk::sql("insert into {} values ({}, {})", table(), tusk::bind(id), tusk::bind(text));
}

tusk::sql find(std::vector<int> ids) {
  return tusk::sql("select {}, {} from {} where {} = any({}) order by 1", tusk::ident("Id"),
                   tusk::ident("a'b\\"), table(), tusk::ident("Id"), tusk::bind(ids));
}

}  // namespace

TEST_CASE("every verb takes what was put together, in every mode") {
  tusk::session db = with_table();
  for (const auto mode : {tusk::statement_mode::prepared, tusk::statement_mode::declared,
                          tusk::statement_mode::unnamed, tusk::statement_mode::simple}) {
    const tusk::call_options by{.mode = mode};
    db.script(tusk::sql("truncate {}", table()));
    CHECK(db.execute(by, insert(1, "it's")).rows() == 1);
    CHECK(db.execute(by, insert(2, "\\")).rows() == 1);
    const tusk::sql some("select {} from {} where {} > {}", tusk::ident("a'b\\"), table(),
                         tusk::ident("Id"), tusk::bind(1));
    CHECK(db.query<std::string>(by, some).size() == 1);
    CHECK(db.one<std::string>(by, some) == "\\");
    CHECK(db.maybe<std::string>(by, some) == "\\");
    CHECK(db.scalar<std::string>(by, some) == "\\");
    std::vector<std::string> seen;
    for (const std::string& text : db.stream<std::string>(by, some))
      seen.push_back(text);
    CHECK(seen == std::vector<std::string>{"\\"});
    tusk::transaction tx = db.begin();
    auto rows = tx.cursor<std::string>({.mode = mode}, some);
    CHECK(rows.fetch(10).size() == 1);
    tx.rollback();
  }
}

TEST_CASE("a pipeline takes it, and its values need not outlive the call") {
  tusk::session db = with_table();
  auto line = db.pipeline();
  for (int i = 1; i <= 3; ++i)
    line.execute(insert(i, std::string(static_cast<std::size_t>(i), '\'')));
  auto rows = line.query<int, std::string>(find({2, 3}));
  line.finish();
  CHECK(rows.get().size() == 2);
  CHECK(std::get<1>(db.one<int, std::string>(find({3}))) == "'''");
}

TEST_CASE("a batch and a preparation take it with placeholders of its text") {
  tusk::session db = with_table();
  const tusk::sql put("insert into {} values ($1, $2)", table());
  const std::vector<std::tuple<int, std::string>> rows{{1, "a"}, {2, "b"}};
  CHECK(db.execute_many(put, rows).rows() == 2);
  const tusk::statement prepared = db.prepare(put);
  CHECK(prepared.parameters().size() == 2);
  db.execute(prepared, 3, "c");
  db.execute(put, 4, "d");
  CHECK(db.query(find({1, 2, 3, 4})).size() == 4);
}

TEST_CASE("values of its own and others do not mix") {
  tusk::session db = with_table();
  const auto both =
      error_of<tusk::programming_error>([&] { return db.execute(insert(1, "a"), 7); });
  CHECK(both.message().find("the statement has values of its own, and others are given") == 0);
  CHECK(both.session_usable());
  const std::vector<int> rows{1};
  CHECK(message_of([&] {
          return db.execute_many(insert(1, "a"), rows);
        }).find("a batch takes its values from the range") != std::string::npos);
  CHECK(message_of([&] { return db.script(insert(1, "a")); }).find("literal()") !=
        std::string::npos);
  CHECK(message_of([&] { return db.prepare(insert(1, "a")); }).find("placeholder") !=
        std::string::npos);
  CHECK(db.query(find({1})).size() == 0);
}

TEST_CASE("a part that would be read as something else is refused before anything is sent") {
  tusk::session db = with_table();
  const auto failed = error_of<tusk::programming_error>([&] {
    return db.execute(tusk::sql("insert into {} values (1, ' {} ')", table(),
                                tusk::literal("x'); drop table y; --")));
  });
  CHECK(failed.kind() == tusk::error_kind::usage);
  CHECK(failed.safe_to_retry());
  CHECK(db.status() == tusk::session_status::open);
  CHECK(db.scalar<std::int64_t>(tusk::sql("select count(*) from {}", table())) == 0);
}

TEST_CASE("an error of the statement has its whole text") {
  tusk::session db = with_table();
  const tusk::sql wrong("select {} from {}", tusk::ident("none"), table());
  const auto failed = error_of([&] { return db.query(wrong); });
  CHECK(failed.statement() == wrong.text());
  CHECK(failed.position() == 8);
  const tusk::sql none("select {}::int where false", tusk::bind(1));
  CHECK(error_of([&] { return db.one<int>(none); }).statement() == "select $1::int where false");
  CHECK(db.text_of(none) == "select $1::int where false");
}

TEST_CASE("statements that take no parameters take literals and numerals") {
  tusk::session db = connect();
  const std::string role = "o'brien \"x\"";
  const std::string password = "it's \\ $1 {}";
  db.script(tusk::sql("drop role if exists {}", tusk::ident(role)));
  db.script(tusk::sql("create role {} login password {} connection limit {} valid until {}",
                      tusk::ident(role), tusk::literal(password), tusk::numeral(-1),
                      tusk::literal("infinity")));
  CHECK(db.scalar<int>("select rolconnlimit from pg_roles where rolname = $1", role) == -1);
  db.script(tusk::sql("comment on role {} is {}", tusk::ident(role), tusk::literal(password)));
  CHECK(db.scalar<std::string>(
            "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = $1", role) ==
        password);
  db.script(tusk::sql("comment on role {} is {}", tusk::ident(role), tusk::literal(std::nullopt)));
  db.script(tusk::sql("alter role {} set application_name = {}", tusk::ident(role),
                      tusk::literal(password)));
  db.script(tusk::sql("drop role {}", tusk::ident(role)));
  db.script(
      tusk::sql("create temp table parts (d date, n varchar({})) partition by range (d);"
                "create temp table part partition of parts for values from ({}) to ({});"
                "create temp sequence s minvalue {} start {}",
                tusk::numeral(20), tusk::literal(*tusk::date::parse("2024-01-01")),
                tusk::literal("2025-01-01"), tusk::numeral(INT64_MIN), tusk::numeral(-5)));
  CHECK(db.scalar<std::int64_t>("select nextval('s')") == -5);
  CHECK(db.execute("insert into parts values ('2024-06-01', 'x')").rows() == 1);
}

TEST_CASE("a literal of any type is read back with a cast, under both readings of backslashes") {
  tusk::session db = connect();
  const auto same = [&](const auto& value, std::string_view type) {
    CAPTURE(type);
    for (const char* rule : {"on", "off"}) {
      db.execute(tusk::sql("set standard_conforming_strings = {}", tusk::literal(rule)));
      CHECK(db.scalar<bool>(tusk::sql("select {}::{} is not distinct from {}::{}",
                                      tusk::literal(value), tusk::raw(type), tusk::bind(value),
                                      tusk::raw(type))));
    }
  };
  same(-5, "int4");
  same(INT64_MIN, "int8");
  same(0.1, "float8");
  same(true, "bool");
  same(tusk::numeric("-1e-30"), "numeric");
  same(std::string("a'\\\n"), "text");
  same(std::optional<int>(), "int4");
  same(*tusk::uuid::parse("00112233-4455-6677-8899-aabbccddeeff"), "uuid");
  same(tusk::json{R"({"a\\":"'\n"})"}, "jsonb");
  same(*tusk::timestamptz::parse("2024-02-29 23:59:59.999999+00"), "timestamptz");
  same(std::vector<std::string>{"a'\\", "{\"", "NULL"}, "text[]");
  same(std::vector<std::optional<int>>{1, std::nullopt}, "int4[]");
}

TEST_CASE("a statement that differs in its values only is prepared once") {
  tusk::session db = with_table();
  static_cast<void>(db.query(find({1})));
  const int before = prepared_count(db);
  for (int i = 0; i < 5; ++i)
    static_cast<void>(db.query(find({i})));
  CHECK(prepared_count(db) == before);
}
