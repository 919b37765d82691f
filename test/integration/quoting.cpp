// Names and texts that are quoted here, as the server understands them: in every client encoding,
// under both readings of backslashes, and in databases of several encodings.

#include "tusk/quote.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

const std::vector<std::string> nasty{"a",
                                     "'",
                                     "''",
                                     "\\",
                                     "\\\\",
                                     "\\'",
                                     "'\\",
                                     "\"",
                                     "\\\"",
                                     "a'; --",
                                     "$1",
                                     "$$ $x$",
                                     "/* */",
                                     "\n'\n",
                                     "E'a'",
                                     "U&'\\0041'",
                                     "\\x41",
                                     "\xC2\xA5'",
                                     "\xE4\xBD\xA0'\\",
                                     "\t\r\x01\x7f",
                                     "\\\\'x",
                                     "'''\\'''",
                                     "\xF0\x9F\x90\x98\"",
                                     "NULL",
                                     " x "};

/// A session that reads backslashes in plain quotes as it is told, in the encoding it is told.
tusk::session connect_by(std::string_view conforming, std::string_view database = "postgres") {
  tusk::session_options options;
  options.follow_client_encoding = true;
  tusk::conninfo to = tusk::conninfo::parse(variable("TUSK_TEST_DSN"));
  to.dbname = std::string(database);
  tusk::session db(to, options);
  db.execute(tusk::sql("set standard_conforming_strings = {}", tusk::literal(conforming)));
  db.execute("set escape_string_warning = off");
  return db;
}

/// Whether the server takes the text as a parameter, in the encoding that the client has set.
bool is_taken(tusk::session& db, const std::string& text) {
  try {
    db.execute("select $1::text", text);
    return true;
  } catch (const tusk::error& e) {
    CAPTURE(e.report());
    CHECK(e.sqlstate().class_code() == "22");  // not in the encoding, or not translatable
    return false;
  }
}

/// The literal and the name of a text in the session's encoding are that text to the server, or are
/// refused here, and then the server refuses the text as a parameter, too.
void check_text(tusk::session& db, const std::string& text) {
  CAPTURE(text, db.parameter("client_encoding"), db.parameter("standard_conforming_strings"));
  const bool taken = is_taken(db, text);
  try {
    // By the simple protocol, which would run what breaks out of its quotes.
    const auto results = db.script("select " + db.quote_literal(text) + "; select 1 as " +
                                   db.quote_identifier(text));
    CHECK(taken);
    CHECK(results.size() == 2);
    const tusk::sql same(
        "select {} = {} and (select json_object_keys(row_to_json(x)) from (select 1 as {}) x) = {}",
        tusk::literal(text), tusk::bind(text), tusk::ident(text), tusk::bind(text));
    CHECK(db.scalar<bool>(same));
    CHECK(db.scalar<bool>({.mode = tusk::statement_mode::simple}, same));
    const tusk::sql like("select {} like {}", tusk::bind(text),
                         tusk::literal(db.escape_like(text)));
    CHECK(db.scalar<bool>(like));
  } catch (const tusk::programming_error& e) {
    CAPTURE(e.report());
    CHECK(e.kind() == tusk::error_kind::usage);
    // One character is refused here alone; see below.
    if (text.find("\x81\x5f") == std::string::npos) CHECK_FALSE(taken);
  } catch (const tusk::data_error& e) {  // the whole text of the statement was refused
    CAPTURE(e.report());
    CHECK_FALSE(taken);
  }
}

/// Characters of any length and parts of such, with what ends quotes between.
std::string random_text(std::mt19937& random) {
  static constexpr std::array<char, 8> ascii{'\'', '"', '\\', 'a', '0', '%', '_', ' '};
  std::string text;
  for (unsigned long parts = 1 + random() % 4; parts > 0; --parts) {
    switch (random() % 4) {
      case 0: text.push_back(ascii[random() % ascii.size()]); break;
      case 1: text.push_back(static_cast<char>(0x80 + random() % 0x80)); break;
      case 2:
        text.push_back(static_cast<char>(0x81 + random() % 0x7E));
        text.push_back(random() % 3 == 0 ? '\\' : static_cast<char>(0x30 + random() % 0xD0));
        break;
      default:
        for (unsigned long size = 2 + random() % 3; size > 0; --size)
          text.push_back(static_cast<char>(0xA1 + random() % 0x5E));
    }
  }
  return text;
}

