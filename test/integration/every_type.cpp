// Every built-in type that the server has, each value of it against the server's own text: read in
// binary and in text, printed, sent back in both formats; alone, in arrays and in composites. The
// server's catalog says whether one was forgotten.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "integration/every_value.hpp"
#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/value.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

/// One type's row of the table that the environment variable TUSK_TYPE_MATRIX asks for.
struct formats_seen {
  bool binary_read = false;
  bool binary_sent = false;
};

const char* yes_or_text(bool binary) {
  return binary ? "binary, text" : "text";
}

void show(const std::string& type, const formats_seen& seen) {
  if (std::getenv("TUSK_TYPE_MATRIX") == nullptr) return;
  std::cout << "| " << type << " | " << yes_or_text(seen.binary_read) << " | "
            << yes_or_text(seen.binary_sent) << " |\n";
}

/// Sessions whose texts are those of the default settings, in UTC.
session connect_plainly() {
  session db = connect();
  db.script(
      "set timezone = 'UTC'; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; "
      "set bytea_output = 'hex'; set lc_monetary = 'C'");
  return db;
}

std::vector<std::string> values_for(const type_values& entry, int version) {
  std::vector<std::string> values = entry.values;
  for (const late_value& each : late_values())
    if (each.type == entry.type && version >= each.since) values.push_back(each.value);
  return values;
}

std::string cast_of(const std::string& expression, const std::string& type) {
  return "(" + expression + ")::" + type;
}

/// What the simple protocol brings, decoded.
value text_value(session& db, const std::string& expression) {
  return db.script("select " + expression).at(0).at(0)[0].as<value>();
}

void check_sent(session& db, const value& sent, const std::string& type, const std::string& text) {
  const std::string echo = "select $1::" + type;
  const auto as_value = db.query({.formats = formats::text}, echo, sent);
  CHECK(as_value.front()[0].as<std::string>() == text);
  const auto as_text = db.query({.formats = formats::text}, echo, text);
  CHECK(as_text.front()[0].as<std::string>() == text);
  const auto in_sql = db.query({.mode = statement_mode::simple}, echo, sent);
  CHECK(in_sql.front()[0].as<std::string>() == text);
}

void check_value(session& db, const std::string& type, const std::string& expression,
                 formats_seen* seen = nullptr) {
  CAPTURE(type, expression.substr(0, 100));
  const std::string text = server_text(db, expression);
  const auto rows = db.query<value>("select " + expression);
  const value read = rows.front();
  if (seen != nullptr) seen->binary_read |= rows.columns().front().format == format::binary;
  CHECK(read.to_string() == text);
  CHECK(text_value(db, expression).to_string() == text);
  const auto untyped = db.query("select " + expression);
  CHECK(print(untyped.front()[0].raw()) == text);
  CHECK(untyped.front()[0].as<std::string>() == text);
  CHECK(db.scalar<std::string>("select " + expression) == text);
  check_sent(db, read, type, text);
}

/// Decoded from text in other styles it is the same value as from binary.
void check_styles(session& db, const std::string& expression, const value& expected) {
  CAPTURE(expression.substr(0, 100));
  CHECK(text_value(db, expression).to_string() == expected.to_string());
}

/// Before PostgreSQL 14 `array[...]` of these makes an array of two dimensions of their elements.
bool is_left_out_of_arrays(const std::string& type, int version) {
  return version < 14 && type.ends_with("vector") && type != "tsvector";
}

bool has_binary_form(session& db, const std::string& type) {
  return db.scalar<bool>("select typsend <> 0 from pg_type where oid = $1::regtype", type);
}

/// Under extra_float_digits = 0 a text has fewer digits than the value: nobody can bring them back.
bool is_of_floats(const std::string& type) {
  static const std::set<std::string> names{"float4", "float8",  "point",  "lseg", "path",
                                           "box",    "polygon", "circle", "line"};
  return names.count(type) != 0;
}

}  // namespace

TEST_CASE("every built-in type that the server has is among those that are tried here") {
  session db = connect();
  std::set<std::string> known;
  for (const type_values& each : every_value())
    known.insert(each.type == "\"char\"" ? "char" : each.type);
  for (const std::string& each : types_without_input())
    known.insert(each);
  const auto names = db.query<std::string>(
      "select typname::text from pg_type where typnamespace = 'pg_catalog'::regnamespace and "
      "typtype in ('b', 'r', 'm') and (typcategory <> 'A' or typname in ('int2vector', "
      "'oidvector')) and "
      "typrelid = 0 and oid < 10000");
  CHECK(names.size() >= 70);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(known.count(name) == 1);
  }
}

