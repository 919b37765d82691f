#include "support/catch.hpp"
#include "support/copy_rows.hpp"

using namespace tusk;
using namespace tusk::test;
using namespace std::string_view_literals;

namespace {

using rows = std::vector<copied_row>;

/// The rows, which are the same wherever the data is cut.
rows read(std::string_view data, std::uint32_t columns, const copy_style& style = {}) {
  CAPTURE(std::string(data));
  const copied whole = read_whole(copy_format::text, style, columns, data);
  CHECK(whole.error == "");
  CHECK(whole.sound);
  for (std::size_t step = 1; step <= data.size(); ++step) {
    CHECK(read_cut(copy_format::text, style, columns, data, every(step, data.size())) == whole);
    CHECK(read_cut(copy_format::text, style, columns, data, {step}) == whole);
  }
  return whole.rows;
}

std::string refusal(std::string_view data, std::uint32_t columns, const copy_style& style = {}) {
  CAPTURE(std::string(data));
  const copied whole = read_whole(copy_format::text, style, columns, data);
  CHECK(whole.sound);
  for (std::size_t step = 1; step <= data.size(); ++step)
    CHECK(read_cut(copy_format::text, style, columns, data, every(step, data.size())) == whole);
  return whole.error;
}

}  // namespace

TEST_CASE("text COPY data tells NULL, the empty string and the text of NULL apart", "[copy]") {
  CHECK(read("1\tab\n\\N\t\n\\\\N\tN\n", 2) == rows{{"1", "ab"}, {std::nullopt, ""}, {"\\N", "N"}});
  CHECK(read("", 2).empty());
  CHECK(read("\n\n", 1) == rows{{""}, {""}});
  CHECK(read("\n\n", 0) == rows{{}, {}});
  CHECK(read("\\N\n", 1) == rows{{std::nullopt}});
}

TEST_CASE("escapes of text COPY data are undone", "[copy]") {
  CHECK(read(R"(\b\f\n\r\t\v\\)"
             "\n",
             1) == rows{{"\b\f\n\r\t\v\\"}});
  const std::string octal(
      "\0\7AA8\1"
      "8\xff",
      8);
  CHECK(read("\\0\\7\\101\\1018\\18\\777\n", 1) == rows{{octal}});
  CHECK(read("\\x41\\x4\\xg\\x\\xe4z\\X41\n", 1) == rows{{"A\x04xgx\xe4zX41"}});
  CHECK(read("\\a\\q\\\"\\é\n", 1) == rows{{"aq\"é"}});
  // A delimiter or a line's end behind a backslash is data.
  CHECK(read("a\\\tb\\\nc\n", 1) == rows{{"a\tb\nc"}});
  CHECK(read("a\\\r\n", 1) == rows{{"a\r"}});
}

TEST_CASE("NULL in text COPY data is what it looks like before escapes are undone", "[copy]") {
  copy_style style;
  style.null = "a\\tb";
  CHECK(read("a\\tb\na\\x09b\n", 1, style) == rows{{std::nullopt}, {"a\tb"}});
  style.null = "";
  CHECK(read("\tx\n\t\n", 2, style) == rows{{std::nullopt, "x"}, {std::nullopt, std::nullopt}});
  style.null = "null";
  CHECK(read("null\nnul\\l\n\\N\nnulll\n", 1, style) ==
        rows{{std::nullopt}, {"null"}, {"N"}, {"nulll"}});
  // The server writes even this one as it is.
  style.null = "\\.";
  CHECK(read("\\.\n\\\\.\n", 1, style) == rows{{std::nullopt}, {"\\."}});
  CHECK(read("\\.\tx\n", 2, style) == rows{{std::nullopt, "x"}});
}

TEST_CASE("a text COPY may have another delimiter", "[copy]") {
  copy_style style;
  style.delimiter = '|';
  CHECK(read("a|b\tc\nx\\|y|\\N\n", 2, style) == rows{{"a", "b\tc"}, {"x|y", std::nullopt}});
}

TEST_CASE("lines of text COPY data end as the first one does", "[copy]") {
  CHECK(read("a\nb\n", 1) == rows{{"a"}, {"b"}});
  CHECK(read("a\r\nb\r\n", 1) == rows{{"a"}, {"b"}});
  CHECK(read("a\rb\r", 1) == rows{{"a"}, {"b"}});
  CHECK(read("\r\r", 1) == rows{{""}, {""}});
  CHECK(read("\r\n\r\n", 1) == rows{{""}, {""}});
  CHECK(refusal("a\nb\rc\n", 1) ==
        "COPY data, row 2: a carriage return that is not escaped, where lines end with LF");
  CHECK(refusal("a\r\nb\rc\r\n", 1) ==
        "COPY data, row 3: a carriage return that is not escaped, where lines end with CRLF");
  CHECK(refusal("a\r\nb\nc\r\n", 1) ==
        "COPY data, row 2: a line feed that is not escaped, where lines end with CR or CRLF");
  CHECK(refusal("a\rb\n", 1) ==
        "COPY data, row 2: a line feed that is not escaped, where lines end with CR or CRLF");
  CHECK(refusal("a\r\nb\r", 1) ==
        "COPY data, row 3: the data ends in the middle of a line's end: there is a CR without its "
        "LF");
}

