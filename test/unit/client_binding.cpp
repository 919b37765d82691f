#include "session/client_binding.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/client_encoding.hpp"
#include "support/catch.hpp"
#include "tusk/error.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using detail::bind_literals;
using detail::literal_rules;

namespace {

/// Writes three bytes of a type that nobody can print.
struct opaque {};

/// Writes whatever text it holds, and looks at none of it.
struct raw_text {
  std::string text;
};

}  // namespace

template <>
struct tusk::codec<opaque> {
  static constexpr std::string_view name = "opaque";
  static constexpr oid type = oids::point;
  static bool writes(oid to) { return to == type; }
  static format encode(value_writer& to, const opaque&) {
    to.out().text("abc");
    return format::binary;
  }
};

template <>
struct tusk::codec<raw_text> {
  static constexpr std::string_view name = "raw_text";
  static constexpr oid type = 0;
  static bool writes(oid) { return true; }
  static format encode(value_writer& to, const raw_text& value) {
    to.out().text(value.text);
    return format::text;
  }
};

namespace {

template <class... Values>
std::string bound_by(const literal_rules& rules, std::string_view sql, const Values&... values) {
  const std::vector<detail::parameter> list{detail::make_parameter(values)...};
  return bind_literals(sql, list, rules);
}

template <class... Values>
std::string bound(std::string_view sql, const Values&... values) {
  return bound_by({}, sql, values...);
}

/// The message of the refusal, which must leave everything as it was.
template <class... Values>
std::string refusal_by(const literal_rules& rules, std::string_view sql, const Values&... values) {
  try {
    bound_by(rules, sql, values...);
  } catch (const programming_error& e) {
    CHECK(e.kind() == error_kind::usage);
    CHECK(e.statement() == sql);
    CHECK(e.session_usable());
    CHECK(e.safe_to_retry());
    return std::string(e.message());
  }
  return "not refused";
}

template <class... Values>
std::string refusal(std::string_view sql, const Values&... values) {
  return refusal_by({}, sql, values...);
}

}  // namespace

TEST_CASE("a number is a constant in quotes with its type") {
  CHECK(bound("$1", 5) == " ('5'::pg_catalog.int4) ");
  CHECK(bound("$1", std::int16_t{-5}) == " ('-5'::pg_catalog.int2) ");
  CHECK(bound("$1", std::numeric_limits<std::int64_t>::min()) ==
        " ('-9223372036854775808'::pg_catalog.int8) ");
  CHECK(bound("$1", std::numeric_limits<std::uint64_t>::max()) ==
        " ('18446744073709551615'::pg_catalog.numeric) ");
  CHECK(bound("$1", 0.1) == " ('0.1'::pg_catalog.float8) ");
  CHECK(bound("$1", std::numeric_limits<float>::infinity()) == " ('Infinity'::pg_catalog.float4) ");
  CHECK(bound("$1", numeric("1e-3")) == " ('0.001'::pg_catalog.numeric) ");
  CHECK(bound("$1", true) == " ('t'::pg_catalog.bool) ");
}

TEST_CASE("a negative number cannot make a comment of the minus before it") {
  CHECK(bound("select 1-$1, -$1", -5) ==
        "select 1- ('-5'::pg_catalog.int4) , - ('-5'::pg_catalog.int4) ");
}

TEST_CASE("text has no type of its own, and is in plain quotes while it has no backslash") {
  CHECK(bound("select $1", "it's") == "select  'it''s' ");
  CHECK(bound("select $1", "") == "select  '' ");
  CHECK(bound("select $1", "$1 -- /* $$ ;") == "select  '$1 -- /* $$ ;' ");
  CHECK(bound("select $1", R"(\' or 1=1 --)") == R"(select  E'\\'' or 1=1 --' )");
  CHECK(bound("select $1", std::string("\n\t\x01\x7f")) == "select  '\n\t\x01\x7f' ");
}

TEST_CASE("NULL is a keyword, with the type when there is one") {
  CHECK(bound("$1", std::nullopt) == " NULL ");
  CHECK(bound("$1", std::optional<std::string>()) == " NULL ");
  CHECK(bound("$1", static_cast<const char*>(nullptr)) == " NULL ");
  CHECK(bound("$1", std::optional<std::int64_t>()) == " (NULL::pg_catalog.int8) ");
}

TEST_CASE("other types are their text") {
  CHECK(bound("$1", std::vector<std::byte>{std::byte{0}, std::byte{0x27}, std::byte{0x5c}}) ==
        R"( (E'\\x00275c'::pg_catalog.bytea) )");
  CHECK(bound("$1", *uuid::parse("00112233-4455-6677-8899-aabbccddeeff")) ==
        " ('00112233-4455-6677-8899-aabbccddeeff'::pg_catalog.uuid) ");
  CHECK(bound("$1", std::chrono::year_month_day{std::chrono::year{2024}, std::chrono::month{2},
                                                std::chrono::day{29}}) ==
        " ('2024-02-29'::pg_catalog.date) ");
  CHECK(bound("$1", json{R"({"a":"\n"})"}) == R"( (E'{"a":"\\n"}'::pg_catalog.json) )");
  CHECK(bound("$1", std::vector{1, -2}) == " ('{1,-2}'::pg_catalog.int4[]) ");
  CHECK(bound("$1", std::vector<std::optional<std::string>>{"a'b\\", std::nullopt, "NULL"}) ==
        R"( E'{"a''b\\\\",NULL,"NULL"}' )");
}

