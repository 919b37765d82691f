// COPYs that the server refuses, that the program gives up, and handles used when they are over.

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
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
using tusk::copy_in;
using mode = tusk::statement_mode;
using status = tusk::session_status;

void make_table(tusk::session& db) {
  db.script(R"(create temp table t(id int primary key, name text not null check (name <> 'bad'));
    insert into t values (7, 'seven');
    create function pg_temp.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'not %', new.name; end $$;
    create trigger refusing before insert on t for each row when (new.name = 'triggering')
      execute function pg_temp.refuse())");
}

std::int64_t count(tusk::session& db) {
  return db.script("select count(*) from t").at(0).at(0)[0].as<std::int64_t>();
}

/// Whether the session is as good as new.
void check_usable(tusk::session& db, std::int64_t rows = 1) {
  CHECK(db.status() == status::open);
  CHECK(count(db) == rows);
  CHECK(db.copy_in({.table = "t", .where = "false"}, [](copy_in& in) { in.row(1, "x"); }) == 0);
  CHECK(db.scalar<int>("select 5") == 5);
}

template <class Body>
void in_every_mode(Body&& body, const tusk::session_options& options = {.drain_timeout = 60s}) {
  for (const mode how : every_mode) {
    CAPTURE(static_cast<int>(how));
    auto with = options;
    with.mode = how;
    auto db = connect(with);
    make_table(db);
    body(db);
  }
}

struct refusal {
  const char* sqlstate;
  int id;                           ///< of the row that is refused
  std::optional<std::string> name;  ///< likewise
};

const refusal refusals[] = {{"23505", 7, "twice"},
                            {"23514", 100, "bad"},
                            {"23502", 100, std::nullopt},
                            {"P0001", 100, "triggering"}};

}  // namespace

