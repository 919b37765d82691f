// json, jsonb and jsonpath, both ways and in both formats, against the server's own text of them.

#include <string>
#include <vector>

#include "integration/differential.hpp"
#include "integration/input_oracle.hpp"
#include "tusk/types/json.hpp"

namespace {

using namespace tusk::test;

const std::vector<std::string> values{"'null'",
                                      "'1.50'",
                                      "'\"Zoë \\\"\"'",
                                      "'[1, {\"a\": []}]'",
                                      "'{\"b\" :  1, \"a\": null}'",
                                      "'[' || repeat('1.5e3, ', 5000) || '0]'"};
const std::vector<std::string> pieces{"[", "]",    "{",   "}",       "\"", ":",  ",",  "0",
                                      "1", "-",    ".",   "e5",      " ",  "\n", "\\", "true",
                                      "u", "null", "\\n", "\\u00e9", "\t", "a",  "+",  "\f"};

}  // namespace

TEST_CASE("json, jsonb and jsonpath go both ways as their text") {
  compare<tusk::json>("json", values);
  compare<tusk::json>("jsonb", values);
  compare<tusk::jsonb>("jsonb", values);
  compare<tusk::jsonpath>("jsonpath", {"'$'", "'$.a'", "'lax $.a[*] ? (@.b > 1)'",
                                       "'strict $.\"é\".**{2}.type()'", "'1 + 2'"});
}

TEST_CASE("json is parsed as the server parses it") {
  const std::vector<std::string> seeds{
      "null", "-1.5e+3", "\"a\\n\\u00e9\"", "[1, [true], {}]", "{\"a\": 1, \"b\": [null, \"x\"]}",
      " [ ] "};
  compare_input<tusk::json>("json", seeds, pieces);
}

TEST_CASE("jsonb is sent as such where the server was not asked for the type") {
  auto db = connect({.mode = tusk::statement_mode::declared});
  const std::string query = "select pg_typeof($1)::text";
  CHECK(db.scalar<std::string>(query, tusk::jsonb{"1"}) == "jsonb");
  CHECK(db.scalar<std::string>(query, tusk::json{"1"}) == "json");
  CHECK(db.scalar<std::string>(query, tusk::jsonpath{"$"}) == "jsonpath");
  CHECK(db.scalar<std::string>(query, std::vector<tusk::jsonb>{{"1"}}) == "jsonb[]");
}

TEST_CASE("a path that is none is the server's to refuse, and the session goes on") {
  auto db = connect();
  const auto refused = error_of(
      [&] { return db.scalar<tusk::jsonpath>("select $1::jsonpath", tusk::jsonpath{"$."}); });
  CHECK(refused.sqlstate() == tusk::sqlstate::syntax_error);
  CHECK(db.scalar<tusk::jsonpath>("select $1::jsonpath", tusk::jsonpath{"$.a"}).text == "$.\"a\"");
}
