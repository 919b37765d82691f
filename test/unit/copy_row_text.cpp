// Rows of a COPY in the text format: documentation of COPY, "Text Format".
#include <chrono>
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
  return tusk::test::line_of(copy_format::text, type, value, style);
}

std::string text_line(std::string_view value, const copy_style& style = {}) {
  return line_of(oids::text, value, style);
}

std::string refusal_of(const copy_style& style) {
  return misuse_of([&] { copied_rows(copy_format::text, {column_of("c", oids::text)}, style); });
}

TEST_CASE("a text COPY has nothing before and behind its lines, but the names when asked") {
  copied_rows rows(copy_format::text, {column_of("a", oids::int4), column_of("b", oids::text)});
  rows.begin();
  rows.row(1, "x").row(2, "y").put(std::nullopt, std::nullopt);
  rows.end();
  CHECK(rows.text() == "1\tx\n2\ty\n\\N\t\\N\n");
  copied_rows named(copy_format::text,
                    {column_of("a\tb", oids::int4), column_of("\\N", oids::text)},
                    {.header = true});
  named.begin();
  CHECK(named.text() == "a\\tb\t\\\\N\n");
  copied_rows unnamed(copy_format::text, 3, {.header = true});
  unnamed.begin();
  CHECK(unnamed.text() == "\t\t\n");
}

TEST_CASE("a table without columns has empty lines") {
  copied_rows rows(copy_format::text, std::vector<column>());
  rows.row().row();
  CHECK(rows.text() == "\n\n");
}

TEST_CASE("values of fixed size are printed as the server prints them") {
  CHECK(line_of(oids::bool_, true) == "t");
  CHECK(line_of(oids::bool_, false) == "f");
  CHECK(line_of(oids::int2, std::int16_t{-32768}) == "-32768");
  CHECK(line_of(oids::int4, 7) == "7");
  CHECK(line_of(oids::int8, INT64_MIN) == "-9223372036854775808");
  CHECK(line_of(oids::int8, 0) == "0");
  CHECK(line_of(oids::float4, 0.1F) == "0.1");
  CHECK(line_of(oids::float8, 0.1) == "0.1");
  CHECK(line_of(oids::float8, -1e300) == "-1e+300");
  CHECK(line_of(oids::float8, -0.0) == "-0");
  CHECK(line_of(oids::date, date(0)) == "2000-01-01");
  CHECK(line_of(oids::timestamp, timestamp(1)) == "2000-01-01 00:00:00.000001");
  CHECK(line_of(oids::timestamptz, timestamptz(-1)) == "1999-12-31 23:59:59.999999+00");
  CHECK(line_of(oids::timestamptz, timestamptz::infinity()) == "infinity");
  CHECK(line_of(oids::timestamptz, std::chrono::sys_seconds{}) == "1970-01-01 00:00:00+00");
  CHECK(line_of(oids::interval, interval(1, 2, 3)) == "1 mon 2 days 00:00:00.000003");
  CHECK(line_of(oids::uuid, uuid{}) == "00000000-0000-0000-0000-000000000000");
}

TEST_CASE("integers of every length and days in every order are printed like one by one") {
  std::vector<std::int64_t> numbers{0, INT64_MAX, INT64_MIN};
  for (std::int64_t power = 1; power < INT64_MAX / 10; power *= 10)
    for (const std::int64_t next : {power - 1, power, power + 1, 2 * power}) {
      numbers.push_back(next);
      numbers.push_back(-next);
    }
  constexpr std::int64_t day = 86'400'000'000;
  const std::int64_t end_of_year_0 = -730'119 * day;
  const std::int64_t year_10000 = 2'921'940 * day;
  for (const std::int64_t edge : {std::int64_t{0}, day, end_of_year_0, year_10000, 366 * day})
    for (const std::int64_t away : {-day - 1, -day, std::int64_t{-1}, std::int64_t{0}, day - 1})
      numbers.push_back(edge + away);
  copied_rows rows(copy_format::text, {column_of("a", oids::int8), column_of("b", oids::timestamp),
                                       column_of("c", oids::timestamptz)});
  std::string expected;
  for (const std::int64_t number : numbers) {
    rows.row(number, timestamp(number), timestamptz(~number));
    expected += std::to_string(number) + '\t' + timestamp(number).to_string() + '\t' +
                timestamptz(~number).to_string() + '\n';
  }
  CHECK(rows.text() == expected);
}

TEST_CASE("all other values are their text, with its backslashes doubled") {
  CHECK(line_of(oids::numeric, *numeric::parse("1.50")) == "1.50");
  CHECK(line_of(oids::bytea, std::vector<std::byte>{std::byte{171}}) == "\\\\xab");
  CHECK(line_of(oids::int4_array, std::vector<std::optional<int>>{1, std::nullopt}) == "{1,NULL}");
  CHECK(line_of(oids::text_array, std::vector<std::string>{"a\"b"}) == "{\"a\\\\\"b\"}");
  CHECK(line_of(oids::jsonb, jsonb{"{\"a\":\t1}"}) == "{\"a\":\\t1}");
  CHECK(line_of(oids::inet, *inet::parse("10.0.0.1")) == "10.0.0.1");
  CHECK(line_of(oids::int4range, range<std::int32_t>(1, 3)) == "[1,3)");
}

TEST_CASE("a double in a real column is written as the real that it is rounded to") {
  CHECK(line_of(oids::float4, 0.1) == "0.1");
  // Half-way between two reals: its own shortest digits lie above, and would be read as the upper.
  CHECK(line_of(oids::float4, 1.0000000596046448) == "1");
}

