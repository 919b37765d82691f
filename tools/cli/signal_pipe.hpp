#pragma once

#include <atomic>
#include <csignal>

#include "trace_socket.hpp"

namespace cli {

/// Has SIGINT and SIGTERM handled, but where whoever started the program has one ignored (a job in
/// a script's background): that stays.
void handle_end_signals(const struct sigaction& act) noexcept;

/// Turns SIGINT and SIGTERM into something that poll sees. One at a time; the second signal of a
/// kind does what it does without this.
class signal_pipe {
 public:
  /// Throws std::system_error.
  signal_pipe();

  /// Can be read from once a signal has come; nobody reads from it.
  [[nodiscard]] int number() const noexcept { return read_.number(); }
  /// The signal that came, 0 when none did.
  [[nodiscard]] static int came() noexcept { return signal_; }

 private:
  // A handler may use nothing that waits.
  static_assert(std::atomic<int>::is_always_lock_free);
  static void take(int signal) noexcept;

  static inline std::atomic<int> into_ = -1;
  static inline std::atomic<int> signal_ = 0;
  descriptor read_;
  descriptor write_;
};

}  // namespace cli
