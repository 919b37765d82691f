// Values that the client puts into a statement's text, as the server understands them: under both
// readings of backslashes, and the same as by the extended protocol.

#include "session/client_binding.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "integration/server.hpp"
#include "session/sql_scanner.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using row_text = std::vector<std::optional<std::string>>;

constexpr bool conforming = true;
constexpr bool escaping = false;

/// A session that reads backslashes in plain quotes as it is told, and does not warn of them.
tusk::session connect_by(bool rule) {
  tusk::session db = connect();
  db.script("set escape_string_warning = off");
  db.script(rule ? "set standard_conforming_strings = on"
                 : "set standard_conforming_strings = off");
  return db;
}

template <class... Values>
std::string bound(const tusk::session& db, std::string_view sql, const Values&... values) {
  const std::vector<tusk::detail::parameter> list{tusk::detail::make_parameter(values)...};
  const bool rule = db.parameter("standard_conforming_strings") == "on";
  return tusk::detail::bind_literals(
      sql, list,
      {.standard_conforming_strings = rule, .client_encoding = db.parameter("client_encoding")});
}

row_text texts_of(const tusk::row& from) {
  row_text all;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const tusk::cell each = from[i];
    all.push_back(each.is_null() ? std::nullopt : std::optional(each.as<std::string>()));
  }
  return all;
}

/// The one row of the one statement that the text must still be.
template <class... Values>
row_text by_client(tusk::session& db, std::string_view sql, const Values&... values) {
  const std::string text = bound(db, sql, values...);
  CAPTURE(text);
  const auto results = db.script(text);
  REQUIRE(results.size() == 1);
  REQUIRE(results[0].size() == 1);
  return texts_of(results[0][0]);
}

template <class... Values>
row_text by_server(tusk::session& db, std::string_view sql, const Values&... values) {
  const auto rows = db.query({.formats = tusk::formats::text}, sql, values...);
  REQUIRE(rows.size() == 1);
  return texts_of(rows[0]);
}

/// What people have tried to break out of quotes with, and what breaks naive quoting.
const std::vector<std::string> nasty{
    "",
    "'",
    "''",
    "\\",
    "\\\\",
    "\\'",
    "'\\",
    "\\''; select 1; --",
    "'; select 1; --",
    "' or '1'='1",
    "--5",
    "-- ",
    "/*",
    "*/",
    "/* ' */",
    "$1",
    "$2",
    "$$",
    "$a$",
    "$$; select 1; $$",
    "\"",
    ";",
    "E'\\''",
    "\\x27",
    "\\047",
    "\\u0027",
    "\n'",
    "\r\n'--",
    "%s ? :name @x",
    "NULL",
    "\xC2\xA0\xE2\x80\x99\xF0\x9F\x90\x98",
    "\xCA\xBC",
    std::string(100'000, '\''),
    std::string(100'000, '\\'),
};

}  // namespace

TEST_CASE("a nasty text arrives unchanged wherever its placeholder stands") {
  const char* const places[] = {
      "select $1::text",
      "select $1::text-- $1",
      "select/*$1*/$1::text/* ' /*$1*/ \" */",
      "select 'a' || $1 || 'b'",
      "select E'a\\'' || $1 || U&'\\0062'",
      "select $$'$1$$ || $1 || $a$\"$a$",
      "select $1 as \"$1\"",
      "select x from (values ($1)) as foo$1(x)",
      "select replace($1,$1, $1)",
      "select coalesce(null,$1)",
      "select case when true then($1)end",
  };
  for (const bool rule : {conforming, escaping}) {
    tusk::session db = connect_by(rule);
    for (const std::string_view place : places) {
      // Unicode escapes are the server's to refuse while it reads backslashes.
      if (rule == escaping && place.find("U&") != std::string_view::npos) continue;
      for (const std::string& value : nasty) {
        CAPTURE(rule, place, value.substr(0, 40));
        CHECK(by_client(db, place, value) == by_server(db, place, value));
      }
    }
  }
}

TEST_CASE("every character of one byte arrives, alone and beside quotes and backslashes") {
  for (const bool rule : {conforming, escaping}) {
    tusk::session db = connect_by(rule);
    std::string all;
    for (int c = 1; c < 128; ++c) {
      all.push_back(static_cast<char>(c));
      for (const char* other : {"", "'", "\\", "\\'", "'\\"}) {
        const std::string value = other + all.substr(all.size() - 1) + other;
        CAPTURE(rule, c, other);
        CHECK(by_client(db, "select $1::text, octet_length($1)", value) ==
              row_text{value, std::to_string(value.size())});
      }
    }
    CHECK(by_client(db, "select $1::text", all) == row_text{all});
  }
}

