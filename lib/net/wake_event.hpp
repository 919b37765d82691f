#pragma once

#include <atomic>
#include <cstdint>

#include "net/forks.hpp"

namespace tusk::net {

/// Ends a wait on the network from elsewhere: from another thread, or a signal handler. One thread
/// waits, any may wake it.
///
/// How often it was woken is counted; the pipe is only what poll(2) can see of that. So a byte that
/// is left in it, or that comes late, or that a forked process has written, wakes nobody twice.
class wake_event {
 public:
  /// Throws std::system_error when the process has no descriptors left.
  wake_event();
  ~wake_event();
  wake_event(const wake_event&) = delete;
  wake_event& operator=(const wake_event&) = delete;

  /// Any thread, and signal handlers: it calls write(2) and nothing else of the system's. In a
  /// forked process it does nothing, for who waits is the parent.
  void wake() noexcept;

  // The side that waits: one thread at a time.

  /// Whether somebody has called `wake` since this was true for the last time.
  [[nodiscard]] bool take() noexcept;
  /// Readable when `take` may have become true.
  [[nodiscard]] int descriptor() const noexcept { return read_; }
  /// Makes the descriptor unreadable, before `take` is asked.
  void drain() noexcept;

 private:
  static_assert(std::atomic<std::uint32_t>::is_always_lock_free,
                "a signal handler cannot take a lock");

  int read_ = -1;
  int write_ = -1;
  std::uint32_t forks_ = forks();
  std::atomic<std::uint32_t> wakes_{0};
  std::uint32_t taken_ = 0;
};

}  // namespace tusk::net
