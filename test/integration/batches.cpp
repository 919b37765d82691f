// execute_many: one statement for many rows, all or nothing.

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {
using namespace tusk::test;
using mode = tusk::statement_mode;
using status = tusk::session_status;

constexpr std::string_view insert = "insert into numbered values ($1, $2)";

struct numbered {
  int id;
  std::optional<std::string> name;
};

/// A table of its own in a session of its own.
tusk::session with_table(const tusk::session_options& options = {}) {
  auto db = connect(options);
  db.execute("create temp table numbered(id int primary key, name text)");
  return db;
}

std::vector<std::pair<int, std::string>> rows_from(int first, int count) {
  std::vector<std::pair<int, std::string>> rows;
  for (int i = first; i < first + count; ++i)
    rows.emplace_back(i, "row " + std::to_string(i));
  return rows;
}

std::int64_t count(tusk::session& db) {
  return db.scalar<std::int64_t>("select count(*) from numbered");
}

std::int64_t bad_row_first(tusk::session& db, int bad, int total) {
  auto rows = rows_from(0, total);
  rows[static_cast<std::size_t>(bad)].first = bad == 0 ? total - 1 : 0;
  const auto failed =
      error_of<tusk::integrity_error>([&] { return db.execute_many(insert, rows); });
  CHECK(failed.sqlstate().text() == "23505");
  return static_cast<std::int64_t>(failed.details().element.value());
}

/// A range that can be passed through once, and may throw.
struct once {
  int at = 0;
  int end_at = 0;
  int throws_at = -1;

  struct sentinel {};
  struct iterator {
    using value_type = std::tuple<int, std::string>;
    using difference_type = std::ptrdiff_t;
    once* of;
    value_type operator*() const {
      if (of->at == of->throws_at) throw std::runtime_error("the range is at its end");
      return {of->at, "made"};
    }
    iterator& operator++() {
      ++of->at;
      return *this;
    }
    void operator++(int) { ++of->at; }
    friend bool operator==(const iterator& i, sentinel) { return i.of->at == i.of->end_at; }
  };
  iterator begin() { return {this}; }
  static sentinel end() { return {}; }
};
}  // namespace

TEST_CASE("a batch runs its statement for each element, in every mode but simple") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  for (const int first : {0, 1000}) {
    const auto done = db.execute_many(insert, rows_from(first, 1000));
    CHECK(done.rows() == 1000);
    CHECK(done.counts() == std::vector<std::uint64_t>(1000, 1));
  }
  CHECK(count(db) == 2000);
  CHECK(db.scalar<bool>("select bool_and(name = 'row ' || id) from numbered"));
  CHECK(db.status() == status::open);
}

TEST_CASE("an element may be a tuple, a pair, a struct, a value, or parameters made at run time") {
  auto db = with_table();
  db.execute_many(insert, std::vector{std::tuple{1, std::string_view("tuple")}});
  db.execute_many(insert, std::list{std::pair{2, "pair"}});
  db.execute_many(insert, std::array{numbered{3, "struct"}, numbered{4, std::nullopt}});
  db.execute_many("insert into numbered values ($1)", std::vector{5, 6});
  const int plain[] = {7, 8};
  db.execute_many("insert into numbered values ($1)", plain);
  const std::vector<int> ids{9, 10};
  const std::string name = "dynamic";
  std::vector<tusk::dynamic_parameters> dynamic(2);
  for (std::size_t i = 0; i < 2; ++i) {
    dynamic[i].add(ids[i]);
    dynamic[i].add(name);
  }
  db.execute_many(insert, dynamic);
  CHECK(db.one<std::string>("select string_agg(id || coalesce(' ' || name, ''), ',' order by id) "
                            "from numbered") ==
        "1 tuple,2 pair,3 struct,4,5,6,7,8,9 dynamic,10 dynamic");
}

TEST_CASE("a range may make its elements, and be passed through once") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  CHECK(db.execute_many(insert, once{.end_at = 5000}).rows() == 5000);
  CHECK(count(db) == 5000);
  std::vector<bool> proxies{true, false, true};
  CHECK(db.execute_many("delete from numbered where $1 and id = 1", proxies).counts() ==
        std::vector<std::uint64_t>{1, 0, 0});
}

