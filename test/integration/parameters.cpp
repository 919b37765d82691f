// Parameters: numbers for other types of numbers, what does not fit, what is refused, how many.

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

template <class T>
std::string sent_as(tusk::session& db, const char* type, const T& value) {
  return db.query({.formats = tusk::formats::text}, "select $1::" + std::string(type), value)
      .front()[0]
      .template as<std::string>();
}

template <class T>
std::string refusal_of(tusk::session& db, const char* type, const T& value) {
  return message_of<tusk::programming_error>(
      [&] { return db.execute("select $1::" + std::string(type), value); });
}

template <class T>
std::string misfit_of(tusk::session& db, const char* type, const T& value) {
  return message_of<tusk::data_error>(
      [&] { return db.execute("select $1::" + std::string(type), value); });
}

}  // namespace

TEST_CASE("an integer is taken by every type of number that can hold it") {
  auto db = connect();
  for (const char* type : {"int2", "int4", "int8", "numeric", "float4", "float8", "oid"}) {
    CAPTURE(type);
    CHECK(sent_as(db, type, 42) == "42");
    CHECK(sent_as(db, type, std::int8_t{42}) == "42");
    CHECK(sent_as(db, type, std::uint64_t{42}) == "42");
    CHECK(sent_as(db, type, 42LL) == "42");
  }
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  CHECK(sent_as(db, "numeric", most) == "18446744073709551615");
  CHECK(sent_as(db, "numeric", std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(sent_as(db, "oid", 4294967295U) == "4294967295");
  CHECK(sent_as(db, "regclass", 1259) == "pg_class");
}

TEST_CASE("an integer that does not fit is refused by the parameter's number") {
  auto db = connect();
  CHECK(misfit_of(db, "int2", 70000) ==
        "$1 (smallint) cannot take this std::int32_t: 70000 is out of range");
  CHECK(misfit_of(db, "int4", std::int64_t{1} << 40) ==
        "$1 (integer) cannot take this std::int64_t: 1099511627776 is out of range");
  CHECK(misfit_of(db, "oid", -1) == "$1 (oid) cannot take this std::int32_t: -1 is out of range");
  CHECK(misfit_of(db, "int8", std::numeric_limits<std::uint64_t>::max()) ==
        "$1 (bigint) cannot take this std::uint64_t: 18446744073709551615 is out of range");
  misfit_of(db, "float4", 16777217);                     // not exact
  misfit_of(db, "float8", (std::int64_t{1} << 53) + 1);  // not exact
  const auto second = error_of<tusk::data_error>(
      [&] { return db.execute("select $1::text, $2::int2", "x", 40000); });
  CHECK(second.message() == "$2 (smallint) cannot take this std::int32_t: 40000 is out of range");
  CHECK(second.session_usable());
  CHECK(second.statement() == "select $1::text, $2::int2");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("floats are taken by float4, float8 and numeric") {
  auto db = connect();
  CHECK(sent_as(db, "float8", 0.1) == "0.1");
  CHECK(sent_as(db, "float8", 0.1F) == "0.10000000149011612");
  CHECK(sent_as(db, "float4", 0.1) == "0.1");
  CHECK(sent_as(db, "numeric", 0.1) == "0.1");
  CHECK(sent_as(db, "numeric", 0.1F) == "0.1");
  CHECK(sent_as(db, "numeric", 1e20) == "100000000000000000000");
  CHECK(sent_as(db, "numeric", std::numeric_limits<double>::quiet_NaN()) == "NaN");
  misfit_of(db, "float4", 1e300);
  misfit_of(db, "float4", 1e-300);
}

TEST_CASE("what does not go together is refused once, saying what to write") {
  auto db = connect();
  CHECK(refusal_of(db, "int4", 1.5) ==
        "$1 (integer) cannot take this double: give a value of that family, or cast in the "
        "statement, such as $1::double precision");
  CHECK(refusal_of(db, "text", 1) ==
        "$1 (text) cannot take this std::int32_t: give a value of that family, or cast in the "
        "statement, such as $1::integer");
  CHECK(refusal_of(db, "bool", 1) ==
        "$1 (boolean) cannot take this std::int32_t: give a value of that family, or cast in the "
        "statement, such as $1::integer");
  CHECK(refusal_of(db, "timestamptz", tusk::timestamp()) ==
        "$1 (timestamp with time zone) cannot take this tusk::timestamp: give a value of that "
        "family, or cast in the statement, such as $1::timestamp without time zone");
  CHECK(refusal_of(db, "int4", std::vector{1}) ==
        "$1 (integer) cannot take this std::vector<std::int32_t>: give a value of that family, or "
        "cast in the statement, such as $1::integer[]");
  CHECK(refusal_of(db, "text", tusk::uuid()).find("such as $1::uuid") != std::string::npos);
  CHECK(db.status() == tusk::session_status::open);
  // The advice is good.
  CHECK(db.scalar<std::string>("select ($1::integer)::text", 1) == "1");
}

TEST_CASE("too few and too many parameters are refused, and nothing is run") {
  auto db = connect();
  db.execute("create temp table t(a int, b int)");
  const auto message = [&](const auto&... values) {
    return message_of<tusk::programming_error>(
        [&] { return db.execute("insert into t values ($1, $2)", values...); });
  };
  CHECK(message() == "the statement takes 2 parameters, and 0 are given");
  CHECK(message(1) == "the statement takes 2 parameters, and 1 is given");
  CHECK(message(1, 2, 3) == "the statement takes 2 parameters, and 3 are given");
  CHECK(message_of<tusk::programming_error>([&] { return db.query("select 1", 5); }) ==
        "the statement takes 0 parameters, and 1 is given");
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 0);
}

TEST_CASE("NULL goes as nullopt, as an empty optional and as a null pointer") {
  auto db = connect();
  const char* nothing = nullptr;
  for (const char* type : {"int4", "text", "timestamptz", "point", "int4[]"}) {
    CAPTURE(type);
    const std::string sql = "select $1::" + std::string(type) + " is null";
    CHECK(db.scalar<bool>(sql, std::nullopt));
    CHECK(db.scalar<bool>(sql, nothing));
    CHECK(db.scalar<bool>(sql, std::optional<std::string>()));
  }
  CHECK(db.scalar<int>("select coalesce($1, 7)", std::optional<int>()) == 7);
  CHECK(db.scalar<int>("select coalesce($1, 7)", std::optional(8)) == 8);
}

TEST_CASE("the same statement takes values of other C++ types each time") {
  auto db = connect();
  const char* sql = "select $1::int8";
  CHECK(db.scalar<std::int64_t>(sql, 1) == 1);
  CHECK(db.scalar<std::int64_t>(sql, "2") == 2);
  CHECK(db.scalar<std::int64_t>(sql, std::optional<std::uint8_t>(3)) == 3);
  error_of<tusk::programming_error>([&] { return db.execute(sql, true); });
  CHECK(db.scalar<std::string>(sql, 4U) == "4");
  CHECK(prepared_count(db) == 1);
}

TEST_CASE("spans, arrays and vectors are array parameters") {
  auto db = connect();
  const std::array<int, 3> three{1, 2, 3};
  CHECK(sent_as(db, "int4[]", three) == "{1,2,3}");
  CHECK(sent_as(db, "int8[]", std::span<const int>(three)) == "{1,2,3}");
  CHECK(sent_as(db, "numeric[]", std::vector{1, 2}) == "{1,2}");
  CHECK(sent_as(db, "text[]", std::vector<std::string>{"a b", "", "NULL", "\"\\"}) ==
        R"({"a b","","NULL","\"\\"})");
  CHECK(sent_as(db, "inet[]", std::vector<std::string>{"10.0.0.1", "::1"}) == "{10.0.0.1,::1}");
  CHECK(sent_as(db, "box[]", std::vector<std::string>{"(3,4),(1,2)", "(1,1),(0,0)"}) ==
        "{(3,4),(1,2);(1,1),(0,0)}");
  CHECK(misfit_of(db, "int2[]", std::vector{1, 70000}).find("70000 is out of range") !=
        std::string::npos);
  CHECK(db.scalar<std::int64_t>("select count(*) from generate_series(1, 10) i where i = any($1)",
                                std::vector{2, 3, 99}) == 2);
}

TEST_CASE("an array of char is its characters up to a NUL, or all of them") {
  auto db = connect();
  const struct {
    char full[3] = {'a', 'b', 'c'};
    char ended[3] = {'d', '\0', 'x'};
  } given;
  CHECK(db.scalar<std::string>("select $1::text", given.full) == "abc");
  CHECK(db.scalar<std::string>("select $1::text", given.ended) == "d");
}
