#include "net/wake_event.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tusk::net {

wake_event::wake_event() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::system_category(), "a pipe to be woken by");
  read_ = ends[0];
  write_ = ends[1];
}

wake_event::~wake_event() {
  ::close(read_);
  ::close(write_);
}

void wake_event::wake() noexcept {
  if (forks_ != forks()) return;
  // Counted first: who sees the byte sees the count.
  wakes_.fetch_add(1);
  const int before = errno;
  // A full pipe can be read already.
  while (::write(write_, "", 1) < 0 && errno == EINTR) {
  }
  errno = before;
}

bool wake_event::take() noexcept {
  const std::uint32_t now = wakes_.load();
  if (now == taken_) return false;
  taken_ = now;
  return true;
}

void wake_event::drain() noexcept {
  char bytes[256];
  for (;;) {
    const ssize_t count = ::read(read_, bytes, sizeof bytes);
    if (count == static_cast<ssize_t>(sizeof bytes)) continue;
    if (count >= 0 || errno != EINTR) return;
  }
}

}  // namespace tusk::net