TEST_CASE("\"char\" goes as a number, for its text is not the same in every version") {
  CHECK(bound("$1", 'a') == R"( ('97'::pg_catalog.int4::pg_catalog."char") )");
  CHECK(bound("$1", '\0') == R"( ('0'::pg_catalog.int4::pg_catalog."char") )");
  CHECK(bound("$1", '\\') == R"( ('92'::pg_catalog.int4::pg_catalog."char") )");
  CHECK(bound("$1", '\xC8') == R"( ('-56'::pg_catalog.int4::pg_catalog."char") )");
  CHECK(bound("$1", std::vector<std::optional<char>>{'\xC8', std::nullopt, '\0', '"'}) ==
        R"( ('{-56,NULL,0,34}'::pg_catalog.int4[]::pg_catalog."char"[]) )");
}

TEST_CASE("what only looks like a placeholder is left alone") {
  const std::string_view quiet = R"('$1' "$1" $$ $1 $$ /* $1 */ foo$1 U&"$1" E'\'$1' -- $1)";
  CHECK(bound(std::string(quiet) + "\n, $1", "x") == std::string(quiet) + "\n,  'x' ");
}

TEST_CASE("a value stands wherever its placeholder does, in any order and as often") {
  CHECK(bound("$2,$1,$2", "a", "b") == " 'b' , 'a' , 'b' ");
}

TEST_CASE("a value is not looked at for placeholders again") {
  CHECK(bound("$1,$2", "$2", "$1") == " '$2' , '$1' ");
}

TEST_CASE("how quotes in the statement end is decided by the setting") {
  const std::string sql = R"('\', $1 --')";
  CHECK(bound_by({.standard_conforming_strings = true}, sql, "x") == R"('\',  'x'  --')");
  CHECK(refusal_by({.standard_conforming_strings = false}, sql, "x") ==
        "the statement takes 0 parameters, and 1 is given");
}

TEST_CASE("a statement without values is not looked at") {
  for (const char* sql : {"select $1", "'", "/*", "$1abc", "$0", ""}) {
    CAPTURE(sql);
    CHECK(bound(sql) == sql);
    CHECK(bound_by({.client_encoding = "SJIS"}, sql) == sql);
  }
}

TEST_CASE("placeholders and values must match") {
  CHECK(refusal("select $1, $2", 1) == "the statement takes 2 parameters, and 1 is given");
  CHECK(refusal("select $1", 1, 2, 3) == "the statement takes 1 parameter, and 3 are given");
  CHECK(refusal("select 1", 1) == "the statement takes 0 parameters, and 1 is given");
  CHECK(refusal("select $99999999999", 1) ==
        "the statement takes 4294967295 parameters, and 1 is given");
  CHECK(refusal("select $1, $3", 1, 2, 3) ==
        "$2 stands nowhere in the statement, and a value is given for it");
  CHECK(refusal("select '\xC3\xA9', $0", 1) ==
        "$0 at character 13 of the statement names no value: the first is $1");
}

TEST_CASE("junk behind a placeholder is refused, since only old servers take it for a name") {
  CHECK(refusal("select $1abc", 1) ==
        "$1abc at character 8 of the statement is no placeholder: put a blank behind $1");
  CHECK(refusal("select $1_000", 1).find("$1_000 at character 8") == 0);
}

TEST_CASE("a placeholder beside another constant is refused: lines apart, they would become one") {
  CHECK(
      refusal("select 'a'\n$1", "b") ==
      "$1 at character 12 of the statement stands right behind a string constant: put an operator "
      "or a comma between");
  CHECK(refusal("select $1 -- x\n E'a'", "b") ==
        "$1 at character 8 of the statement stands right before a string constant: put an operator "
        "or a comma between");
  CHECK(refusal("select $1\n$2", "a", "b") ==
        "$1 at character 8 of the statement stands right before $2: put an operator or a comma "
        "between");
  CHECK(refusal("$$a$$ $1", 1).find("right behind") != std::string::npos);
}

TEST_CASE("a statement in which something has no end takes no values") {
  CHECK(refusal("select $1, 'a", 1) ==
        "the string constant at character 12 of the statement has no end: close it with ', for "
        "nothing behind it can be told from it");
  CHECK(refusal("select $1, \"a", 1).find("the quoted name at character 12") == 0);
  CHECK(refusal("select $1, $a$ $b$", 1).find("the dollar-quoted string at character 12") == 0);
  CHECK(refusal("select $1, /* a", 1).find("the comment at character 12") == 0);
}

