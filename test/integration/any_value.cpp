#include "tusk/types/value.hpp"

#include <cmath>
#include <cstdio>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "tusk/tusk.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

// What generic code looks like: any query as text in the manner of JSON, whatever its types are.
class dump {
 public:
  static std::string of(const value& one) {
    dump to;
    one.visit([&](const auto& held) { to.add(held, one); });
    return std::move(to.text_);
  }

  static std::string of(const result<row>& rows) {
    std::string text = "[";
    for (const row each : rows) {
      if (text.size() > 1) text += ',';
      text += '{';
      for (std::size_t i = 0; i < each.size(); ++i) {
        if (i > 0) text += ',';
        text += quoted(each.columns()[i].name) + ':' + of(each[i].as<value>());
      }
      text += '}';
    }
    return text + ']';
  }

 private:
  static std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      if (c == '"' || c == '\\') result += '\\';
      if (c >= 0 && c < ' ') {
        result += escape;
      } else {
        result += c;
      }
    }
    return result + '"';
  }

  void add(std::monostate, const value&) { text_ += "null"; }
  void add(bool truth, const value&) { text_ += truth ? "true" : "false"; }
  void add(std::int64_t number, const value&) { text_ += std::to_string(number); }
  void add(double number, const value& whole) {
    text_ += std::isfinite(number) ? whole.to_string() : quoted(whole.to_string());
  }
  void add(const numeric& number, const value&) {
    text_ += number.is_finite() ? number.to_string() : quoted(number.to_string());
  }
  void add(const json& held, const value&) { text_ += held.text; }
  void add(const value_array& array, const value&) {
    if (array.dimensions.empty()) {
      text_ += "[]";
      return;
    }
    auto next = array.elements.begin();
    add_dimension(array, 0, next);
  }
  void add(const value_range& range, const value&) {
    if (range.is_empty) {
      text_ += "\"empty\"";
      return;
    }
    text_ += range.lower_inclusive ? "{\"from\":" : "{\"after\":";
    text_ += range.lower.empty() ? "null" : of(range.lower.front());
    text_ += range.upper_inclusive ? ",\"to\":" : ",\"before\":";
    text_ += (range.upper.empty() ? "null" : of(range.upper.front())) + '}';
  }
  void add(const value_multirange& multirange, const value&) { add_list(multirange.ranges); }
  void add(const value_record& record, const value&) {
    if (record.names.empty()) {
      add_list(record.fields);
      return;
    }
    text_ += '{';
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      if (i > 0) text_ += ',';
      text_ += quoted(record.names[i]) + ':' + of(record.fields[i]);
    }
    text_ += '}';
  }
  template <class T>
  void add(const T&, const value& whole) {
    text_ += quoted(whole.to_string());
  }

  void add_list(const std::vector<value>& all) {
    text_ += '[';
    for (const value& each : all) {
      if (&each != all.data()) text_ += ',';
      text_ += of(each);
    }
    text_ += ']';
  }
  void add_dimension(const value_array& array, std::size_t depth,
                     std::vector<value>::const_iterator& next) {
    text_ += '[';
    for (std::int32_t i = 0; i < array.dimensions[depth].size; ++i) {
      if (i > 0) text_ += ',';
      if (depth + 1 < array.dimensions.size()) {
        add_dimension(array, depth + 1, next);
      } else {
        text_ += of(*next++);
      }
    }
    text_ += ']';
  }

  std::string text_;
};

/// One expression read as a value in binary and in text, printed, and sent back.
void check(session& db, const std::string& type, const std::string& expression) {
  const std::string cast = "(" + expression + ")::" + type;
  CAPTURE(cast.substr(0, 100));
  const std::string text = server_text(db, cast);
  const auto held = db.scalar<value>("select " + cast);
  CHECK(held.to_string() == text);
  const auto simple = db.script("select " + cast).at(0).at(0)[0].as<value>();
  CHECK(simple.to_string() == text);
  CHECK(simple.type() == held.type());
  const auto back = db.query({.formats = formats::text}, "select $1::" + type, held);
  CHECK(back.front()[0].as<std::string>() == text);
}

}  // namespace

TEST_CASE("types that only the catalogs know are read as values, and sent back") {
  session db = connect();
  db.execute("create schema any_value");
  db.execute("create type any_value.mood as enum ('sad', 'so so')");
  db.execute("create domain any_value.positive as int check (value > 0)");
  db.execute(
      "create type any_value.pair as (a any_value.positive, \"b c\" text[], m any_value.mood)");
  db.execute("create type any_value.span as range (subtype = float8)");
  check(db, "any_value.mood", "'so so'");
  check(db, "any_value.mood[]", "array['sad', null, 'so so']");
  check(db, "any_value.positive", "7");
  check(db, "any_value.positive[]", "array[7]");
  check(db, "any_value.pair", "row(1, '{x,\"y z\",NULL}', 'so so')");
  check(db, "any_value.pair[]", "array[row(1, null, 'sad')::any_value.pair, null]");
  check(db, "any_value.span", "'[0.1,)'");
  const auto pair = db.scalar<value>("select row(1, '{x}', 'sad')::any_value.pair");
  CHECK(pair.get<value_record>().names == std::vector<std::string>{"a", "b c", "m"});
  CHECK(pair.type_name() == "any_value.pair");
  db.execute("drop schema any_value cascade");
}

TEST_CASE("any query can be dumped by code that knows none of its types") {
  session db = connect();
  db.execute("set TimeZone = 'UTC'");
  const auto rows = db.query(
      "select 1 as a, 'q\"\n' as b, null::int as c, true as d, 1.50 as e, 'NaN'::float8 as f, "
      "'{{1,2},{3,null}}'::int[] as g, '[1,5)'::int4range as h, '{\"x\": [1]}'::jsonb as i, "
      "row(1, 'x', null) as j, '2024-02-29'::date as k, '{}'::text[] as l, point(1, 2) as m, "
      "'pg_class'::regclass as n, '(,)'::numrange as o, 'empty'::numrange as p "
      "from generate_series(1, 1)");
  CHECK(dump::of(rows) ==
        R"~([{"a":1,"b":"q\"\u000a","c":null,"d":true,"e":1.50,"f":"NaN","g":[[1,2],[3,null]],)~"
        R"~("h":{"from":1,"before":5},"i":{"x": [1]},"j":["1","x",null],"k":"2024-02-29","l":[],)~"
        R"~("m":"(1,2)","n":"pg_class","o":{"after":null,"before":null},"p":"empty"}])~");
  const auto table = db.query("select n from pg_namespace n where nspname = 'pg_catalog'");
  CHECK_FALSE(dump::of(table).empty());
}

TEST_CASE("rows are streamed as values, and values fill prepared statements again") {
  session db = connect();
  std::vector<value> all;
  for (const value& each :
       db.query<value>("select case when i % 2 = 0 then i end from generate_series(1, 4) i"))
    all.push_back(each);
  CHECK(all == std::vector<value>{value(), value(2), value(), value(4)});
  const auto sum = db.scalar<int>("select $1::int + $2::int", value(2), value("40"));
  CHECK(sum == 42);
  CHECK(db.scalar<bool>("select $1::text is null", value()));
}