TEST_CASE("random statements of quotes, comments and placeholders give what the server gives") {
  const std::vector<std::string> common{"$1::text",
                                        "$2::text",
                                        "$3::text",
                                        "'a'",
                                        "'$1'",
                                        "'it''s $2'",
                                        "E'\\'$1'",
                                        "e'\\\\'",
                                        "N'$1'",
                                        "$$ $1 ' $$",
                                        "$x$$1$$x$",
                                        "$1||$2",
                                        "'a'\n'$1'",
                                        "E'a' -- '\n '\\'$1'",
                                        "1.5e-3",
                                        "length($3)",
                                        "B'01'\n'1'::text",
                                        "(-1)",
                                        "$1 as foo$1",
                                        "1 as \"$1\"",
                                        "'x' as \"a\"\"$2\"",
                                        "case when($1)=$2 then 'a' else($3)end"};
  const std::vector<std::string> blanks{" ",         "\n", "/*$1*/", "/* ' /* $2 */ \" */",
                                        "-- $1 '\n", ""};
  std::mt19937 random(20240229);
  const auto any = [&](const std::vector<std::string>& of) { return of[random() % of.size()]; };
  for (const bool rule : {conforming, escaping}) {
    tusk::session db = connect_by(rule);
    std::vector<std::string> pieces = common;
    pieces.push_back(rule == conforming ? "'\\'" : "'\\'$1'");
    pieces.push_back(rule == conforming ? "U&'\\0041$1'" : "n'\\'$1'");
    for (int i = 0; i < 250; ++i) {
      std::string sql = "select $1::text,$2::text,$3::text";
      for (unsigned long n = random() % 6; n > 0; --n)
        sql += any(blanks) + "," + any(blanks) + any(pieces) + any(blanks);
      const std::string a = any(nasty).substr(0, 99);
      const std::string b = any(nasty).substr(0, 99);
      const std::string c = any(nasty).substr(0, 99);
      CAPTURE(rule, sql, a, b, c);
      CHECK(by_client(db, sql, a, b, c) == by_server(db, sql, a, b, c));
    }
  }
}

TEST_CASE("a negative number does not run into the minus before it") {
  tusk::session db = connect();
  CHECK(by_client(db, "select 1-$1, -$1, - $1, 3*-$1", -5) == row_text{"6", "5", "5", "15"});
  CHECK(by_client(db, "select 1-$1::int", "-5") == row_text{"6"});
  CHECK(by_client(db, "select -$1", std::numeric_limits<std::int64_t>::min() + 1) ==
        row_text{"9223372036854775807"});
  CHECK(by_client(db, "select $1 limit $2 offset $3", 1, 1, std::int64_t{0}) == row_text{"1"});
}

TEST_CASE("typed values keep value and type, whatever the session's settings are") {
  using namespace std::chrono;
  for (const char* setting :
       {"reset all", "set DateStyle = 'German, DMY'", "set DateStyle = 'SQL, MDY'",
        "set DateStyle = 'Postgres, YMD'", "set TimeZone = 'Asia/Kolkata'",
        "set bytea_output = escape", "set extra_float_digits = -10",
        "set search_path = shadow, pg_catalog"}) {
    tusk::session db = connect();
    CAPTURE(setting);
    db.script(
        "begin; create schema shadow; create domain shadow.uuid as text;"
        "create domain shadow.date as int; create domain shadow.bytea as text;"
        "create domain shadow.json as text; create domain shadow.int4 as text");
    db.script(setting);
    const auto same = [&](const auto& value, const std::string& type) {
      CAPTURE(type);
      const std::string text = "select ($1)::" + type + "::text";
      row_text expected = by_server(db, text, value);
      expected.emplace_back(std::to_string(tusk::codec<std::decay_t<decltype(value)>>::type));
      CHECK(by_client(db, text + ", pg_catalog.pg_typeof($1)::oid::text", value) == expected);
    };
    same(42, "pg_catalog.int4");
    same(std::numeric_limits<std::int64_t>::min(), "pg_catalog.int8");
    same(tusk::numeric("-12345678901234567890.000001"), "pg_catalog.numeric");
    same(true, "pg_catalog.bool");
    same(*tusk::uuid::parse("00112233-4455-6677-8899-aabbccddeeff"), "pg_catalog.uuid");
    same(std::vector<std::byte>{std::byte{0}, std::byte{0x5c}, std::byte{0x27}, std::byte{0xff}},
         "pg_catalog.bytea");
    same(std::vector<std::optional<int>>{1, std::nullopt, -3}, "pg_catalog.int4[]");
    same(*tusk::date::parse("2003-02-01"), "pg_catalog.date");
    same(*tusk::timestamp::parse("2003-02-01 04:05:06.789012"), "pg_catalog.timestamp");
    same(*tusk::timestamptz::parse("2003-02-01 04:05:06.789012+00"), "pg_catalog.timestamptz");
    same(*tusk::timestamp::parse("0044-03-15 12:00:00 BC"), "pg_catalog.timestamp");
  }
}

