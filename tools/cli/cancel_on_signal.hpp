#pragma once

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "signal_pipe.hpp"
#include "time_limit.hpp"
#include "tusk/canceller.hpp"

namespace cli {

/// SIGINT or SIGTERM came while something was waited for.
class interrupted : public std::runtime_error {
 public:
  interrupted() : std::runtime_error("interrupted") {}
};

/// Cancels what sessions run when SIGINT or SIGTERM comes.
class cancel_on_signal {
 public:
  cancel_on_signal();
  cancel_on_signal(const cancel_on_signal&) = delete;
  cancel_on_signal& operator=(const cancel_on_signal&) = delete;
  ~cancel_on_signal();

  /// From now on also cancels what this session runs.
  void add(tusk::canceller stop);
  [[nodiscard]] bool came() const noexcept { return signal_pipe::came() != 0; }
  /// Waits until poll has one of `events` for a descriptor. Throws interrupted when a signal comes
  /// first, and std::runtime_error that names `what` when time is up.
  void wait_for(int descriptor, short events, const time_limit& limit, const char* what) const;
  /// Ends the program as the signal would have: so a shell sees why. To be called once it came.
  [[noreturn]] static void end_by_signal();

 private:
  void run();

  signal_pipe signals_;
  descriptor wake_;      // closed to end the thread
  descriptor wake_end_;  // which polls this
  std::mutex guard_;
  std::vector<tusk::canceller> sessions_;
  std::thread thread_;
};

}  // namespace cli
