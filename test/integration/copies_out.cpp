// COPY TO STDOUT: its data, rows out of it, and what is left when it is not read to its end.

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using tusk::copy_format;
using mode = tusk::statement_mode;
using status = tusk::session_status;

constexpr const char* endless = "select generate_series(1, 1000000000), repeat('x', 100)";

std::string text_of(tusk::bytes_view part) {
  return {reinterpret_cast<const char*>(part.data()), part.size()};
}

std::string all_of(tusk::copy_out out) {
  std::string all;
  out.write_to([&](tusk::bytes_view part) { all += text_of(part); });
  return all;
}

}  // namespace

TEST_CASE("the data of a COPY is the server's, whoever takes it") {
  for (const mode how : every_mode) {
    auto db = connect({.mode = how, .drain_timeout = 60s});
    const std::string query =
        "select i, case when i % 3 > 0 then e'a\\tb\"' || i end from "
        "generate_series(1, 1000) i order by i -- by number";
    std::string expected;
    for (int i = 1; i <= 1000; ++i)
      expected += std::to_string(i) + ";" +
                  (i % 3 > 0 ? "\"a\tb\"\"" + std::to_string(i) + "\"" : "nil") + "\n";
    const tusk::copy_from what{
        .query = query, .format = copy_format::csv, .style = {.delimiter = ';', .null = "nil"}};
    CHECK(all_of(db.copy_out(what)) == expected);

    auto out = db.copy_out(what);
    CHECK(out.columns() == 2);
    CHECK(out.format() == copy_format::csv);
    CHECK(out.rows() == 0);
    CHECK(db.status() == status::busy);
    std::ostringstream stream;
    CHECK(out.write_to(stream) == expected.size());
    CHECK(stream.str() == expected);
    CHECK(out.rows() == 1000);
    CHECK(out.bytes_read() == expected.size());
    CHECK_FALSE(out.next());
    CHECK_FALSE(out.next());

    std::FILE* const file = std::tmpfile();
    REQUIRE(file != nullptr);
    CHECK(db.copy_out(what).write_to_descriptor(fileno(file)) == expected.size());
    std::string back(expected.size() + 1, '\0');
    CHECK(::pread(fileno(file), back.data(), back.size(), 0) ==
          static_cast<ssize_t>(expected.size()));
    back.pop_back();
    CHECK(back == expected);
    std::fclose(file);
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("tables are copied out by their columns, and what changes rows by RETURNING") {
  for (const mode how : every_mode) {
    auto db = connect({.mode = how});
    db.script(
        R"(create temp table "T "" t"(gone int, a int, "B" text, c int generated always as (a + 1) stored);
        alter table "T "" t" drop gone; insert into "T "" t" values (1, 'x'), (2, null))");
    tusk::copy_from what{.schema = "pg_temp", .table = "T \" t", .format = copy_format::text};
    CHECK(all_of(db.copy_out(what)) == "1\tx\n2\t\\N\n");
    what.columns = {"B", "a"};
    CHECK(all_of(db.copy_out(what)) == "x\t1\n\\N\t2\n");
    what = {.query = R"(update "T "" t" set a = a + 10 returning a)", .format = copy_format::text};
    CHECK(all_of(db.copy_out(what)) == "11\n12\n");
    CHECK(all_of(db.copy_out("copy (values (1, 'a;b')) to stdout (format csv, delimiter ';')")) ==
          "1;\"a;b\"\n");
    const auto empty = all_of(db.copy_out({.query = "select 1 where false"}));
    CHECK(empty.size() == 21);  // a binary COPY of no rows: header and trailer
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("rows of every format are decoded as a query's are") {
  for (const mode how : every_mode) {
    for (const copy_format format : every_format) {
      CAPTURE(static_cast<int>(how), static_cast<int>(format));
      auto db = connect({.mode = how});
      const tusk::copy_from what{
          .query =
              "select i, case when i % 2 = 0 then 'x' || chr(10) || i end, i / 2.0::float8 "
              "from generate_series(1, 3000) i",
          .format = format};
      int next = 0;
      auto rows = db.copy_rows<int, std::optional<std::string_view>, double>(what);
      for (auto [i, text, half] : rows) {
        CHECK(i == ++next);
        CHECK(text.has_value() == (i % 2 == 0));
        if (text) CHECK(*text == "x\n" + std::to_string(i));
        CHECK(half == i / 2.0);
      }
      CHECK(next == 3000);
      CHECK(db.status() == status::open);
      const auto refused = error_of<tusk::programming_error>([&] {
        for (auto [i, text] : db.copy_rows<int, int>(what))
          CHECK(i == text);
        return 0;
      });
      CHECK(refused.session_usable());
      CHECK(db.status() == status::open);
    }
  }
}

TEST_CASE("a NULL where the program has no room for one is named, and the session goes on") {
  for (const copy_format format : every_format) {
    auto db = connect({.drain_timeout = 60s});
    const auto failed = error_of<tusk::data_error>([&] {
      int sum = 0;
      for (auto [i, text] : db.copy_rows<int, std::string>(
               {.query = "select i, nullif(i, 500)::text from generate_series(1, 100000) i",
                .format = format}))
        sum += i;
      return sum;
    });
    CHECK(failed.session_usable());
    CHECK(db.scalar<int>("select 1") == 1);
  }
}

TEST_CASE("a COPY that is left early outside a transaction is cancelled") {
  for (const mode how : every_mode) {
    for (const copy_format format : every_format) {
      auto db = connect({.mode = how, .drain_timeout = 60s});
      {
        auto out = db.copy_out({.query = endless, .format = format});
        CHECK(out.next());
      }
      CHECK(db.status() == status::open);
      for (auto [i, text] :
           db.copy_rows<int, std::string_view>({.query = endless, .format = format})) {
        if (i == 10) break;
      }
      CHECK(db.status() == status::open);
      static_cast<void>(db.copy_out({.query = endless, .format = format}));
      auto again = db.copy_out({.query = "select 7", .format = copy_format::csv});
      CHECK(all_of(std::move(again)) == "7\n");
    }
  }
}

TEST_CASE("a COPY that is left early inside a transaction leaves that as it was") {
  for (const mode how : every_mode) {
    auto db = connect({.mode = how, .drain_timeout = 60s});
    auto tx = db.begin();
    tx.execute("create temp table kept(i int) on commit drop");
    {
      auto out = tx.copy_out({.query = "select generate_series(1, 300000)"});
      CHECK(out.next());
    }
    CHECK(db.status() == status::in_transaction);
    auto point = tx.savepoint();
    static_cast<void>(point.copy_out({.table = "kept"}));
    point.release();
    CHECK(tx.scalar<std::int64_t>("select count(*) from kept") == 0);
    tx.commit();
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("an error in the middle comes behind all that was sent before it") {
  for (const mode how : every_mode) {
    for (const copy_format format : every_format) {
      auto db = connect({.mode = how});
      const tusk::copy_from what{
          .query = "select i, 1 / (50000 - i) from generate_series(1, 60000) i", .format = format};
      int last = 0;
      const auto failed = error_of<tusk::data_error>([&] {
        for (auto [i, quotient] : db.copy_rows<int, int>(what))
          last = i;
        return last;
      });
      CHECK(failed.sqlstate() == tusk::sqlstate::division_by_zero);
      CHECK(failed.session_usable());
      CHECK(last == 49'999);
      auto out = db.copy_out(what);
      CHECK(error_of([&] { return out.write_to([](tusk::bytes_view) {}); }).sqlstate() ==
            tusk::sqlstate::division_by_zero);
      CHECK_FALSE(out.next());
      CHECK(out.rows() == 0);
      CHECK(db.status() == status::open);
    }
  }
}

TEST_CASE("what a sink throws comes out as it is, and the rest can still be read") {
  auto db = connect({.drain_timeout = 60s});
  auto out = db.copy_out({.query = "select generate_series(1, 1000)", .format = copy_format::csv});
  int parts = 0;
  CHECK_THROWS_AS(out.write_to([&](tusk::bytes_view) {
    if (++parts == 10) throw std::out_of_range("full");
  }),
                  std::out_of_range);
  std::string rest;
  out.write_to([&](tusk::bytes_view part) { rest += text_of(part); });
  CHECK(rest.starts_with("11\n12\n"));
  CHECK(rest.ends_with("999\n1000\n"));

  auto full = db.copy_out({.query = "select generate_series(1, 100000)"});
  const auto failed = error_of([&] { return full.write_to_descriptor(-1); });
  CHECK(failed.message() ==
        "descriptor -1 for the data of a COPY cannot be written: Bad file descriptor");
  auto bad = std::move(full);
  std::ostringstream sink;
  sink.setstate(std::ios::badbit);
  CHECK(error_of([&] { return bad.write_to(sink); }).message().find("stream") !=
        std::string_view::npos);
  CHECK(error_of([&] { return db.execute("select 1"); }).message().find("COPY") !=
        std::string_view::npos);
  bad = std::move(out);  // which leaves the one that was held
  CHECK(db.status() == status::open);
}

TEST_CASE("handles that were moved, and those of sessions that are gone, are refused or harmless") {
  auto db = connect({.drain_timeout = 60s});
  auto first = db.copy_out({.query = endless});
  auto second = std::move(first);
  CHECK_FALSE(first.next());  // NOLINT(bugprone-use-after-move)
  CHECK(second.next());
  db.close();
  CHECK(error_of([&] {
          while (second.next()) {
          }
          return 0;
        })
            .message()
            .find("closed") != std::string_view::npos);
  std::optional<tusk::session> other(connect({.drain_timeout = 60s}));
  auto outliving = other->copy_out({.query = endless});
  CHECK(outliving.next());
  other.reset();
  const auto after = [&] {
    try {
      for (int i = 0; i < 1000; ++i)
        static_cast<void>(outliving.next());
    } catch (const tusk::error&) {
    }
  };
  CHECK_NOTHROW(after());
}
