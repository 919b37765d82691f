// transact(): what is tried again, how often, and what comes out of it.

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;
constexpr auto serializable = tusk::isolation::serializable;

struct two_sessions {
  two_sessions() {
    first.script("drop table if exists stock; create table stock(id int primary key, n int)");
    first.execute("insert into stock values (1, 10), (2, 20)");
  }
  ~two_sessions() {
    try {
      first.execute("drop table stock");
    } catch (const tusk::error&) {
      // Then the next one drops it.
    }
  }
  int n(int id) { return first.scalar<int>("select n from stock where id = $1", id); }

  tusk::session first = connect({.drain_timeout = 60s});
  tusk::session second = connect();
};

[[noreturn]] void fail_as(tusk::executor& in, const std::string& code) {
  in.script("do $$begin raise 'made up' using errcode = '" + code + "'; end$$");
  throw std::logic_error("nothing was raised");
}

}  // namespace

TEST_CASE_METHOD(two_sessions, "a statement that fails by serialization is tried again") {
  int tries = 0;
  const int left = first.transact(
      {.first_delay = 1ms, .transaction = {.isolation = tusk::isolation::repeatable_read}},
      [&](tusk::transaction& tx) {
        ++tries;
        const int had = tx.scalar<int>("select n from stock where id = 1");
        if (tries <= 2) second.execute("update stock set n = n + 100 where id = 1");
        return tx.scalar<int>("update stock set n = $1 where id = 1 returning n", had - 1);
      });
  CHECK(tries == 3);
  CHECK(left == 209);
  CHECK(n(1) == 209);
  CHECK(first.status() == status::open);
}

TEST_CASE_METHOD(two_sessions, "a commit that fails by serialization is tried again") {
  int tries = 0;
  first.transact({.first_delay = 1ms, .transaction = {.isolation = serializable}},
                 [&](tusk::transaction& tx) {
                   ++tries;
                   // Each reads what the other writes, and the other is the first to commit.
                   const int sum = tx.scalar<int>("select sum(n)::int from stock");
                   tx.execute("update stock set n = $1 where id = 1", sum);
                   if (tries > 1) return;
                   auto other = second.begin({.isolation = serializable});
                   const int seen = other.scalar<int>("select sum(n)::int from stock");
                   other.execute("update stock set n = $1 where id = 2", seen);
                   other.commit();
                 });
  CHECK(tries == 2);
  CHECK(n(2) == 30);
  CHECK(n(1) == 40);
}

TEST_CASE_METHOD(two_sessions, "a deadlock is tried again by whom the server has chosen") {
  first.execute("set deadlock_timeout = '20ms'");
  second.execute("set deadlock_timeout = '20ms'");
  std::promise<void> has_first;
  std::promise<void> has_second;
  std::atomic<int> tries{0};
  const auto take_both = [&](tusk::session& db, int one, int other, std::promise<void>& mine,
                             std::promise<void>& theirs) {
    bool is_first_try = true;
    db.transact({.attempts = 10}, [&](tusk::transaction& tx) {
      ++tries;
      tx.execute("update stock set n = n + 1 where id = $1", one);
      if (std::exchange(is_first_try, false)) {
        mine.set_value();
        theirs.get_future().wait();
      }
      tx.execute("update stock set n = n + 1 where id = $1", other);
    });
  };
  auto beside =
      std::async(std::launch::async, [&] { take_both(second, 2, 1, has_second, has_first); });
  take_both(first, 1, 2, has_first, has_second);
  beside.get();
  CHECK(tries >= 3);
  CHECK(n(1) == 12);
  CHECK(n(2) == 22);
}

TEST_CASE_METHOD(two_sessions, "it gives up after so many tries, with the last error as it is") {
  const unsigned attempts = GENERATE(0U, 1U, 3U);
  unsigned tries = 0;
  const auto failed = error_of<tusk::operational_error>([&] {
    first.transact({.attempts = attempts, .first_delay = 1ms}, [&](tusk::transaction& tx) {
      ++tries;
      fail_as(tx, "40001");
    });
    return 0;
  });
  CHECK(tries == std::max(attempts, 1U));
  CHECK(failed.kind() == tusk::error_kind::server);
  CHECK(failed.sqlstate() == tusk::sqlstate::serialization_failure);
  CHECK(failed.message() == "made up");
  CHECK(first.status() == status::open);
}

TEST_CASE_METHOD(two_sessions, "it gives up when no time is left for another try") {
  int tries = 0;
  error_of<tusk::operational_error>([&] {
    first.transact({.attempts = 1000, .first_delay = 60s, .longest_delay = 60s, .timeout = 20s},
                   [&](tusk::transaction& tx) {
                     ++tries;
                     fail_as(tx, "40001");
                   });
    return 0;
  });
  CHECK(tries == 1);
}

TEST_CASE_METHOD(two_sessions, "pauses grow, and are at least half of what is asked for") {
  const auto start = std::chrono::steady_clock::now();
  error_of<tusk::operational_error>([&] {
    first.transact({.attempts = 4, .first_delay = 40ms, .longest_delay = 80ms},
                   [&](tusk::transaction& tx) { fail_as(tx, "40P01"); });
    return 0;
  });
  CHECK(std::chrono::steady_clock::now() - start >= 100ms);  // (40 + 80 + 80) / 2
}

TEST_CASE_METHOD(two_sessions, "other errors and exceptions come out at once, after the rollback") {
  int tries = 0;
  error_of<tusk::integrity_error>([&] {
    first.transact([&](tusk::transaction& tx) {
      ++tries;
      tx.execute("insert into stock values (3, 30)");
      tx.execute("insert into stock values (1, 10)");
    });
    return 0;
  });
  CHECK_THROWS_AS(first.transact([&](tusk::transaction& tx) {
    ++tries;
    tx.execute("insert into stock values (4, 40)");
    throw std::runtime_error("mine");
  }),
                  std::runtime_error);
  CHECK(tries == 2);
  CHECK(first.scalar<std::int64_t>("select count(*) from stock") == 2);
}

TEST_CASE_METHOD(two_sessions, "the function may end its transaction itself, and take nothing") {
  first.transact([](tusk::transaction& tx) {
    tx.execute("update stock set n = 11 where id = 1");
    tx.commit();
  });
  first.transact([](tusk::transaction& tx) {
    tx.execute("update stock set n = 12 where id = 1");
    tx.rollback();
  });
  const std::string text = first.transact([&] {
    first.execute("update stock set n = 21 where id = 2");
    return first.scalar<std::string>("select n::text from stock where id = 2");
  });
  CHECK(text == "21");
  CHECK(n(1) == 11);
  CHECK(n(2) == 21);
}

TEST_CASE_METHOD(two_sessions,
                 "a failure that the function keeps to itself comes out of the commit") {
  const auto failed = error_of<tusk::operational_error>([&] {
    first.transact([&](tusk::transaction& tx) {
      try {
        fail_as(tx, "40001");
      } catch (const tusk::error&) {
        // Swallowed.
      }
    });
    return 0;
  });
  CHECK(failed.kind() == tusk::error_kind::rolled_back);
}
