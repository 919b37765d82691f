#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace tusk::test {

/// Cancels from a thread of its own: once, and now and then again while it lives, for the first one
/// may have come before the statement that it is meant for.
class cancelling_thread {
 public:
  explicit cancelling_thread(tusk::canceller by,
                             std::chrono::milliseconds first = std::chrono::milliseconds(100))
      : thread_([this, by, first] {
          std::unique_lock lock(mutex_);
          for (auto pause = first; !ended_.wait_for(lock, pause, [this] { return enough_; });
               pause = std::chrono::seconds(2)) {
            lock.unlock();
            static_cast<void>(by.cancel(std::chrono::seconds(60)));
            lock.lock();
          }
        }) {}
  ~cancelling_thread() {
    {
      const std::lock_guard lock(mutex_);
      enough_ = true;
    }
    ended_.notify_one();
    thread_.join();
  }
  cancelling_thread(const cancelling_thread&) = delete;
  cancelling_thread& operator=(const cancelling_thread&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool enough_ = false;
  std::thread thread_;
};

/// A call that is cancelled meanwhile says so, and leaves the session usable.
template <class Call>
void check_cancelled(session& db, Call&& call) {
  const cancelling_thread other(db.canceller());
  const auto failed = error_of<operational_error>(call);
  INFO(failed.report());
  CHECK(failed.kind() == error_kind::cancelled);
  CHECK(failed.sqlstate() == sqlstate::query_canceled);
  CHECK(failed.session_usable());
}

}  // namespace tusk::test