/// Takes the encoding, where the server can convert between it and the database's.
bool take_encoding(tusk::session& db, const std::string& name) {
  try {
    db.execute(tusk::sql("set client_encoding = {}", tusk::literal(name)));
    return true;
  } catch (const tusk::error& e) {
    CAPTURE(e.report());
    CHECK(e.sqlstate() == tusk::sqlstate::feature_not_supported);
    return false;
  }
}

std::vector<std::string> encodings_of(tusk::session& db) {
  std::vector<std::string> all;
  for (const std::string& name :
       db.query<std::string>("select pg_encoding_to_char(i) from generate_series(0, 60) i"
                             " where pg_encoding_to_char(i) <> ''"))
    all.push_back(name);
  return all;
}

/// Gives how many encodings the database can be used in.
int check_encodings(std::string_view database, int texts) {
  int taken = 0;
  for (const char* conforming : {"on", "off"}) {
    tusk::session db = connect_by(conforming, database);
    std::mt19937 random(20260101);
    for (const std::string& name : encodings_of(db)) {
      if (!take_encoding(db, name)) continue;
      ++taken;
      for (int i = 0; i < texts; ++i)
        check_text(db, random_text(random));
      db.execute("set client_encoding = UTF8");
    }
  }
  return taken / 2;
}

/// A database of another encoding, dropped at the end.
class other_database {
 public:
  explicit other_database(std::string_view encoding) : name_("of \"" + std::string(encoding)) {
    tusk::session db = connect();
    db.script(tusk::sql("drop database if exists {}", tusk::ident(name_)));
    db.script(
        tusk::sql("create database {} encoding {} template template0 lc_collate 'C' "
                  "lc_ctype 'C'",
                  tusk::ident(name_), tusk::literal(encoding)));
  }
  other_database(const other_database&) = delete;
  other_database& operator=(const other_database&) = delete;
  ~other_database() {
    try {
      connect().script(tusk::sql("drop database {}", tusk::ident(name_)));
    } catch (const tusk::error&) {  // a session that is going is still in it: it stays
    }
  }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
};

}  // namespace

TEST_CASE("what breaks naive quoting is a text and a name like any other") {
  for (const char* conforming : {"on", "off"}) {
    tusk::session db = connect_by(conforming);
    for (const std::string& text : nasty) {
      check_text(db, text);
      // The functions that know no session, with the server's own as what they are compared with.
      CAPTURE(text, conforming);
      const auto ours =
          db.script("select " + tusk::quote_literal(text) + " as " + tusk::quote_identifier(text));
      const auto theirs =
          db.one<std::string, std::string>("select quote_literal($1), quote_ident($1)", text);
      const auto server = db.script("select " + std::get<0>(theirs) + " as " + std::get<1>(theirs));
      CHECK(ours.at(0).at(0)[0].as<std::string>() == text);
      CHECK(ours.at(0).columns().at(0).name == text);
      CHECK(server.at(0).at(0)[0].as<std::string>() == text);
      CHECK(server.at(0).columns().at(0).name == text);
    }
  }
}

TEST_CASE("every byte is a bytea literal") {
  std::vector<std::byte> all;
  for (int i = 0; i < 256; ++i)
    all.push_back(static_cast<std::byte>(i));
  for (const char* conforming : {"on", "off"}) {
    tusk::session db = connect_by(conforming);
    const auto back = db.script("select " + db.quote_bytea(all) + "::bytea, " +
                                tusk::quote_bytea({}) + "::bytea");
    CHECK(back.at(0).at(0)[0].as<std::vector<std::byte>>() == all);
    CHECK(back.at(0).at(0)[1].as<std::vector<std::byte>>().empty());
    CHECK(db.scalar<bool>(tusk::sql("select {}::bytea = {}", tusk::literal(all), tusk::bind(all))));
  }
}

