#include "session/sql_scanner.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace tusk::detail;

namespace {

using texts = std::vector<std::string>;

constexpr bool conforming = true;
constexpr bool escaping = false;

std::string shown(sql_token_kind kind) {
  switch (kind) {
    case sql_token_kind::word: return "word";
    case sql_token_kind::quoted_name: return "name";
    case sql_token_kind::string: return "string";
    case sql_token_kind::number: return "number";
    case sql_token_kind::placeholder: return "placeholder";
    case sql_token_kind::symbol: return "symbol";
    case sql_token_kind::end: break;
  }
  return "end";
}

/// Each token as "kind text"; checks that they stand in order and that the last has no fault.
texts tokens(std::string_view sql, bool rule = conforming) {
  sql_scanner scanner(sql, rule);
  texts all;
  std::size_t behind = 0;
  for (sql_token each = scanner.next(); each.kind != sql_token_kind::end; each = scanner.next()) {
    CAPTURE(sql, each.offset);
    CHECK(each.fault == sql_fault::none);
    REQUIRE(each.offset >= behind);
    REQUIRE(each.length > 0);
    behind = each.offset + each.length;
    all.push_back(shown(each.kind) + " " + std::string(scanner.text_of(each)));
  }
  REQUIRE(behind <= sql.size());
  return all;
}

/// Whether the whole text is one token of this kind.
bool is_one(std::string_view kind, std::string_view sql, bool rule = conforming) {
  return tokens(sql, rule) == texts{std::string(kind) + " " + std::string(sql)};
}

std::vector<std::uint32_t> placeholders(std::string_view sql, bool rule = conforming) {
  sql_scanner scanner(sql, rule);
  std::vector<std::uint32_t> numbers;
  for (sql_token each = scanner.next(); each.kind != sql_token_kind::end; each = scanner.next())
    if (each.kind == sql_token_kind::placeholder) numbers.push_back(each.number);
  return numbers;
}

/// The fault of the only token, which must reach to the text's end.
sql_fault fault_of(std::string_view sql, bool rule = conforming) {
  sql_scanner scanner(sql, rule);
  const sql_token token = scanner.next();
  if (token.kind != sql_token_kind::end) CHECK(scanner.text_of(token) == sql);
  return token.fault;
}

using numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a statement is cut into words, constants, placeholders and symbols") {
  CHECK(tokens("select a.b+$12::text, 'x', 1.5e-3 from \"t\"") ==
        texts{"word select", "word a", "symbol .", "word b", "symbol +", "placeholder $12",
              "symbol :", "symbol :", "word text", "symbol ,", "string 'x'", "symbol ,",
              "number 1.5e-3", "word from", "name \"t\""});
  CHECK(tokens("").empty());
  CHECK(tokens(" \t\r\n\f\v").empty());
}

TEST_CASE("a placeholder has a number, and a length in bytes") {
  sql_scanner scanner("  $007,$4294967295,$4294967296");
  const sql_token first = scanner.next();
  CHECK(first.offset == 2);
  CHECK(first.length == 4);
  CHECK(first.number == 7);
  CHECK(scanner.next().kind == sql_token_kind::symbol);
  CHECK(scanner.next().number == 4294967295U);
  CHECK(scanner.next().kind == sql_token_kind::symbol);
  CHECK(scanner.next().number == 4294967295U);
  CHECK(scanner.next().kind == sql_token_kind::end);
  CHECK(scanner.next().kind == sql_token_kind::end);
  CHECK(placeholders("$0$1$2") == numbers{0, 1, 2});
}

TEST_CASE("quotes hide placeholders and are doubled inside") {
  CHECK(is_one("string", "'$1 '' $2'"));
  CHECK(is_one("string", "''''"));
  CHECK(is_one("string", "N'$1'"));
  CHECK(is_one("string", "U&'\\0441$1'"));
  CHECK(is_one("name", "\"$1 \"\" $2\""));
  CHECK(is_one("name", "u&\"$1 \"\" $2\""));
  CHECK(placeholders("select '\"' || $1 || '\"'") == numbers{1});
  CHECK(placeholders("select \"'\" || $1 || \"'\"") == numbers{1});
}