TEST_CASE("strings go to every type in text, and are escaped") {
  CHECK(line_of(oids::int4, "42") == "42");
  CHECK(line_of(oids::inet, std::string("::1")) == "::1");
  CHECK(text_line("") == "");
  CHECK(text_line("tab\t, line\n, return\r, back\\slash") ==
        "tab\\t, line\\n, return\\r, back\\\\slash");
  CHECK(text_line("\b\f\v\x01\x1f\x7f") == "\b\f\v\x01\x1f\x7f");
  CHECK(text_line("schön") == "schön");
  CHECK(text_line("\\N") == "\\\\N");
  CHECK(text_line("\\.") == "\\\\.");
  CHECK(text_line("N") == "N");
}

TEST_CASE("a character that must be escaped is found wherever in a text it stands") {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char special : {'\t', '\n', '\r', '\\'}) {
        std::string text(size, 'x');
        text[at] = special;
        std::string escaped = text;
        const char as = special == '\t'   ? 't'
                        : special == '\n' ? 'n'
                        : special == '\r' ? 'r'
                                          : '\\';
        escaped.replace(at, 1, {'\\', as});
        REQUIRE(text_line(text) == escaped);
      }
      std::string text(size, 'x');
      text[at] = '\0';
      copied_rows rows(copy_format::text, {column_of("c", oids::text)});
      rows.row(std::string());
      REQUIRE(data_error_of([&] { rows.row(text); }) ==
              "row 2 of COPY into \"t\": column \"c\" (text) cannot take this std::string: its "
              "byte " +
                  std::to_string(at + 1) + " is NUL, which no PostgreSQL text can hold; bytea can");
    }
  }
}

TEST_CASE("long texts are escaped like short ones") {
  std::string text;
  std::string escaped;
  for (int i = 0; i < 20'000; ++i) {
    text += "some text\n";
    escaped += "some text\\n";
  }
  CHECK(text_line(text) == escaped);
}

TEST_CASE("the style's own delimiter and null string are kept") {
  const copy_style style{.delimiter = ';', .null = "NULL"};
  copied_rows rows(
      copy_format::text,
      {column_of("a", oids::text), column_of("b", oids::text), column_of("c", oids::text)}, style);
  const auto write = [&] { rows.row("a;b\tc", std::optional<std::string>(), "NULL"); };
  write();
  CHECK(rows.text() == "a\\;b\\tc;NULL;\\x4EULL\n");
  rows.clear();
  write();
  CHECK(rows.text() == "a\\;b\\tc;NULL;\\x4EULL\n");
}

TEST_CASE("no value comes out as the null string") {
  CHECK(text_line("n", {.null = "n"}) == "\\x6E");
  CHECK(text_line("\\N", {.null = "\\\\N"}) == "\\x5CN");
  CHECK(text_line("", {.null = "x"}) == "");
  CHECK(line_of(oids::int4, 12, {.null = "12"}) == "\\x312");
  CHECK(line_of(oids::bool_, true, {.null = "t"}) == "\\x74");
  CHECK(line_of(oids::date, date(0), {.delimiter = '-'}) == "2000\\-01\\-01");
  CHECK(line_of(oids::int4, -5, {.delimiter = '-'}) == "\\-5");
}

TEST_CASE("an empty text is refused where the null string is empty, for nothing can escape it") {
  copied_rows rows(copy_format::text, {column_of("c", oids::text)}, {.null = ""});
  rows.row(std::optional<std::string>());
  const std::string said = data_error_of([&] { rows.row(std::optional<std::string>("")); });
  CHECK(said.find("it is empty, which is the null string of this COPY") != std::string::npos);
  CHECK(rows.text() == "\n");
}

TEST_CASE("what a column's type cannot hold is refused in text too, before the server would") {
  copied_rows rows(copy_format::text, {column_of("price", oids::int2)});
  rows.row(1).row(2);
  CHECK(data_error_of([&] { rows.row(70000); }) ==
        "row 3 of COPY into \"t\": column \"price\" (smallint) cannot take this std::int32_t: "
        "70000 is out of range");
  CHECK(rows.text() == "1\n2\n");
}

TEST_CASE("in text without known columns every value is its text") {
  copied_rows rows(copy_format::text, 3);
  for (int i = 0; i < 2; ++i) {
    rows.clear();
    rows.row(7, std::string("a\tb"), *numeric::parse("1.5"));
    CHECK(rows.text() == "7\ta\\tb\t1.5\n");
  }
}

TEST_CASE("styles that the server refuses are refused at once") {
  CHECK(refusal_of({.delimiter = 'a'}) ==
        "COPY's delimiter cannot be a small letter, a digit, a point or a backslash in text");
  for (const char c : std::string_view("\\.z09"))
    CHECK(refusal_of({.delimiter = c}).starts_with("COPY's delimiter cannot be"));
  CHECK(refusal_of({.delimiter = '\n'}) == "COPY's delimiter is the end of a line");
  CHECK(refusal_of({.delimiter = '\r'}) == "COPY's delimiter is the end of a line");
  CHECK(refusal_of({.delimiter = '\xe4'}) == "COPY's delimiter is no character of ASCII");
  CHECK(refusal_of({.quote = '"'}) == "COPY's quote is for CSV only");
  CHECK(refusal_of({.escape = '"'}) == "COPY's escape is for CSV only");
  CHECK(refusal_of({.null = "a\nb"}) == "COPY's null string holds the end of a line");
  CHECK(refusal_of({.null = "a\rb"}) == "COPY's null string holds the end of a line");
  CHECK(refusal_of({.null = "a\tb"}) == "COPY's null string holds the delimiter");
  CHECK(refusal_of({.null = std::string("a\0b", 3)}) == "COPY's null string holds a NUL");
  CHECK(refusal_of({.null = "\\."}) == "COPY's null string is what ends the data");
  CHECK(refusal_of({.delimiter = 'A', .null = ""}).empty());
}

}  // namespace
