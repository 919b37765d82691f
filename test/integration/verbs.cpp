// Every verb, and every way to name what a row is read as.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

constexpr const char* people =
    "select * from (values (1, 'Ada', 1.50), (2, 'Blaise', null), (3, 'Charles', -7)) "
    "as t(id, name, balance) order by id";

struct account {
  std::int64_t id;
  std::string name;
  std::optional<tusk::numeric> balance;
};

struct account_view {
  std::int32_t id;
  std::string_view name;
  std::optional<tusk::numeric> balance;
};

// Not in the order of the columns.
struct shuffled {
  std::optional<tusk::numeric> balance;
  std::string name;
  int id;
};

}  // namespace

TEST_CASE("query reads rows as tuples, single values, structs by position and by name") {
  auto db = connect();
  SECTION("several types are a tuple, and views point into the result") {
    std::string seen;
    for (auto [id, name, balance] :
         db.query<std::int64_t, std::string_view, std::optional<tusk::numeric>>(people)) {
      seen += std::to_string(id) + std::string(name) + (balance ? balance->to_string() : "-") + " ";
    }
    CHECK(seen == "1Ada1.50 2Blaise- 3Charles-7 ");
  }
  SECTION("one type is the value itself") {
    std::vector<int> seen;
    for (const int i : db.query<int>("select generate_series(1, $1)", 4))
      seen.push_back(i);
    CHECK(seen == std::vector{1, 2, 3, 4});
  }
  SECTION("a tuple that is named as such is the same as several types") {
    const auto rows = db.query<std::tuple<int, std::string>>("select 1, 'x'");
    CHECK(rows.at(0) == std::tuple<int, std::string>(1, "x"));
  }
  SECTION("a struct by position") {
    const auto rows = db.query<account>(people);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].name == "Ada");
    CHECK(rows[0].balance == tusk::numeric("1.5"));
    CHECK_FALSE(rows[1].balance.has_value());
    CHECK(rows[2].id == 3);
    CHECK(db.query<account_view>(people)[2].name == "Charles");
  }
  SECTION("a struct by the columns' names, whatever their order") {
    const auto rows = db.query<tusk::by_name<shuffled>>(people);
    REQUIRE(rows.size() == 3);
    CHECK(rows[2].id == 3);
    CHECK(rows[2].name == "Charles");
    CHECK(rows[2].balance == tusk::numeric(-7));
  }
  CHECK(db.status() == tusk::session_status::open);
}

TEST_CASE("one, maybe and scalar return values that outlive the row, and count the rows") {
  auto db = connect();
  CHECK(db.one<account>("select 7, 'Ada', 2.5").name == "Ada");
  CHECK(db.one<int, std::string>("select 7, 'Ada'") == std::tuple<int, std::string>(7, "Ada"));
  CHECK(
      db.one<tusk::by_name<shuffled>>("select 'x' as name, 9 as id, null::numeric as balance").id ==
      9);
  CHECK(db.maybe<int>("select 1 where $1", true) == 1);
  CHECK(db.maybe<int>("select 1 where $1", false) == std::nullopt);
  const auto null_in_a_row = db.maybe<std::optional<int>>("select null::int");
  REQUIRE(null_in_a_row.has_value());
  CHECK_FALSE(null_in_a_row->has_value());
  CHECK(db.scalar<std::int64_t>("select count(*) from generate_series(1, 5)") == 5);
  CHECK(db.scalar<std::optional<int>>("select null::int") == std::nullopt);

  using wrong = tusk::programming_error;
  CHECK(message_of<wrong>([&] { return db.one<int>("select 1 where false"); }) ==
        "the statement was to return one row and returned 0");
  CHECK(message_of<wrong>([&] { return db.scalar<int>("select generate_series(1, 3)"); }) ==
        "the statement was to return one row and returned 3");
  CHECK(message_of<wrong>([&] { return db.maybe<int>("select generate_series(1, 2)"); }) ==
        "the statement was to return at most one row and returned 2");
  CHECK(db.scalar<int>("select 4") == 4);
}

