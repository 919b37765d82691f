#include <string>
#include <string_view>
#include <vector>

#include "session/sql_scanner.hpp"
#include "support/catch.hpp"

using tusk::detail::command_keyword;
using tusk::detail::holds_one_statement;
using tusk::detail::script_statements;

TEST_CASE("a command is known by its first word, behind comments, blanks and parentheses") {
  CHECK(command_keyword("call f()") == "CALL");
  CHECK(command_keyword(" \n/* do */ -- do\n Do $$ $$") == "DO");
  CHECK(command_keyword("((select 1) union select 2)") == "SELECT");
  CHECK(command_keyword(";; ;Insert into t") == "INSERT");
  CHECK(command_keyword("with a as (select 1) select 2") == "WITH");
  CHECK(command_keyword("values(1)") == "VALUES");
}

TEST_CASE("a text that begins with no word has no keyword") {
  for (const char* each :
       {"", "  ", ";", "-- select", "/* select", "'select'", "\"select\"", "$1"}) {
    CAPTURE(each);
    CHECK(command_keyword(each).empty());
  }
}

TEST_CASE("semicolons separate statements, and empty statements do not count") {
  for (const char* each : {"", ";", "select 1", "select 1;", ";;select 1;; -- x\n ;/**/"}) {
    CAPTURE(each);
    CHECK(holds_one_statement(each));
  }
  for (const char* each : {"select 1;select 2", ";a;;b;", "a;'b'", "a;$1", "a;)", "begin; end"}) {
    CAPTURE(each);
    CHECK_FALSE(holds_one_statement(each));
  }
}

TEST_CASE("semicolons in quotes, comments, names and parentheses separate nothing") {
  for (const char* each : {"select 'a;b'", "select E'\\';b'", "select $$a;b$$", "select \"a;b\"",
                           "select 1 -- ;b", "select 1 /* ;b /* */ ;c */", "select $a$;$$;$a$",
                           "create rule r as on insert to t do also (insert into a values (1); "
                           "insert into b select 2)"}) {
    CAPTURE(each);
    CHECK(holds_one_statement(each));
  }
}

TEST_CASE("where a string ends, and so a statement, depends on standard_conforming_strings") {
  CHECK_FALSE(holds_one_statement(R"(select '\';select 2 --')", true));
  CHECK(holds_one_statement(R"(select '\';select 2 --')", false));
}

TEST_CASE("the body of an SQL function is part of its statement") {
  for (const char* each :
       {"create function f() returns int begin atomic select 1; select 2; end",
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;",
        "create procedure p() begin atomic insert into t values (1); end ;",
        "create function f() returns int language sql begin /**/ atomic"
        " select case when true then 1 end; select case 1 when 1 then case 2 when 2 then 3 end end;"
        " end",
        "create function f() returns int begin atomic select 1 as end, t.case from t; select 2; "
        "end"}) {
    CAPTURE(each);
    CHECK(holds_one_statement(each));
    CHECK_FALSE(holds_one_statement(std::string(each) + ";;select 3"));
  }
}

TEST_CASE("only SQL functions have a body with semicolons") {
  CHECK_FALSE(holds_one_statement("begin atomic; select 1; end"));
  CHECK_FALSE(holds_one_statement("create table begin (atomic int); select 1"));
  CHECK_FALSE(holds_one_statement("create view function as select begin atomic; select 1; end"));
  CHECK_FALSE(holds_one_statement("create function f() returns int return 1; select 1"));
  CHECK_FALSE(holds_one_statement("create function f(\"begin\" int) as $$a;b$$ language sql; end"));
}

namespace {

std::vector<std::string> cut(std::string_view sql) {
  std::vector<std::string> parts;
  for (const auto& each : script_statements(sql))
    parts.emplace_back(sql.substr(each.offset, each.length));
  return parts;
}

}  // namespace

TEST_CASE("a script is cut into its statements, without the empty ones") {
  using parts = std::vector<std::string>;
  for (const char* each : {"", ";", " ; ;", "-- ;x\n;/* ; */"}) {
    CAPTURE(each);
    CHECK(cut(each).empty());
  }
  CHECK(cut("select 1") == parts{"select 1"});
  CHECK(cut(";; select 1 ;\n;\tselect 2 -- two\n;") == parts{"select 1", "select 2"});
  CHECK(cut("select ';', $$;$$, \";\" ;a") == parts{"select ';', $$;$$, \";\"", "a"});
  CHECK(cut("create function f() returns int begin atomic select 1; select 2; end; b") ==
        parts{"create function f() returns int begin atomic select 1; select 2; end", "b"});
  CHECK(cut("a; select 'unterminated; b") == parts{"a", "select 'unterminated; b"});
}
