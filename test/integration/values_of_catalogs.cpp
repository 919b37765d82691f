// Types that only the catalogs know: enums, composites, domains and records, both ways and in both
// formats, against the server's own text of them.

#include <string>
#include <vector>

#include "integration/catalog_types.hpp"
#include "integration/differential.hpp"

namespace {

using namespace tusk::test;

}  // namespace

TEST_CASE("enums of the database go both ways as C++ enums") {
  const catalog_fixture made;
  compare<mood>("tusk_types.mood", {"'sad'", "'ok'", "'very happy'"});
}

TEST_CASE("composites go both ways as structs by name and by position") {
  const catalog_fixture made;
  compare<address>("tusk_types.address", {"row('x', 7)", "row('', null)",
                                          "row('a,b \"c\" \\d (e) é😀', -2147483648)", "'( \t,)'"});
  compare<place>("tusk_types.address", {"row('x', 7)", "row(null, 1)", "row(null, null)"});
}

TEST_CASE("composites nest in composites and in arrays with enums, domains and NULLs") {
  const catalog_fixture made;
  compare<person>("tusk_types.person",
                  {"row('Zoë', row('\"\\,', 1), null, 'sad', 5)",
                   "row('', null, array[row('x', 1), null, row('', null)]::tusk_types.address[], "
                   "null, null)",
                   "row('a', row('b', 2), '{}', 'very happy', 7)"});
}

TEST_CASE("a table's rows are composites, without their dropped columns") {
  const catalog_fixture made;
  auto db = connect();
  db.script(
      "create table tusk_types.home(id int, gone text, a tusk_types.address, zips "
      "tusk_types.zip[]);"
      "insert into tusk_types.home values (1, 'x', row('y', 2), array[3, null]);"
      "alter table tusk_types.home drop column gone");
  const home expected{1, address{"y", 2}, {3, std::nullopt}};
  CHECK(db.scalar<home>("select h from tusk_types.home h") == expected);
  CHECK(db.script("select h from tusk_types.home h").at(0).at(0)[0].as<home>() == expected);
  CHECK(db.scalar<std::vector<home>>("select array[h, h] from tusk_types.home h") ==
        std::vector<home>{expected, expected});
  CHECK(db.scalar<bool>("select h = $1::tusk_types.home from tusk_types.home h", expected));
  const auto text = db.scalar<std::string>("select $1::tusk_types.home", expected);
  CHECK(text == server_text(db, "(select h from tusk_types.home h)"));
}

TEST_CASE("anonymous records are tuples, in both formats, nested and in arrays") {
  const catalog_fixture made;
  auto db = connect();
  using tusk::record;
  using row = record<int, std::optional<std::string>>;
  const auto both = [&]<class T>(const std::string& expression, const T& expected) {
    CAPTURE(expression);
    CHECK(db.scalar<T>("select " + expression) == expected);
    CHECK(db.script("select " + expression).at(0).at(0)[0].template as<T>() == expected);
  };
  both("(1, null::text)", row{1, std::nullopt});
  both("row(1, 'a,\"b\\')", row{1, "a,\"b\\"});
  both("(1, null::int, ''::text)", record<int, std::optional<int>, std::string>{1, {}, ""});
  both("(1, null, 'x')", record<int, std::optional<int>, std::string>{1, {}, "x"});
  both("row()", record<>{});
  both("row(null::int)", record<std::optional<int>>{std::nullopt});
  both("(1, (2, 'x'::text))", record<int, row>{1, row{2, "x"}});
  both("(select array_agg((i, i::text)) from generate_series(1, 3) i)",
       std::vector<row>{{1, "1"}, {2, "2"}, {3, "3"}});
  both("(1.50::numeric, date '2024-02-29', array[1, null])",
       record<tusk::numeric, tusk::date, std::vector<std::optional<int>>>{
           *tusk::numeric::parse("1.50"), *tusk::date::parse("2024-02-29"), {1, std::nullopt}});
  both("('x'::text, 7)", place{"x", 7});
  // What only the catalogs know comes in text there, for a record has no names.
  both("(1, 'sad'::tusk_types.mood)", record<int, mood>{1, mood::sad});
}