TEST_CASE("stream reads rows as query does, and knows the tag at the end") {
  auto db = connect();
  auto rows = db.stream<account>(people);
  std::string names;
  for (const account& a : rows)
    names += a.name;
  CHECK(names == "AdaBlaiseCharles");
  CHECK(rows.done().tag() == "SELECT 3");
  CHECK(rows.done().rows() == 3);
  CHECK(rows.columns().at(1).name == "name");

  std::int64_t sum = 0;
  for (auto [id, text] : db.stream<int, std::string_view>("select i, i::text from generate_series"
                                                          "(1, $1) as i",
                                                          100)) {
    sum += id + static_cast<std::int64_t>(text.size());
  }
  CHECK(sum == 5050 + 192);
  for (const tusk::row& row : db.stream("select 1 as a, 'x' as b"))
    CHECK(row["b"].as<std::string>() == "x");
  for (const auto& by_name : db.stream<tusk::by_name<shuffled>>(people))
    CHECK(by_name.id > 0);
}

TEST_CASE("execute gives the tag and its number of rows") {
  auto db = connect();
  CHECK(db.execute("create temp table t(id int, name text)").tag() == "CREATE TABLE");
  const auto inserted = db.execute("insert into t values ($1, $2), ($3, $4)", 1, "a", 2, "b");
  CHECK(inserted.tag() == "INSERT 0 2");
  CHECK(inserted.rows() == 2);
  CHECK(db.execute("update t set name = $1", "c").rows() == 2);
  CHECK(db.execute("select * from t").rows() == 2);
  CHECK(db.execute("delete from t where id = $1", 3).rows() == 0);
  CHECK(db.execute("set search_path = public").rows() == 0);
}

TEST_CASE("rows of INSERT ... RETURNING come with their tag") {
  auto db = connect();
  db.execute("create temp table t(id int generated always as identity, name text)");
  const auto rows = db.query<int>("insert into t(name) values ($1), ($2) returning id", "a", "b");
  CHECK(std::vector<int>(rows.begin(), rows.end()) == std::vector{1, 2});
  CHECK(rows.done().tag() == "INSERT 0 2");
}

TEST_CASE("script runs many statements and gives the result of each, in text") {
  auto db = connect();
  const auto results = db.script(
      "create temp table t(id int, name text); insert into t values (1, 'a'), (2, null);"
      "select * from t order by id; select 4.50 as n, true as b");
  REQUIRE(results.size() == 4);
  CHECK(results[0].done().tag() == "CREATE TABLE");
  CHECK(results[0].columns().empty());
  CHECK(results[1].done().rows() == 2);
  REQUIRE(results[2].size() == 2);
  CHECK(results[2][0]["name"].as<std::string_view>() == "a");
  CHECK(results[2][1]["name"].is_null());
  CHECK(results[2][1]["id"].as<int>() == 2);
  CHECK(results[3][0]["n"].as<tusk::numeric>().to_string() == "4.50");
  CHECK(results[3][0]["b"].as<bool>());
  CHECK(results[3][0][0].raw().format == tusk::format::text);
}

TEST_CASE("a script is one transaction: what ran before its error is undone") {
  auto db = connect();
  db.execute("create temp table t(id int)");
  const auto failed = error_of<tusk::data_error>(
      [&] { return db.script("insert into t values (1); select 1/0; insert into t values (2)"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::division_by_zero);
  CHECK(failed.session_usable());
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 0);
}

TEST_CASE("an empty statement has no rows, no columns and no tag") {
  auto db = connect();
  for (const char* nothing : {"", " ", ";", "-- a comment"}) {
    CAPTURE(nothing);
    CHECK(db.query(nothing).empty());
    CHECK(db.query(nothing).columns().empty());
    CHECK(db.execute(nothing).tag().empty());
    CHECK(db.status() == tusk::session_status::open);
  }
  const auto results = db.script(" ; ");
  CHECK(std::all_of(results.begin(), results.end(), [](const auto& each) { return each.empty(); }));
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("several commands go by script only") {
  auto db = connect();
  const auto failed =
      error_of<tusk::programming_error>([&] { return db.execute("select 1; select 2"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::syntax_error);
  CHECK(db.script("select 1; select 2").size() == 2);
}
