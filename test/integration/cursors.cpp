// Cursors: batches, both kinds, every direction, their end, and what goes on beside them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/peak_memory.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;
using misuse = tusk::programming_error;

constexpr std::string_view ten = "select generate_series(1, 10)";

std::vector<int> numbers(const tusk::result<int>& rows) {
  return {rows.begin(), rows.end()};
}

// Portals of ours that the server holds, asked by the simple protocol, which closes none.
int open_cursors(tusk::session& db) {
  return db.script("select count(*)::int from pg_cursors where name like 'tusk_c%'")[0][0][0]
      .as<int>();
}

}  // namespace

TEST_CASE("a loop over a cursor gets all rows, batch by batch, in every mode") {
  for (const tusk::statement_mode mode : every_mode) {
    auto db = connect({.mode = mode});
    db.execute("begin");
    for (const std::uint32_t size : {1U, 3U, 99U, 100U, 101U}) {
      auto c = db.cursor<int, std::string>({.fetch_size = size},
                                           "select i, 'row ' || i || $2::text from "
                                           "generate_series(1, $1::int) i",
                                           100, std::string("!"));
      CHECK(c.columns().size() == 2);
      int expected = 0;
      for (const auto& [id, text] : c) {
        CHECK(id == ++expected);
        CHECK(text == "row " + std::to_string(id) + "!");
        // The session is free meanwhile.
        if (id == 50) CHECK(db.scalar<int>("select $1::int", 7) == 7);
      }
      CHECK(expected == 100);
      CHECK(c.rows() == 100);
      CHECK(c.done());
      CHECK(c.begin() == c.end());
      CHECK(c.fetch_all().empty());
    }
    db.execute("commit");
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("a fetch gives so many rows, and sums up what each Execute brought") {
  auto db = connect();
  db.execute("begin");
  auto c = db.cursor<int>({.fetch_size = 4}, ten);
  CHECK(numbers(c.fetch(3)) == std::vector{1, 2, 3});
  CHECK_FALSE(c.done());
  const auto batch = c.fetch();
  CHECK(numbers(batch) == std::vector{4, 5, 6, 7});
  CHECK(batch.done().tag() == "FETCH 4");
  CHECK(c.move_forward(1) == 1);
  CHECK(numbers(c.fetch_all()) == std::vector{9, 10});
  CHECK(c.done());
  CHECK(c.rows() == 9);
  // A result does not need its cursor.
  c.close();
  CHECK(numbers(batch) == std::vector{4, 5, 6, 7});
  CHECK(message_of<misuse>([&] { return c.fetch(); }) == "the cursor was closed, or moved from");
}

TEST_CASE("exactly as many rows as asked for are not yet the end, none behind them are") {
  for (const bool scroll : {false, true}) {
    auto db = connect();
    db.execute("begin");
    auto c = db.cursor<int>({.scroll = scroll}, ten);
    CHECK(c.fetch(10).size() == 10);
    CHECK_FALSE(c.done());
    CHECK(c.fetch(10).empty());
    CHECK(c.done());
  }
}

TEST_CASE("a loop that is left early goes on where it was") {
  auto db = connect();
  db.execute("begin");
  auto c = db.cursor<int>({.fetch_size = 4}, ten);
  for (int last : {1, 4, 6, 10}) {
    int seen = 0;
    for (const int i : c) {
      seen = i;
      if (i == last) break;
    }
    CHECK(seen == last);
  }
}

TEST_CASE(
    "a cursor that is left at any point leaves the session usable, and is closed with the "
    "next statement") {
  for (const bool scroll : {false, true}) {
    for (int leave_at = 0; leave_at <= 11; ++leave_at) {
      auto db = connect();
      db.execute("begin");
      {
        auto c = db.cursor<int>({.fetch_size = 3, .scroll = scroll}, ten);
        if (leave_at > 0)
          for (const int i : c)
            if (i == leave_at) break;
        CHECK(open_cursors(db) == 1);
      }
      CHECK(open_cursors(db) == 1);  // no round trip
      CHECK(db.scalar<int>("select 1") == 1);
      CHECK(open_cursors(db) == 0);
      CHECK(db.status() == status::in_transaction);
    }
  }
}

TEST_CASE("a cursor that is left in a failed transaction, or lives on behind it, does no harm") {
  auto db = connect();
  db.execute("begin");
  auto kept = db.cursor<int>(ten);
  {
    auto dropped = db.cursor<int>(ten);
    error_of([&] { return db.execute("select 1/0"); });
  }
  CHECK(error_of([&] { return kept.fetch(); }).sqlstate() ==
        tusk::sqlstate::in_failed_sql_transaction);
  db.execute("rollback");
  CHECK(message_of<misuse>([&] {
          return kept.fetch();
        }).starts_with("the cursor is gone: the transaction that it was opened in is over"));
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a cursor outlives its session object's moves, and tells when the session was reset") {
  auto db = connect();
  db.execute("begin");
  auto c = db.cursor<int>(ten);
  CHECK(c.fetch(1).front() == 1);
  tusk::session moved = std::move(db);
  auto other = std::move(c);
  CHECK(other.fetch(1).front() == 2);
  moved.reset();
  moved.execute("begin");
  CHECK(message_of<misuse>([&] { return other.fetch(1); }) ==
        "the cursor is gone: the session was reset since it was opened");
  auto last = moved.cursor<int>(ten);
  moved.close();
  CHECK(message_of<misuse>([&] { return last.fetch(1); }) == "the session is closed");
}

TEST_CASE("without a transaction block a cursor is refused, and the way out is named") {
  for (const tusk::statement_mode mode : every_mode) {
    auto db = connect({.mode = mode});
    for (const bool scroll : {false, true}) {
      const std::string said =
          message_of<misuse>([&] { return db.cursor<int>({.scroll = scroll}, ten); });
      CHECK(said.find("begin()") != std::string::npos);
      CHECK(said.find("stream()") != std::string::npos);
    }
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("a cursor does not live on in the next transaction") {
  for (const char* const next : {"commit; begin", "commit and chain", "rollback; begin"}) {
    INFO(next);
    for (const bool at_once : {true, false}) {
      auto db = connect();
      if (std::string_view(next).ends_with("chain") && major_version(db) < 12) continue;
      db.execute("begin");
      auto c = db.cursor<int>(ten);
      if (at_once) {
        db.script(next);
      } else {
        db.execute(std::string_view(next).substr(0, std::string_view(next).find(';')));
        if (db.status() == status::open) db.execute("begin");
      }
      CHECK(message_of<misuse>([&] { return c.fetch(); }).starts_with("the cursor is gone"));
    }
  }
}

TEST_CASE("a cursor that was opened behind a savepoint is gone when that is rolled back to") {
  for (const bool scroll : {false, true}) {
    auto db = connect();
    db.execute("begin");
    auto before = db.cursor<int>({.scroll = scroll}, ten);
    db.execute("savepoint s");
    auto behind = db.cursor<int>({.scroll = scroll}, ten);
    db.execute("rollback to s");
    CHECK(numbers(before.fetch(2)) == std::vector{1, 2});
    const auto gone = error_of<misuse>([&] { return behind.fetch(1); });
    CHECK(gone.message().find("was rolled back") != std::string_view::npos);
    CHECK(gone.sqlstate().text() == "34000");
  }
}

TEST_CASE("a BEGIN too many does not end a cursor") {
  auto db = connect();
  db.execute("begin");
  auto c = db.cursor<int>(ten);
  db.execute("begin");
  CHECK(c.fetch(2).size() == 2);
}

TEST_CASE("two cursors are fetched from in turns, other statements between them") {
  for (const tusk::statement_mode mode : every_mode) {
    auto db = connect({.mode = mode});
    db.execute("begin");
    auto up = db.cursor<int>({.fetch_size = 7}, "select generate_series(1, 100)");
    auto down = db.cursor<int>({.fetch_size = 5}, "select generate_series(100, 1, -1)");
    int rows = 0;
    auto other = down.begin();
    for (const int i : up) {
      CHECK(i + *other == 101);
      ++other;
      ++rows;
      if (rows % 10 == 0) CHECK(db.scalar<int>("select 2") == 2);
    }
    CHECK(rows == 100);
    CHECK(other == down.end());
  }
}

TEST_CASE("a cursor over 1,000,000 rows takes little memory") {
  for (const bool scroll : {false, true}) {
    auto db = connect();
    db.execute("begin");
    auto c = db.cursor<std::int64_t, std::string_view>(
        {.fetch_size = 1000, .scroll = scroll},
        "select i, repeat('x', 100) from generate_series(1::bigint, 1000000) i");
    reset_peak_memory();
    const auto before = peak_memory();
    std::int64_t sum = 0;
    std::size_t bytes = 0;
    for (auto [id, text] : c) {
      sum += id;
      bytes += text.size();
    }
    CHECK(sum == 500'000'500'000);
    CHECK(bytes == 100'000'000);
    CHECK(c.rows() == 1'000'000);
    const auto after = peak_memory();
    if (before && after) CHECK(*after - *before < 8 * 1024);
  }
}

TEST_CASE("a scrolling cursor goes to any row, in every mode") {
  for (const tusk::statement_mode mode : every_mode) {
    auto db = connect({.mode = mode});
    db.execute("begin");
    auto c = db.cursor<int>({.scroll = true}, "select generate_series(1, $1::int)", 10);
    CHECK(numbers(c.fetch(2)) == std::vector{1, 2});
    CHECK(numbers(c.fetch_last()) == std::vector{10});
    CHECK(c.fetch(1).empty());
    CHECK(c.done());
    CHECK(numbers(c.fetch_backward(3)) == std::vector{10, 9, 8});
    CHECK_FALSE(c.done());
    CHECK(numbers(c.fetch_absolute(5)) == std::vector{5});
    CHECK(numbers(c.fetch_absolute(-2)) == std::vector{9});
    CHECK(c.fetch_absolute(11).empty());
    CHECK(numbers(c.fetch_first()) == std::vector{1});
    CHECK(numbers(c.fetch_relative(3)) == std::vector{4});
    CHECK(numbers(c.fetch_relative(0)) == std::vector{4});
    CHECK(numbers(c.fetch_relative(-1)) == std::vector{3});
    CHECK(c.rows() == 12);
  }
}

TEST_CASE("a scrolling cursor is moved in both directions, and tells how far") {
  for (const tusk::statement_mode mode : every_mode) {
    auto db = connect({.mode = mode});
    db.execute("begin");
    auto c = db.cursor<int>({.scroll = true}, ten);
    CHECK(c.move_forward(4) == 4);
    CHECK(numbers(c.fetch(1)) == std::vector{5});
    CHECK(c.move_backward(2) == 2);
    CHECK(numbers(c.fetch(1)) == std::vector{4});
    CHECK(c.move_to_end() == 6);
    CHECK(c.done());
    CHECK(c.move_forward(1) == 0);
    CHECK(c.move_to_start() == 10);
    CHECK_FALSE(c.done());
    CHECK(numbers(c.fetch(1)) == std::vector{1});
    CHECK(c.move_absolute(7) == 1);
    CHECK(c.move_relative(1) == 1);
    CHECK(numbers(c.fetch(1)) == std::vector{9});
    CHECK(c.move_last() == 1);
    CHECK(c.move_first() == 1);
    CHECK(c.move_absolute(99) == 0);
    CHECK(c.move_backward(3) == 3);
    CHECK(numbers(c.fetch_relative(0)) == std::vector{8});
    CHECK(c.rows() == 5);
  }
}

TEST_CASE("a cursor that cannot scroll says so, and goes on") {
  auto db = connect();
  db.execute("begin");
  auto c = db.cursor<int>(ten);
  CHECK(c.fetch(3).size() == 3);
  for (auto&& failed : {error_of<misuse>([&] { return c.fetch_backward(1); }),
                        error_of<misuse>([&] { return c.fetch_absolute(1); }),
                        error_of<misuse>([&] { return c.fetch_relative(1); }),
                        error_of<misuse>([&] { return c.fetch_first(); }),
                        error_of<misuse>([&] { return c.fetch_last(); }),
                        error_of<misuse>([&] { return c.move_backward(1); }),
                        error_of<misuse>([&] { return c.move_first(); })}) {
    CHECK(failed.message() ==
          "the cursor goes forward only: open it with the option scroll to go any other way");
    CHECK(failed.transaction_usable());
  }
  CHECK(numbers(c.fetch(1)) == std::vector{4});
}

TEST_CASE("a cursor goes by at least one row at once") {
  auto db = connect();
  db.execute("begin");
  auto c = db.cursor<int>(ten);
  error_of<misuse>([&] { return c.fetch(0); });
  error_of<misuse>([&] { return c.fetch(0x8000'0000U); });
  error_of<misuse>([&] { return c.move_forward(0); });
  error_of<misuse>([&] { return db.cursor<int>({.fetch_size = 0}, ten); });
  CHECK(c.fetch(0x7fff'ffff).size() == 10);
}

TEST_CASE("a cursor with hold outlives the commit, in every mode") {
  for (const tusk::statement_mode mode : every_mode) {
    for (const bool scroll : {false, true}) {
      auto db = connect({.mode = mode});
      db.execute("begin");
      db.execute("create temp table t on commit drop as select generate_series(1, 10) as i");
      {
        auto c =
            db.cursor<int>({.scroll = scroll, .hold = true}, "select i from t where i > $1", 0);
        CHECK(numbers(c.fetch(2)) == std::vector{1, 2});
        db.execute("commit");
        CHECK(numbers(c.fetch(2)) == std::vector{3, 4});
        db.execute("begin");
        CHECK(numbers(c.fetch_all()).size() == 6);
        db.execute("commit");
        if (scroll) CHECK(numbers(c.fetch_first()) == std::vector{1});
        CHECK(open_cursors(db) == 1);
      }
      CHECK(db.scalar<int>("select 1") == 1);
      CHECK(open_cursors(db) == 0);
    }
  }
}

TEST_CASE("a cursor with hold is opened outside a transaction, and gone after a rollback") {
  for (const tusk::statement_mode mode : every_mode) {
    auto db = connect({.mode = mode});
    auto c = db.cursor<int>({.fetch_size = 3, .hold = true}, ten);
    CHECK(db.status() == status::open);
    int rows = 0;
    for (const int i : c)
      CHECK(i == ++rows);
    CHECK(rows == 10);
    db.execute("begin");
    auto lost = db.cursor<int>({.hold = true}, ten);
    db.execute("rollback");
    const auto gone = error_of<misuse>([&] { return lost.fetch(); });
    CHECK(gone.message().starts_with("the cursor is gone"));
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("a cursor is at home in WHERE CURRENT OF") {
  for (const bool scroll : {false, true}) {
    auto db = connect();
    db.execute("begin");
    db.execute("create temp table t as select generate_series(1, 10) as i, 0 as n");
    auto c = db.cursor<int>({.scroll = scroll},
                            scroll ? "select i from t" : "select i from t for update");
    c.move_forward(2);
    CHECK(c.fetch(1).front() == 3);
    db.execute("update t set n = 7 where current of " + std::string(c.name()));
    CHECK(db.scalar<int>("select i from t where n = 7") == 3);
  }
}

TEST_CASE("an error in the middle of a fetch is told, and the rows before its batch were there") {
  for (const tusk::statement_mode mode : every_mode) {
    for (const bool scroll : {false, true}) {
      auto db = connect({.mode = mode});
      db.execute("begin");
      auto c = db.cursor<int>({.fetch_size = 1000, .scroll = scroll},
                              "select 1000 / (5000 - i) from generate_series(1, 9999) i");
      int rows = 0;
      const auto failed = error_of<tusk::data_error>([&] {
        for (const int i : c) {
          static_cast<void>(i);
          ++rows;
        }
        return 0;
      });
      CHECK(rows == 4000);
      CHECK(failed.sqlstate() == tusk::sqlstate::division_by_zero);
      CHECK(failed.statement().starts_with("select 1000"));
      CHECK_FALSE(failed.transaction_usable());
      CHECK(error_of([&] { return c.fetch(); }).sqlstate() ==
            tusk::sqlstate::in_failed_sql_transaction);
      db.execute("rollback");
      CHECK(db.scalar<int>("select 1") == 1);
    }
  }
}

TEST_CASE("a fetch whose time is up is cancelled, and the cursor does not go on with a gap") {
  for (const bool hold : {false, true}) {
    auto db = connect({.drain_timeout = 60s});
    db.execute("begin");
    auto c = db.cursor<int>({.timeout = 3s},
                            "select i from generate_series(1, 10) i, pg_sleep((i / 5) * 20)");
    if (hold) db.execute("savepoint s");
    const auto late = error_of<tusk::operational_error>([&] { return c.fetch(8); });
    CHECK(late.kind() == tusk::error_kind::timeout);
    CHECK(late.session_usable());
    if (hold) {
      db.execute("rollback to s");
      CHECK(message_of<misuse>([&] {
              return c.fetch(1);
            }).starts_with("a fetch from the cursor has failed"));
    }
    db.execute("rollback");
    CHECK(db.scalar<int>("select 1") == 1);
  }
}

TEST_CASE("notices and notifications between the rows are kept, and disturb nothing") {
  auto db = connect();
  auto other = connect();
  db.execute("listen tusk_cursors");
  db.execute("begin");
  db.execute(
      "create function pg_temp.tell(i int) returns int language plpgsql as "
      "$$ begin raise notice 'row %', i; return i; end $$");
  for (const bool scroll : {false, true}) {
    auto c = db.cursor<int>({.fetch_size = 3, .scroll = scroll},
                            "select pg_temp.tell(i) from generate_series(1, 10) i");
    int rows = 0;
    for (const int i : c) {
      CHECK(i == ++rows);
      other.execute("notify tusk_cursors");
    }
    CHECK(rows == 10);
    CHECK(db.take_notices().size() == 10);
  }
  db.execute("commit");
  db.execute("select 1");
  CHECK(db.take_notifications().size() == 20);
}

TEST_CASE("a statement without rows is no matter for a cursor, and is not run") {
  for (const tusk::statement_mode mode :
       {tusk::statement_mode::prepared, tusk::statement_mode::declared,
        tusk::statement_mode::unnamed}) {
    auto db = connect({.mode = mode});
    db.execute("begin");
    db.execute("create temp table t(i int)");
    for (const char* const sql :
         {"insert into t values (1)", "copy t from stdin", "copy t to stdout", ""}) {
      CHECK(message_of<misuse>([&] { return db.cursor(sql); }) ==
            "the statement returns no rows, and was not run: a cursor is for one that does");
    }
    CHECK(db.status() == status::in_transaction);
    CHECK(db.scalar<int>("select count(*)::int from t") == 0);
    CHECK(open_cursors(db) == 0);
  }
}

TEST_CASE("whatever returns rows has a cursor of the protocol's") {
  auto db = connect();
  db.execute("begin");
  db.execute("create temp table t(i int)");
  auto inserted = db.cursor<int>("insert into t select generate_series(1, 5) returning i");
  CHECK(inserted.fetch(2).size() == 2);
  CHECK(db.scalar<int>("select count(*)::int from t") == 5);
  CHECK(inserted.fetch_all().size() == 3);
  CHECK(db.cursor<std::string>("show search_path").fetch_all().size() == 1);
  CHECK_FALSE(db.cursor("explain select 1").fetch_all().empty());
  CHECK(db.cursor("select from generate_series(1, 3)").fetch_all().size() == 3);
  CHECK(db.cursor<int>("values (1), (2)").fetch(1).size() == 1);
}

TEST_CASE("an error in the statement points into it as it was given") {
  for (const tusk::statement_mode mode : every_mode) {
    for (const bool scroll : {false, true}) {
      auto db = connect({.mode = mode});
      db.execute("begin");
      const auto failed =
          error_of<misuse>([&] { return db.cursor({.scroll = scroll}, "select nope"); });
      CHECK(failed.sqlstate() == tusk::sqlstate::undefined_column);
      if (scroll || mode != tusk::statement_mode::simple) CHECK(failed.position() == 8);
      CHECK(failed.statement() == "select nope");
    }
  }
}

TEST_CASE("a row type that does not fit is refused at the opening, which leaves nothing open") {
  for (const tusk::statement_mode mode : every_mode) {
    for (const bool scroll : {false, true}) {
      auto db = connect({.mode = mode});
      db.execute("begin");
      error_of<misuse>([&] { return db.cursor<int>({.scroll = scroll}, "select 'x'::text"); });
      error_of<misuse>([&] { return db.cursor<int>({.scroll = scroll}, "select 1, 2"); });
      CHECK(db.status() == status::in_transaction);
      CHECK(db.scalar<int>("select 1") == 1);
      if (mode != tusk::statement_mode::simple) CHECK(open_cursors(db) == 0);
    }
  }
}

TEST_CASE("cursors take prepared statements, and untyped rows in binary") {
  auto db = connect();
  const auto find = db.prepare("select i, now() from generate_series($1::int, 10) i");
  db.execute("begin");
  for (const bool scroll : {false, true}) {
    auto c = db.cursor({.scroll = scroll}, find, 9);
    const auto rows = c.fetch_all();
    CHECK(rows.size() == 2);
    CHECK(rows[1][0].as<int>() == 10);
    CHECK(rows.columns()[0].format == tusk::format::binary);
    CHECK(rows.columns()[1].format == tusk::format::binary);
  }
  db.execute("commit");
}

TEST_CASE("in the simple protocol a cursor takes one statement only") {
  auto db = connect({.mode = tusk::statement_mode::simple});
  db.execute("begin");
  CHECK(message_of<misuse>([&] { return db.cursor("select 1; create temp table t()"); }) ==
        "the text holds several statements, and a cursor is for one");
  CHECK(db.cursor<int>("select 1; -- the end").fetch_all().size() == 1);
  CHECK(db.status() == status::in_transaction);
}
