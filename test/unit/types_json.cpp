#include <unordered_set>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/array.hpp"
#include "tusk/types/json.hpp"
#include "unit/types_damage.hpp"

using namespace tusk;
using namespace tusk::test;

TEST_CASE("jsonb is sent as such, with its version, when the server was not asked") {
  CHECK(encode(jsonb{"1"}, 0).hex() == "0131");
  CHECK(encode(json{"1"}, 0).hex() == "31");
  CHECK(encode(jsonb{"1"}, oids::jsonb).hex() == "0131");
  CHECK(encode(jsonb{"1"}, oids::json).hex() == "31");
  CHECK(decode<jsonb>(binary(oids::jsonb, "01 '{}'")).text == "{}");
  CHECK(decode<jsonb>(binary(oids::json, "'{}'")).text == "{}");
  CHECK(decode<jsonb>(text(oids::jsonb, "[1]")).text == "[1]");
  CHECK_FALSE(data_error_of([] { (void)decode<jsonb>(binary(oids::jsonb, "02 '1'")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<jsonb>(binary(oids::jsonb, "")); }).empty());
  CHECK_FALSE(data_error_of([] { encode(jsonb{"1"}, oids::text); }).empty());
  CHECK_FALSE(data_error_of([] { encode(jsonb{std::string(1, '\0')}, oids::jsonb); }).empty());
}

TEST_CASE("every element of an array of jsonb has its version") {
  const std::vector<jsonb> values{{"1"}, {"{}"}};
  CHECK(encode(values, 0).bytes == wire("00000001 00000000 00000eda 00000002 00000001"
                                        "00000002 01 '1' 00000003 01 '{}'"));
  CHECK(round_trip(values, oids::jsonb_array) == values);
  CHECK(decode<std::vector<jsonb>>(text(oids::jsonb_array, R"({1,"{\"a\": 1}"})")) ==
        std::vector<jsonb>{{"1"}, {R"({"a": 1})"}});
}

TEST_CASE("json values hash as their texts") {
  CHECK(std::unordered_set<json>{{"1"}, {"1"}, {"2"}}.size() == 2);
  CHECK(std::unordered_set<jsonb>{{"1"}, {"1"}, {"2"}}.size() == 2);
  CHECK(std::unordered_set<jsonpath>{{"$"}, {"$"}, {"$.a"}}.size() == 2);
}

TEST_CASE("json::parse takes what RFC 8259 and the server take") {
  for (const char* good :
       {"1", "-0", "0.5", "-1.50e+30", "1E5", "1e-5", "true", "false", "null", "\"\"",
        R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")", "\"Zoë\"", "[]", "{}", " [ ] ", "\t{\n}\r\n",
        "[1,[2,[3]],{}]", R"({"a":1,"b":[{"c":null}],"a":{}})", "[[],[],{\"a\":[]}]"}) {
    CAPTURE(good);
    const std::optional<json> parsed = json::parse(good);
    REQUIRE(parsed);
    CHECK(parsed->to_string() == good);
    CHECK(jsonb::parse(good) == jsonb{good});
  }
}

TEST_CASE("json::parse refuses what is no JSON") {
  for (const char* wrong :
       {"",      " ",       "01",       "+1",         ".5",          "1.",        "1e",
        "1e+",   "-",       "tru",      "True",       "nul",         "truex",     "'a'",
        "\"",    "\"a",     "\"\\x\"",  "\"\\u12\"",  "\"\\u12g4\"", "\"\t\"",    "[",
        "]",     "[1",      "[1,",      "[1,]",       "[,1]",        "{",         "}",
        "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1",    "{\"a\" 1}", "[1}",
        "{]",    "1 2",     "[] []",    "[1 2]",      "// x",        "NaN",       "Infinity",
        "\v1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(json::parse(wrong));
    CHECK_FALSE(jsonb::parse(wrong));
  }
  CHECK_FALSE(json::parse(std::string_view("1\0", 2)));
}

TEST_CASE("json::parse takes any depth without the stack") {
  constexpr std::size_t depth = 1'000'000;
  CHECK(json::parse(std::string(depth, '[') + std::string(depth, ']')));
  CHECK_FALSE(json::parse(std::string(depth, '[')));
  CHECK_FALSE(json::parse(std::string(depth, '[') + std::string(depth - 1, ']')));
}

TEST_CASE("jsonpath is its text, with a version before it in binary") {
  CHECK(decode<jsonpath>(binary(oids::jsonpath, "01 '$.\"a\"'")).text == "$.\"a\"");
  CHECK(decode<jsonpath>(text(oids::jsonpath, "$[*]")).text == "$[*]");
  CHECK(encode(jsonpath{"$.a"}, oids::jsonpath).bytes == wire("01 '$.a'"));
  CHECK(encode(jsonpath{"$"}, 0).bytes == wire("01 '$'"));
  CHECK(round_trip(jsonpath{"$.\"a\""}) == jsonpath{"$.\"a\""});
  CHECK(data_error_of([] { (void)decode<jsonpath>(binary(oids::jsonpath, "02 '$'")); }) ==
        "column \"c\" (jsonpath) cannot be read as tusk::jsonpath: the version of its binary form "
        "is not 1");
  CHECK_FALSE(data_error_of([] { (void)decode<jsonpath>(binary(oids::jsonpath, "")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<jsonpath>(binary(oids::text, "'$'")); }).empty());
  CHECK_FALSE(
      data_error_of([] { encode(jsonpath{std::string(1, '\0')}, oids::jsonpath); }).empty());
  CHECK(jsonpath::parse("$.a") == jsonpath{"$.a"});
  CHECK_FALSE(jsonpath::parse(""));
  CHECK_FALSE(jsonpath::parse(" \t"));
  CHECK_FALSE(jsonpath::parse(std::string_view("$\0", 2)));
}
