#include "tusk/sql.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/sql_rendering.hpp"
#include "support/catch.hpp"
#include "tusk/error.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using detail::literal_rules;
using detail::render;

namespace {

std::string refusal(const sql& what, const literal_rules& rules = {}) {
  try {
    static_cast<void>(render(what, rules));
  } catch (const programming_error& e) {
    CHECK(e.kind() == error_kind::usage);
    CHECK(e.safe_to_retry());
    return std::string(e.message());
  }
  return "not refused";
}

/// The texts of the values, as they would be sent.
std::vector<std::string> values_of(const sql& what) {
  std::vector<std::string> all;
  for (const detail::parameter& each : render(what, {}).values)
    all.push_back(each.operations->is_null(each.value)
                      ? "NULL"
                      : each.operations->to_text(each.value, 1, {}));
  return all;
}

}  // namespace

static_assert(detail::count_fields("") == 0);
static_assert(detail::count_fields("a {} b {}{}") == 3);
static_assert(detail::count_fields("'{{1,2}}' {{}} {}") == 1);
TEST_CASE("each field of the text takes its part") {
  const sql q("select {} from {} where {} = {}", ident("a"), ident("s", "t"), ident("b"),
              tusk::bind(7));
  CHECK(q.text() == R"(select "a" from "s"."t" where "b" = $1)");
  CHECK(values_of(q) == std::vector<std::string>{"7"});
  CHECK(q.values() == 1);
}

TEST_CASE("a text without fields is itself, with each brace once") {
  CHECK(sql("select 1").text() == "select 1");
  CHECK(sql("select '{{1,2}}'::int[], $${{}}$$").text() == "select '{1,2}'::int[], $${}$$");
  CHECK(sql().text() == "");
  CHECK(sql().empty());
  CHECK_FALSE(sql("x").empty());
  constexpr std::string_view constant = "select {}";
  CHECK(sql(constant, tusk::bind(1)).text() == "select $1");
}

TEST_CASE("values are numbered through all parts, in the order of the whole") {
  const sql inner("b = {} or c = {}", tusk::bind("x"), tusk::bind(std::string("y")));
  sql q("select {} where ({}) and d = {}", tusk::bind(1), inner, tusk::bind(std::nullopt));
  q += " or e = ";
  q += tusk::bind(2.5);
  q.append(" limit {}", tusk::bind(std::int64_t{10}));
  CHECK(q.text() == "select $1 where (b = $2 or c = $3) and d = $4 or e = $5 limit $6");
  CHECK(values_of(q) == std::vector<std::string>{"1", "x", "y", "NULL", "2.5", "10"});
  CHECK((sql("select ") + tusk::bind(1) + sql(", {}", tusk::bind(2))).text() == "select $1, $2");
}

TEST_CASE("a value is a copy, of what a view views too") {
  std::optional<sql> q;
  {
    std::string text = "kept";
    std::vector<std::byte> bytes{std::byte{1}};
    std::vector<std::string_view> words{text, text};
    char array[] = "array";
    q = sql("select {}, {}, {}, {}, {}, {}, {}", tusk::bind(std::string_view(text)),
            tusk::bind(text.c_str()), tusk::bind(bytes_view(bytes)), tusk::bind(words),
            tusk::bind(std::optional<std::string_view>(text)), tusk::bind(array),
            tusk::bind(static_cast<const char*>(nullptr)));
    text = "gone";
    bytes[0] = std::byte{2};
    array[0] = 'x';
  }
  const sql copy = *q;
  q.reset();
  CHECK(values_of(copy) ==
        std::vector<std::string>{"kept", "kept", "\\x01", "{kept,kept}", "kept", "array", "NULL"});
}

TEST_CASE("a view of a value follows it") {
  int number = 1;
  const sql q("select {}", bind_view(number));
  number = 2;
  CHECK(values_of(q) == std::vector<std::string>{"2"});
}

TEST_CASE("appended to itself it is there twice") {
  sql q(" {}", tusk::bind(1));
  q += q;
  q.append(" {}", q);
  CHECK(q.text() == " $1 $2  $3 $4");
}

TEST_CASE("a literal is the value's text in quotes") {
  const sql q("a {} {} {} {} {} {}", literal("it's"), literal(-5), literal(R"(\)"),
              literal(std::nullopt), literal(std::optional<int>(3)),
              literal(std::vector<std::byte>{std::byte{0xff}}));
  CHECK(q.text() == R"(a 'it''s' '-5'  E'\\' NULL '3'  E'\\xff')");
  CHECK(q.values() == 0);
  CHECK(sql("{}", literal('a')).text() == "'a'");
  CHECK_THROWS_AS(literal('\xC8'), programming_error);
}

TEST_CASE("a numeral has no quotes, and its sign cannot make a comment") {
  CHECK(sql("limit {}", numeral(5)).text() == "limit 5");
  CHECK(sql("select 1-{}", numeral(-5)).text() == "select 1- -5");
  CHECK(sql("{}", numeral(std::numeric_limits<std::int64_t>::min())).text() ==
        " -9223372036854775808");
  CHECK(sql("{}", numeral(std::numeric_limits<std::uint64_t>::max())).text() ==
        "18446744073709551615");
}

