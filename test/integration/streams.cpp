// Streams: bounded memory, leaving early, errors in the middle, and the session meanwhile.

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/peak_memory.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;

// Not in FROM, where the server would collect all rows before it sends the first.
constexpr const char* endless = "select generate_series(1, 1000000000), repeat('x', 100)";

}  // namespace

TEST_CASE("a stream of 1,000,000 rows takes little memory") {
  auto db = connect();
  reset_peak_memory();
  const auto before = peak_memory();
  std::int64_t rows = 0;
  std::int64_t sum = 0;
  std::int64_t bytes = 0;
  for (auto [id, text] : db.stream<std::int64_t, std::string_view>(
           "select i, repeat('x', 200) from generate_series(1::bigint, 1000000) i")) {
    ++rows;
    sum += id;
    bytes += static_cast<std::int64_t>(text.size());
  }
  CHECK(rows == 1'000'000);
  CHECK(sum == 500'000'500'000);
  CHECK(bytes == 200'000'000);
  const auto after = peak_memory();
  if (before && after) CHECK(*after - *before < 16 * 1024);
}

TEST_CASE("a stream that is left early outside a transaction leaves the session usable") {
  auto db = connect({.drain_timeout = 60s});
  for (int round = 0; round < 5; ++round) {
    int rows = 0;
    for (auto [id, text] : db.stream<int, std::string_view>(endless)) {
      CHECK(id == ++rows);
      if (rows == 10) break;
    }
    CHECK(db.status() == status::open);
    CHECK(db.scalar<int>("select $1::int", round) == round);
  }
}

TEST_CASE("a stream that was never begun, or ends unread, leaves the session usable") {
  auto db = connect({.drain_timeout = 60s});
  {
    auto unread = db.stream(endless);
  }
  CHECK(db.status() == status::open);
  {
    auto short_one = db.stream<int>("select 1");
  }
  CHECK(db.scalar<int>("select 2") == 2);
  db.execute("create temp table t(id int)");
  {
    auto effect = db.stream("insert into t values (1)");
  }
  CHECK(db.status() == status::open);
}

TEST_CASE("inside a transaction a stream that is left early does not abort it") {
  auto db = connect();
  db.execute("begin");
  db.execute("create temp table t on commit drop as select 5 as n");
  for (const int i : db.stream<int>("select generate_series(1, 200000)"))
    if (i == 10) break;
  CHECK(db.status() == status::in_transaction);
  CHECK(db.scalar<int>("select n from t") == 5);
  db.execute("commit");
  CHECK(db.status() == status::open);
}

TEST_CASE("inside a transaction a stream without an end is drained until its deadline only") {
  auto db = connect();
  db.execute("begin");
  {
    auto rows = db.stream({.timeout = 2s}, endless);
  }
  CHECK(db.status() == status::broken);
  const auto failed = error_of<tusk::operational_error>([&] { return db.query("select 1"); });
  CHECK(failed.message().find("the session is broken: the rest of a statement's answer could not "
                              "be read") == 0);
}

TEST_CASE("an error in the middle of a stream comes behind the rows before it") {
  auto db = connect();
  int rows = 0;
  const auto failed = error_of<tusk::data_error>([&] {
    for (const int i : db.stream<int>("select 1000 / (5000 - i) from generate_series(1, 9999) i")) {
      ++rows;
      static_cast<void>(i);
    }
    return 0;
  });
  CHECK(rows > 0);
  CHECK(rows <= 4999);
  CHECK(failed.sqlstate() == tusk::sqlstate::division_by_zero);
  CHECK(failed.session_usable());
  CHECK(db.status() == status::open);
  db.execute("begin");
  error_of<tusk::data_error>([&] {
    for (const int i : db.stream<int>("select 1000 / (5000 - i) from generate_series(1, 9999) i"))
      static_cast<void>(i);
    return 0;
  });
  CHECK(db.status() == status::failed_transaction);
}

TEST_CASE("a value that does not fit leaves the stream open and the session usable behind it") {
  auto db = connect({.drain_timeout = 60s});
  {
    auto rows = db.stream<std::int16_t>("select i * 10000 from generate_series(1, 100000) i");
    auto at = rows.begin();
    while (*at < 30000)
      ++at;
    ++at;
    const auto failed = error_of<tusk::data_error>([&] { return *at; });
    CHECK(failed.message().find("40000 is out of range") != std::string_view::npos);
    CHECK(db.status() == status::busy);
  }
  CHECK(db.status() == status::open);
}

TEST_CASE("while a stream is open its session refuses other work, and the stream goes on") {
  auto db = connect();
  int rows = 0;
  for (const int i : db.stream<int>("select generate_series(1, 1000)")) {
    if (++rows == 1) {
      CHECK(db.status() == status::busy);
      for (const auto& failed :
           {error_of<tusk::programming_error>([&] { return db.execute("select 1"); }),
            error_of<tusk::programming_error>([&] { return db.query("select 1"); }),
            error_of<tusk::programming_error>([&] { return db.script("select 1"); }),
            error_of<tusk::programming_error>([&] { return db.stream("select 1"); })}) {
        CHECK(failed.message() ==
              "a stream is open on this session: read it to its end, or destroy it, first");
        CHECK(failed.kind() == tusk::error_kind::usage);
        CHECK(failed.session_usable());
        CHECK(failed.safe_to_retry());
        CHECK(failed.statement() == "select 1");
      }
    }
    CHECK(i == rows);
  }
  CHECK(rows == 1000);
  CHECK(db.status() == status::open);
}

TEST_CASE("a stream outlives its session and says that it is closed") {
  std::optional<tusk::session> db(connect());
  auto rows = db->stream<int>("select generate_series(1, 1000000)");
  auto at = rows.begin();
  CHECK(*at == 1);
  db.reset();
  const auto failed = error_of<tusk::programming_error>([&] {
    for (; at != rows.end(); ++at)
      static_cast<void>(*at);
    return 0;
  });
  CHECK(failed.message() == "the stream's session was closed");
  CHECK_FALSE(failed.session_usable());
}

TEST_CASE("a stream and its session can be moved while it is read") {
  auto first = connect();
  auto rows = first.stream<int>("select generate_series(1, 100000)");
  auto moved = std::move(rows);
  auto second = std::move(first);
  std::int64_t sum = 0;
  for (const int i : moved)
    sum += i;
  CHECK(sum == 5'000'050'000);
  CHECK(second.status() == status::open);
  CHECK(second.scalar<int>("select 1") == 1);
}

TEST_CASE("a stream's deadline holds for all of it") {
  auto db = connect({.drain_timeout = 60s});
  const auto failed = error_of<tusk::operational_error>([&] {
    for (const auto& row : db.stream({.timeout = 1s}, endless))
      static_cast<void>(row);
    return 0;
  });
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(failed.session_usable());
  CHECK(db.status() == status::open);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a stream's statement that is wrong leaves the session usable") {
  auto db = connect();
  error_of<tusk::programming_error>([&] { return db.stream("select nope"); });
  error_of<tusk::programming_error>([&] { return db.stream<int>("select 1, 2"); });
  error_of<tusk::data_error>([&] { return db.stream("select $1::int2", 70000); });
  const auto failed = error_of<tusk::data_error>([&] {
    for (const auto& row : db.stream("select 1/$1::int", 0))
      static_cast<void>(row);
    return 0;
  });
  CHECK(failed.statement() == "select 1/$1::int");
  CHECK(db.status() == status::open);
}

TEST_CASE("a forked child that drops its copy of a stream leaves the parent's alone") {
  auto db = connect();
  auto rows = db.stream<int>("select generate_series(1, 100000)");
  auto at = rows.begin();
  const pid_t child = ::fork();
  if (child == 0) {
    {
      const auto dropped = std::move(rows);
    }
    ::_exit(db.status() == status::broken ? 0 : 1);
  }
  int ended = 1;
  REQUIRE(::waitpid(child, &ended, 0) == child);
  CHECK(ended == 0);
  int last = 0;
  for (; at != rows.end(); ++at)
    last = *at;
  CHECK(last == 100'000);
  CHECK(db.status() == status::open);
}
