#include "cancel_on_signal.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

namespace cli {

cancel_on_signal::cancel_on_signal() {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
  wake_end_ = descriptor(ends[0]);
  wake_ = descriptor(ends[1]);
  thread_ = std::thread([this] { run(); });
}

cancel_on_signal::~cancel_on_signal() {
  wake_.close();
  thread_.join();
}

void cancel_on_signal::add(tusk::canceller stop) {
  const std::lock_guard lock(guard_);
  sessions_.push_back(std::move(stop));
}

// A statement that begins just after a cancel is not hit by it: so it is asked for again and again.
void cancel_on_signal::run() {
  constexpr int pause = 300;  // milliseconds
  for (;;) {
    pollfd waited[] = {{wake_end_.number(), POLLIN, 0}, {signals_.number(), POLLIN, 0}};
    const bool again = came();
    if (::poll(waited, again ? 1 : 2, again ? pause : -1) < 0 && errno != EINTR) return;
    if (waited[0].revents != 0) return;
    if (!came()) continue;
    std::vector<tusk::canceller> all;
    {
      const std::lock_guard lock(guard_);
      all = sessions_;
    }
    for (const tusk::canceller& each : all)
      each.cancel(std::chrono::seconds(2));
  }
}

void cancel_on_signal::wait_for(int descriptor, short events, const time_limit& limit,
                                const char* what) const {
  for (;;) {
    if (came()) throw interrupted();
    if (limit.is_over()) throw std::runtime_error(std::string("time is up: ") + what);
    // By parts, so that no limit is too long for poll.
    const auto left = std::min(limit.left().value_or(std::chrono::minutes(1)),
                               std::chrono::milliseconds(std::chrono::minutes(1)));
    pollfd waited[] = {{descriptor, events, 0}, {signals_.number(), POLLIN, 0}};
    const int count = ::poll(waited, 2, static_cast<int>(left.count()));
    if (count < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "cannot poll");
    if (count > 0 && waited[1].revents == 0) return;
  }
}

void cancel_on_signal::end_by_signal() {
  const int signal = signal_pipe::came();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
  std::_Exit(128 + signal);
}

}  // namespace cli