TEST_CASE("parts are joined, and nothing is nothing") {
  const std::vector<std::string> names{"a", "b\"", "c"};
  const sql list = join(", ", names, [](const std::string& name) { return ident(name); });
  CHECK(list.text() == R"("a", "b""", "c")");
  CHECK(join(" and ", {sql("x = {}", tusk::bind(1)), sql("y")}).text() == "x = $1 and y");
  CHECK(join(", ", std::vector<sql>()).empty());
  CHECK(sql("in ({})", join(", ", std::vector<int>{3, 4}, [](int i) { return tusk::bind(i); }))
            .text() == "in ($1, $2)");
}

TEST_CASE("raw is SQL as it stands, and its braces are none") {
  CHECK(sql("select {}", raw("now(), '{}'")).text() == "select now(), '{}'");
}

TEST_CASE("a part in quotes or in a comment is refused") {
  CHECK(refusal(sql("select ' {} '", literal("x'y"))) ==
        "a literal is not read as such: it stands in quotes or in a comment (at character 10)");
  CHECK(refusal(sql("select \" {} \"", ident("x"))) != "not refused");
  CHECK(refusal(sql("select $$ {} $$", tusk::bind(1))) ==
        "the value $1 is not read as such: it stands in quotes or in a comment (at character 11)");
  CHECK(refusal(sql("select 1 -- {}", tusk::bind(1))) ==
        "the value $1 is not read as such: it stands in quotes or in a comment (at character 13)");
  CHECK(refusal(sql("select /* {} */ 1", numeral(1))) != "not refused");
  CHECK(refusal(sql("select ' {}", literal("'"))) != "not refused");
  // Only a literal that closes the quotes could make this look right.
  CHECK(refusal(sql("select ' {} or {} '", literal(" "), literal(" "))) != "not refused");
}

TEST_CASE("a part that touches a name, a number or quotes is refused") {
  CHECK(refusal(sql("select '{}'", literal("x"))) ==
        "a literal touches what stands before it: put a blank or a comma between (at character 9)");
  for (const sql& each :
       {sql("from t{}", ident("x")), sql("select E{}", literal("x")),
        sql("select E{}", literal("\\")), sql("1{}", numeral(2)), sql("$${}", tusk::bind(1)),
        sql("$1{}", tusk::bind(1)), sql("\"a\"{}", ident("b")), sql("{}{}", ident("a"), ident("b")),
        sql("{}x", tusk::bind(1)), sql("{}'x'", literal("y")), sql("{}_", numeral(1)),
        sql("\xC3\xA9{}", ident("a")), sql("{}{}", tusk::bind(1), tusk::bind(2)),
        sql("a{}", literal(std::nullopt))}) {
    CHECK(refusal(each).find("touches what stands") != std::string::npos);
  }
  for (const sql& each :
       {sql("({})", tusk::bind(1)), sql("{}::int", literal("1")), sql("{}.*", ident("a")),
        sql("a={}", literal("\\")), sql("{},{}", tusk::bind(1), tusk::bind(2)),
        sql("-{}", numeral(-1)), sql("{}[1]", tusk::bind(1))})
    CHECK(refusal(each) == "not refused");
}

TEST_CASE("a part that would be one token with another is refused") {
  CHECK(refusal(sql("select {}\n{}", literal("a"), literal("b")))
            .find("is read as one with what stands beside it") != std::string::npos);
  CHECK(refusal(sql("select 'a' -- c\n {}", literal("b"))) != "not refused");
  CHECK(refusal(sql("select {}.5", numeral(1))) ==
        "the number 1 is read as one with what stands beside it: put a comma between (at character "
        "8)");
  CHECK(sql("select u&{}", ident("a")).text() == "select u& \"a\"");
  CHECK(sql("select u&{}", literal("a")).text() == "select u& 'a'");
}

TEST_CASE("where quotes end is decided by the session's setting") {
  const sql q(R"(select '\' || {} || '\')", ident("a"));
  CHECK(refusal(q) == "not refused");
  CHECK(refusal(q, {.standard_conforming_strings = false}) != "not refused");
}

TEST_CASE("placeholders of the text's own are for texts without values") {
  CHECK(sql("select $1, {}", ident("a")).text() == R"(select $1, "a")");
  CHECK(refusal(sql("select $1, {}", tusk::bind(1))).find("a placeholder of its own") !=
        std::string::npos);
  CHECK(refusal(sql("select {}, $2", tusk::bind(1))).find("a placeholder of its own") !=
        std::string::npos);
  CHECK(refusal(sql("select {}, $$ $2 $$", tusk::bind(1))) == "not refused");
}

TEST_CASE("names and texts that cannot be quoted are refused when it is run") {
  CHECK(refusal(sql("select {}", ident(""))).find("cannot be empty") != std::string::npos);
  CHECK(refusal(sql("select {}", ident("\xC3"))).find("is not UTF-8") != std::string::npos);
  CHECK(refusal(sql("select {}", literal("a\xC3"))).find("from its byte 2 on") !=
        std::string::npos);
  CHECK(refusal(raw(std::string_view("a\0", 2))).find("is NUL") != std::string::npos);
  CHECK(refusal(raw("a\x95"), {.client_encoding = "SJIS"}).find("is not SJIS") !=
        std::string::npos);
}

TEST_CASE("a character whose second byte looks like a quote hides no part") {
  const literal_rules rules{.client_encoding = "SJIS"};
  const sql q("select {}, {}, '\x95\x5c', {}", literal("\x95\x5c'"), ident("\x95\x5c\""),
              tusk::bind(1));
  CHECK(render(q, rules).text == "select  E'\x95\x5c''', \"\x95\x5c\"\"\", '\x95\x5c', $1");
  CHECK(refusal(sql("select '\x95\x5c {}'", tusk::bind(1)), rules) != "not refused");
}

TEST_CASE("an error of a literal does not show the literal") {
  const std::string message = refusal(sql("select '{}'", literal("secret")));
  CHECK(message.find("secret") == std::string::npos);
}