TEST_CASE("a record of other fields is an error that names the field, and the session goes on") {
  auto db = connect();
  const auto said = [&]<class T>(std::type_identity<T>, const char* sql) {
    return message_of<tusk::data_error>([&] { return db.scalar<T>(sql); });
  };
  using pair = tusk::record<int, int>;
  CHECK(said(std::type_identity<pair>{}, "select (1, 2, 3) as r").find("3 fields, and 2") !=
        std::string::npos);
  CHECK(said(std::type_identity<pair>{}, "select (1, 'x'::text) as r").find("field 2 (text)") !=
        std::string::npos);
  CHECK(said(std::type_identity<pair>{}, "select (1, null::int) as r").find("field 2") !=
        std::string::npos);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("domains are read and sent as what they are made of, also in arrays") {
  const catalog_fixture made;
  auto db = connect();
  CHECK(db.scalar<int>("select $1::tusk_types.zip", 5) == 5);
  CHECK(db.scalar<std::int64_t>("select $1::tusk_types.zip + 0::bigint", std::int16_t{5}) == 5);
  CHECK(message_of<tusk::integrity_error>([&] {
          db.execute("select $1::tusk_types.zip", -5);
        }).find("zip") != std::string::npos);
  const std::vector<std::optional<int>> zips{1, std::nullopt, 3};
  CHECK(db.scalar<std::vector<std::optional<int>>>("select $1::tusk_types.zip[]", zips) == zips);
  CHECK(db.script("select '{1,NULL,3}'::tusk_types.zip[]")
            .at(0)
            .at(0)[0]
            .as<std::vector<std::optional<int>>>() == zips);
  const std::vector<int> list{1, 2};
  CHECK(db.scalar<std::vector<int>>("select $1::tusk_types.zips", list) == list);
  CHECK(db.scalar<mood>("select $1::tusk_types.good_mood", mood::ok) == mood::ok);
  const std::vector<mood> moods{mood::ok, mood::very_happy};
  CHECK(db.scalar<std::vector<mood>>("select $1::tusk_types.good_mood[]", moods) == moods);
  CHECK(db.scalar<address>("select $1::tusk_types.known_address", address{"x", 1}) ==
        address{"x", 1});
  CHECK(db.scalar<std::optional<int>>("select $1::tusk_types.zip", std::optional<int>()) ==
        std::nullopt);
}

TEST_CASE("an enum without a mapping is text both ways") {
  const catalog_fixture made;
  auto db = connect();
  CHECK(db.scalar<std::string>("select $1::tusk_types.mood", "sad") == "sad");
  const std::vector<std::string> both{"sad", "very happy"};
  CHECK(db.scalar<std::vector<std::string>>("select $1::tusk_types.mood[]", both) == both);
}

TEST_CASE("labels and structs that do not fit are errors that name type and place") {
  const catalog_fixture made;
  auto db = connect();
  db.execute("alter type tusk_types.mood add value 'lost'");
  CHECK(message_of<tusk::data_error>([&] {
          return db.scalar<mood>("select 'lost'::tusk_types.mood as m");
        }).find("column \"m\" (tusk_types.mood) cannot be read as tusk_types.mood: \"lost\"") == 0);
  CHECK(message_of<tusk::data_error>([&] {
          return db.scalar<bool>("select $1::tusk_types.mood is null", static_cast<mood>(99));
        }).find("$1 (tusk_types.mood)") == 0);
  CHECK(message_of<tusk::data_error>([&] {
          return db.scalar<misfit>("select row('x', 7)::tusk_types.address as a");
        }).find("no attribute for the struct's member \"city\"") != std::string::npos);
  CHECK(message_of<tusk::data_error>([&] {
          return db.scalar<bool>("select $1::tusk_types.address is null", misfit{"x", 1, ""});
        }).find("no attribute for the struct's member \"city\"") != std::string::npos);
  CHECK(message_of<tusk::programming_error>([&] {
          return db.scalar<address>("select 1 as a");
        }).find("column \"a\" (integer) cannot be read as tusk_types.address") == 0);
  CHECK(db.scalar<int>("select 1") == 1);
}
