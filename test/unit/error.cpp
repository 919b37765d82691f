#include "tusk/error.hpp"

#include "support/catch.hpp"

using namespace tusk;

namespace {

error_details server_error(std::string_view code, std::string message) {
  error_details details;
  details.kind = error_kind::server;
  details.severity = "ERROR";
  details.code = sqlstate_code(code);
  details.message = std::move(message);
  return details;
}

std::string report_at(std::string statement, std::int32_t position) {
  error_details details = server_error("42601", "m");
  details.statement = std::move(statement);
  details.position = position;
  return error(std::move(details)).report();
}

template <class Family>
void check_family(std::string_view code) {
  INFO(code);
  CHECK_THROWS_AS(raise(server_error(code, "m")), Family);
}

}  // namespace

TEST_CASE("what() is one line with severity and SQLSTATE") {
  CHECK(std::string(error(server_error("23505", "duplicate key")).what()) ==
        "ERROR: duplicate key (23505)");
  error_details own;
  own.message = "the session is closed";
  CHECK(std::string(error(own).what()) == "the session is closed");
}

TEST_CASE("a report shows every part in PostgreSQL's order") {
  error_details details = server_error("23505", "duplicate key");
  details.detail = "Key (id)=(1) already exists.";
  details.hint = "try another";
  details.where = "PL/pgSQL function f() line 1";
  CHECK(error(details).report() ==
        "ERROR:  duplicate key (23505)\n"
        "DETAIL:  Key (id)=(1) already exists.\n"
        "HINT:  try another\n"
        "CONTEXT:  PL/pgSQL function f() line 1\n");
}

TEST_CASE("a report marks the line and the character") {
  CHECK(report_at("select foo", 8) ==
        "ERROR:  m (42601)\n"
        "LINE 1: select foo\n"
        "               ^\n");
  CHECK(report_at("select 1,\r\n  foo\nfrom t", 14) ==
        "ERROR:  m (42601)\n"
        "LINE 2:   foo\n"
        "          ^\n");
}

TEST_CASE("positions count characters, and the caret stands in columns") {
  CHECK(report_at("select '\xc3\xa4\xc3\xb6', foo", 14) ==
        "ERROR:  m (42601)\n"
        "LINE 1: select '\xc3\xa4\xc3\xb6', foo\n"
        "                     ^\n");
  CHECK(report_at("select '\xe6\x97\xa5', x", 13) ==
        "ERROR:  m (42601)\n"
        "LINE 1: select '\xe6\x97\xa5', x\n"
        "                     ^\n");
  CHECK(report_at("\tx", 2) ==
        "ERROR:  m (42601)\n"
        "LINE 1:  x\n"
        "         ^\n");
}

TEST_CASE("a caret behind the last character stands at the end of input") {
  CHECK(report_at("select (", 9) ==
        "ERROR:  m (42601)\n"
        "LINE 1: select (\n"
        "                ^\n");
}

TEST_CASE("a position outside of the statement shows no line") {
  CHECK(report_at("select", 99) == "ERROR:  m (42601)\n");
  CHECK(report_at("select", -1) == "ERROR:  m (42601)\n");
  CHECK(report_at("", 1) == "ERROR:  m (42601)\n");
  CHECK(report_at("\xff\xfe\xc3", 2) == "ERROR:  m (42601)\nLINE 1: \xff\xfe\xc3\n         ^\n");
}

TEST_CASE("a long line is clipped around the caret") {
  const std::string report = report_at(std::string(200, 'a') + "X" + std::string(200, 'b'), 201);
  const std::size_t line = report.find("LINE 1: ...");
  REQUIRE(line != std::string::npos);
  const std::size_t end = report.find('\n', line);
  CHECK(report.substr(end - 3, 3) == "...");
  CHECK(end - line == std::string_view("LINE 1: ...").size() + 60 + 3);
  const std::size_t caret = report.find('^') - end - 1;
  CHECK(report[line + caret] == 'X');
}

TEST_CASE("the clipped line begins with the statement while the caret is near it") {
  const std::string report = report_at("select X" + std::string(200, 'b'), 8);
  CHECK(report.find("LINE 1: select Xbb") != std::string::npos);
  CHECK(report.find("...\n               ^\n") != std::string::npos);
}

TEST_CASE("an error inside a function shows the internal query") {
  error_details details = server_error("42601", "m");
  details.statement = "select f()";
  details.internal_query = "selec 1";
  details.internal_position = 1;
  details.where = "function f";
  CHECK(error(details).report() ==
        "ERROR:  m (42601)\n"
        "LINE 1: selec 1\n"
        "        ^\n"
        "QUERY:  selec 1\n"
        "CONTEXT:  function f\n");
}

TEST_CASE("an SQLSTATE's class decides the family") {
  for (const char* code :
       {"08006", "25006", "40001", "40P01", "53300", "55P03", "57014", "57P01", "58030", "F0000"})
    check_family<operational_error>(code);
  for (const char* code : {"42601", "42P01", "26000", "28P01", "3D000", "P0001", "99999"})
    check_family<programming_error>(code);
  for (const char* code : {"23505", "44000"})
    check_family<integrity_error>(code);
  for (const char* code : {"21000", "22012"})
    check_family<data_error>(code);
  check_family<internal_error>("XX000");
  check_family<not_supported_error>("0A000");
}

TEST_CASE("a report of a client's error shows the beginning of the statement") {
  error_details details;
  details.message = "the statement takes 1 parameter, and 2 are given";
  details.statement = "select $1";
  CHECK(error(details).report() ==
        "ERROR:  the statement takes 1 parameter, and 2 are given\nSTATEMENT:  select $1\n");
  details.statement = std::string(299, 'x') + "\xc3\xa9 and more";
  CHECK(error(details).report().ends_with("STATEMENT:  " + std::string(299, 'x') + "...\n"));
  details.kind = error_kind::server;
  CHECK(error(details).report() == "ERROR:  the statement takes 1 parameter, and 2 are given\n");
}

TEST_CASE("the client's own errors have families too") {
  const auto of = [](error_kind kind) {
    error_details details;
    details.kind = kind;
    details.message = "m";
    return details;
  };
  CHECK_THROWS_AS(raise(of(error_kind::connect)), operational_error);
  CHECK_THROWS_AS(raise(of(error_kind::connection_lost)), operational_error);
  CHECK_THROWS_AS(raise(of(error_kind::timeout)), operational_error);
  CHECK_THROWS_AS(raise(of(error_kind::protocol)), internal_error);
  CHECK_THROWS_AS(raise(of(error_kind::usage)), programming_error);
  CHECK_THROWS_AS(raise(of(error_kind::conversion)), data_error);
}