TEST_CASE("a value with a NUL is refused, by the codec or in its stead") {
  CHECK_THROWS_AS(bound("$1,$2", 1, std::string("a\0b", 3)), data_error);
  CHECK(refusal("$1,$2", 1, raw_text{std::string("a\0b", 3)}) ==
        "$2 cannot become part of the statement: its byte 2 is NUL, which no PostgreSQL text can "
        "hold");
}

TEST_CASE("a value that is not UTF-8 is refused while the client's encoding is that") {
  CHECK(bound("$1", "\xC3\xA9\xF0\x9F\x90\x98") == " '\xC3\xA9\xF0\x9F\x90\x98' ");
  for (const char* each : {"ab\xC3", "ab\xC3'", "ab\xC0\x80", "ab\xE0\x80\xA7", "ab\xED\xA0\x80",
                           "ab\xF4\x90\x80\x80", "ab\xF0\x80\x80\xA7", "ab\x80", "ab\xFF"}) {
    CAPTURE(each);
    CHECK(refusal("$1", each) ==
          "$1 cannot become part of the statement: from its byte 3 on it is not UTF-8, which "
          "client_encoding asks for");
    CHECK(bound_by({.client_encoding = "LATIN1"}, "$1", raw_text{each}).size() > 4);
  }
}

TEST_CASE("every character of Unicode is UTF-8, and surrogates are none") {
  for (char32_t c = 0x80; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 61) {
    const auto tail = [](char32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
    std::string text;
    if (c < 0x800) {
      text = {static_cast<char>(0xC0U | (c >> 6U)), tail(c)};
    } else if (c < 0x10000) {
      text = {static_cast<char>(0xE0U | (c >> 12U)), tail(c >> 6U), tail(c)};
    } else {
      text = {static_cast<char>(0xF0U | (c >> 18U)), tail(c >> 12U), tail(c >> 6U), tail(c)};
    }
    const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (detail::valid_utf8_size(text) != (is_surrogate ? 0 : text.size()))
      FAIL("U+" << std::hex << +c);
    if (detail::valid_utf8_size(text.substr(0, text.size() - 1)) != 0)
      FAIL("cut U+" << std::hex << +c);
  }
}

TEST_CASE("a byte of a longer character is no quote, backslash or placeholder") {
  // 0x5C is the second byte of characters that these encodings have or could have.
  for (const char* each : {"SJIS", "BIG5", "GBK", "UHC", "GB18030", "SHIFT_JIS_2004", "sjis"}) {
    CAPTURE(each);
    const literal_rules rules{.client_encoding = each};
    CHECK(bound_by(rules, "$1", "\x95\x5c'") == " E'\x95\x5c''' ");
    CHECK(bound_by(rules, "select '\x95\x5c', $1", "\x95\x5c\\") ==
          "select '\x95\x5c',  E'\x95\x5c\\\\' ");
    CHECK(bound_by({.standard_conforming_strings = false, .client_encoding = each},
                   "select '\x95\x5c', $1", "a") == "select '\x95\x5c',  'a' ");
    CHECK(refusal_by(rules, "$1", "a\x95") ==
          "$1 cannot become part of the statement: from its byte 2 on it is not " +
              std::string(each) + ", which client_encoding asks for");
    CHECK(refusal_by(rules, "$1", "\x95'").find("$1 cannot become part of") == 0);
    CHECK(refusal_by(rules, "select $1, '\x95'", "x") ==
          "values cannot become part of the statement: from its byte 13 on it is not " +
              std::string(each) + ", which client_encoding asks for");
  }
}

TEST_CASE("a place in the statement is counted in characters of its encoding") {
  CHECK(refusal_by({.client_encoding = "SJIS"}, "'\x95\x5c\xb1', $0", 1) ==
        "$0 at character 7 of the statement names no value: the first is $1");
  CHECK(refusal_by({.client_encoding = "LATIN1"}, "'\xC3\xA9', $0", 1) ==
        "$0 at character 7 of the statement names no value: the first is $1");
}

TEST_CASE("an encoding that tusk does not know takes values of ASCII") {
  for (const char* each : {"EBCDIC", ""}) {
    CAPTURE(each);
    CHECK(bound_by({.client_encoding = each}, "$1", "it's") == " 'it''s' ");
    CHECK(refusal_by({.client_encoding = each}, "$1", "ab\xE9")
              .find("$1 cannot become part of the statement: its byte 3 is beyond ASCII, and tusk "
                    "does not know client_encoding ") == 0);
  }
  for (const char* each :
       {"UTF8", "utf-8", "UNICODE", "SQL_ASCII", "LATIN1", "EUC_JP", "WIN1252", "JOHAB"}) {
    CAPTURE(each);
    CHECK(bound_by({.client_encoding = each}, "$1", "x") == " 'x' ");
  }
}

TEST_CASE("a value that has a binary form only cannot be bound by the client") {
  CHECK_THROWS_WITH(bound("$1,$2", 1, opaque{}),
                    "$2 cannot take this opaque: it is written in binary only, and its text is "
                    "needed: give its codec a to_text");
}