TEST_CASE("the counts are those of each element") {
  auto db = with_table();
  db.execute_many(insert, rows_from(0, 10));
  const auto done =
      db.execute_many("update numbered set name = 'x' where id < $1", std::vector{3, 0, 100});
  CHECK(done.counts() == std::vector<std::uint64_t>{3, 0, 10});
  CHECK(done.rows() == 13);
  const auto selected = db.execute_many("select * from numbered where id < $1", std::vector{2, 5});
  CHECK(selected.counts() == std::vector<std::uint64_t>{2, 5});
  const auto returned = db.execute_many("delete from numbered where id = $1 returning id, name",
                                        std::vector{2, 2, 5});
  CHECK(returned.counts() == std::vector<std::uint64_t>{1, 0, 1});
}

TEST_CASE("an empty range sends nothing, not even a statement that is wrong") {
  auto db = connect();
  const auto done = db.execute_many("no statement at all", std::vector<int>());
  CHECK(done.rows() == 0);
  CHECK(done.counts().empty());
  CHECK(prepared_count(db) == 0);
}

TEST_CASE("the server's refusal names the element, and nothing of the batch remains") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  for (const int bad : {1, 17, 999, 30'000}) {
    CHECK(bad_row_first(db, bad, bad + 1) == bad);
    CHECK(bad_row_first(db, bad, 40'000) == bad);
    CHECK(count(db) == 0);
    CHECK(db.status() == status::open);
  }
}

TEST_CASE("the element's number is shown") {
  auto db = with_table();
  auto rows = rows_from(0, 20);
  rows[17].first = 3;
  const auto failed = error_of([&] { return db.execute_many(insert, rows); });
  CHECK(std::string(failed.what()).ends_with("(23505) in element 17 (from 0)"));
  CHECK(failed.report().find("BATCH:  in element 17 (from 0)\n") != std::string::npos);
  CHECK(failed.statement() == insert);
  CHECK(failed.session_usable());
}

TEST_CASE("a conversion that fails here names the element, and nothing of the batch remains") {
  const int bad = GENERATE(0, 1, 20'000);
  auto db = with_table();
  std::vector<std::pair<std::int64_t, std::string>> rows;
  for (int i = 0; i < bad; ++i)
    rows.emplace_back(i, "fits");
  rows.emplace_back(std::int64_t{1} << 40, "does not");
  rows.emplace_back(0, "is not looked at");
  const auto failed = error_of<tusk::data_error>([&] { return db.execute_many(insert, rows); });
  CHECK(failed.kind() == tusk::error_kind::conversion);
  CHECK(failed.details().element == static_cast<std::uint64_t>(bad));
  CHECK(failed.session_usable());
  CHECK(failed.transaction_usable());
  CHECK(count(db) == 0);
  CHECK(db.execute_many(insert, rows_from(0, 3)).rows() == 3);
}

TEST_CASE("what the range throws comes out as it is, and nothing of the batch remains") {
  const int at = GENERATE(0, 1, 20'000);
  const auto how = GENERATE(mode::prepared, mode::declared);
  auto db = with_table({.mode = how});
  CHECK_THROWS_AS(db.execute_many(insert, once{.end_at = 40'000, .throws_at = at}),
                  std::runtime_error);
  CHECK(db.status() == status::open);
  CHECK(count(db) == 0);
}

TEST_CASE("a range that reads another session's stream passes that session's error on") {
  auto db = with_table();
  auto other = connect();
  const auto failed = error_of<tusk::data_error>([&] {
    auto rows = other.stream<int, std::string>(
        "select i, (10 / (20000 - i))::text from generate_series(1, 30000) as i");
    return db.execute_many(insert, rows);
  });
  CHECK(failed.sqlstate().text() == "22012");
  CHECK_FALSE(failed.details().element.has_value());
  CHECK(count(db) == 0);
  CHECK(db.status() == status::open);
}

TEST_CASE("a deferred constraint fails at the end, and is no element's") {
  auto db = connect();
  db.execute("create temp table late(id int unique deferrable initially deferred)");
  const auto failed = error_of<tusk::integrity_error>(
      [&] { return db.execute_many("insert into late values ($1)", std::vector{1, 2, 1}); });
  CHECK_FALSE(failed.details().element.has_value());
  CHECK(db.scalar<std::int64_t>("select count(*) from late") == 0);
}

TEST_CASE("all elements are one transaction") {
  auto db = connect();
  db.execute("create temp table ids(i int, xid bigint default txid_current())");
  db.execute_many("insert into ids(i) values ($1)", std::vector<int>(20'000, 1));
  CHECK(db.scalar<std::int64_t>("select count(distinct xid) from ids") == 1);
}

TEST_CASE("inside a transaction block a batch is part of it") {
  auto db = with_table();
  db.execute("begin");
  db.execute_many(insert, rows_from(0, 10));
  CHECK(db.status() == status::in_transaction);
  const auto failed = error_of([&] { return db.execute_many(insert, rows_from(5, 10)); });
  CHECK(failed.details().element == 0);
  CHECK_FALSE(failed.transaction_usable());
  CHECK(db.status() == status::failed_transaction);
  db.execute("rollback");
  CHECK(count(db) == 0);
}

TEST_CASE("a batch heals a statement that the server has lost, when the range can be read again") {
  const auto how = GENERATE(mode::prepared, mode::declared);
  auto db = with_table({.mode = how});
  db.execute_many(insert, rows_from(0, 10));
  db.script("deallocate all");
  CHECK(db.execute_many(insert, rows_from(10, 20'000)).rows() == 20'000);
  // Behind tusk's back: no tag of the caller's own tells.
  db.script("do $$ begin execute 'deallocate all'; end $$");
  CHECK(db.execute_many(insert, rows_from(100'000, 20'000)).rows() == 20'000);
  CHECK(count(db) == 40'010);
  db.script("do $$ begin execute 'deallocate all'; end $$");
  const auto failed =
      error_of([&] { return db.execute_many(insert, once{.at = 900'000, .end_at = 920'000}); });
  CHECK(failed.sqlstate().text() == "26000");
  CHECK(db.execute_many(insert, once{.at = 900'000, .end_at = 920'000}).rows() == 20'000);
}

TEST_CASE("a batch takes a statement prepared by hand, also after the table was altered") {
  auto db = with_table();
  const auto add = db.prepare(insert);
  CHECK(db.execute_many(add, rows_from(0, 5)).rows() == 5);
  const auto all = db.prepare("select * from numbered where id = $1");
  CHECK(db.execute_many(all, std::vector{1, 2, 99}).counts() ==
        std::vector<std::uint64_t>{1, 1, 0});
  db.script("alter table numbered add more int");
  CHECK(db.execute_many(all, std::vector{1, 2, 99}).counts() ==
        std::vector<std::uint64_t>{1, 1, 0});
}

TEST_CASE("what cannot be a batch is refused before anything is sent") {
  auto db = with_table();
  CHECK(message_of<tusk::programming_error>([&] {
          return db.execute_many({.mode = mode::simple}, insert, rows_from(0, 2));
        }).find("statement_mode::simple") != std::string::npos);
  CHECK(message_of<tusk::programming_error>([&] {
          return db.execute_many("copy numbered from stdin", std::vector{1});
        }) == "COPY cannot be run as a batch");
  CHECK(message_of<tusk::programming_error>([&] {
          return db.execute_many(insert, std::vector{1});
        }) == "the statement takes 2 parameters, and 1 is given");
  std::vector<tusk::dynamic_parameters> rows(2);
  const int one = 1;
  const double half = 0.5;
  rows[0].add(one);
  rows[1].add(half);
  const auto failed = error_of<tusk::programming_error>([&] {
    return db.execute_many({.mode = mode::declared}, "insert into numbered values ($1)", rows);
  });
  CHECK(failed.details().element == 1);
  CHECK(db.status() == status::open);
  CHECK(count(db) == 0);
}

TEST_CASE("a batch whose statement is wrong fails without an element, and leaves nothing") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  const int before = prepared_count(db);
  const auto failed = error_of<tusk::programming_error>(
      [&] { return db.execute_many("insert into nowhere values ($1)", std::vector{1, 2}); });
  CHECK(failed.sqlstate().text() == "42P01");
  CHECK_FALSE(failed.details().element.has_value());
  CHECK(prepared_count(db) == before);
  CHECK(db.execute_many(insert, rows_from(0, 2)).rows() == 2);
}

TEST_CASE("a batch whose time is up is cancelled, and the session goes on") {
  auto db = with_table();
  const auto failed = error_of([&] {
    return db.execute_many({.timeout = std::chrono::milliseconds(300)},
                           "insert into numbered select $1 from pg_sleep(3)",
                           std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  });
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(db.status() == status::open);
  CHECK(count(db) == 0);
}

TEST_CASE("a batch whose connection is cut says so, and the session is broken") {
  auto db = connect();
  std::vector<int> rows(5000, 0);
  rows[1000] = 1;
  const auto failed = error_of<tusk::operational_error>([&] {
    return db.execute_many("select pg_terminate_backend(pg_backend_pid()) where $1 = 1", rows);
  });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.sqlstate().text() == "57P01");
  CHECK_FALSE(failed.session_usable());
  CHECK(db.status() == status::broken);
}
