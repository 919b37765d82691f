// insert_many: rows by INSERTs of many rows each, all or nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {
using namespace tusk::test;
using mode = tusk::statement_mode;
using status = tusk::session_status;

struct item {
  int id;
  std::optional<std::string> name;
  double price;
};

std::vector<item> items(int count) {
  std::vector<item> made;
  for (int i = 0; i < count; ++i) {
    made.push_back({i, "item", i / 4.0});
    if (i % 3 == 0) made.back().name.reset();
  }
  return made;
}

tusk::session with_table(const tusk::session_options& options = {}) {
  auto db = connect(options);
  db.execute(R"(create temp table "Odd ""items"(id int primary key, "Na""me" text, price float8,
      seq serial))");
  return db;
}

const tusk::insert_into where{
    .schema = "pg_temp", .table = "Odd \"items", .columns = {"id", "Na\"me", "price"}};

std::int64_t count(tusk::session& db) {
  return db.scalar<std::int64_t>(R"(select count(*) from "Odd ""items")");
}
}  // namespace

TEST_CASE("rows are inserted however many they are, in every mode but simple") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  const int rows = GENERATE(1, 499, 500, 501, 1000, 5003);
  auto db = with_table({.mode = how});
  CHECK(db.insert_many(where, items(rows)) == static_cast<std::uint64_t>(rows));
  CHECK(db.one<std::int64_t, std::int64_t, double>(
            R"(select count(*), count("Na""me"), sum(price) from "Odd ""items")") ==
        std::tuple<std::int64_t, std::int64_t, double>(rows, rows - (rows + 2) / 3,
                                                       static_cast<double>(rows) * (rows - 1) / 8));
  CHECK(db.status() == status::open);
}

TEST_CASE("RETURNING gives the rows in the order of the elements") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  auto into = where;
  into.returning = R"(id, seq, "Na""me")";
  auto rows = items(1234);
  std::vector<item> reversed(rows.rbegin(), rows.rend());
  const auto returned = db.insert_many<int, int, std::optional<std::string>>(into, reversed);
  REQUIRE(returned.size() == reversed.size());
  for (std::size_t i = 0; i < returned.size(); ++i) {
    CHECK(std::get<0>(returned[i]) == reversed[i].id);
    CHECK(std::get<1>(returned[i]) == static_cast<int>(i) + 1);
    CHECK(std::get<2>(returned[i]) == reversed[i].name);
  }
}

TEST_CASE("ON CONFLICT is the caller's, and its rows are counted as the server counts them") {
  auto db = with_table();
  db.insert_many(where, items(10));
  auto into = where;
  into.on_conflict = "do nothing";
  CHECK(db.insert_many(into, items(15)) == 5);
  into.on_conflict = "(id) do update set price = 7";
  into.returning = "price";
  CHECK(db.insert_many<double>(into, items(3)) == std::vector<double>{7, 7, 7});
  into.returning.clear();
  into.on_conflict = "do nothing returning id";
  CHECK(db.insert_many(into, items(16)) == 1);
}

TEST_CASE("a table without a list of columns takes values in its own order") {
  auto db = connect();
  db.execute("create temp table pairs(a int, b text)");
  CHECK(db.insert_many({.table = "pairs"}, std::vector{std::pair{1, "x"}, {2, "y"}}) == 2);
  CHECK(db.scalar<std::string>("select string_agg(a || b, ' ' order by a) from pairs") == "1x 2y");
}

TEST_CASE("as many parameters as the protocol has are put into a statement, and no more") {
  auto db = connect();
  std::string columns;
  tusk::insert_into into{.table = "wide"};
  for (int i = 0; i < 1000; ++i) {
    into.columns.push_back("c" + std::to_string(i));
    columns += (i == 0 ? "c" : ", c") + std::to_string(i) + " int";
  }
  db.execute("create temp table wide(" + columns + ")");
  const std::vector<int> values(1000, 7);
  std::vector<tusk::dynamic_parameters> rows(200);
  for (auto& row : rows) {
    for (const int& value : values)
      row.add(value);
  }
  CHECK(db.insert_many(into, rows) == 200);
  CHECK(db.scalar<std::int64_t>("select sum(c0 + c999) from wide") == 2800);
}

