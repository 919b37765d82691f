// A million notifications: none is lost while a session waits, their order is kept, and memory does
// not grow with them.

#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <thread>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/peak_memory.hpp"

namespace {

using namespace tusk::test;

constexpr int count = 1'000'000;

}  // namespace

TEST_CASE("of 1,000,000 notifications none is lost, their order is kept, memory does not grow") {
  auto ear = connect();
  ear.listen("many");
  // PostgreSQL 12 compares each with all others of its transaction.
  const int per_transaction = major_version(ear) < 13 ? 1'000 : 10'000;
  std::exception_ptr failed;
  std::thread speaker([&failed, per_transaction] {
    try {
      auto mouth = connect();
      for (int from = 1; from <= count; from += per_transaction) {
        mouth.execute("select pg_notify('many', i::text) from generate_series($1::int, $2::int) i",
                      from, from + per_transaction - 1);
      }
    } catch (...) {
      failed = std::current_exception();
    }
  });
  std::optional<long> at_first;
  int wrong = 0;
  int heard = 0;
  for (; heard < count; ++heard) {
    const auto said = ear.wait_notification(std::chrono::minutes(5));
    if (!said) break;
    if (said->payload != std::to_string(heard + 1)) ++wrong;
    // Slow now and then, so that much waits to be read.
    if (heard % 100'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (heard == 10'000) at_first = peak_memory();
  }
  speaker.join();
  if (failed) std::rethrow_exception(failed);
  CHECK(heard == count);
  CHECK(wrong == 0);
  CHECK(ear.dropped_notifications() == 0);
  CHECK_FALSE(ear.wait_notification(std::chrono::milliseconds(0)).has_value());
  const auto at_last = peak_memory();
  if (at_first && at_last) CHECK(*at_last - *at_first < 8 * 1024);
}
