// Arrays of every shape against the server's own text of them.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "integration/differential.hpp"

namespace {

using namespace tusk::test;
using tusk::array;

template <class T>
using grid = std::vector<std::vector<T>>;

/// One array, read and sent in every way, against the server's own text.
template <class T>
void check_array(const std::string& type, const std::vector<std::string>& literals) {
  tusk::session db = connect();
  for (const std::string& literal : literals) {
    CAPTURE(type, literal);
    const std::string cast = "(" + literal + ")::" + type + "[]";
    const std::string text = server_text(db, cast);
    const auto binary = db.scalar<array<T>>("select " + cast);
    CHECK(binary.to_string() == text);
    CHECK(array<T>::parse(text) == binary);
    CHECK(db.script("select " + cast).at(0).at(0)[0].template as<array<T>>() == binary);
    CHECK(db.scalar<std::string>("select $1::" + type + "[]", binary) == text);
    CHECK(db.scalar<array<T>>("select $1::" + type + "[]", text) == binary);
    const auto untyped = db.query({.formats = tusk::formats::text}, "select " + cast);
    CHECK(untyped.front()[0].template as<array<T>>() == binary);
    CHECK(db.scalar<std::string>("select " + cast) == text);
  }
}

}  // namespace

TEST_CASE("arrays of any shape go both ways with bounds and NULLs") {
  check_array<int>("int4", {"'{}'", "'{1,NULL,3}'", "'[0:1]={1,2}'", "'{{1,2},{3,NULL}}'",
                            "'[-1:0][5:7]={{1,2,3},{4,5,6}}'", "'{{{1},{2}},{{3},{4}},{{5},{6}}}'",
                            "'{{{{{{1,2}}}}}}'", "'[2147483646:2147483646]={1}'",
                            "array_fill(7, array[3,4], array[-5,0])"});
  check_array<std::string>(
      "text", {R"('{a,"b c",NULL,"NULL","null","","\\","\"","{}",",",";"," "}')",
               R"('{{"a\nb",é},{"	",NULL}}')", R"(array[e'a\nb', e'\t', e'\u00e9', e'\v'])"});
  check_array<std::string>("varchar", {"'{a,NULL,\"NULL\"}'"});
  check_array<tusk::numeric>("numeric", {"'{{1.00,NaN},{-0.001,NULL}}'"});
  check_array<bool>("bool", {"'[3:4]={t,f}'"});
  check_array<tusk::date>("date", {"'{{infinity},{0044-03-15 BC}}'"});
  check_array<tusk::timestamp>("timestamp", {"'{\"2024-02-29 12:00:00\",-infinity}'"});
  check_array<std::vector<std::byte>>("bytea", {R"('{"\\x00ff",NULL,"\\x"}')"});
  check_array<tusk::uuid>("uuid", {"array[['12345678-1234-1234-1234-123456789abc']]"});
  check_array<tusk::jsonb>("jsonb", {R"(array['{"a": [1, null]}', 'null', null])"});
}

TEST_CASE("boxes in an array are parted by semicolons, both ways") {
  tusk::session db = connect();
  const std::string expression = "'{(1,1),(0,0);(3,3),(2,2)}'::box[]";
  const std::vector<std::string> boxes{"(1,1),(0,0)", "(3,3),(2,2)"};
  CHECK(db.scalar<std::vector<std::string>>("select " + expression) == boxes);
  CHECK(db.scalar<std::string>("select $1::box[]", boxes) == server_text(db, expression));
}

