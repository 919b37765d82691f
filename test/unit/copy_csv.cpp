#include "support/catch.hpp"
#include "support/copy_rows.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using rows = std::vector<copied_row>;

/// The rows, which are the same wherever the data is cut.
rows read(std::string_view data, std::uint32_t columns, const copy_style& style = {}) {
  CAPTURE(std::string(data));
  const copied whole = read_whole(copy_format::csv, style, columns, data);
  CHECK(whole.error == "");
  CHECK(whole.sound);
  CHECK_FALSE(whole.at_end);
  for (std::size_t step = 1; step <= data.size(); ++step) {
    CHECK(read_cut(copy_format::csv, style, columns, data, every(step, data.size())) == whole);
    CHECK(read_cut(copy_format::csv, style, columns, data, {step}) == whole);
  }
  return whole.rows;
}

std::string refusal(std::string_view data, std::uint32_t columns, const copy_style& style = {}) {
  CAPTURE(std::string(data));
  const copied whole = read_whole(copy_format::csv, style, columns, data);
  CHECK(whole.sound);
  for (std::size_t step = 1; step <= data.size(); ++step)
    CHECK(read_cut(copy_format::csv, style, columns, data, every(step, data.size())) == whole);
  return whole.error;
}

copy_style quoting(char quote, char escape) {
  copy_style style;
  style.quote = quote;
  style.escape = escape;
  return style;
}

}  // namespace

TEST_CASE("CSV tells NULL from the empty string by quotes", "[copy]") {
  CHECK(read("1,,\"\"\n\"\",x,\n", 3) == rows{{"1", std::nullopt, ""}, {"", "x", std::nullopt}});
  CHECK(read("\n\"\"\n", 1) == rows{{std::nullopt}, {""}});
  CHECK(read("\n\n", 0) == rows{{}, {}});
  CHECK(read("", 3).empty());
  copy_style style;
  style.null = "NULL";
  CHECK(read("NULL,\"NULL\",,null\n", 4, style) == rows{{std::nullopt, "NULL", "", "null"}});
  style.null = "\\.";
  CHECK(read("\\.\n\"\\.\"\n", 1, style) == rows{{std::nullopt}, {"\\."}});
}

TEST_CASE("quotes in CSV keep delimiters, line ends and doubled quotes", "[copy]") {
  CHECK(read("\"a,b\",\"c\nd\r\ne\",\"say \"\"x\"\"\"\n", 3) ==
        rows{{"a,b", "c\nd\r\ne", "say \"x\""}});
  CHECK(read("\"\"\"\"\n\"\"\"\"\"\"\n", 1) == rows{{"\""}, {"\"\""}});
  // A part of a value may be in quotes, and several may.
  CHECK(read("a\"b,c\"d\"\"\"e\"f\n", 1) == rows{{"ab,cd\"ef"}});
  CHECK(read("a\"\"\n", 1) == rows{{"a"}});
  // Blanks are data, and a backslash is.
  CHECK(read(" a , \"b\" \n\\N,\\t\n", 2) == rows{{" a ", " b "}, {"\\N", "\\t"}});
}

TEST_CASE("the escape of CSV is one in front of a quote or an escape inside of quotes", "[copy]") {
  CHECK(read("\"a\\\"b\\\\c\\d\",\\\n", 2, quoting('"', '\\')) == rows{{"a\"b\\c\\d", "\\"}});
  CHECK(read("\"a\\\\\"\n\"\\\\\\\"\"\n", 1, quoting('"', '\\')) == rows{{"a\\"}, {"\\\""}});
  CHECK(read("'it''s',x\"y\n", 2, quoting('\'', 0)) == rows{{"it's", "x\"y"}});
  // With another escape a doubled quote closes and opens.
  CHECK(read("\"a\"\"b\"\n", 1, quoting('"', '\\')) == rows{{"ab"}});
  // Outside of quotes it is none.
  CHECK(read("a!\"b\"\n", 1, quoting('"', '!')) == rows{{"a!b"}});
}

TEST_CASE("lines of CSV end as the first one does, but for those between quotes", "[copy]") {
  CHECK(read("a\r\n\"b\nc\"\r\n", 1) == rows{{"a"}, {"b\nc"}});
  CHECK(read("\"a\nb\"\rc\r", 1) == rows{{"a\nb"}, {"c"}});
  CHECK(refusal("a\nb\r\n", 1) ==
        "COPY data, row 2: a carriage return that is not escaped, where lines end with LF");
  CHECK(refusal("a\r\nb\n", 1) ==
        "COPY data, row 2: a line feed that is not escaped, where lines end with CR or CRLF");
}

TEST_CASE("the text end marker is data in CSV", "[copy]") {
  CHECK(read("\\.\na\n", 1) == rows{{"\\."}, {"a"}});
  CHECK(read("\"\\.\",\\.\n", 2) == rows{{"\\.", "\\."}});
  // The server writes two values so, whose delimiter is a dot.
  copy_style dotted;
  dotted.delimiter = '.';
  CHECK(read("\\.\na.b\n", 2, dotted) == rows{{"\\", std::nullopt}, {"a", "b"}});
}

TEST_CASE("a line of names is passed over in CSV, with what lies between quotes", "[copy]") {
  copy_style style;
  style.header = true;
  CHECK(read("id,\"the\nname\"\n1,a\n", 2, style) == rows{{"1", "a"}});
  CHECK(read("id\n", 5, style).empty());
  CHECK(refusal("\"id\n1\n", 1, style) == "COPY data: the data ends between quotes");
}

TEST_CASE("quotes in CSV must have an end", "[copy]") {
  CHECK(refusal("a\n\"b\nc\n", 1) == "COPY data, row 2: the data ends between quotes");
  CHECK(refusal("\"b\\\"\n", 1, quoting('"', '\\')) ==
        "COPY data, row 1: the data ends between quotes");
  CHECK(refusal("\"b\\", 1, quoting('"', '\\')) ==
        "COPY data, row 1: the data ends between quotes");
}

TEST_CASE("CSV that ends inside a line is refused", "[copy]") {
  const std::string_view data = "\"a\n\"\"b\",c\n,\"\"\n";
  for (std::size_t size = 1; size < data.size(); ++size) {
    CAPTURE(size);
    CHECK(refusal(data.substr(0, size), 2).empty() == (size == 10));
  }
}

TEST_CASE("a row of CSV has as many values as the COPY", "[copy]") {
  const std::string hint = "; is the delimiter the one that the COPY was given?";
  CHECK(refusal("a,b\n\"a,b\"\n", 2) ==
        "COPY data, row 2: it has 1 field where the COPY has 2" + hint);
  CHECK(refusal("a,b,c,d\n", 2) ==
        "COPY data, row 1: it has 3 fields or more where the COPY has 2" + hint);
}
