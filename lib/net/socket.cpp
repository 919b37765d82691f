#include "net/socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/wake_event.hpp"

namespace tusk::net {

namespace {

std::error_code last_error() noexcept {
  return {errno, std::system_category()};
}

bool would_block(int code) noexcept {
  return code == EAGAIN || code == EWOULDBLOCK;
}

exchanged failed(std::error_code error) noexcept {
  return {0, 0, outcome::failed, error};
}

}  // namespace

socket::socket(socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      is_local_(other.is_local_),
      process_(other.process_),
      write_error_(other.write_error_) {}

socket& socket::operator=(socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    is_local_ = other.is_local_;
    process_ = other.process_;
    write_error_ = other.write_error_;
  }
  return *this;
}

bool socket::send_some(bytes_view& out, exchanged& done) noexcept {
  while (!out.empty() && !write_error_) {
    const ssize_t count = ::send(descriptor_, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      out = out.subspan(static_cast<std::size_t>(count));
      done.sent += static_cast<std::size_t>(count);
    } else if (would_block(errno)) {
      return false;
    } else if (errno != EINTR) {
      // The server may have said why it closed: what it said is read before this is reported.
      write_error_ = last_error();
    }
  }
  return true;
}

exchanged socket::receive(std::span<std::byte> in, bool waiting) noexcept {
  const int flags = waiting ? 0 : MSG_DONTWAIT;
  for (;;) {
    const ssize_t count = ::recv(descriptor_, in.data(), in.size(), flags);
    if (count > 0) return {0, static_cast<std::size_t>(count), outcome::progress, {}};
    if (count == 0) return {0, 0, outcome::closed, write_error_};
    if (would_block(errno)) return {};
    if (errno != EINTR) return failed(last_error());
  }
}

// A deadline that has passed ends the wait even when what it waits for is there: a peer that never
// stops sending must not outlast it.
exchanged socket::wait(bool to_send, bool to_receive, const deadline& until) const noexcept {
  const int events = (to_send ? POLLOUT : 0) | (to_receive ? POLLIN : 0);
  pollfd watched{descriptor_, static_cast<short>(events), 0};
  for (;;) {
    const int wait = until.poll_timeout();
    if (wait == 0) return {0, 0, outcome::timed_out, {}};
    const int ready = ::poll(&watched, 1, wait);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return failed(last_error());
  }
}

exchanged socket::wait_for_input(const deadline& until, wake_event& by) const noexcept {
  pollfd watched[] = {{descriptor_, POLLIN, 0}, {by.descriptor(), POLLIN, 0}};
  for (;;) {
    if (by.take()) return {0, 0, outcome::woken, {}};
    const int wait = until.poll_timeout();
    if (wait == 0) return {0, 0, outcome::timed_out, {}};
    const int ready = ::poll(watched, 2, wait);
    if (ready < 0 && errno != EINTR) return failed(last_error());
    if (ready <= 0) continue;
    if (watched[1].revents != 0) {
      by.drain();
      if (by.take()) return {0, 0, outcome::woken, {}};
    }
    if (watched[0].revents != 0) return {};
  }
}

exchanged socket::exchange(bytes_view out, std::span<std::byte> in, const deadline& until,
                           awaited what) {
  if (what == awaited::nothing) return receive(in, false);
  exchanged done;
  const auto end = [&done](const exchanged& with) {
    return exchanged{done.sent, with.received, with.ended, with.error};
  };
  for (;;) {
    const bool all_sent = send_some(out, done);
    if (all_sent && in.empty()) {
      return write_error_ ? end(failed(write_error_)) : done;
    }
    if (all_sent && what == awaited::room && !write_error_) return done;
    // Who sleeps in recv(2) on a Unix socket is woken when the peer has read what was sent, too,
    // and poll(2) sleeps through that: a system call more, and a change of context less.
    const bool woken_twice = is_local_ && done.sent != 0;
    if (all_sent && !until.is_set() && !woken_twice) return end(receive(in, true));
    const exchanged waited = wait(!all_sent, !in.empty(), until);
    if (waited.ended != outcome::progress) return end(waited);
    if (in.empty()) continue;
    const exchanged got = receive(in, false);
    if (got.received != 0 || got.ended != outcome::progress) return end(got);
  }
}

bool socket::is_inherited() const noexcept {
  return process_ != ::getpid();
}

void socket::farewell(bytes_view last_words) noexcept {
  if (descriptor_ < 0) return;
  if (!is_inherited()) {
    exchanged done;
    static_cast<void>(send_some(last_words, done));
    // Unread bytes would turn the close into a reset, which may overtake our last words.
    std::byte unread[4096];
    for (int i = 0; i < 256 && receive(unread, false).received != 0; ++i) {
    }
  }
  close();
}

void socket::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace tusk::net