TEST_CASE("a row that the server refuses is told by its line, and nothing of the COPY remains") {
  in_every_mode([](tusk::session& db) {
    for (const copy_format format : every_format) {
      for (const refusal& each : refusals) {
        CAPTURE(static_cast<int>(format), each.sqlstate);
        const auto failed = error_of([&] {
          auto in = db.copy_in({.table = "t", .format = format});
          for (int i = 0; i < 5000; ++i)
            i == 1233 ? in.row(each.id, each.name) : in.row(i + 10'000, "fine");
          return in.finish();
        });
        CHECK(failed.sqlstate().text() == each.sqlstate);
        CHECK(failed.session_usable());
        CHECK(failed.where().find("COPY t, line 1234") != std::string_view::npos);
        CHECK(failed.details().copy_line == 1234);
        CHECK(failed.details().copy_column.empty());
        CHECK(db.status() == status::open);
        CHECK(count(db) == 1);
      }
    }
    check_usable(db);
  });
}

TEST_CASE("a table that does not exist is missed by the COPY, not by what is asked before it") {
  in_every_mode([](tusk::session& db) {
    const auto unnamed = error_of([&] { return db.copy_in({.table = "gone"}); });
    CHECK(unnamed.message() == "relation \"gone\" does not exist");
    CHECK(unnamed.statement().starts_with("COPY \"gone\""));
    CHECK(unnamed.details().position == 0);
    const auto elsewhere = error_of([&] { return db.copy_in({.schema = "no", .table = "where"}); });
    CHECK(elsewhere.message() == "relation \"no.where\" does not exist");
    const auto named =
        error_of([&] { return db.copy_in({.table = "t", .columns = {"id", "gone"}}); });
    CHECK(named.message() == "column \"gone\" does not exist");
    CHECK(named.statement().starts_with("COPY \"t\""));
    CHECK(named.details().position == 0);
    const auto out = error_of([&] { return db.copy_rows<int>({.table = "gone"}); });
    CHECK(out.message() == "relation \"gone\" does not exist");
    CHECK(out.statement().starts_with("COPY \"gone\""));
    check_usable(db);
  });
}

TEST_CASE("a value that the server cannot read is told by its line and column") {
  in_every_mode([](tusk::session& db) {
    const auto failed = error_of<tusk::data_error>([&] {
      auto in = db.copy_in("copy t (name, id) from stdin");
      in.write("a\t1\nb\t2\nc\tthree\nd\t4\n");
      return in.finish();
    });
    CHECK(failed.sqlstate().text() == "22P02");
    CHECK(failed.details().copy_line == 3);
    CHECK(failed.details().copy_column == "id");
    check_usable(db);
    const auto few = error_of<tusk::data_error>([&] {
      auto in = db.copy_in("copy t from stdin (format csv)");
      in.write("1,a\n2\n");
      return in.finish();
    });
    CHECK(few.sqlstate().text() == "22P04");
    CHECK(few.details().copy_line == 2);
    const auto torn = error_of<tusk::data_error>([&] {
      auto in = db.copy_in("copy t from stdin (format binary)");
      in.write(std::string_view("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\2\0\0", 23));
      return in.finish();
    });
    CHECK(torn.session_usable());
    check_usable(db);
  });
}

TEST_CASE("a source that never ends is stopped by the server's error") {
  in_every_mode([](tusk::session& db) {
    std::uint64_t given = 0;
    const auto endless = [&](std::span<std::byte> into) {
      const std::string_view line = given == 0 ? "1\ta\nbroken\n" : "2\tb\n";
      const std::size_t count = std::min(into.size(), line.size());
      std::memcpy(into.data(), line.data(), count);
      given += count;
      return count;
    };
    const auto failed = error_of<tusk::data_error>([&] {
      auto in = db.copy_in("copy t from stdin");
      return in.write_from(endless);
    });
    CHECK(failed.details().copy_line == 2);
    // What the buffers between here and the server hold, and not much more.
    CHECK(given < 64U << 20);
    check_usable(db);
    int next = 0;
    const auto typed = error_of<tusk::integrity_error>([&] {
      auto in = db.copy_in({.table = "t"});
      for (;;)
        in.row(next++, "x");
      return 0;
    });
    CHECK(typed.details().copy_line == 8);
    CHECK(next < 3'000'000);
    check_usable(db);
  });
}

TEST_CASE("a refused COPY fails its transaction block, and a savepoint takes that back") {
  in_every_mode([](tusk::session& db) {
    auto tx = db.begin();
    tx.execute("insert into t values (50, 'before')");
    {
      auto point = tx.savepoint();
      const auto failed = error_of<tusk::integrity_error>(
          [&] { return point.copy_in({.table = "t"}, [](copy_in& in) { in.row(7, "twice"); }); });
      CHECK_FALSE(failed.transaction_usable());
      CHECK(db.status() == status::failed_transaction);
      point.rollback();
    }
    CHECK(db.status() == status::in_transaction);
    CHECK(tx.copy_in({.table = "t"}, [](copy_in& in) { in.row(51, "after"); }) == 1);
    tx.commit();
    check_usable(db, 3);
  });
}

TEST_CASE("a constraint that is checked at the end is an error of finish()") {
  in_every_mode([](tusk::session& db) {
    db.script(
        "create temp table child(of_id int references t deferrable initially deferred);"
        "create temp table once(id int unique deferrable)");
    auto late = db.copy_in({.table = "child"});
    late.row(99);
    CHECK(error_of<tusk::integrity_error>([&] { return late.finish(); }).sqlstate().text() ==
          "23503");
    CHECK_FALSE(late.is_open());
    check_usable(db);
    auto twice = db.copy_in({.table = "once"});
    twice.row(1);
    twice.row(1);
    CHECK(error_of<tusk::integrity_error>([&] { return twice.finish(); }).sqlstate().text() ==
          "23505");
    check_usable(db);
  });
}

TEST_CASE("a row that cannot be encoded is not sent, and the COPY goes on with the next one") {
  in_every_mode([](tusk::session& db) {
    for (const copy_format format : every_format) {
      auto in = db.copy_in({.table = "t", .format = format});
      in.row(100, "a");
      CHECK_FALSE(error_of<tusk::data_error>([&] {
                    in.row(std::int64_t{1} << 40, "too large");
                    return 0;
                  })
                      .message()
                      .empty());
      CHECK_FALSE(error_of<tusk::data_error>([&] {
                    in.row(101, std::string_view("n\0l", 3));
                    return 0;
                  })
                      .message()
                      .empty());
      CHECK_FALSE(error_of<tusk::programming_error>([&] {
                    in.row(102);
                    return 0;
                  })
                      .message()
                      .empty());
      CHECK(in.is_open());
      const std::vector<std::pair<std::int64_t, std::string>> range{
          {103, "b"}, {std::int64_t{1} << 40, "too large"}, {104, "c"}};
      CHECK_FALSE(error_of<tusk::data_error>([&] {
                    in.rows(range);
                    return 0;
                  })
                      .message()
                      .empty());
      in.row(105, "d");
      CHECK(in.rows_written() == 3);
      CHECK(in.finish() == 3);
      CHECK(count(db) == 4);
      db.execute("delete from t where id <> 7");
    }
    check_usable(db);
  });
}

TEST_CASE("what the program throws ends the COPY, and comes out as it is") {
  in_every_mode([](tusk::session& db) {
    struct own {};
    CHECK_THROWS_AS(db.copy_in({.table = "t"},
                               [](copy_in& in) {
                                 in.row(1, "x");
                                 throw own();
                               }),
                    own);
    check_usable(db);
    CHECK_THROWS_AS(db.copy_in({.table = "t"},
                               [](copy_in& in) {
                                 for (int i = 0; i < 100'000; ++i)
                                   in.row(i + 10, "x");
                                 throw std::runtime_error("no \xff text\n of the server's");
                               }),
                    std::runtime_error);
    check_usable(db);
    {
      auto in = db.copy_in("copy t from stdin");
      in.write("1\tx\n");
      CHECK_THROWS_AS(
          in.write_from([](std::span<std::byte>) -> std::size_t { throw std::bad_alloc(); }),
          std::bad_alloc);
      in.write("2\ty\n");
      CHECK(in.finish() == 2);  // the COPY went on
    }
    check_usable(db, 3);
  });
}

TEST_CASE("the server is told why a COPY was given up") {
  std::string said;
  auto db = connect({.drain_timeout = 60s});
  make_table(db);
  auto trace = std::make_shared<tusk::wire_trace>([&](std::string_view line) { said += line; });
  db.trace(trace);
  const auto told = [&](std::string_view what) {
    const bool found = said.find(what) != std::string::npos;
    said.clear();
    return found;
  };
  try {
    db.copy_in({.table = "t"}, [](copy_in&) { throw std::runtime_error("out of apples"); });
  } catch (const std::runtime_error&) {
  }
  CHECK(told("COPY from stdin failed: out of apples"));
  db.copy_in({.table = "t"}).fail("out of pears");
  CHECK(told("COPY from stdin failed: out of pears"));
  static_cast<void>(db.copy_in({.table = "t"}));
  CHECK(told("CopyFail"));
  db.copy_in({.table = "t"}).fail(std::string(20'000, 'y'));
  CHECK(told("COPY from stdin failed: yyyyyyyy"));
  check_usable(db);
}
