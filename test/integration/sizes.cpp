// Large values, wide rows, many rows, many parameters, and none of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

// "select $1::int + $2 + ..." would nest too deep; an array does not.
std::string statement_with_parameters(std::size_t count) {
  std::string sql = "select cardinality(array[$1::int4";
  for (std::size_t i = 2; i <= count; ++i)
    sql += ",$" + std::to_string(i);
  return sql + "])";
}

tusk::dynamic_parameters many(const std::int32_t& value, std::size_t count) {
  tusk::dynamic_parameters values;
  for (std::size_t i = 0; i < count; ++i)
    values.add(value);
  return values;
}

}  // namespace

TEST_CASE("a text and a bytea of 50 MB go both ways") {
  auto db = connect();
  std::string text(50'000'000, 'x');
  for (std::size_t i = 0; i < text.size(); i += 4096)
    text[i] = static_cast<char>('a' + i / 4096 % 26);
  auto [back, length] = db.one<std::string, std::int32_t>("select $1::text, length($1)", text);
  CHECK(length == 50'000'000);
  CHECK(back == text);
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c ^ 0x80); });
  const auto rows = db.query<tusk::bytes_view>("select $1::bytea", bytes);
  CHECK(std::equal(rows[0].begin(), rows[0].end(), bytes.begin(), bytes.end()));
  std::size_t streamed = 0;
  for (const auto view : db.stream<std::string_view>("select $1::text", text))
    streamed += view.size();
  CHECK(streamed == text.size());
  CHECK(db.script("select repeat('y', 50000000)")[0][0][0].as<std::string_view>().size() ==
        50'000'000);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a message that is longer than the session takes breaks it, saying so") {
  auto db = connect({.max_message_bytes = 100'000});
  CHECK(db.scalar<std::string>("select repeat('x', 90000)").size() == 90'000);
  const auto failed =
      error_of<tusk::internal_error>([&] { return db.query("select repeat('x', 200000)"); });
  CHECK(failed.kind() == tusk::error_kind::protocol);
  CHECK(failed.message().find("DataRow announces 200") != std::string_view::npos);
  CHECK_FALSE(failed.session_usable());
  CHECK(db.status() == tusk::session_status::broken);
}

TEST_CASE("rows of 1,600 columns are stored and read") {
  auto db = connect();
  std::string columns;
  std::string values;
  for (int i = 0; i < 1600; ++i) {
    columns += (i == 0 ? "" : ", ") + ("c" + std::to_string(i)) + " int";
    values += (i == 0 ? "" : ", ") + std::to_string(i);
  }
  db.execute("create temp table wide(" + columns + ")");
  db.execute("insert into wide values (" + values + ")");
  db.execute("insert into wide select * from wide");
  const auto rows = db.query("select * from wide");
  REQUIRE(rows.size() == 2);
  for (const tusk::row& row : rows) {
    REQUIRE(row.size() == 1600);
    for (const std::size_t i : {0U, 1U, 800U, 1599U}) {
      CHECK(row[i].as<int>() == static_cast<int>(i));
      CHECK(row["c" + std::to_string(i)].as<int>() == static_cast<int>(i));
    }
  }
}

TEST_CASE("300,000 buffered rows keep their order and can be read from any end") {
  auto db = connect();
  const auto rows = db.query<std::int32_t, std::string_view>(
      "select i, repeat('x', i % 300) from generate_series(0, 299999) i");
  REQUIRE(rows.size() == 300'000);
  std::int32_t expected = 0;
  for (auto [id, text] : rows) {
    if (id != expected || text.size() != static_cast<std::size_t>(id % 300))
      FAIL("row " << expected << " has id " << id << " and " << text.size() << " characters");
    ++expected;
  }
  for (const std::size_t i : {299999U, 0U, 150000U, 149999U, 1U})
    CHECK(std::get<0>(rows[i]) == static_cast<std::int32_t>(i));
}

TEST_CASE("rows without columns are counted") {
  auto db = connect();
  const auto rows = db.query("select from generate_series(1, 5)");
  CHECK(rows.size() == 5);
  CHECK(rows.columns().empty());
  CHECK(rows[4].size() == 0);
  CHECK(db.query<std::tuple<>>("select from generate_series(1, 70000)").size() == 70'000);
  int streamed = 0;
  for (const tusk::row& row : db.stream("select from generate_series(1, 1000)"))
    streamed += row.size() == 0 ? 1 : 0;
  CHECK(streamed == 1000);
  CHECK(db.script("select from generate_series(1, 3)")[0].size() == 3);
}

TEST_CASE("65,535 parameters are taken and 65,536 refused") {
  auto db = connect();
  const std::int32_t one = 1;
  CHECK(db.scalar<std::int32_t>(statement_with_parameters(65'535), many(one, 65'535)) == 65'535);
  const auto failed = error_of<tusk::programming_error>(
      [&] { return db.query(statement_with_parameters(65'536), many(one, 65'536)); });
  CHECK(failed.session_usable());
  CHECK(db.status() == tusk::session_status::open);
  // The server itself may have refused the statement; a statement that it takes shows our bound.
  CHECK(message_of<tusk::programming_error>([&] {
          return db.query("select 1", many(one, 65'536));
        }).find("65535") != std::string::npos);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a statement of 10 MB is parsed") {
  auto db = connect();
  const std::string sql = "select length('" + std::string(10'000'000, 'x') + "')";
  CHECK(db.scalar<std::int32_t>(sql) == 10'000'000);
  CHECK(db.script(sql)[0][0][0].as<int>() == 10'000'000);
}
