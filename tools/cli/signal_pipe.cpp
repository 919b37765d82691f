#include "signal_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace cli {

void handle_end_signals(const struct sigaction& act) noexcept {
  for (const int each : {SIGINT, SIGTERM}) {
    struct sigaction before{};
    const bool is_ignored =
        ::sigaction(each, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
    if (!is_ignored) ::sigaction(each, &act, nullptr);
  }
}

signal_pipe::signal_pipe() {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
  read_ = descriptor(ends[0]);
  write_ = descriptor(ends[1]);
  for (const int each : ends)
    ::fcntl(each, F_SETFD, FD_CLOEXEC);
  into_ = ends[1];
  struct sigaction act{};
  act.sa_handler = [](int signal) { take(signal); };
  act.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  handle_end_signals(act);
}

void signal_pipe::take(int signal) noexcept {
  const int before = errno;
  signal_ = signal;
  static_cast<void>(!::write(into_, "", 1));
  errno = before;
}

}  // namespace cli
