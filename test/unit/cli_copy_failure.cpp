#include "../../tools/cli/copy_failure.hpp"

#include <string>
#include <utility>

#include "support/catch.hpp"

namespace {

std::string told(std::string context, std::uint64_t line, std::string column = {}) {
  tusk::error_details details{.kind = tusk::error_kind::server};
  details.message = "no";
  details.severity = "ERROR";
  details.where = std::move(context);
  details.copy_line = 3;
  details.copy_column = std::move(column);
  return cli::report_at(tusk::error(std::move(details)), "f.csv", tusk::copy_format::csv, line);
}

}  // namespace

TEST_CASE("a row's error is told by the line of its file, in the server's own context, too") {
  CHECK(told("COPY t, line 3, column n: \"3\"", 1003, "n") ==
        "f.csv:1003: column \"n\": ERROR:  no\nCONTEXT:  COPY t, line 1003, column n: \"3\"\n");
  CHECK(told("COPY t, ligne 3, colonne n : « 3 »", 13, "n") ==
        "f.csv:13: column \"n\": ERROR:  no\nCONTEXT:  COPY t, ligne 13, colonne n : « 3 »\n");
  CHECK(told("tのCOPY、行 3", 13) == "f.csv:13: ERROR:  no\nCONTEXT:  tのCOPY、行 13\n");
  CHECK(told("t 복사, 3번째 줄", 13) == "f.csv:13: ERROR:  no\nCONTEXT:  t 복사, 13번째 줄\n");
  // The table's name comes first, and what only begins like the number is none.
  CHECK(told("COPY t 3, line 3", 13) == "f.csv:13: ERROR:  no\nCONTEXT:  COPY t 3, line 13\n");
  CHECK(told("COPY t, line 30", 13) == "f.csv:13: ERROR:  no\nCONTEXT:  COPY t, line 30\n");
  CHECK(told("COPY t, line 3", 0) == "ERROR:  no\nCONTEXT:  COPY t, line 3\n");
}
