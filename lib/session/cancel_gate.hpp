#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "session/cancel_request.hpp"
#include "tusk/canceller.hpp"

namespace tusk::detail {

/// What stands between a session and its cancellers, so that a cancel hits what it was meant for
/// and nothing later. The session says when it runs something; a cancel enters only then, and while
/// one is inside, the session begins nothing new.
class cancel_gate {
 public:
  cancel_gate(std::shared_ptr<const cancel_target> at, bool running);

  // The session's side: one thread at a time.

  /// Something begins to run; waits for cancels that are still inside, for `patience` at the most.
  /// False when they did not leave: they may hit whatever is sent next.
  [[nodiscard]] bool begin(std::chrono::milliseconds patience) {
    std::uint64_t expected = 0;
    if (state_.compare_exchange_strong(expected, running)) [[likely]]
      return true;
    return wait_and_begin(patience);
  }
  void end() noexcept { state_.fetch_and(~(running | asked | passed)); }
  /// Whether the server was asked to stop what runs now.
  [[nodiscard]] bool was_asked() const noexcept { return (state_.load() & asked) != 0; }
  /// Whether it has dealt with that.
  [[nodiscard]] bool was_passed_on() const noexcept { return (state_.load() & passed) != 0; }
  /// There is another connection now, which no cancel so far can hit.
  void aim(std::shared_ptr<const cancel_target> at);

  // A canceller's side: any thread.
  cancel_result cancel(std::chrono::milliseconds timeout);

 private:
  class visit;
  // The bits of `state_`. Cancels that are inside are counted above them.
  static constexpr std::uint64_t running = 1;
  static constexpr std::uint64_t asked = 2;
  static constexpr std::uint64_t passed = 4;
  static constexpr std::uint64_t unsettled = 8;  ///< `unsettled_` is not empty
  static constexpr std::uint64_t one_inside = 16;

  [[nodiscard]] bool wait_and_begin(std::chrono::milliseconds patience);
  cancel_result send(visit& inside, const cancel_target& to, const net::deadline& until);
  /// Sets the bits if something is running.
  [[nodiscard]] bool add_while_running(std::uint64_t bits) noexcept;

  std::atomic<std::uint64_t> state_;
  std::mutex changing_;  ///< held to go in and out, and for what is below
  std::condition_variable settled_;
  std::shared_ptr<const cancel_target> target_;
  std::uint64_t connections_ = 0;  ///< had before this one
  /// Sent, and their canceller did not want to wait for the end.
  std::vector<std::unique_ptr<cancel_request>> unsettled_;
};

}  // namespace tusk::detail