TEST_CASE("floats keep every digit, and what is not a number") {
  tusk::session db = connect();
  for (const double value :
       {0.1, -0.0, 5e-324, 1.7976931348623157e308, 1e23, 2.0 / 3,
        std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    CAPTURE(value);
    CHECK(by_client(db, "select float8send($1)::text", value) ==
          by_server(db, "select float8send($1)::text", value));
  }
}

TEST_CASE("bytes as \"char\" arrive in every version, in arrays, too") {
  tusk::session db = connect();
  for (int c = -128; c < 128; ++c) {
    CAPTURE(c);
    const auto byte = static_cast<char>(c);
    CHECK(by_client(db, "select $1::int", byte) == row_text{std::to_string(c)});
    const std::vector<std::optional<char>> list{byte, std::nullopt, 'a'};
    CHECK(by_client(db, "select ($1)[1]::int, ($1)[2] is null, ($1)[3]::int", list) ==
          row_text{std::to_string(c), "t", "97"});
  }
}

TEST_CASE("NULL arrives as NULL, of its type where it has one") {
  tusk::session db = connect();
  CHECK(by_client(db, "select $1, $2, pg_typeof($2)::text, coalesce($1, 'x')", std::nullopt,
                  std::optional<std::int64_t>()) ==
        row_text{std::nullopt, std::nullopt, "bigint", "x"});
}

TEST_CASE("text arrays arrive with quotes and backslashes at both levels") {
  for (const bool rule : {conforming, escaping}) {
    tusk::session db = connect_by(rule);
    std::vector<std::optional<std::string>> list{std::nullopt};
    for (const std::string& each : nasty)
      list.emplace_back(each);
    const char* sql = "select array_to_string($1::text[], '|', '<null>')";
    CHECK(by_client(db, sql, list) == by_server(db, sql, list));
  }
}

TEST_CASE("statements that take no parameters by protocol take text from the client") {
  tusk::session db = connect();
  for (const std::string& each : nasty) {
    if (each.size() > 1000) continue;
    CAPTURE(each);
    db.script(bound(db, "set application_name = $1", each));
    db.script(bound(db, "create temp table if not exists t(); comment on table t is $1", each));
    const auto comment =
        db.scalar<std::optional<std::string>>("select obj_description('t'::regclass)");
    CHECK(comment.value_or("") == each);
  }
}

TEST_CASE("the scanner sees more than one statement where the server does") {
  tusk::session db = connect();
  const bool has_bodies = major_version(db) >= 14;
  const std::vector<std::string> all{
      "select 1",
      "select 1;;",
      ";select 1",
      "select 1;select 2",
      "select ';';",
      "select E'\\';'",
      "select '\\';--'",
      "select $$;$$",
      "select 1 as \";\"",
      "select 1 /*;select 2*/",
      "select 1 --;\n;select 2",
      "create temp table a(); create temp table b()",
      "create rule r as on insert to pg_temp.s do also (select 1; select 2)",
      "create function pg_temp.f() returns int language sql begin atomic select 1; select 2; end",
      "create or replace procedure pg_temp.p() begin atomic select case when true then 1 end;"
      " select 1 as end; end; ; ",
      "create function pg_temp.f() returns int begin atomic select 1; end; select 2",
  };
  for (const std::string& sql : all) {
    if (!has_bodies && sql.find("atomic") != std::string::npos) continue;
    CAPTURE(sql);
    db.script("begin; create temp table s()");
    bool is_one = true;
    try {
      db.execute(sql);
    } catch (const tusk::error& e) {
      is_one = e.message() != "cannot insert multiple commands into a prepared statement";
      CAPTURE(e.report());
      CHECK_FALSE(is_one);
    }
    CHECK(tusk::detail::holds_one_statement(sql) == is_one);
    db.script("rollback");
  }
}