TEST_CASE("vectors in vectors, arrays and spans go both ways") {
  tusk::session db = connect();
  const grid<std::optional<int>> gap{{1, std::nullopt}, {3, 4}};
  CHECK(db.scalar<grid<std::optional<int>>>("select '[5:6][0:1]={{1,NULL},{3,4}}'::int4[]") == gap);
  CHECK(db.scalar<std::string>("select $1::int4[]", gap) == "{{1,NULL},{3,4}}");
  const grid<std::string> words{{"a b", "NULL"}, {"", "\"\\"}};
  CHECK(db.scalar<grid<std::string>>("select $1::text[]", words) == words);
  CHECK(db.scalar<grid<std::string>>("select $1::name[]", words) == words);
  const std::array<std::array<std::int64_t, 2>, 2> fixed{{{1, 2}, {3, 4}}};
  CHECK(db.scalar<std::array<std::array<std::int64_t, 2>, 2>>("select $1::int8[]", fixed) == fixed);
  CHECK(db.scalar<std::string>("select $1::int8[]", std::span(fixed)) == "{{1,2},{3,4}}");
  CHECK(db.scalar<grid<int>>("select '{}'::int4[]").empty());
  CHECK(db.scalar<std::string>("select $1::int4[]", grid<int>{{}, {}}) == "{}");
  CHECK(message_of<tusk::data_error>([&] {
          db.execute("select $1::int4[]", grid<int>{{1}, {2, 3}});
        }).find("$1 (integer[]) cannot take") == 0);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a malformed shape is refused with its column, and the session stays usable") {
  tusk::session db = connect();
  CHECK(message_of<tusk::data_error>(
            [&] { return db.scalar<std::vector<int>>("select '{{1}}'::int4[] as c"); }) ==
        "column \"c\" (integer[]) cannot be read as std::vector<std::int32_t>: it has 2 "
        "dimensions, not 1; read tusk::array, or vectors in vectors");
  CHECK_THROWS_AS((db.scalar<std::array<int, 2>>("select '{1}'::int4[]")), tusk::data_error);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("int2vector and oidvector go both ways, empty ones too") {
  tusk::session db = connect();
  using shorts = std::vector<std::int16_t>;
  using oids = std::vector<tusk::oid>;
  CHECK(db.scalar<shorts>("select '1 2'::int2vector") == shorts{1, 2});
  CHECK(db.scalar<shorts>("select ''::int2vector").empty());
  CHECK(
      db.scalar<oids>("select proargtypes from pg_proc where proname = 'pg_backend_pid'").empty());
  CHECK(db.scalar<oids>("select '23 4294967295'::oidvector") == oids{23, 4294967295U});
  for (const shorts& value : {shorts{}, shorts{7}, shorts{-1, 2}}) {
    const auto sent = db.query<shorts, std::string>("select $1::int2vector, $1::text", value);
    CHECK(std::get<0>(sent.front()) == value);
  }
  CHECK(db.scalar<std::string>("select $1::oidvector::text", oids{1, 2}) == "1 2");
  CHECK(db.scalar<std::string>("select $1::oidvector::text", std::vector<std::string>{"1", "2"}) ==
        "1 2");
  CHECK(db.script("select '3 4'::int2vector").at(0).at(0)[0].as<shorts>() == shorts{3, 4});
  CHECK(db.scalar<array<int>>("select '3 4'::int2vector").to_string() == "[0:1]={3,4}");
}

TEST_CASE("arrays of domains and enumerations go both ways") {
  tusk::session db = connect();
  db.execute("create domain pg_temp.positive as int4 check (value > 0)");
  db.execute("create domain pg_temp.pair as int4[]");
  db.execute("create type pg_temp.mood as enum ('sad', 'so so')");
  using ints = std::vector<std::optional<int>>;
  CHECK(db.scalar<ints>("select '{1,NULL}'::pg_temp.positive[]") == ints{1, std::nullopt});
  CHECK(db.scalar<std::string>("select $1::pg_temp.positive[]", ints{1, std::nullopt}) ==
        "{1,NULL}");
  CHECK(db.scalar<grid<int>>("select '{{1},{2}}'::pg_temp.positive[]") == grid<int>{{1}, {2}});
  CHECK(db.scalar<array<int>>("select '[2:2]={5}'::pg_temp.positive[]") == array<int>({5}, 2));
  using pairs = std::vector<std::optional<std::vector<int>>>;
  const pairs two{std::vector{1, 2}, std::nullopt, std::vector<int>{}};
  CHECK(db.scalar<pairs>("select $1::pg_temp.pair[]", two) == two);
  using words = std::vector<std::string>;
  CHECK(db.scalar<words>("select '{sad,so so}'::pg_temp.mood[]") == words{"sad", "so so"});
  CHECK(db.scalar<std::string>("select $1::pg_temp.mood[]", words{"sad", "so so"}) ==
        "{sad,\"so so\"}");
}

TEST_CASE("a server that is not asked is told the arrays' types, or finds them out") {
  tusk::session db = connect({.mode = tusk::statement_mode::declared});
  const auto type_of = [&](const auto& value) {
    return db.scalar<std::string>("select pg_typeof($1)::text", value);
  };
  CHECK(type_of(grid<std::optional<int>>{{1, std::nullopt}}) == "integer[]");
  CHECK(type_of(array<tusk::timestamptz>()) == "timestamp with time zone[]");
  CHECK(type_of(std::vector<std::optional<tusk::interval>>(1)) == "interval[]");
  CHECK(type_of(std::array<tusk::range<tusk::date>, 1>()) == "daterange[]");
  const grid<std::string> words{{"a", "NULL"}, {"b c", ""}};
  CHECK(db.scalar<std::string>("select $1::varchar[]", words) == R"({{a,"NULL"},{"b c",""}})");
}
