// COPYs whose options, handles or values could be mistaken for something else.

#include <array>
#include <fstream>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using tusk::copy_format;
using tusk::copy_from;
using tusk::copy_in;
using tusk::copy_into;
using mode = tusk::statement_mode;

constexpr std::array both_lines{copy_format::text, copy_format::csv};

std::string misuse_of(auto&& body) {
  return std::string(error_of<tusk::programming_error>(body).message());
}

std::string content(tusk::session& db) {
  return db.scalar<std::string>("select coalesce(string_agg(a::text, '|'), '-') from t");
}

}  // namespace

TEST_CASE("rows are not put into, or read out of, a COPY of another encoding") {
  auto db = connect();
  db.script("create temp table t(a text)");
  const std::string expected =
      "the COPY's ENCODING is LATIN1, and rows are in the session's, UTF8 (client_encoding): leave "
      "the option out, or use bytes";
  for (const copy_format format : both_lines) {
    CHECK(misuse_of([&] {
            return db.copy_in({.table = "t", .options = "encoding 'LATIN1'", .format = format})
                .row("é");
          }) == expected);
    CHECK(misuse_of([&] {
            return db.copy_rows<std::string>(
                {.table = "t", .options = "encoding 'LATIN1'", .format = format});
          }) == expected);
    CHECK(db.copy_in({.table = "t", .options = "encoding 'utf-8'", .format = format},
                     [](copy_in& in) { in.row("é"); }) == 1);
    auto bytes = db.copy_in({.table = "t", .options = "encoding 'LATIN1'", .format = format});
    bytes.write("\xe9\n");
    CHECK(bytes.finish() == 1);
  }
  CHECK(content(db) == "é|é|é|é");
  // Binary values are converted as well, but by the server alone.
  CHECK(db.copy_in({.table = "t", .options = "encoding 'UTF8'", .format = copy_format::binary},
                   [](copy_in& in) { in.row("é"); }) == 1);
}

TEST_CASE("a value that looks like DEFAULT's mark or like the end of the data stays a value") {
  auto db = connect();
  db.script("create temp table t(id int, a text default 'of the column')");
  if (db.server_version() >= 160000) {
    for (const copy_format format : both_lines) {
      auto in = db.copy_in({.table = "t", .options = "default 'D'", .format = format});
      in.row(1, "D");
      in.row(2, "DD");
      in.row(3, std::nullopt);
      CHECK(in.finish() == 3);
      auto raw = db.copy_in({.table = "t", .options = "default 'D'", .format = format});
      raw.write(format == copy_format::csv ? "4,D\n" : "4\tD\n");
      CHECK(raw.finish() == 1);
    }
    CHECK(content(db) == "D|DD|of the column|D|DD|of the column");
    db.script("truncate t");
  }
  auto in = db.copy_in({.table = "t",
                        .columns = {"a", "id"},
                        .format = copy_format::csv,
                        .style = {.delimiter = '.'}});
  in.row("before", 1);
  in.row("\\", std::nullopt);
  in.row("\\.", 3);
  in.row("after", 4);
  CHECK(in.finish() == 4);
  CHECK(content(db) == "before|\\|\\.|after");
}

TEST_CASE("a COPY of no rows sends the header that the server looks at") {
  auto db = connect();
  if (db.server_version() < 150000) return;
  db.script("create temp table t(id int, a text)");
  for (const copy_format format : both_lines) {
    const copy_into into{.table = "t", .options = "header match", .format = format};
    CHECK(db.copy_in(into).finish() == 0);
    CHECK(db.copy_in(into, [](copy_in& in) { in.row(1, "x"); }) == 1);
  }
  CHECK(misuse_of([&] {
          return db.copy_in("copy t from stdin (format csv, header match)").row(1, "x");
        }) ==
        "the names for the header that HEADER MATCH asks for are not known: name the table in "
        "copy_into");
  CHECK(content(db) == "x|x");
}

