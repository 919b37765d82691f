// Rows of a COPY in CSV: documentation of COPY, "CSV Format".
#include <optional>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/copied_rows.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

template <class T, class Type>
std::string line_of(const Type& type, const T& value, const copy_style& style = {}) {
  return tusk::test::line_of(copy_format::csv, type, value, style);
}

std::string text_line(std::string_view value, const copy_style& style = {}) {
  return line_of(oids::text, value, style);
}

std::string refusal_of(const copy_style& style) {
  return misuse_of([&] { copied_rows(copy_format::csv, {column_of("c", oids::text)}, style); });
}

TEST_CASE("CSV has lines of values, with commas between them even where the first is NULL") {
  copied_rows rows(copy_format::csv, {column_of("a", oids::int4), column_of("b", oids::text)});
  rows.begin();
  const std::optional<int> none;
  rows.row(std::optional<int>(1), "x").row(none, "y").row(none, static_cast<const char*>(nullptr));
  rows.row(none, "y");
  rows.end();
  CHECK(rows.text() == "1,x\n,y\n,\n,y\n");
}

TEST_CASE("the header has the columns' names, quoted where they need it") {
  copied_rows rows(copy_format::csv,
                   {column_of("id", oids::int4), column_of("a \"b\", c", oids::text)},
                   {.header = true});
  rows.begin();
  CHECK(rows.text() == "id,\"a \"\"b\"\", c\"\n");
}

TEST_CASE("values of fixed size are printed without quotes") {
  CHECK(line_of(oids::int4, -7) == "-7");
  CHECK(line_of(oids::float8, 1.5) == "1.5");
  CHECK(line_of(oids::bool_, true) == "t");
  CHECK(line_of(oids::timestamptz, timestamptz(0)) == "2000-01-01 00:00:00+00");
  CHECK(line_of(oids::int4_array, std::vector<int>{1, 2}) == "\"{1,2}\"");
}

TEST_CASE("texts are quoted where they could be read as something else, and only there") {
  CHECK(text_line("plain text; with \\ and \t") == "plain text; with \\ and \t");
  CHECK(text_line("schön") == "schön");
  CHECK(text_line("a,b") == "\"a,b\"");
  CHECK(text_line("say \"x\"") == "\"say \"\"x\"\"\"");
  CHECK(text_line("\"") == "\"\"\"\"");
  CHECK(text_line("a\nb") == "\"a\nb\"");
  CHECK(text_line("a\rb") == "\"a\rb\"");
  CHECK(text_line("") == "\"\"");
  CHECK(text_line("\\.") == "\"\\.\"");
  CHECK(text_line("\\N") == "\\N");
  CHECK(text_line("\x01\x1f") == "\x01\x1f");
}

TEST_CASE("the style's own characters are kept") {
  const copy_style style{.delimiter = ';', .null = "NULL", .quote = '\'', .escape = '\\'};
  CHECK(text_line("a,\"b", style) == "a,\"b");
  CHECK(text_line("a;b", style) == "'a;b'");
  CHECK(text_line("it's", style) == "'it\\'s'");
  CHECK(text_line("a\\b", style) == "'a\\\\b'");
  CHECK(text_line("", style) == "");
  CHECK(text_line("NULL", style) == "'NULL'");
  CHECK(line_of(oids::text, std::optional<std::string>(), style) == "NULL");
}

TEST_CASE("a value of fixed size that the style could mistake is quoted") {
  CHECK(line_of(oids::int4, 12, {.null = "12"}) == "\"12\"");
  CHECK(line_of(oids::int4, 12, {.delimiter = '1'}) == "\"12\"");
  CHECK(line_of(oids::int4, 121, {.quote = '1'}) == "1112111");
  CHECK(line_of(oids::int4, 12, {.escape = '1'}) == "\"112\"");
}

TEST_CASE("a character that needs quotes is found wherever in a text it stands") {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char special : {',', '\n', '\r', '"'}) {
        std::string text(size, 'x');
        text[at] = special;
        std::string inside = text;
        if (special == '"') inside.insert(at, 1, '"');
        REQUIRE(text_line(text) == '"' + inside + '"');
      }
    }
  }
}

TEST_CASE("a NUL is refused in CSV") {
  copied_rows rows(copy_format::csv, {column_of("c", oids::text)});
  rows.row(std::string("x"));
  const std::string said = data_error_of([&] { rows.row(std::string("a\0b", 3)); });
  CHECK(said.find("its byte 2 is NUL") != std::string::npos);
  CHECK(rows.text() == "x\n");
}

TEST_CASE("styles that the server refuses for CSV are refused at once") {
  CHECK(refusal_of({.delimiter = '"'}) == "COPY's delimiter is the quote, too");
  CHECK(refusal_of({.delimiter = '\n'}) == "COPY's delimiter is the end of a line");
  CHECK(refusal_of({.quote = '\n'}) == "COPY's quote is the end of a line");
  CHECK(refusal_of({.escape = '\r'}) == "COPY's escape is the end of a line");
  CHECK(refusal_of({.quote = '\xff'}) == "COPY's quote is no character of ASCII");
  CHECK(refusal_of({.null = "a,b"}) == "COPY's null string holds the delimiter");
  CHECK(refusal_of({.null = "\""}) == "COPY's null string holds the quote");
  CHECK(refusal_of({.null = "\\."}) == "COPY's null string is what ends the data");
  CHECK(refusal_of({.delimiter = 'a'}).empty());
}

}  // namespace
