// How an open COPY ends when its backend is killed, or what it belongs to goes away, and what its
// handle is good for then.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "integration/held_table.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using mode = tusk::statement_mode;
using status = tusk::session_status;

}  // namespace

TEST_CASE("a COPY whose backend is killed breaks the session, with its reason if it came") {
  held_table held;
  const auto check = [](tusk::session& db, auto&& call) {
    const auto failed = error_of<tusk::operational_error>(call);
    INFO(failed.report());
    // A server that is killed while it waits to send cannot say so any more.
    if (failed.kind() != tusk::error_kind::connection_lost)
      CHECK(failed.sqlstate().text() == "57P01");
    CHECK_FALSE(failed.session_usable());
    CHECK(db.status() == status::broken);
    db.reset();
    CHECK(db.status() == status::open);
  };
  for (const mode how : every_mode) {
    CAPTURE(static_cast<int>(how));
    auto db = patient(how);
    {
      auto in = db.copy_in({.table = "held"});
      in.row(1);
      held.kill(db);
      check(db, [&] {
        for (;;)
          in.row(2);
        return 0;
      });
      CHECK_FALSE(in.is_open());
    }
    {
      auto in = db.copy_in({.table = "held"});
      in.row(1);
      held.kill(db);
      check(db, [&] { return in.finish(); });
    }
    {
      auto out = db.copy_out({.query = "select generate_series(1, 2000000000)"});
      CHECK(out.next());
      held.kill(db);
      check(db, [&] { return out.write_to([](tusk::bytes_view) {}); });
    }
    {
      const auto in = db.copy_in({.table = "held"});
      held.kill(db);
    }
    CHECK(held.count() == 0);
  }
}

TEST_CASE("handles that were moved, finished or given up refuse what cannot be done") {
  held_table held;
  for (const mode how : every_mode) {
    auto db = patient(how);
    auto first = db.copy_in({.table = "held"});
    first.row(1);
    auto second = std::move(first);
    // NOLINTBEGIN(bugprone-use-after-move)
    CHECK(error_of([&] {
            first.row(2);
            return 0;
          }).message() == "the COPY was moved from");
    CHECK(error_of([&] {
            first.write("2");
            return 0;
          }).message() == "the COPY was moved from");
    CHECK(error_of([&] { return first.finish(); }).message() == "the COPY was moved from");
    CHECK_FALSE(first.is_open());
    first.fail("nothing");
    // NOLINTEND(bugprone-use-after-move)
    second.row(2);
    CHECK(error_of([&] {
            second.write("3\n");
            return 0;
          }).kind() == tusk::error_kind::usage);
    CHECK(second.finish() == 2);
    for (int again = 0; again < 2; ++again) {
      CHECK(error_of([&] { return second.finish(); }).message() == "the COPY is over");
      CHECK(error_of([&] {
              second.row(3);
              return 0;
            }).message() == "the COPY is over");
    }
    second.fail("too late");
    CHECK(second.rows_taken() == 2);
    auto third = db.copy_in("copy held from stdin");
    third.write("7\n");
    CHECK(error_of([&] {
            third.row(8);
            return 0;
          }).kind() == tusk::error_kind::usage);
    third = std::move(second);
    CHECK_FALSE(third.is_open());
    CHECK(db.status() == status::open);
    CHECK(held.count() == 2);
    db.execute("truncate held");
  }
}

TEST_CASE("a source of bytes can do nothing with the COPY that reads it but give it up") {
  held_table held;
  auto db = patient(mode::prepared);
  auto in = db.copy_in("copy held from stdin");
  in.write("1\n");
  const auto uses = [&](auto&& use) {
    return error_of([&] {
      return in.write_from([&](std::span<std::byte>) -> std::size_t {
        use();
        return 0;
      });
    });
  };
  CHECK(uses([&] { in.write("2\n"); }).kind() == tusk::error_kind::usage);
  CHECK(uses([&] { static_cast<void>(in.finish()); }).kind() == tusk::error_kind::usage);
  CHECK(uses([&] { db.execute("select 1"); }).kind() == tusk::error_kind::usage);
  CHECK(in.is_open());
  in.write("3\n");
  CHECK(uses([&] { in.fail("enough"); }).kind() == tusk::error_kind::usage);
  CHECK_FALSE(in.is_open());
  CHECK(db.status() == status::open);
  CHECK(held.count() == 0);
}

TEST_CASE("a COPY ends with its transaction, its savepoint and its session") {
  held_table held;
  for (const mode how : every_mode) {
    auto db = patient(how);
    {
      std::optional<tusk::transaction> tx(db.begin());
      auto in = tx->copy_in({.table = "held"});
      for (int i = 0; i < 100'000; ++i)
        in.row(i);
      tx.reset();
      CHECK_FALSE(in.is_open());
      CHECK(db.status() == status::open);
    }
    {
      auto tx = db.begin();
      tx.execute("insert into held values (1)");
      std::optional<tusk::savepoint_scope> point(tx.savepoint());
      auto in = point->copy_in({.table = "held"});
      in.row(2);
      CHECK(error_of([&] {
              tx.commit();
              return 0;
            }).kind() == tusk::error_kind::usage);
      point.reset();
      CHECK_FALSE(in.is_open());
      tx.commit();
    }
    CHECK(held.count() == 1);
    auto in = db.copy_in({.table = "held"});
    in.row(3);
    CHECK(error_of([&] {
            db.reset();
            return 0;
          }).kind() == tusk::error_kind::usage);
    db.close();
    CHECK_FALSE(in.is_open());
    CHECK(error_of([&] { return in.finish(); }).message() == "the COPY is over");
    std::optional<tusk::session> gone(patient(how));
    auto outliving = gone->copy_in({.table = "held"});
    outliving.row(4);
    gone.reset();
    CHECK(error_of([&] {
            outliving.row(5);
            return 0;
          }).message() == "the COPY is over");
    CHECK(held.count() == 1);
    db = patient(how);
    db.execute("truncate held");
  }
}