TEST_CASE("data of one format is not written into a COPY of another") {
  auto source = connect();
  auto db = connect();
  db.script("create temp table t(a text, b text)");
  for (const auto& [from, into] : {std::pair{copy_format::text, copy_format::csv},
                                   std::pair{copy_format::csv, copy_format::text},
                                   std::pair{copy_format::binary, copy_format::text}}) {
    auto out = source.copy_out(copy_from{.query = "select 'a', null", .format = from});
    auto in = db.copy_in({.table = "t", .format = into});
    CHECK(misuse_of([&] { return in.write_from(out); }) ==
          "a COPY in format " + std::string(name_of(from)) +
              " cannot be written into one in format " + std::string(name_of(into)));
    CHECK(in.finish() == 0);
  }
  auto out = source.copy_out(copy_from{.query = "select 'a', null"});
  auto in = db.copy_in({.table = "t", .format = copy_format::binary});
  const auto other = std::move(in);
  CHECK(misuse_of([&] { return in.write_from(out); }) == "the COPY was moved from");
}

TEST_CASE("a stream that was never opened is no empty one") {
  auto db = connect();
  db.script("create temp table t(a text)");
  std::ifstream nowhere("/nowhere/at/all");
  const auto failed = error_of<tusk::operational_error>(
      [&] { return db.copy_in("copy t from stdin").write_from(nowhere); });
  CHECK(failed.message() ==
        "the stream with the data for a COPY cannot be read: it was never opened, or has failed "
        "before");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("data goes on in the handle that a half-read one was moved to, and there alone") {
  auto db = connect();
  auto out =
      db.copy_out(copy_from{.query = "select generate_series(1, 5)", .format = copy_format::csv});
  std::string text(reinterpret_cast<const char*>(out.next()->data()), 2);
  auto second = std::move(out);
  CHECK_FALSE(out.next());
  while (const auto part = second.next())
    text.append(reinterpret_cast<const char*>(part->data()), part->size());
  CHECK(text == "1\n2\n3\n4\n5\n");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a function that is told something cannot use the COPY that is just sending") {
  std::vector<std::string> refusals;
  std::optional<copy_in> in;
  auto db = connect();
  db.script(R"(create temp table t(id int, a text);
    create function pg_temp.tell() returns trigger language plpgsql as
      $$ begin raise warning 'told'; return new; end $$;
    create trigger telling before insert on t for each row when (new.id = 1)
      execute function pg_temp.tell())");
  const auto refused = [&](auto&& use) {
    try {
      use();
      refusals.emplace_back("nothing");
    } catch (const tusk::programming_error& failed) {
      refusals.emplace_back(failed.message());
    }
  };
  db.on_notice([&](const tusk::notice&) {
    refused([&] { in->row(0, "from the handler"); });
    refused([&] { in->finish(); });
  });
  in.emplace(db.copy_in({.table = "t"}));
  for (int i = 1; i <= 100'000; ++i)
    in->row(i, "a row that takes some room");
  CHECK(in->finish() == 100'000);
  REQUIRE(refusals.size() == 2);
  for (const std::string& each : refusals)
    CHECK(each == "the COPY cannot be used by a function that is told something while it sends");
  CHECK(db.scalar<std::int64_t>("select count(*) from t") == 100'000);
}

TEST_CASE("a COPY that cannot be sent leaves no lock behind, and in simple mode changes nothing") {
  auto db = connect();
  db.script("drop table if exists copied_option; create table copied_option(a text)");
  CHECK_THROWS_AS(
      db.copy_in({.table = "copied_option", .columns = {"a"}, .where = std::string("a = '\0'", 7)}),
      tusk::programming_error);
  CHECK(db.status() == tusk::session_status::open);
  auto other = connect();
  // It waits for the session's locks, if there are any, and not for ever.
  other.script("set lock_timeout = '60s'; drop table copied_option");
  auto simple = connect({.mode = mode::simple});
  simple.script("create temp table t(a int)");
  CHECK(misuse_of([&] {
          return simple.copy_rows<int>({.query = "insert into t values (1) returning a"});
        }).starts_with("in statement_mode::simple the columns of a query that changes something"));
  CHECK(simple
            .copy_out(copy_from{.query = "insert into t values (1) returning a",
                                .format = copy_format::text})
            .next()
            .has_value());
}