TEST_CASE("a backslash guards a quote in E'' always, in '' by the setting, in other quotes never") {
  CHECK(is_one("string", R"(E'\'$1')"));
  CHECK(is_one("string", R"(e'\\\'$1\\')"));
  CHECK(is_one("string", R"('\'$1')", escaping));
  CHECK(is_one("string", R"(n'\'$1')", escaping));
  CHECK(placeholders(R"('\'$1)") == numbers{1});
  CHECK(placeholders(R"(N'\'$1)") == numbers{1});
  for (const bool rule : {conforming, escaping}) {
    CHECK(placeholders(R"(E'\\'$1)", rule) == numbers{1});
    CHECK(placeholders(R"(U&'\'$1)", rule) == numbers{1});
    CHECK(placeholders(R"("\"$1)", rule) == numbers{1});
    CHECK(placeholders(R"($$\$$,$1)", rule) == numbers{1});
  }
}

TEST_CASE("a letter is a prefix only right before the quotes and at the beginning of a word") {
  CHECK(tokens(R"(E '\')") == texts{"word E", R"(string '\')"});
  CHECK(tokens(R"(fooE'\')") == texts{"word fooE", R"(string '\')"});
  CHECK(tokens(R"(1E'\'')") == texts{"number 1", R"(string E'\'')"});
  CHECK(tokens("U& 'a'") == texts{"word U", "symbol &", "string 'a'"});
  CHECK(tokens("u&b") == texts{"word u", "symbol &", "word b"});
  CHECK(tokens("n\"a\"") == texts{"word n", "name \"a\""});
}

TEST_CASE("bit strings know no doubled quotes: the second pair is a string of its own") {
  CHECK(is_one("string", "b'01'"));
  CHECK(is_one("string", "X'0f'"));
  CHECK(tokens("B'0''1'") == texts{"string B'0'", "string '1'"});
  CHECK(tokens(R"(B'0''\'1')", escaping) == texts{"string B'0'", R"(string '\'1')"});
}

TEST_CASE("a constant goes on behind a line's end, by the rules it began with") {
  CHECK(is_one("string", "'a'\n'$1'"));
  CHECK(is_one("string", "'a' \t-- it's\r  -- \"\n '$1'"));
  CHECK(is_one("string", "E'a'\n'\\'$1'"));
  CHECK(is_one("string", "B'0'\n'1'"));
  CHECK(tokens("'a' 'b'") == texts{"string 'a'", "string 'b'"});
  CHECK(tokens("'a' /*\n*/ 'b'") == texts{"string 'a'", "string 'b'"});
  CHECK(tokens("'a'\n/**/'b'") == texts{"string 'a'", "string 'b'"});
  CHECK(tokens("'a'\n-'b'") == texts{"string 'a'", "symbol -", "string 'b'"});
  CHECK(tokens("'a'\nE'b'") == texts{"string 'a'", "string E'b'"});
  CHECK(tokens("'a' -- b'\n") == texts{"string 'a'"});
  CHECK(tokens("$$a$$\n'b'") == texts{"string $$a$$", "string 'b'"});
}

TEST_CASE("dollar quotes end at their own tag and nowhere else") {
  CHECK(is_one("string", "$$ $1 ' \" /* -- $a$ $$"));
  CHECK(is_one("string", "$a$ $b$ $$ $1 $A$ $a $a$"));
  CHECK(is_one("string", "$a$ $junk$a$"));
  CHECK(is_one("string", "$_9\xC3\xA9$ $_9$ $_9\xC3\xA9$"));
  CHECK(tokens("$$a$$b$$") == texts{"string $$a$$", "word b$$"});
  CHECK(tokens("$1$$a$$") == texts{"placeholder $1", "string $$a$$"});
  CHECK(tokens("$ 1 $a b") == texts{"symbol $", "number 1", "symbol $", "word a", "word b"});
  CHECK(tokens("$a-b$") == texts{"symbol $", "word a", "symbol -", "word b$"});
}

