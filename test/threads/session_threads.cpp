// What several threads may do at once, for ThreadSanitizer to watch; it proves the outcomes, too.
// On a server with TLS the sessions are encrypted and share what TLS keeps for all of them.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using tusk::cancel_outcome;

template <class Body>
void in_threads(int count, Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&body, i] { body(i); });
  for (std::thread& each : threads)
    each.join();
}

}  // namespace

TEST_CASE("several threads cancel one session while it runs, streams, is reset and destroyed") {
  std::atomic<bool> over = false;
  std::atomic<int> passed_on = 0;
  std::atomic<int> wrong = 0;
  std::string unexpected;
  auto db = std::make_unique<tusk::session>(connect({.timeout = 120s, .drain_timeout = 60s}));
  const tusk::canceller stop = db->canceller();
  std::thread user([&] {
    for (int round = 0; round < 60; ++round) {
      try {
        switch (round % 4) {
          case 0: db->execute("select pg_sleep(0.01)"); break;
          case 1:
            for (const auto value : db->stream<int>("select generate_series(1, 20000)"))
              wrong += value > 0 ? 0 : 1;
            break;
          case 2: {
            auto line = db->pipeline();
            for (int i = 0; i < 20; ++i)
              static_cast<void>(line.execute("select pg_sleep(0.001)"));
            line.finish();
            break;
          }
          default:
            if (round % 8 == 7) db->reset();
            static_cast<void>(db->scalar<int>("select $1::int", round));
        }
      } catch (const tusk::error& failed) {
        if (failed.kind() != tusk::error_kind::cancelled &&
            failed.kind() != tusk::error_kind::skipped)
          unexpected += "round " + std::to_string(round) + ": " + failed.report();
      }
    }
    db.reset();
    over = true;
  });
  in_threads(3, [&](int number) {
    const tusk::canceller mine = stop;
    while (!over) {
      const auto outcome = mine.cancel(60s).outcome;
      if (outcome == cancel_outcome::passed_on) ++passed_on;
      if (outcome == cancel_outcome::uncertain) ++wrong;
      std::this_thread::sleep_for(std::chrono::milliseconds(1 + 3 * number));
    }
  });
  user.join();
  CHECK(unexpected == "");
  CHECK(wrong == 0);
  CHECK(passed_on > 0);
  CHECK(stop.cancel().outcome == cancel_outcome::nothing_running);
}

TEST_CASE("sessions in several threads share SCRAM keys and what TLS keeps for all") {
  const char* const root = std::getenv("TUSK_TEST_ROOT_CERT");
  tusk::conninfo to{.host = "127.0.0.1",
                    .port = variable("TUSK_TEST_PORT"),
                    .dbname = "postgres",
                    .user = "u_scram",
                    .password = variable("TUSK_TEST_PASSWORD")};
  if (root != nullptr) {
    to.sslmode = "verify-ca";
    to.sslrootcert = root;
  }
  const auto keys = std::make_shared<tusk::scram_key_cache>();
  std::atomic<int> right = 0;
  in_threads(4, [&](int number) {
    for (int round = 0; round < 5; ++round) {
      tusk::session db(to, {.timeout = 120s, .scram_keys = keys});
      const auto stop = db.canceller();
      const bool as_asked = (db.tls() != nullptr) == (root != nullptr);
      right += as_asked && db.scalar<int>("select $1::int", number) == number ? 1 : 0;
      static_cast<void>(stop.cancel(60s));
    }
  });
  CHECK(right == 20);
}

TEST_CASE("a session is handed from thread to thread") {
  auto db = connect({.timeout = 120s});
  int sum = 0;
  for (int i = 0; i < 4; ++i)
    std::thread([&] { sum += db.scalar<int>("select 1"); }).join();
  CHECK(sum == 4);
}

TEST_CASE("several threads wake a session that waits, is moved, reset and destroyed") {
  std::atomic<bool> over = false;
  std::atomic<int> woken = 0;
  auto first = std::make_unique<tusk::session>(connect({.timeout = 120s}));
  const tusk::waker stop = first->waker();
  std::thread user([&] {
    tusk::session db = std::move(*first);
    first.reset();
    for (int round = 0; round < 200; ++round) {
      if (round % 50 == 49) db.reset();
      if (!db.wait_notification()) ++woken;
    }
    over = true;
  });
  in_threads(3, [&](int number) {
    const tusk::waker mine = stop;
    while (!over) {
      mine.wake();
      std::this_thread::sleep_for(std::chrono::microseconds(100 + 300 * number));
    }
  });
  user.join();
  CHECK(woken == 200);
  stop.wake();
}

TEST_CASE("a listener is woken from another thread while it hears, and between two connections") {
  std::atomic<bool> over = false;
  tusk::listener_options options;
  options.channels = {"threads"};
  options.first_delay = 1ms;
  tusk::listener ear(variable("TUSK_TEST_DSN"), options);
  std::thread other([&] {
    auto mouth = connect({.timeout = 120s});
    for (int i = 0; i < 300; ++i) {
      mouth.notify("threads", std::to_string(i));
      ear.wake();
    }
    over = true;
    ear.wake();
  });
  int heard = 0;
  while (!over || heard < 300) {
    const auto event = ear.wait();
    if (event && std::holds_alternative<tusk::notification>(*event)) ++heard;
  }
  other.join();
  CHECK(heard == 300);
}

#ifndef NDEBUG
TEST_CASE("two threads that use one session at once are told so") {
  auto db = connect({.timeout = 120s, .drain_timeout = 60s});
  const auto stop = db.canceller();
  std::thread other([&] {
    try {
      db.execute("select pg_sleep(60)");
    } catch (const tusk::error&) {  // the cancel
    }
  });
  std::string said;
  auto by = connect();
  while (by.query("select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'",
                  db.process_id())
             .empty())
    std::this_thread::sleep_for(5ms);
  try {
    db.execute("select 1");
  } catch (const tusk::programming_error& refused) {
    said = refused.message();
  }
  CHECK(said == "the session is used by two threads at once");
  while (stop.cancel(60s).outcome != cancel_outcome::passed_on)
    std::this_thread::sleep_for(5ms);
  other.join();
  CHECK(db.scalar<int>("select 2") == 2);
}
#endif
