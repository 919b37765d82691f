// Untyped rows, what does not fit between rows and types, and results as random-access ranges.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using wrong = tusk::programming_error;

struct pair_of {
  int id;
  std::string name;
};

}  // namespace

TEST_CASE("an untyped row is read by index and by name; what is not there is refused") {
  auto db = connect();
  const auto rows = db.query("select 1 as id, 'x' as name, 2 as dup, 3 as dup, null as nothing");
  REQUIRE(rows.size() == 1);
  const tusk::row row = rows[0];
  CHECK(row.size() == 5);
  CHECK(row[0].as<std::int16_t>() == 1);
  CHECK(row["name"].as<std::string>() == "x");
  CHECK(row["id"].type() == tusk::oids::int4);
  CHECK(row["nothing"].is_null());
  CHECK(row["nothing"].as<std::optional<std::string>>() == std::nullopt);
  CHECK(row[3].as<int>() == 3);

  CHECK(message_of<wrong>([&] { return row["Name"]; }) == "the result has no column \"Name\"");
  CHECK(message_of<wrong>([&] { return row["dup"]; }) ==
        "the result has several columns \"dup\": read them by index, or give them names of their "
        "own with AS");
  CHECK(message_of<wrong>([&] { return row[5]; }) ==
        "there is no column 5: the result has 5, counted from 0");
  CHECK(message_of<tusk::data_error>([&] { return row["nothing"].as<std::string>(); }) ==
        "column \"nothing\" (text) cannot be read as std::string: it is NULL; read a "
        "std::optional");
  CHECK(message_of<tusk::data_error>([&] { return row["name"].as<int>(); }) ==
        "column \"name\" (text) cannot be read as std::int32_t: the types do not go together; "
        "read std::string for its text");
}

TEST_CASE("the columns say what the server says of them") {
  auto db = connect();
  db.execute("create temp table described(a int, b varchar(10), c numeric(12, 2))");
  const auto rows = db.query("select a, b, c, 1 as d from described");
  const auto& columns = rows.columns();
  REQUIRE(columns.size() == 4);
  CHECK(columns[0].type == tusk::oids::int4);
  CHECK(columns[0].type_size == 4);
  CHECK(columns[0].table == db.scalar<tusk::oid>("select 'described'::regclass::oid"));
  CHECK(columns[1].attribute == 2);
  CHECK(columns[1].type_modifier == 14);
  CHECK(columns[3].table == 0);
}

TEST_CASE("untyped rows come in the format that the call asks for") {
  auto db = connect();
  const auto format_of = [&](tusk::formats wanted, const char* sql) {
    return db.query({.formats = wanted}, sql)[0][0].raw().format;
  };
  using enum tusk::formats;
  CHECK(format_of(automatic, "select 1") == tusk::format::binary);
  CHECK(format_of(automatic, "select now()") == tusk::format::binary);
  CHECK(format_of(printable, "select 1") == tusk::format::binary);
  CHECK(format_of(printable, "select now()") == tusk::format::text);
  CHECK(format_of(text, "select 1") == tusk::format::text);
  CHECK(format_of(automatic, "select null::aclitem") == tusk::format::text);
}

TEST_CASE("a result of another shape is refused before a row is read") {
  auto db = connect();
  CHECK(message_of<wrong>([&] { return db.query<int>("select 1, 2"); }) ==
        "the statement returns 2 columns and 1 is to be read");
  CHECK(message_of<wrong>([&] { return db.query<int, int>("select 1"); }) ==
        "the statement returns 1 column and 2 are to be read");
  CHECK(message_of<wrong>([&] { return db.query<pair_of>("select 1"); }) ==
        "the statement returns 1 column and 2 are to be read");
  CHECK(message_of<wrong>([&] { return db.scalar<int>("set search_path = public"); }) ==
        "the statement returns 0 columns and 1 is to be read");
  const auto failed = error_of<wrong>([&] { return db.query<int>("select 1 as n, 'x' as s"); });
  CHECK(failed.statement() == "select 1 as n, 'x' as s");
  CHECK(failed.session_usable());
  CHECK(db.scalar<int>("select 3") == 3);
}

TEST_CASE("a statement that is refused for its shape was not run") {
  auto db = connect();
  db.execute("create temp table t(id int)");
  error_of<wrong>([&] { return db.query<bool>("insert into t values (1) returning id"); });
  error_of<wrong>([&] { return db.query<int, int>("insert into t values (1) returning id"); });
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 0);
}