TEST_CASE("a dollar sign inside a name is part of it") {
  CHECK(is_one("word", "foo$1"));
  CHECK(is_one("word", "_$$a$1"));
  CHECK(is_one("word", "\xC3\xA9$1"));
  CHECK(is_one("word", "\xC2\xA0$1"));  // a no-break space is a letter to the server
  CHECK(tokens("\"foo\"$1") == texts{"name \"foo\"", "placeholder $1"});
  CHECK(tokens("[$1]") == texts{"symbol [", "placeholder $1", "symbol ]"});
}

TEST_CASE("numbers end where every version of the server ends them") {
  for (const char* each : {"0", "12", "1.", ".5", "1.5", "1e5", "1E+5", "1.5e-10"}) {
    CAPTURE(each);
    CHECK(is_one("number", each));
  }
  CHECK(tokens("1..2") == texts{"number 1", "symbol .", "number .2"});
  CHECK(tokens("1..$1") == texts{"number 1", "symbol .", "symbol .", "placeholder $1"});
  CHECK(tokens("1e5$1") == texts{"number 1e5", "placeholder $1"});
  CHECK(tokens("1e+$1") == texts{"number 1", "word e", "symbol +", "placeholder $1"});
  CHECK(tokens("1_000$1") == texts{"number 1", "word _000$1"});
  CHECK(tokens("0x1F$1") == texts{"number 0", "word x1F$1"});
}

TEST_CASE("comments nest, hide placeholders, and begin inside of operators") {
  CHECK(tokens("a /* $1 /* ' */ $2 */ b") == texts{"word a", "word b"});
  CHECK(tokens("a /*/ */ b") == texts{"word a", "word b"});
  CHECK(tokens("a /***/ b /*/**/*/ c") == texts{"word a", "word b", "word c"});
  CHECK(tokens("a -- $1 '\nb -- $2 /*\rc--") == texts{"word a", "word b", "word c"});
  CHECK(tokens("a+/*$1*/b@--$2\nc") == texts{"word a", "symbol +", "word b", "symbol @", "word c"});
  CHECK(tokens("a - -$1") == texts{"word a", "symbol -", "symbol -", "placeholder $1"});
  CHECK(tokens("*/ $1") == texts{"symbol *", "symbol /", "placeholder $1"});
}

TEST_CASE("what has no end is told, and reaches to the end of the text") {
  CHECK(fault_of("'a") == sql_fault::unterminated_string);
  CHECK(fault_of("'a''") == sql_fault::unterminated_string);
  CHECK(fault_of("E'a\\'") == sql_fault::unterminated_string);
  CHECK(fault_of("E'\\") == sql_fault::unterminated_string);
  CHECK(fault_of("'a'\n'b") == sql_fault::unterminated_string);
  CHECK(fault_of("B'0") == sql_fault::unterminated_string);
  CHECK(fault_of("U&'0") == sql_fault::unterminated_string);
  CHECK(fault_of("'a\\'", escaping) == sql_fault::unterminated_string);
  CHECK(fault_of("$$ $") == sql_fault::unterminated_dollar_quote);
  CHECK(fault_of("$a$ $b$") == sql_fault::unterminated_dollar_quote);
  CHECK(fault_of("\"a") == sql_fault::unterminated_name);
  CHECK(fault_of("U&\"a\"\"") == sql_fault::unterminated_name);
  CHECK(fault_of("/* /* */ $1") == sql_fault::unterminated_comment);
  CHECK(fault_of("$1abc$2") == sql_fault::junk_after_placeholder);
  CHECK(fault_of("$1_") == sql_fault::junk_after_placeholder);
  CHECK(fault_of("$1\xC3\xA9") == sql_fault::junk_after_placeholder);
}

TEST_CASE("an unterminated comment is told where it begins, again and again") {
  sql_scanner scanner("a  /* b");
  CHECK(scanner.next().kind == sql_token_kind::word);
  for (int i = 0; i < 2; ++i) {
    const sql_token end = scanner.next();
    CHECK(end.kind == sql_token_kind::end);
    CHECK(end.fault == sql_fault::unterminated_comment);
    CHECK(end.offset == 3);
  }
}