TEST_CASE("a line of names is passed over in text COPY data", "[copy]") {
  copy_style style;
  style.header = true;
  CHECK(read("id\tname\n1\ta\n", 2, style) == rows{{"1", "a"}});
  CHECK(read("a\\\nb\n", 3, style).empty());
  CHECK(read("", 1, style).empty());
  CHECK(refusal("id\n1\n", 2, style).find("COPY data, row 1: ") == 0);
  CHECK(refusal("id", 2, style) == "COPY data: the data ends in the middle of it");
}

TEST_CASE("the end marker of text COPY data stands alone on its line", "[copy]") {
  for (const std::string_view data :
       {"a\n\\.\n"sv, "a\n\\.\nrest\t\tx\r\n\\"sv, "a\r\n\\.\r\n"sv}) {
    const copied whole = read_whole(copy_format::text, {}, 1, data);
    CHECK(whole.rows == rows{{"a"}});
    CHECK(whole.error == "");
    CHECK(whole.at_end);
    for (std::size_t step = 1; step < data.size(); ++step)
      CHECK(read_cut(copy_format::text, {}, 1, data, every(step, data.size())) == whole);
  }
  copy_style style;
  style.header = true;
  CHECK(read("\\.\na\n", 1, style).empty());
  CHECK_FALSE(read_whole(copy_format::text, {}, 1, "a\n").at_end);
  const std::string why = "\\. is the end of the data, and not alone on its line";
  CHECK(refusal("a\n\\.x\n", 1) == "COPY data, row 2, field 1: " + why);
  CHECK(refusal("a\\.\n", 1) == "COPY data, row 1, field 1: " + why);
  CHECK(refusal("a\t\\.\n", 2) == "COPY data, row 1, field 2: " + why);
  CHECK(refusal("a\n\\.", 1) == "COPY data, row 2: the data ends in the middle of it");
}

TEST_CASE("a row of text COPY data has as many values as the COPY", "[copy]") {
  const std::string hint = "; is the delimiter the one that the COPY was given?";
  CHECK(refusal("a\tb\na\n", 2) == "COPY data, row 2: it has 1 field where the COPY has 2" + hint);
  CHECK(refusal("a\tb\tc\n", 2) ==
        "COPY data, row 1: it has 3 fields or more where the COPY has 2" + hint);
  CHECK(refusal("a\n", 0) ==
        "COPY data, row 1: it has 1 fields or more where the COPY has 0" + hint);
}

TEST_CASE("text COPY data that ends inside a line is refused", "[copy]") {
  const std::string_view data = "ab\tc\\\\\nd\\te\t\\N\n";
  for (std::size_t size = 1; size < data.size(); ++size) {
    CAPTURE(size);
    const bool is_whole = size == 7;
    const std::string error = refusal(data.substr(0, size), 2);
    CHECK(error == (is_whole   ? ""
                    : size < 7 ? "COPY data, row 1: the data ends in the middle of it"
                               : "COPY data, row 2: the data ends in the middle of it"));
  }
}

TEST_CASE("long values and lines of text COPY data come whole", "[copy]") {
  std::string data;
  rows expected;
  for (const std::size_t size : {7U, 8U, 9U, 63U, 64U, 65U, 4095U, 70000U, 3U}) {
    const std::string value(size, 'v');
    data += value + "\t" + value + "\\\\" + value + "\n";
    expected.push_back({value, value + "\\" + value});
  }
  const copied whole = read_whole(copy_format::text, {}, 2, data);
  CHECK(whole.error == "");
  CHECK(whole.rows == expected);
  for (const std::size_t step : {1U, 2U, 3U, 7U, 8U, 9U, 100U, 65536U})
    CHECK(read_cut(copy_format::text, {}, 2, data, every(step, data.size())) == whole);
}

TEST_CASE("what is wrong with text COPY data may be the reader's style", "[copy]") {
  detail::copy_reader reader(copy_format::text, {}, 2);
  reader.feed(bytes_of("a\n"));
  CHECK_THROWS_AS(reader.next(), data_error);
}
