// The server is the judge of the rows that are written into a COPY: in every format and style it
// holds the values that were given.
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "tusk/tusk.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using texts = std::vector<std::string>;
using bytes = std::vector<std::byte>;
using copied_row = std::tuple<std::int64_t, std::optional<std::string>, std::optional<double>,
                              std::optional<float>, std::optional<timestamptz>,
                              std::optional<texts>, std::optional<bytes>>;

/// Texts that a format might trip over, one of them too long to go directly into a line.
texts nasty_texts() {
  return {
      "",   "\\N",        "\\.",        "NULL",
      "x",  "a\tb",       "a\nb\r",     "a,\"b\"",
      "\\", "\\x4e",      "'",          ";",
      " ",  "\x01\x1f\b", "sch\u00f6n", "N",
      "1",  "\n\\.\n",    "\"",         std::string(300, 'x') + "\t" + std::string(70'000, 'y')};
}

/// How many rows come back other than they went in, and that as many come back.
void check(session& db, copy_format format, const copy_style& style) {
  db.execute(
      "create temp table copied (id bigint, x text, d float8, r real, ts timestamptz, a text[], "
      "b bytea)");
  std::vector<copied_row> given;
  for (const std::string& text : nasty_texts()) {
    const auto id = static_cast<std::int64_t>(given.size());
    given.emplace_back(id, text, static_cast<double>(id) * 0.1 - 1, 0.1F,
                       timestamptz(id * 86'400'000'123 - 1), texts{text},
                       bytes{std::byte{0}, std::byte{255}});
  }
  given.emplace_back(static_cast<std::int64_t>(given.size()), std::nullopt, std::nullopt,
                     std::nullopt, std::nullopt, std::nullopt, std::nullopt);
  copy_in in = db.copy_in({.table = "copied", .format = format, .style = style});
  for (const auto& [id, x, d, r, ts, a, b] : given) {
    // What is refused here is not sent, and costs nothing but itself.
    CHECK_THROWS_AS(in.row(id, std::string("\0", 1), d, r, ts, a, b), data_error);
    in.row(id, x, d, r, ts, a, b);
  }
  CHECK(in.finish() == given.size());
  std::vector<copied_row> found;
  for (const copied_row& row : db.query<copied_row>("select * from copied order by id"))
    found.push_back(row);
  REQUIRE(found.size() == given.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(name_of(format), i);
    CHECK(found[i] == given[i]);
  }
  db.execute("drop table copied");
}

TEST_CASE("typed rows are held as they were given, by COPY in every format and style") {
  session db = connect();
  check(db, copy_format::binary, {});
  for (const copy_style& style :
       {copy_style{}, copy_style{.delimiter = ';', .null = "NULL"}, copy_style{.null = "\\\\N"},
        copy_style{.delimiter = '-', .null = "x"}, copy_style{.delimiter = 'A'}})
    check(db, copy_format::text, style);
  for (const copy_style& style :
       {copy_style{}, copy_style{.null = "\\N", .header = true},
        copy_style{.delimiter = ';', .null = "NULL", .quote = '\'', .escape = '\\'},
        copy_style{.delimiter = '\t', .quote = '1'}, copy_style{.delimiter = 'a'}})
    check(db, copy_format::csv, style);
}

}  // namespace
