// Ranges and multiranges against the server's own text of them.
#include <optional>
#include <string>
#include <vector>

#include "integration/differential.hpp"

namespace {

using namespace tusk::test;
using tusk::array;
using tusk::multirange;
using tusk::range;
using grid = std::vector<std::vector<std::optional<range<int>>>>;

const std::vector<std::string> whole{"'empty'", "'[1,5)'", "'(1,5]'",
                                     "'(,5]'",  "'[1,)'",  "'(,)'",
                                     "'[3,3]'", "'(3,4)'", "'[-2147483648,2147483646]'"};
const std::vector<std::string> days{"'empty'",
                                    "'[2024-02-29,2024-03-01]'",
                                    "'[2024-02-29,infinity)'",
                                    "'[2024-02-29,infinity]'",
                                    "'[2024-02-29,)'",
                                    "'(-infinity,0044-03-15 BC)'",
                                    "'(,)'"};
const std::vector<std::string> moments{"'empty'",
                                       "'[2024-02-29 12:00:00,2024-02-29 12:00:00.000001]'",
                                       "'(2024-02-29 12:00:00,infinity]'",
                                       "'[-infinity,)'",
                                       "'(,294276-12-31 23:59:59.999999)'",
                                       "'[0044-03-15 BC,)'"};

/// The range type and, where the server has them, the multirange of the same subtype.
template <class T>
void check_ranges(const std::string& subtype, const std::vector<std::string>& ranges) {
  compare<range<T>>(subtype + "range", ranges);
  if (major_version(connect()) < 14) return;
  std::vector<std::string> multiranges{"'{}'"};
  for (const std::string& one : ranges)
    multiranges.push_back("'{" + one.substr(1, one.size() - 2) + "}'");
  multiranges.push_back("array_to_string(array['{', " + ranges.at(1) + ", ',', " + ranges.at(3) +
                        ", '}'], '')");
  compare<multirange<T>>(subtype + "multirange", multiranges);
}

}  // namespace

TEST_CASE("ranges and multiranges of integers go both ways") {
  check_ranges<std::int32_t>("int4", whole);
  check_ranges<std::int64_t>("int8", whole);
}

TEST_CASE("ranges and multiranges of numerics go both ways") {
  check_ranges<tusk::numeric>(
      "num", {"'empty'", "'[1.00,1e30]'", "'(-0.001,NaN)'", "'(,5]'", "'[NaN,)'", "'(,)'"});
}

TEST_CASE("ranges and multiranges of dates and times go both ways") {
  check_ranges<tusk::date>("date", days);
  check_ranges<tusk::timestamp>("ts", moments);
  check_ranges<tusk::timestamptz>("tstz", moments);
}

TEST_CASE("the server's order of ranges is ours") {
  tusk::session db = connect();
  std::string values;
  for (const std::string& each : whole)
    values += (values.empty() ? "(" : ", (") + each + "::int4range)";
  const auto ordered = db.query<range<int>>("select r from (values " + values +
                                            ", ('[1,9)'), ('(,4)'), ('[0,)')) as t (r) order by r");
  std::optional<range<int>> before;
  for (const range<int>& each : ordered) {
    if (before) CHECK(*before <= each);
    before = each;
  }
  CHECK(before.has_value());
}

TEST_CASE("what lies in a range here lies in it on the server") {
  tusk::session db = connect();
  for (const std::string& each : whole) {
    CAPTURE(each);
    const auto value = db.scalar<range<int>>("select " + each + "::int4range");
    for (const int number : {-2147483647, 0, 1, 2, 3, 4, 5, 6}) {
      CAPTURE(number);
      CHECK(value.contains(number) ==
            db.scalar<bool>("select $1::int4range @> $2::int4", value, number));
    }
  }
}

TEST_CASE("a range whose bounds are in the wrong order is the server's to refuse") {
  tusk::session db = connect();
  CHECK(error_of([&] { return db.execute("select $1::int4range", range<int>(5, 1)); }).sqlstate() ==
        tusk::sqlstate::data_exception);
  CHECK(db.scalar<std::string>("select $1::int4range",
                               range<int>(1, 5, tusk::range_bounds::closed)) == "[1,6)");
}

TEST_CASE("a server that is not asked is told the range's type, or finds it out") {
  tusk::session db = connect({.mode = tusk::statement_mode::declared});
  CHECK(db.scalar<std::string>("select $1", range<int>(1, 5, tusk::range_bounds::closed)) ==
        "[1,6)");
  CHECK(db.scalar<std::string>("select pg_typeof($1)::text", range<tusk::timestamp>()) ==
        "tsrange");
  CHECK(db.scalar<std::string>("select $1::numrange", range<double>(0.5, 1.5)) == "[0.5,1.5)");
  if (major_version(db) < 14) return;
  CHECK(db.scalar<std::string>("select $1", multirange<int>{range<int>(3, 5), range<int>(1, 4)}) ==
        "{[1,5)}");
  CHECK(db.scalar<std::string>("select $1::nummultirange",
                               multirange<double>{range<double>(0.5, 1.5)}) == "{[0.5,1.5)}");
}