TEST_CASE("by_name wants each member once, and each column a member") {
  auto db = connect();
  const auto message = [&](const char* sql) {
    return message_of<wrong>([&] { return db.query<tusk::by_name<pair_of>>(sql); });
  };
  CHECK(message("select 1 as id") ==
        "the result has no column for the struct's member \"name\"; "
        "tusk::allow::missing_columns leaves it at its default");
  CHECK(message("select 1 as id, 'x' as name, 2 as more") ==
        "column \"more\" has no member of that name in the struct; tusk::allow::extra_columns "
        "passes it over");
  CHECK(message("select 1 as id, 2 as id, 'x' as name") ==
        "column \"id\" stands more than once in the result");
}

TEST_CASE("by_name passes over columns, and leaves members at their defaults, when asked to") {
  auto db = connect();
  using tusk::allow;
  struct settings {
    int id = 7;
    std::optional<std::string> name = "none";
    double weight = 0.5;
  };
  const auto lenient = db.query<tusk::by_name<settings, allow::both>>(
      "select 1 as more, 'x' as name, point(1, 2) as further");
  CHECK(lenient[0].id == 7);
  CHECK(lenient[0].name == "x");
  CHECK(lenient[0].weight == 0.5);
  const auto missing =
      db.query<tusk::by_name<settings, allow::missing_columns>>("select 2 as id, null as name");
  CHECK(missing[0].id == 2);
  CHECK_FALSE(missing[0].name.has_value());
  const auto extra = db.query<tusk::by_name<settings, allow::extra_columns>>(
      "select 1.5::float8 as weight, 'a' as a, 3 as id, 'y' as name");
  CHECK(extra[0].id == 3);
  CHECK(extra[0].weight == 1.5);
  CHECK(message_of<wrong>([&] {
          return db.query<tusk::by_name<settings, allow::missing_columns>>("select 1 as more");
        }).find("column \"more\" has no member") == 0);
  CHECK(message_of<wrong>([&] {
          return db.query<tusk::by_name<settings, allow::extra_columns>>("select 1 as id");
        }).find("the result has no column for the struct's member \"name\"") == 0);
  CHECK(message_of<wrong>([&] {
          return db.query<tusk::by_name<settings, allow::both>>("select true as id");
        }).find("column \"id\" (boolean) cannot be read as std::int32_t") == 0);
  for (const auto mode : {tusk::statement_mode::declared, tusk::statement_mode::simple}) {
    const auto rows =
        db.query<tusk::by_name<settings, allow::both>>({.mode = mode}, "select 1 as more, 5 as id");
    CHECK(rows[0].id == 5);
    CHECK(rows[0].name == "none");
  }
}

TEST_CASE("structs of 64 members are read by position and by name") {
  auto db = connect();
  struct sixty_four {
    int c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19,
        c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31, c32, c33, c34, c35, c36, c37,
        c38, c39, c40, c41, c42, c43, c44, c45, c46, c47, c48, c49, c50, c51, c52, c53, c54, c55,
        c56, c57, c58, c59, c60, c61, c62;
    std::optional<std::string> c63;
  };
  std::string forwards = "select ";
  std::string backwards = "select 'last'::text as c63";
  for (int i = 0; i < 63; ++i) {
    forwards += std::to_string(i) + " as c" + std::to_string(i) + ", ";
    backwards += ", " + std::to_string(62 - i) + " as c" + std::to_string(62 - i);
  }
  forwards += "null::text as c63";
  const auto by_position = db.one<sixty_four>(forwards);
  CHECK(by_position.c0 == 0);
  CHECK(by_position.c62 == 62);
  CHECK_FALSE(by_position.c63.has_value());
  const auto by_name = db.query<tusk::by_name<sixty_four>>(backwards)[0];
  CHECK(by_name.c0 == 0);
  CHECK(by_name.c31 == 31);
  CHECK(by_name.c62 == 62);
  CHECK(by_name.c63 == "last");
}

TEST_CASE("a type of the wrong family is refused once, naming column and types") {
  auto db = connect();
  const auto refused = [&]<class T>(std::type_identity<T>, const char* sql) {
    return message_of<wrong>([&] { return db.query<T>(sql); });
  };
  CHECK(refused(std::type_identity<int>{}, "select 'x'::text as name") ==
        "column \"name\" (text) cannot be read as std::int32_t: the types do not go together; read "
        "std::string for its text");
  CHECK(refused(std::type_identity<double>{}, "select 1.5 as price") ==
        "column \"price\" (numeric) cannot be read as double: the types do not go together; read "
        "std::string for its text");
  CHECK(refused(std::type_identity<std::vector<int>>{}, "select array['a'] as tags") ==
        "column \"tags\" (text[]) cannot be read as std::vector<std::int32_t>: the types do not go "
        "together; read std::string for its text");
  CHECK(refused(std::type_identity<tusk::timestamp>{}, "select now() as at") ==
        "column \"at\" (timestamp with time zone) cannot be read as tusk::timestamp: the types do "
        "not go together; read std::string for its text");
}

