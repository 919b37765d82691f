#include "tusk/quote.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "session/quoting.hpp"
#include "session/sql_scanner.hpp"
#include "support/catch.hpp"
#include "tusk/error.hpp"

using namespace tusk;
using detail::character_check;
using detail::literal_rules;
using detail::quoted_literal;
using detail::quoted_name;

namespace {

template <class Call>
std::string refusal(Call&& call) {
  try {
    static_cast<void>(call());
  } catch (const programming_error& e) {
    CHECK(e.kind() == error_kind::usage);
    CHECK(e.session_usable());
    CHECK(e.safe_to_retry());
    return std::string(e.message());
  }
  return "not refused";
}

std::size_t size_in(std::string_view encoding, std::string_view text) {
  return character_check(encoding).valid_size(text);
}

const char* const client_only[] = {"SJIS", "SHIFT_JIS_2004", "BIG5", "GBK", "UHC", "GB18030"};

}  // namespace

TEST_CASE("an identifier is in double quotes, and those inside are doubled") {
  CHECK(quote_identifier("a") == R"("a")");
  CHECK(quote_identifier("Mixed Case") == R"("Mixed Case")");
  CHECK(quote_identifier(R"(a"b""c\)") == R"("a""b""""c\")");
  CHECK(quote_identifier("\"") == R"("""")");
  CHECK(quote_identifier("a'; drop table t; --\n$1") == "\"a'; drop table t; --\n$1\"");
  CHECK(quote_identifier("s", "t") == R"("s"."t")");
  CHECK(quote_identifier("", "t") == R"("t")");
  CHECK(quote_identifier("s.x", "t\"") == R"("s.x"."t""")");
}

TEST_CASE("an identifier that is empty, too long or no text is refused") {
  CHECK(refusal([] { return quote_identifier(""); }) ==
        "an identifier cannot be empty: no object can have that name");
  CHECK(refusal([] { return quote_identifier("s", ""); }).find("cannot be empty") !=
        std::string::npos);
  CHECK(refusal([] { return quote_identifier(std::string_view("a\0b", 3)); }) ==
        "the identifier cannot become part of a statement: its byte 2 is NUL, which no PostgreSQL "
        "text can hold");
  CHECK(refusal([] { return quote_identifier("a\xC3\""); }) ==
        "the identifier cannot become part of a statement: from its byte 2 on it is not UTF-8, "
        "which client_encoding asks for");
  const std::string longest(63, 'a');
  CHECK(quote_identifier(longest) == '"' + longest + '"');
  CHECK(refusal([&] { return quote_identifier(longest + "b"); }) ==
        "the identifier " + longest +
            "b has 64 bytes, of which the server would use the first 63, so that it could mean "
            "another object: shorten it");
  // Quotes that are doubled do not count.
  CHECK(quote_identifier(std::string(63, '"')).size() == 128);
}

TEST_CASE("a name's length counts in the server's encoding where that can be told") {
  std::string accents;
  for (int i = 0; i < 40; ++i)
    accents += "\xC3\xA9";
  CHECK(refusal([&] { return quoted_name(accents, {}); }).find("has 80 bytes") !=
        std::string::npos);
  CHECK(refusal([&] { return quoted_name(accents, {.server_encoding = "UTF8"}); }) !=
        "not refused");
  CHECK(quoted_name(accents, {.server_encoding = "LATIN1"}).size() == 82);
  CHECK(refusal([&] {
          return quoted_name(accents + accents, {.server_encoding = "LATIN1"});
        }).find("has 80 bytes") != std::string::npos);
}

TEST_CASE("a literal is in single quotes, and an escape string when it has a backslash") {
  CHECK(quote_literal("") == "''");
  CHECK(quote_literal("it's") == "'it''s'");
  CHECK(quote_literal("a\\") == R"( E'a\\')");
  CHECK(quote_literal("\\'; --") == R"( E'\\''; --')");
  CHECK(quote_literal("\xF0\x9F\x90\x98") == "'\xF0\x9F\x90\x98'");
  CHECK(quote_nullable(std::nullopt) == "NULL");
  CHECK(quote_nullable("NULL") == "'NULL'");
}

TEST_CASE("a literal of what is no text is refused, and the byte is named") {
  CHECK(refusal([] { return quote_literal(std::string_view("\0", 1)); }) ==
        "the text cannot become part of a statement: its byte 1 is NUL, which no PostgreSQL text "
        "can hold");
  for (const char* each : {"abc\xC3", "abc\xC3'", "abc\xC0\xA7", "abc\xC1\x9C", "abc\xE0\x80\xA7",
                           "abc\xED\xA0\x80", "abc\xF4\x90\x80\x80", "abc\x80", "abc\xFF"}) {
    CAPTURE(each);
    CHECK(refusal([&] { return quote_literal(each); }) ==
          "the text cannot become part of a statement: from its byte 4 on it is not UTF-8, which "
          "client_encoding asks for");
  }
}

TEST_CASE("bytes are a literal in hex") {
  CHECK(quote_bytea({}) == R"( E'\\x')");
  std::vector<std::byte> bytes;
  for (int i : {0, 0x27, 0x5c, 0xff, 0x0a})
    bytes.push_back(static_cast<std::byte>(i));
  CHECK(quote_bytea(bytes) == R"( E'\\x00275cff0a')");
}

TEST_CASE("a pattern for LIKE has its wildcards and its escape escaped") {
  CHECK(escape_like("100%_\\") == R"(100\%\_\\)");
  CHECK(escape_like("100%_\\!", '!') == R"(100!%!_\!!)");
  CHECK(escape_like("") == "");
  for (const char c : {'%', '_', '\0', '\xE9'})
    CHECK(refusal([&] { return escape_like("a", c); }).find("a LIKE pattern cannot be") == 0);
  CHECK(refusal([] { return escape_like("\xE9%"); }) != "not refused");
  // The second byte of this character is a backslash, or an underscore.
  CHECK(detail::escaped_for_like("\x95\x5c_\x95\x5f", '\\', "SJIS") == "\x95\x5c\\_\x95\x5f");
}

TEST_CASE("a byte of a longer character is neither quote nor backslash") {
  for (const char* each : client_only) {
    CAPTURE(each);
    const literal_rules rules{.client_encoding = each};
    CHECK(quoted_literal("\x95\x5c'\\", rules) == " E'\x95\x5c''\\\\'");
    CHECK(quoted_name("\x95\x5c\"", rules) == "\"\x95\x5c\"\"\"");
    for (const char* bad : {"\x95", "\x95'", "\x95\"", "a\x95\x1b", "\xFF\x41", "\x80\x5c"})
      CHECK(refusal([&] { return quoted_literal(bad, rules); }) != "not refused");
  }
  CHECK(quoted_literal("\x81\x30\x81\x30'", {.client_encoding = "GB18030"}) ==
        "'\x81\x30\x81\x30'''");
  CHECK(refusal([] { return quoted_literal("\x81\x30'\x30", {.client_encoding = "GB18030"}); }) !=
        "not refused");
}

TEST_CASE("a character that the server turns into a backslash is refused") {
  const literal_rules rules{.client_encoding = "SHIFT_JIS_2004"};
  CHECK(refusal([&] {
          return quoted_literal("a\x81\x5f'", rules);
        }).find("from its byte 2 on it is not SHIFT_JIS_2004") != std::string::npos);
  CHECK(quoted_literal("a\x81\x5f'", {.client_encoding = "SJIS"}) == "'a\x81\x5f'''");
}

TEST_CASE("each encoding has the characters that the server's check takes") {
  CHECK(size_in("SJIS", "\xB1'\x95\x5C\xFC\x4B\x95\x3F") == 6);
  CHECK(size_in("EUC_JP", "\x8E\xB1\x8F\xB0\xA1\xC6\xFC\x8E\xE0") == 7);
  CHECK(size_in("EUC_JP", "\xC6'") == 0);
  CHECK(size_in("EUC_KR", "\xB0\xA1\x8E\xA1") == 2);
  CHECK(size_in("EUC_CN", "\xB0\xA1\xB0\x5C") == 2);
  CHECK(size_in("EUC_TW", "\x8E\xA1\xA1\xA1\xC4\xE3\x8E\xA8\xA1\xA1") == 6);
  CHECK(size_in("EUC_TW", "\x8F\xA1\xA1") == 0);
  CHECK(size_in("JOHAB", "\x88\xA1\x8F\xA1\xA1\x88\x61") == 5);
  CHECK(size_in("MULE_INTERNAL", "\x81\xE9\x92\xB0\xA1\x9A\xE0\xE9\x9C\xF0\xB0\xA1\x81'") == 12);
  CHECK(size_in("GBK", "\x81\x40\xFE\xFE\x81\x7F") == 4);
  CHECK(size_in("SQL_ASCII", "\x95'\xFF") == 3);
  CHECK(size_in("LATIN1", "\x80'\xFF") == 3);
  CHECK(size_in("nonesuch", "a'\xE9") == 2);
}

TEST_CASE("the scanner sees whole characters, and nothing else is moved") {
  const character_check shifted("SJIS");
  CHECK(shifted.lexable("'\x95\x5c'\xb1\"") == "'\xFF\xFF'\xb1\"");
  CHECK(shifted.lexable("'\x95") == "'\x95");
  CHECK(character_check("UTF8").lexable("'\xC3\xA9'") == "'\xC3\xA9'");
}
