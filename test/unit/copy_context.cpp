#include "session/copy_context.hpp"

#include <string_view>

#include "support/catch.hpp"

using namespace tusk::detail;

TEST_CASE("the place of a COPY's error is read in every language that PostgreSQL speaks") {
  // As PostgreSQL 15's translations have it: of a value, of a whole line, and of no data.
  struct {
    std::string_view value;
    std::string_view whole;
    std::string_view bare;
  } const languages[] = {
      {R"(COPY t, line 345, column id: "x")", R"(COPY t, line 345: "1")", "COPY t, line 345"},
      {"COPY t, Zeile 345, Spalte id: »x«", "COPY t, Zeile 345: »1«", "COPY t, Zeile 345"},
      {"COPY t, línea 345, columna id: «x»", "COPY t, línea 345: «1»", "COPY t, línea 345"},
      {"COPY t, ligne 345, colonne id : « x »", "COPY t, ligne 345 : « 1 »", "COPY t, ligne 345"},
      {R"(COPY t, riga 345, colonna id: "x")", R"(COPY t, riga 345: "1")", "COPY t, riga 345"},
      {R"(tのCOPY、行 345、列 id: "x")", R"(tのCOPY、行 345: "1")", "tのCOPY、行 345"},
      {R"(COPY t, ხაზი 345, სვეტი id: "x")", R"(COPY t, ხაზი 345: "1")", "COPY t, ხაზი 345"},
      {R"(t 복사, 345번째 줄, id 열: "x")", R"(t 복사, 345번째 줄: "1")", "t 복사, 345번째 줄"},
      {R"(COPY t, строка 345, столбец id: "x")", R"(COPY t, строка 345: "1")",
       "COPY t, строка 345"},
      {R"(COPY t, 第 345 行, 列 id: "x")", R"(COPY t, 第 345 行: "1")", "COPY t, 第 345 行"},
      {R"(COPY t, 第 345 行, 欄位 id: "x")", R"(COPY t, 第 345 行: "1")", "COPY t, 第 345 行"},
  };
  for (const auto& said : languages) {
    CAPTURE(said.value);
    CHECK(read_copy_context(said.value) == copy_context{345, "id"});
    CHECK(read_copy_context(said.whole) == copy_context{345, ""});
    CHECK(read_copy_context(said.bare) == copy_context{345, ""});
  }
}

TEST_CASE("a name in a COPY's context may be of any kind, and so may the value") {
  CHECK(read_copy_context(R"(COPY a, b, line 2: "3, line 4")") == copy_context{2, ""});
  CHECK(read_copy_context(R"(COPY a, 1b, line 2)") == copy_context{2, ""});
  CHECK(read_copy_context(R"(COPY t, line 2, column two words: "c: d")") ==
        copy_context{2, "two words"});
  CHECK(read_copy_context("COPY t, line 2, column id: null input") == copy_context{2, "id"});
  CHECK(read_copy_context("COPY t, ligne 2, colonne id : NULL en entrée") == copy_context{2, "id"});
  CHECK(read_copy_context("COPY t, line 18446744073709551615").line == 18446744073709551615U);
}

TEST_CASE("only the COPY's own line of a context tells its place") {
  CHECK(read_copy_context("PL/pgSQL function f(integer, integer) line 3 at RAISE\n"
                          "COPY t, line 7: \"x\"\nSQL statement \"x, line 9\"") ==
        copy_context{7, ""});
  for (const std::string_view said :
       {"", "\n", "\n\n", "COPY ", "COPY t", "COPY t, ", "COPY t, line",
        "COPY t, line 18446744073709551616",
        "PL/pgSQL function f(integer, integer) line 3 at RAISE", "SQL statement \"values (1, 2)\"",
        "COPY t, column 3rd: x", "portal \"x\" parameter $1, 7"}) {
    CAPTURE(said);
    CHECK(read_copy_context(said) == copy_context{});
  }
}