TEST_CASE("every value of every type is the server's own, both ways, in both formats") {
  session db = connect_plainly();
  const int version = major_version(db);
  for (const type_values& entry : every_value()) {
    if (version < entry.since) continue;
    formats_seen seen;
    for (const std::string& each : values_for(entry, version))
      check_value(db, entry.type, cast_of(each, entry.type), &seen);
    const value sample = db.scalar<value>("select " + cast_of(entry.values[0], entry.type));
    const oid type = db.type(entry.type)->number;
    seen.binary_sent = encode(sample, type).as == format::binary;
    // Where the server has a binary form it is used, but for what only its catalogs could name.
    CAPTURE(entry.type);
    CHECK((!seen.binary_read || has_binary_form(db, entry.type)));
    show(entry.type, seen);
  }
}

TEST_CASE("every type goes both ways in arrays, with NULLs, bounds and dimensions") {
  session db = connect_plainly();
  const int version = major_version(db);
  for (const type_values& entry : every_value()) {
    if (version < entry.since || is_left_out_of_arrays(entry.type, version)) continue;
    std::string list = "null";
    for (const std::string& each : values_for(entry, version))
      list += ", " + cast_of(each, entry.type);
    const std::string type = entry.type + "[]";
    check_value(db, type, "array[" + list + "]::" + type);
    check_value(db, type, "'{}'::" + type);
    const std::string one = cast_of(entry.values[0], entry.type);
    check_value(db, type, "array_fill(" + one + ", array[2, 1, 3], array[-1, 0, 5])::" + type);
  }
}

TEST_CASE("every type goes both ways in a composite, and is read out of a record") {
  session db = connect_plainly();
  const int version = major_version(db);
  for (const type_values& entry : every_value()) {
    if (version < entry.since || is_left_out_of_arrays(entry.type, version)) continue;
    CAPTURE(entry.type);
    db.script("drop type if exists pg_temp.both; create type pg_temp.both as (n int, v " +
              entry.type + ", e " + entry.type + ", a " + entry.type + "[])");
    for (const std::string& each : values_for(entry, version)) {
      const std::string one = cast_of(each, entry.type);
      const std::string row = "row(7, " + one + ", null, array[" + one + ", null])";
      check_value(db, "pg_temp.both", row + "::pg_temp.both");
      const std::string text = server_text(db, row);
      CHECK(db.scalar<value>("select " + row).to_string() == text);
    }
  }
}

TEST_CASE("text is read under every setting as binary is") {
  session db = connect_plainly();
  session styled = connect_plainly();
  const int version = major_version(db);
  for (const char* dates : {"SQL, DMY", "SQL, MDY", "Postgres, DMY", "Postgres, MDY", "German"}) {
    for (const char* intervals : {"sql_standard", "postgres_verbose", "iso_8601"}) {
      styled.script(std::string("set datestyle = '") + dates + "'; set intervalstyle = '" +
                    intervals + "'; set bytea_output = 'escape'; set extra_float_digits = 0");
      CAPTURE(dates, intervals);
      for (const type_values& entry : every_value()) {
        if (version < entry.since || is_of_floats(entry.type)) continue;
        for (const std::string& each : values_for(entry, version)) {
          // Numbers of a hundred thousand digits depend on no setting.
          if (each.starts_with("repeat")) continue;
          const std::string expression = cast_of(each, entry.type);
          check_styles(styled, expression, db.scalar<value>("select " + expression));
        }
      }
    }
  }
}

TEST_CASE("types that take no input are read as their text, and what they hold is not lost") {
  session db = connect();
  const auto tree = db.query("select ev_action from pg_rewrite limit 1");
  REQUIRE(tree.size() == 1);
  CHECK(tree.front()[0].as<std::string>().starts_with("({QUERY"));
  db.script(
      "create temp table counted as select i % 10 as a, i % 10 as b, i as c "
      "from generate_series(1, 1000) i; "
      "create statistics counts (ndistinct, dependencies, mcv) on a, b from counted; "
      "analyze counted");
  const std::string from =
      " from pg_statistic_ext_data d join pg_statistic_ext s on s.oid = d.stxoid where stxname = "
      "'counts'";
  for (const char* column : {"stxdndistinct", "stxddependencies", "stxdmcv"}) {
    CAPTURE(column);
    const std::string text =
        db.script("select " + std::string(column) + from).at(0).at(0)[0].as<std::string>();
    CHECK(!text.empty());
    CHECK(db.scalar<std::string>("select " + std::string(column) + from) == text);
    CHECK(db.scalar<value>("select " + std::string(column) + from).to_string() == text);
  }
  for (const char* type : {"pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list"}) {
    CAPTURE(type);
    CHECK(error_of([&] { return db.query(std::string("select $1::") + type, "x"); })
              .sqlstate()
              .text() == "0A000");
    CHECK(db.status() == session_status::open);
  }
}
