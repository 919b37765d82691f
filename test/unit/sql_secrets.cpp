// What a trace shows of SQL texts that hold secrets.
#include "session/sql_secrets.hpp"

#include <string>

#include "support/catch.hpp"

namespace {

std::string shown(std::string_view text) {
  std::string out;
  tusk::detail::append_without_secrets(out, text);
  return out;
}

}  // namespace

TEST_CASE("SQL secrets: a password is hidden however its literal is written", "[trace]") {
  for (const std::string literal :
       {"'hunter2'", "'hunt''er2'", "'''hunter2'''", "E'hunt\\'er2'", "e'hunter2\\\\'",
        "N'hunter2'", "U&'hunt\\0065r2'", "$$hunter2$$", "$t$hunter2$$$t$", "'hunt'\n  'er2'", "''",
        "''''", "'hunt\\''er2'"}) {
    INFO(literal);
    CHECK(shown("alter role ada password " + literal) == "alter role ada password '***'");
    CHECK(shown("create user ada with Password " + literal + " valid until 'x'")
              .starts_with("create user ada with Password '***'"));
    CHECK(shown("CREATE USER ada PASSWORD " + literal + "; select 1").find("unt") ==
          std::string::npos);
  }
  CHECK(shown("alter role ada password 'a' valid until '2030-01-01'") ==
        "alter role ada password '***' valid until '2030-01-01'");
  CHECK(shown("alter role a password 'x';alter role b password 'y'") ==
        "alter role a password '***';alter role b password '***'");
}

TEST_CASE("SQL secrets: blanks and comments may stand before the literal", "[trace]") {
  CHECK(shown("alter role a password'x'") == "alter role a password'***'");
  CHECK(shown("alter role a password /* 'y' */ -- 'z'\n 'x'") ==
        "alter role a password /* 'y' */ -- 'z'\n '***'");
  CHECK(shown("alter role a password /* without an end 'x'") == "alter role a password'***'");
  CHECK(shown("alter role a password " + std::string(100'000, ' ') + "'x'") ==
        "alter role a password'***'");
}

TEST_CASE("SQL secrets: a password inside another literal is hidden", "[trace]") {
  CHECK(shown("do $$ begin execute 'alter role a password ''hunt''''er2'''; end $$").find("unt") ==
        std::string::npos);
  CHECK(shown("do $$ begin execute 'alter role a password ''hunter2'''; end $$") ==
        "do $$ begin execute 'alter role a password '***''; end $$");
  CHECK(shown("do $$ begin alter role a password 'hunter2'; end $$") ==
        "do $$ begin alter role a password '***'; end $$");
}

TEST_CASE("SQL secrets: other statements with secrets", "[trace]") {
  CHECK(shown("create user mapping for a server s options (user 'a', password 'x')") ==
        "create user mapping for a server s options (user 'a', password '***')");
  CHECK(shown("create subscription s connection 'host=h password=x' publication p") ==
        "create subscription s connection '***' publication p");
}

TEST_CASE("SQL secrets: a literal without an end is hidden to the end", "[trace]") {
  CHECK(shown("alter role a password 'x; select 1") == "alter role a password '***'");
  CHECK(shown("alter role a password $$x; select 1") == "alter role a password '***'");
}

TEST_CASE("SQL secrets: everything else is shown as it is", "[trace]") {
  for (const std::string text :
       {"", "select 'x'", "select password from t where a = 'x'", "select my_password 'x'",
        "select passwords 'x'", "alter role a password null", "password", "select 1 as password",
        "alter role a password $1", "connection", "pass'word'"}) {
    INFO(text);
    CHECK(shown(text) == text);
  }
}

TEST_CASE("SQL secrets: a text made to take time takes no more than its share", "[trace]") {
  // Each of these words has everything behind it to look through.
  for (const std::string piece :
       {"password/*", "password--", "password ", "password '\\''", "password$"}) {
    std::string text;
    while (text.size() < 1'000'000)
      text += piece;
    CHECK(shown(text).size() <= 2 * text.size());
  }
}
