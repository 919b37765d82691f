#include "../../tools/cli/copy_arguments.hpp"

#include <string>
#include <vector>

#include "../../tools/cli/arguments.hpp"
#include "support/catch.hpp"

namespace {

using tusk::copy_format;
using list = std::vector<const char*>;

std::string refusal(const list& words, bool out = false) {
  try {
    if (out)
      static_cast<void>(cli::parse_copy_out(words));
    else
      static_cast<void>(cli::parse_copy_in(words));
  } catch (const cli::usage_error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("what copy-in is asked for is understood", "[cli]") {
  const auto found =
      cli::parse_copy_in(list{"--delimiter", "\\t", "host=h", "Shop.Orders.x", "data.csv",
                              "--columns=a,B c", "--column", "d,e", "--null", "", "--quote='",
                              "--escape", "\\", "--header", "--jobs", "3", "--batch", "20kB"});
  CHECK(found.dsn == "host=h");
  CHECK(found.schema == "Shop");
  CHECK(found.table == "Orders.x");
  CHECK(found.file == "data.csv");
  CHECK(found.columns == std::vector<std::string>{"a", "B c", "d,e"});
  CHECK(found.format == copy_format::csv);
  CHECK(found.style ==
        tusk::copy_style{
            .delimiter = '\t', .null = "", .quote = '\'', .escape = '\\', .header = true});
  CHECK(found.jobs == 3);
  CHECK(found.batch.bytes == 20480);
}

TEST_CASE("a table's schema is what stands before the first point, unless it is named", "[cli]") {
  CHECK(cli::parse_copy_in(list{"", "t"}).schema.empty());
  CHECK(cli::parse_copy_in(list{"", "s.t"}).schema == "s");
  CHECK(cli::parse_copy_in(list{"--schema", "", "", "s.t"}).table == "s.t");
  CHECK(cli::parse_copy_in(list{"--schema", "x", "", "s.t"}).schema == "x");
  for (const char* wrong : {"", ".t", "s."})
    CHECK_THAT(refusal({"", wrong}), Catch::Contains("SCHEMA.NAME"));
}

TEST_CASE("the format follows from the file's name unless it is given", "[cli]") {
  CHECK(cli::parse_copy_in(list{"", "t"}).format == copy_format::text);
  CHECK(cli::parse_copy_in(list{"", "t", "x.csv"}).format == copy_format::csv);
  CHECK(cli::parse_copy_in(list{"", "t", "x.bin"}).format == copy_format::binary);
  CHECK(cli::parse_copy_in(list{"", "t", "x.tsv"}).format == copy_format::text);
  CHECK(cli::parse_copy_in(list{"", "t", "x.csv", "--format", "text"}).format == copy_format::text);
}

TEST_CASE("copy-out has a query in place of a table", "[cli]") {
  const auto found = cli::parse_copy_out(list{"host=h", "--query", "select 1", "x.bin"});
  CHECK(found.query == "select 1");
  CHECK(found.file == "x.bin");
  CHECK(found.table.empty());
  CHECK(cli::parse_copy_out(list{"host=h", "t"}).file == "-");
  CHECK_THAT(refusal({"h", "--query", "select 1", "x", "y"}, true), Catch::Contains("\"y\""));
  CHECK_THAT(refusal({"h", "--query", "", "x"}, true), Catch::Contains("empty"));
  CHECK_THAT(refusal({"h", "--query", "select 1", "--columns", "a"}, true),
             Catch::Contains("--columns"));
  CHECK_THAT(refusal({"h", "t", "--jobs", "2"}, true), Catch::Contains("no option \"--jobs\""));
}

TEST_CASE("what cannot be meant is refused with what can", "[cli]") {
  CHECK_THAT(refusal({}), Catch::Contains("DSN and TABLE"));
  CHECK_THAT(refusal({"h"}), Catch::Contains("TABLE is missing"));
  CHECK_THAT(refusal({"h", "t", "f", "g"}), Catch::Contains("\"g\""));
  CHECK_THAT(refusal({"h", "t", "--format", "json"}), Catch::Contains("text, csv and binary"));
  CHECK_THAT(refusal({"h", "t", "--delimiter", "||"}), Catch::Contains("one byte"));
  CHECK_THAT(refusal({"h", "t", "--columns", "a,,b"}), Catch::Contains("empty"));
  CHECK_THAT(refusal({"h", "t", "--columns", "a,"}), Catch::Contains("empty"));
  CHECK_THAT(refusal({"h", "t", "--batch", "5"}), Catch::Contains("--jobs"));
  CHECK_THAT(refusal({"h", "t", "--quiet=1"}), Catch::Contains("no value"));
  CHECK_THAT(refusal({"h", "t", "x.bin", "--header"}), Catch::Contains("binary"));
  CHECK_THAT(refusal({"h", "t", "--quote", "'"}), Catch::Contains("csv"));
  for (const char* wrong : {"0", "1001", "-1", "many", "2x", ""})
    CHECK_THAT(refusal({"h", "t", "--jobs", wrong}), Catch::Contains("1 to 1000"));
  for (const char* wrong : {"0", "-1", "5 MB", "5mb", "2GB", "MB", "99999999999999999999", ""})
    CHECK_THAT(refusal({"h", "t", "--jobs", "2", "--batch", wrong}), Catch::Contains("1GB"));
}

TEST_CASE("a batch is rows, or bytes in PostgreSQL's units", "[cli]") {
  CHECK(cli::parse_batch("10000").rows == 10000);
  CHECK(cli::parse_batch("10000").bytes < (std::size_t{1} << 30));
  CHECK(cli::parse_batch("512B").bytes == 512);
  CHECK(cli::parse_batch("1GB").bytes == std::size_t{1} << 30);
  CHECK(cli::parse_batch("16MB").rows == UINT64_MAX);
}
