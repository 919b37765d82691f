// Strings go to any parameter and come from any column.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

struct sample {
  const char* type;
  const char* literal;
};

// Types with a codec of their own, and types that have only their text.
const std::vector<sample> samples{
    {"bool", "t"},
    {"int2", "-7"},
    {"int8", "9007199254740993"},
    {"float8", "0.1"},
    {"numeric", "1.50"},
    {"bytea", "\\xdeadbeef"},
    {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {"date", "2024-02-29"},
    {"time", "12:30:00.5"},
    {"timestamp", "0044-03-15 12:00:00 BC"},
    {"timestamptz", "294276-12-31 23:59:59.999999+00"},
    {"json", "{\"a\" : 1}"},
    {"jsonb", "{\"a\": 1}"},
    {"\"char\"", "x"},
    {"timetz", "12:00:00+05:30"},
    {"interval", "1 mon -2 days +00:00:03.5"},
    {"money", "$12.34"},
    {"bit(3)", "101"},
    {"varbit", "10110"},
    {"inet", "192.168.1.5/24"},
    {"cidr", "10.0.0.0/8"},
    {"macaddr", "08:00:2b:01:02:03"},
    {"point", "(1,2)"},
    {"box", "(3,4),(1,2)"},
    {"path", "((0,0),(1,1))"},
    {"int4range", "[1,5)"},
    {"tstzrange", "[\"2024-01-01 00:00:00+00\",)"},
    {"tsvector", "'a':1A 'b'"},
    {"tsquery", "'a' & !'b'"},
    {"jsonpath", "$.\"a\""},
    {"tid", "(1,2)"},
    {"pg_lsn", "16/B374D848"},
    {"regclass", "pg_class"},
    {"regtype", "integer"},
    {"xid", "42"},
    {"int4[]", "{1,NULL,3}"},
    {"text[]", "{a,\"b c\",NULL}"},
    {"point[]", "{\"(1,2)\",\"(3,4)\"}"},
    {"box[]", "{(3,4),(1,2);(1,1),(0,0)}"},
    {"int4[]", "[0:1]={1,2}"},
    {"int4[]", "{{1,2},{3,4}}"},
};

}  // namespace

TEST_CASE("a string is taken by a parameter of every type, and read from a column of every type") {
  auto db = connect();
  for (const auto& [type, literal] : samples) {
    CAPTURE(type, literal);
    const std::string sql = "select $1::" + std::string(type);
    const auto typed = db.query<std::string>(sql, literal);
    CHECK(typed[0] == literal);
    CHECK(db.scalar<std::string>(sql, std::string(literal)) == literal);
    CHECK(db.query<std::string_view>(sql, std::string_view(literal))[0] == literal);
    CHECK(db.query(sql, literal)[0][0].as<std::string>() == literal);
    CHECK(db.query({.formats = tusk::formats::printable}, sql, literal)[0][0].as<std::string>() ==
          literal);
  }
}

TEST_CASE("types that a database makes for itself are read as their text") {
  auto db = connect();
  db.script(
      "create type pg_temp.mood as enum ('sad', 'glad');"
      "create domain pg_temp.small as int check (value < 10);"
      "create type pg_temp.pair as (a int, b text)");
  CHECK(db.scalar<std::string>("select $1::pg_temp.mood", "glad") == "glad");
  CHECK(db.scalar<std::string>("select row(1, 'a,b')::pg_temp.pair") == "(1,\"a,b\")");
  CHECK(db.scalar<std::string>("select array['sad']::pg_temp.mood[]") == "{sad}");
  // A domain's column is of its base type.
  CHECK(db.scalar<int>("select 7::pg_temp.small") == 7);
  CHECK(db.scalar<int>("select $1::int::pg_temp.small", 7) == 7);
  const auto failed =
      error_of<tusk::integrity_error>([&] { return db.query("select $1::pg_temp.small", "70"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::check_violation);
  CHECK(failed.constraint() == "small_check");
  CHECK(failed.data_type() == "small");
  CHECK(db.scalar<std::optional<std::string>>("select pg_sleep(0)") == "");
}

TEST_CASE("a domain takes what its base type takes") {
  auto db = connect();
  db.script(
      "create domain pg_temp.small as smallint check (value < 10);"
      "create domain pg_temp.price as numeric(8, 2);"
      "create domain pg_temp.moment as timestamptz;"
      "create domain pg_temp.token as bytea;"
      "create domain pg_temp.numbers as int[];"
      "create temp table t(s pg_temp.small, p pg_temp.price, m pg_temp.moment, k pg_temp.token,"
      " n pg_temp.numbers); set datestyle to 'SQL, DMY'");
  const auto moment = tusk::timestamptz::parse("2024-02-03 04:05:06.5+00");
  const std::vector<std::byte> token{std::byte{0}, std::byte{0xff}, std::byte{'\\'}};
  const std::vector<std::optional<int>> numbers{1, std::nullopt, 3};
  db.execute("insert into t values ($1, $2, $3, $4, $5)", 7, std::int64_t{5}, *moment, token,
             numbers);
  using row = std::tuple<int, tusk::numeric, tusk::timestamptz, std::vector<std::byte>,
                         std::vector<std::optional<int>>>;
  const auto [s, p, m, k, n] = db.one<row>("select s, p, m, k, n from t");
  CHECK(s == 7);
  CHECK(p.to_string() == "5.00");
  CHECK(m == *moment);
  CHECK(k == token);
  CHECK(n == numbers);
  const auto failed = error_of<tusk::data_error>(
      [&] { return db.execute("insert into t(s) values ($1)", 70'000); });
  CHECK(failed.message() == "$1 (smallint) cannot take this std::int32_t: 70000 is out of range");
  const auto refused = error_of<tusk::integrity_error>(
      [&] { return db.execute("insert into t(s) values ($1)", 10); });
  CHECK(refused.sqlstate() == tusk::sqlstate::check_violation);
  CHECK(db.status() == tusk::session_status::open);
}

TEST_CASE("a string that is no value of the type is the server's data_error") {
  auto db = connect();
  const auto failed = error_of<tusk::data_error>([&] { return db.query("select $1::int", "x"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::invalid_text_representation);
  CHECK(failed.kind() == tusk::error_kind::server);
  CHECK(db.status() == tusk::session_status::open);
}

TEST_CASE("a NUL in a text or in a statement is refused before anything is sent") {
  using namespace std::string_literals;
  auto db = connect();
  const auto in_value =
      error_of<tusk::data_error>([&] { return db.query("select $1::text", "a\0b"s); });
  CHECK(in_value.message().find("$1 (text) cannot take this std::string") == 0);
  const auto in_statement =
      error_of<tusk::programming_error>([&] { return db.query("select 1\0; drop table t"s); });
  CHECK(in_statement.kind() == tusk::error_kind::usage);
  CHECK(in_statement.message().find("NUL") != std::string_view::npos);
  error_of<tusk::programming_error>([&] { return db.script("select 1\0"s); });
  error_of<tusk::programming_error>([&] { return db.stream("select 1\0"s); });
  CHECK(db.status() == tusk::session_status::open);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("text stays UTF-8 whatever the database says") {
  auto db = connect();
  CHECK(db.parameter("client_encoding") == "UTF8");
  CHECK(db.scalar<std::string>("select convert_from('\\xe282ac', 'UTF8')") == "€");
  const auto failed =
      error_of<tusk::data_error>([&] { return db.query("select $1::text", "\xff\xfe"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::character_not_in_repertoire);
  CHECK(db.scalar<int>("select 1") == 1);
}
