// A client_encoding that is changed by SQL: refused, or followed.

#include <string>
#include <string_view>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using status = tusk::session_status;

tusk::session following() {
  tusk::session_options options;
  options.follow_client_encoding = true;
  return connect(options);
}

template <class Call>
void check_refused(tusk::session& db, Call&& call) {
  const auto failed = error_of<tusk::programming_error>(std::forward<Call>(call));
  CHECK(failed.kind() == tusk::error_kind::usage);
  CHECK(failed.message().find("client_encoding was changed to LATIN1") == 0);
  CHECK(failed.message().find("follow_client_encoding") != std::string_view::npos);
  CHECK_FALSE(failed.session_usable());
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(db.status() == status::broken);
  CHECK_FALSE(db.check());
  const auto again = error_of<tusk::operational_error>([&] { return db.execute("select 1"); });
  CHECK(again.message().find("client_encoding was changed") != std::string_view::npos);
  db.reset();
  CHECK(db.parameter("client_encoding") == "UTF8");
  CHECK(db.scalar<std::string>("select 'ä'") == "ä");
}

}  // namespace

TEST_CASE("a call that changes client_encoding throws, and the session is given up") {
  auto db = connect();
  check_refused(db, [&] { return db.execute("set client_encoding = latin1"); });
  check_refused(db,
                [&] { return db.query("select set_config('client_encoding', 'LATIN1', false)"); });
  check_refused(db, [&] { return db.script("select 1; set client_encoding = latin1; select 2"); });
  check_refused(db, [&] { return db.execute("set names 'latin1'"); });
}

TEST_CASE("a stream and a pipeline that change client_encoding throw at their end") {
  auto db = connect();
  check_refused(db, [&] {
    int rows = 0;
    for (const auto& row : db.stream<std::string>(
             "select set_config('client_encoding', 'LATIN1', false) from generate_series(1, 3)"))
      rows += row.empty() ? 0 : 1;
    return rows;
  });
  check_refused(db, [&] {
    auto line = db.pipeline();
    line.execute("set client_encoding = latin1");
    line.finish();
    return 0;
  });
  {
    auto line = db.pipeline();
    line.execute("set client_encoding = latin1");
    line.sync();
  }  // it cannot throw
  check_refused(db, [&] { return db.execute("select 1"); });
}

TEST_CASE("a failed call in which client_encoding was changed has its own error, and says both") {
  auto db = connect();
  const auto failed = error_of<tusk::data_error>(
      [&] { return db.script("begin; set client_encoding = latin1; commit; select 1/0"); });
  CHECK(failed.sqlstate() == tusk::sqlstate::division_by_zero);
  CHECK(failed.message().find("client_encoding was changed") != std::string_view::npos);
  CHECK_FALSE(failed.session_usable());
  CHECK(db.status() == status::broken);
}

TEST_CASE("what is UTF-8 by another name, or undone in the same call, is nothing") {
  auto db = connect();
  for (const char* name : {"UTF8", "utf-8", "UNICODE", "unicode"})
    db.execute("set client_encoding = '" + std::string(name) + "'");
  db.script("set client_encoding = latin1; set client_encoding = utf8");
  db.script("begin; set client_encoding = latin1; rollback");
  error_of<tusk::data_error>([&] { return db.script("set client_encoding = latin1; select 1/0"); });
  CHECK(db.status() == status::open);
  CHECK(db.parameter("client_encoding") == "UTF8");
  CHECK(db.scalar<std::string>("select 'ä'") == "ä");
}

TEST_CASE("a session that follows passes texts in the encoding that is set, both ways") {
  auto db = following();
  db.execute(
      "create temp table t(\"gr\xc3\xb6\xc3\x9f"
      "e\" text)");
  static_cast<void>(db.query("select * from t"));
  db.execute("set client_encoding = latin1");
  CHECK(db.parameter("client_encoding") == "LATIN1");
  CHECK(db.status() == status::open);
  CHECK(db.scalar<std::string>("select chr(228)") == "\xe4");
  CHECK(db.scalar<int>("select length($1)", std::string("\xe4\xf6\xfc")) == 3);
  CHECK(db.scalar<int>("select ascii('\xe4')") == 228);
  // Names that were read before are read anew.
  CHECK(db.query("select * from t").columns().at(0).name ==
        "gr\xf6\xdf"
        "e");
  const tusk::call_options simple{.mode = tusk::statement_mode::simple};
  CHECK(db.scalar<std::string>(simple, "select $1 || '\xfc'", std::string("\xe4")) == "\xe4\xfc");
  db.execute("set client_encoding = utf8");
  CHECK(db.query("select * from t").columns().at(0).name ==
        "gr\xc3\xb6\xc3\x9f"
        "e");
  CHECK(db.scalar<std::string>("select chr(228)") == "\xc3\xa4");
}

TEST_CASE("an error's position is counted in the encoding that is set") {
  auto db = following();
  db.execute("set client_encoding = latin1");
  // Two characters of LATIN1 that would be one of UTF-8.
  const auto latin = error_of([&] { return db.query("select '\xc3\xa4', nope"); });
  CHECK(latin.position() == 14);
  CHECK(latin.details().statement_encoding == "LATIN1");
  CHECK(latin.report().find("LINE 1: select '\xc3\xa4', nope\n                     ^\n") !=
        std::string::npos);
  auto line = db.pipeline();
  auto bad = line.query("select '\xc3\xa4', nope");
  line.sync();
  CHECK(error_of([&] { return bad.get(); }).details().statement_encoding == "LATIN1");
  CHECK(error_of([&] {
          line.finish();
          static_cast<void>(bad.get());
          return 0;
        }).position() == 14);
  db.execute("set client_encoding = euc_jp");
  const auto japanese = error_of([&] { return db.query("select '\xc6\xfc\xcb\xdc', nope"); });
  CHECK(japanese.position() == 14);
  CHECK(japanese.report().find(
            "LINE 1: select '\xc6\xfc\xcb\xdc', nope\n                       ^\n") !=
        std::string::npos);
  db.execute("set client_encoding = sjis");
  // The second byte of this character is a backslash in ASCII.
  const auto shifted = error_of([&] { return db.query("select '\x95\x5c\xb1', nope"); });
  CHECK(shifted.position() == 14);
  const std::string report = shifted.report();
  CHECK(report.find("LINE 1: select '\x95\x5c\xb1', nope\n                      ^\n") !=
        std::string::npos);
  db.execute("set client_encoding = gb18030");
  const auto chinese =
      error_of([&] { return db.query("select '\x81\x30\x81\x38\xd6\xd0', nope"); });
  CHECK(chinese.position() == 14);
  db.execute("set client_encoding = utf8");
  CHECK(error_of([&] { return db.query("select nope"); }).details().statement_encoding.empty());
}