TEST_CASE("ranges over types of the database's go both ways, in arrays too") {
  tusk::session db = connect();
  db.execute("create type pg_temp.floatrange as range (subtype = float8)");
  db.execute("create type pg_temp.textrange as range (subtype = text, collation = \"C\")");
  db.execute("create domain pg_temp.celsius as float8");
  db.execute("create type pg_temp.heat as range (subtype = pg_temp.celsius)");
  using doubles = range<double>;
  const doubles half(0.5, std::nullopt);
  for (const std::string type : {"pg_temp.floatrange", "pg_temp.heat"}) {
    CAPTURE(type);
    CHECK(db.scalar<doubles>("select '[0.5,)'::" + type) == half);
    CHECK(db.scalar<std::string>("select $1::" + type, half) == "[0.5,)");
    const std::vector<std::optional<doubles>> some{half, std::nullopt, doubles()};
    CHECK(db.scalar<std::vector<std::optional<doubles>>>("select $1::" + type + "[]", some) ==
          some);
    CHECK(db.scalar<std::string>("select $1::" + type + "[]", some) == "{\"[0.5,)\",NULL,empty}");
    CHECK(db.scalar<array<doubles>>("select '[0:0]={\"[0.5,)\"}'::" + type + "[]") ==
          array<doubles>({half}, 0));
  }
  using texts = range<std::string>;
  for (const texts& value : {texts("", "a\"b\\"), texts("NULL", "a,b"), texts("(", "] ")}) {
    const std::string shown = value.to_string();
    CAPTURE(shown);
    CHECK(db.scalar<texts>("select $1::pg_temp.textrange", value) == value);
    CHECK(db.scalar<std::string>("select $1::pg_temp.textrange", value) == shown);
    CHECK(db.scalar<std::string>("select $1::text",
                                 db.scalar<std::string>("select $1::pg_temp.textrange", shown)) ==
          shown);
  }
  if (major_version(db) < 14) return;
  const multirange<double> many{doubles(0.5, 1), doubles(2, std::nullopt)};
  CHECK(db.scalar<multirange<double>>("select $1::pg_temp.floatmultirange", many) == many);
  CHECK(db.scalar<std::string>("select $1::pg_temp.floatmultirange", many) == "{[0.5,1),[2,)}");
}

TEST_CASE("ranges and multiranges are read from text under every DateStyle") {
  tusk::session db = connect();
  const auto expected =
      db.scalar<range<tusk::timestamp>>("select '[0044-03-15 BC,2024-02-29 12:00:00.5)'::tsrange");
  for (const char* style : {"ISO, MDY", "SQL, DMY", "SQL, MDY", "German", "Postgres, DMY"}) {
    CAPTURE(style);
    db.execute(std::string("set DateStyle to ") + style);
    CHECK(db.script("select '[0044-03-15 BC,2024-02-29T12:00:00.5)'::tsrange")
              .at(0)
              .at(0)[0]
              .as<range<tusk::timestamp>>() == expected);
  }
}

TEST_CASE("arrays and ranges arrive alike however statements are sent") {
  using tusk::statement_mode;
  const grid shapes{{range<int>(1, 3), std::nullopt}, {range<int>(), range<int>(7, std::nullopt)}};
  const array<std::string> words({{1, 0}, {3, -1}}, {"NULL", std::nullopt, "a\"b\\ {,}"});
  const std::vector<std::int16_t> list{3, -4};
  for (const auto mode : {statement_mode::prepared, statement_mode::declared,
                          statement_mode::unnamed, statement_mode::simple}) {
    CAPTURE(static_cast<int>(mode));
    tusk::session db = connect({.mode = mode});
    CHECK(db.scalar<grid>("select $1::int4range[]", shapes) == shapes);
    CHECK(db.scalar<std::string>("select $1::int4range[]::text", shapes) ==
          "{{\"[1,3)\",NULL},{empty,\"[7,)\"}}");
    CHECK(db.scalar<array<std::string>>("select $1::text[]", words) == words);
    CHECK(db.scalar<range<tusk::timestamp>>(
              "select $1::tsrange",
              range<tusk::timestamp>(std::nullopt, tusk::timestamp::infinity())) ==
          range<tusk::timestamp>(std::nullopt, tusk::timestamp::infinity()));
    if (mode == statement_mode::prepared)
      CHECK(db.scalar<std::vector<std::int16_t>>("select $1::int2vector", list) == list);
  }
}