TEST_CASE("large rows are sent in statements of few") {
  auto db = connect();
  db.execute("create temp table large(body text)");
  const std::vector<std::string> rows(20, std::string(300'000, 'x'));
  CHECK(db.insert_many({.table = "large"}, rows) == 20);
  CHECK(db.scalar<std::int64_t>("select sum(length(body)) from large") == 6'000'000);
}

TEST_CASE("a refusal of the server's names the elements of its statement, and nothing remains") {
  auto db = with_table();
  auto rows = items(1700);
  rows[1200].id = 3;
  const auto failed = error_of<tusk::integrity_error>([&] { return db.insert_many(where, rows); });
  CHECK(failed.details().element == 1000);
  CHECK(failed.details().elements == 500);
  CHECK(std::string(failed.what()).ends_with("in one of the elements 1000 to 1499 (from 0)"));
  CHECK(count(db) == 0);
  CHECK(db.status() == status::open);
}

TEST_CASE("an element that cannot be converted is named, and nothing remains") {
  auto db = connect();
  db.execute("create temp table small(a int2)");
  std::vector<int> rows(3000, 1);
  rows[2500] = 70'000;
  const auto failed =
      error_of<tusk::data_error>([&] { return db.insert_many({.table = "small"}, rows); });
  CHECK(failed.details().element == 2500);
  CHECK(failed.details().elements == 1);
  CHECK(db.scalar<std::int64_t>("select count(*) from small") == 0);
  CHECK(db.status() == status::open);
}

TEST_CASE("strings and enums go to whatever type the column has") {
  const auto how = GENERATE(mode::prepared, mode::declared);
  auto db = connect({.mode = how});
  db.execute("create temp table typed(at timestamptz, amount numeric, doc jsonb)");
  const std::vector rows{std::tuple{"2024-01-01 00:00:00+00", "12.50", R"({"a": 1})"}};
  CHECK(db.insert_many({.table = "typed"}, rows) == 1);
  CHECK(
      db.scalar<bool>("select at = '2024-01-01 00:00:00Z' and amount = 12.5 and doc->>'a' = '1' "
                      "from typed"));
}

TEST_CASE("an empty range inserts nothing and asks for nothing") {
  auto db = connect();
  CHECK(db.insert_many({.table = "there is no such table"}, std::vector<int>()) == 0);
  CHECK(db.insert_many<int>({.table = "nor this", .returning = "x"}, std::vector<int>()).empty());
}

TEST_CASE("what makes no INSERT is refused before anything is sent") {
  auto db = with_table();
  const auto refused = [&](const tusk::insert_into& into) {
    return message_of<tusk::programming_error>(
        [&] { return db.insert_many(into, std::vector{1}); });
  };
  CHECK(refused({}) == "insert_many was given no table");
  CHECK(refused({.table = "t", .columns = {"a", "b"}}) ==
        "insert_many into \"t\": 2 columns are named, and an element has 1 values");
  CHECK(message_of<tusk::programming_error>([&] {
          return db.insert_many<int>({.table = "t"}, std::vector{1});
        }) == "insert_many into \"t\": rows are to be returned, and `returning` is empty");
  CHECK(message_of<tusk::programming_error>([&] {
          return db.insert_many({.mode = mode::simple}, where, items(1));
        }).find("statement_mode::simple") != std::string::npos);
  CHECK(db.status() == status::open);
}

TEST_CASE("a table that was altered is described anew after one failure at the most") {
  auto db = connect();
  auto other = connect();
  db.execute("drop table if exists altered_behind");
  db.execute("create table altered_behind(a int)");
  const tusk::insert_into into{.table = "altered_behind", .returning = "a"};
  CHECK(db.insert_many<int>(into, std::vector{1, 2}) == std::vector{1, 2});
  other.execute("alter table altered_behind alter a type bigint");
  const std::vector<std::int64_t> large{std::int64_t{1} << 40};
  error_of([&] { return db.insert_many<std::int64_t>(into, large); });
  CHECK(db.insert_many<std::int64_t>(into, large) == large);
  db.execute("drop table altered_behind");
}