TEST_CASE("an integer that does not fit is named with its column and value") {
  auto db = connect();
  const auto rows = db.query<std::int16_t>("select 70000 as id");
  const auto failed = error_of<tusk::data_error>([&] { return rows[0]; });
  CHECK(failed.message() ==
        "column \"id\" (integer) cannot be read as std::int16_t: 70000 is out of range");
  CHECK(failed.column() == "id");
  CHECK(failed.kind() == tusk::error_kind::conversion);
  CHECK(message_of<tusk::data_error>([&] { return db.scalar<unsigned>("select -1 as n"); }) ==
        "column \"n\" (integer) cannot be read as std::uint32_t: -1 is out of range");
  CHECK(db.scalar<std::int8_t>("select 127::bigint") == 127);
  CHECK(db.scalar<int>("select 2147483647::bigint") == 2147483647);
  error_of<tusk::data_error>([&] { return db.scalar<int>("select 2147483648"); });
  error_of<tusk::data_error>([&] { return db.scalar<std::int32_t>("select 4294967295::oid"); });
}

TEST_CASE("NULL read into what is no optional is a data_error that names the column") {
  auto db = connect();
  const auto rows = db.query<int>("select nullif(i, 2) as n from generate_series(1, 3) as i");
  CHECK(rows[0] == 1);
  const auto failed = error_of<tusk::data_error>([&] { return rows[1]; });
  CHECK(failed.message() ==
        "column \"n\" (integer) cannot be read as std::int32_t: it is NULL; read a std::optional");
  CHECK(failed.column() == "n");
  CHECK(rows[2] == 3);
  CHECK(db.status() == tusk::session_status::open);
}

TEST_CASE("a result is a random-access range") {
  using rows_type = tusk::result<int>;
  static_assert(std::ranges::random_access_range<const rows_type>);
  static_assert(std::ranges::sized_range<const rows_type>);
  static_assert(std::is_nothrow_move_constructible_v<rows_type>);
  auto db = connect();
  // Enough for several batches and blocks.
  const rows_type rows = db.query<int>("select i * 2 from generate_series(0, 99999) as i");
  REQUIRE(rows.size() == 100000);
  const auto first = rows.begin();
  CHECK(*(first + 50000) == 100000);
  CHECK(first[99999] == 199998);
  CHECK(*(rows.end() - 1) == 199998);
  CHECK(*--rows.end() == 199998);
  CHECK(rows.end() - first == 100000);
  CHECK((3 + first) - first == 3);
  CHECK(first < first + 1);
  CHECK(std::ranges::lower_bound(rows, 77776) - first == 38888);
  CHECK(std::ranges::is_sorted(rows));
  CHECK(*std::ranges::max_element(rows) == 199998);
  CHECK(std::ranges::binary_search(rows, 4242));
  int expected = 199998;
  for (const int value : rows | std::views::reverse) {
    if (value != expected) FAIL(value << " where " << expected << " was due");
    expected -= 2;
  }
  CHECK(expected == -2);
  auto at = first;
  CHECK(*at++ == 0);
  CHECK(*at-- == 2);
  CHECK(*at == 0);
  CHECK(std::vector<int>(rows.begin() + 99998, rows.end()) == std::vector{199996, 199998});
  CHECK(message_of<wrong>([&] { return rows.at(100000); }) ==
        "there is no row 100000: the result has 100000, counted from 0");
}

TEST_CASE("a result outlives its session, and copies share its bytes") {
  std::optional<tusk::result<std::string_view>> kept;
  {
    auto db = connect();
    auto rows = db.query<std::string_view>("select repeat('x', i) from generate_series(1, 500) i");
    kept = rows;
  }
  std::size_t bytes = 0;
  for (const std::string_view each : *kept)
    bytes += each.size();
  CHECK(bytes == 125250);
  const std::string_view view = kept->at(499);
  const auto copy = *kept;
  kept.reset();
  CHECK(view == std::string(500, 'x'));
  CHECK(copy.size() == 500);
}

TEST_CASE("an empty result has columns and no rows") {
  auto db = connect();
  const auto rows = db.query("select 1 as a where false");
  CHECK(rows.empty());
  CHECK(rows.begin() == rows.end());
  CHECK(rows.columns().size() == 1);
  CHECK(message_of<wrong>([&] { return rows.front(); }) ==
        "there is no row 0: the result has 0, counted from 0");
}