TEST_CASE("a pattern matches its text alone, with any escape") {
  tusk::session db = connect_by("on");
  for (const std::string& text : nasty) {
    CAPTURE(text);
    CHECK(db.scalar<bool>("select $1 like $2 || '%'", text + "more", tusk::escape_like(text)));
    CHECK(db.scalar<bool>("select $1 like $2 escape '!'", text, tusk::escape_like(text, '!')));
  }
  CHECK_FALSE(db.scalar<bool>("select 'axb' like $1", tusk::escape_like("a_b")));
  CHECK_FALSE(db.scalar<bool>("select 'axb' like $1", tusk::escape_like("a%b")));
}

TEST_CASE("random bytes in every client encoding are their text, or refused by both") {
  // All that 15 has but MULE_INTERNAL, which UTF-8 is not converted to.
  CHECK(check_encodings("postgres", 60) >= 40);
}

TEST_CASE("random bytes in databases of other encodings are their text, or refused by both") {
  for (const char* encoding : {"EUC_JP", "EUC_KR", "SQL_ASCII", "LATIN1"}) {
    CAPTURE(encoding);
    const other_database other(encoding);
    CHECK(check_encodings(other.name(), 40) >= 2);
  }
}

TEST_CASE("a character that looks like a backslash in another encoding is no way out") {
  for (const char* conforming : {"on", "off"}) {
    tusk::session db = connect_by(conforming);
    for (const auto& [encoding, text] :
         {std::pair<std::string, std::string>{"SJIS", "\x95\x5c' or 1=1 --"},
          {"BIG5", "\xa5\x5c' or 1=1 --"},
          {"GBK", "\x81\x5c' or 1=1 --"},
          {"GB18030", "\x81\x5c' or 1=1 --"},
          {"SHIFT_JIS_2004", "\x95\x5c' or 1=1 --"}}) {
      CAPTURE(encoding, conforming);
      REQUIRE(take_encoding(db, encoding));
      CHECK(is_taken(db, text));
      check_text(db, text);
      CHECK_THROWS_AS(db.quote_literal("\x95"), tusk::programming_error);
      CHECK_THROWS_AS(db.quote_identifier("\x95\""), tusk::programming_error);
      db.execute("set client_encoding = UTF8");
    }
  }
}

TEST_CASE("a character that the server turns into a backslash is no way out") {
  // JIS X 0213's full-width backslash is a plain one to the server's conversion to UTF-8.
  for (const char* conforming : {"on", "off"}) {
    tusk::session db = connect_by(conforming);
    REQUIRE(take_encoding(db, "SHIFT_JIS_2004"));
    const std::string wide = "\x81\x5f";
    CHECK(db.scalar<bool>("select $1 = $2", wide, "\\"));
    for (const std::string& text : {wide, wide + "' or 1=1 --", "\\" + wide + "' or 1=1 --"}) {
      CAPTURE(conforming, text);
      CHECK_THROWS_AS(db.quote_literal(text), tusk::programming_error);
      CHECK_THROWS_AS(db.script(tusk::sql("select {}", tusk::literal(text))),
                      tusk::programming_error);
      CHECK_THROWS_AS(db.execute({.mode = tusk::statement_mode::simple}, "select $1", text),
                      tusk::programming_error);
    }
  }
}

TEST_CASE("a name is as long as the server keeps it, in its own encoding") {
  tusk::session db = connect_by("on");
  std::string accents;
  for (int i = 0; i < 40; ++i)
    accents += "\xC3\xA9";
  const auto columns = [&](tusk::session& of, const std::string& quoted) {
    return of.script("select 1 as " + quoted).at(0).columns().at(0).name;
  };
  CHECK_THROWS_AS(db.quote_identifier(accents), tusk::programming_error);
  CHECK(columns(db, '"' + accents + '"') == accents.substr(0, 62));  // what the refusal prevents
  const std::string longest = accents.substr(0, 62) + "x";
  CHECK(columns(db, db.quote_identifier(longest)) == longest);
  const other_database latin("LATIN1");
  tusk::session other = connect_by("on", latin.name());
  CHECK(columns(other, other.quote_identifier(accents)) == accents);
  CHECK_THROWS_AS(other.quote_identifier(accents + accents), tusk::programming_error);
}
