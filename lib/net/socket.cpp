#include "net/socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

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

// Waits for `events`; progress when one of them is there. A deadline that has passed ends the wait
// even then: a peer that never stops sending must not outlast it.
exchanged wait_for(int descriptor, short events, const deadline& until) noexcept {
  pollfd watched{descriptor, events, 0};
  for (;;) {
    const int wait = until.poll_timeout();
    if (wait == 0) return {0, 0, outcome::timed_out, {}};
    const int ready = ::poll(&watched, 1, wait);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return failed(last_error());
  }
}

void set_option(int descriptor, int level, int name) noexcept {
  const int on = 1;
  // Best effort: a socket without them works too.
  static_cast<void>(::setsockopt(descriptor, level, name, &on, sizeof on));
}

// A Unix socket's connect(2) waits only when the listener's queue is full. The send timeout bounds
// that wait; a non-blocking connect would fail at once instead.
exchanged connect_unix(int descriptor, const address& to, const deadline& until) noexcept {
  for (;;) {
    if (const auto left = until.left()) {
      const auto micros = std::chrono::ceil<std::chrono::microseconds>(*left).count() + 1;
      const timeval bound{static_cast<time_t>(micros / 1'000'000),
                          static_cast<suseconds_t>(micros % 1'000'000)};
      static_cast<void>(::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound));
    }
    if (::connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) == 0) return {};
    if (errno == EINTR && !until.passed()) continue;
    if (would_block(errno) || errno == EINTR) return {0, 0, outcome::timed_out, {}};
    return failed(last_error());
  }
}

exchanged connect_tcp(int descriptor, const address& to, const deadline& until) noexcept {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0)
    return failed(last_error());
  if (::connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) return failed(last_error());
    const exchanged waited = wait_for(descriptor, POLLOUT, until);
    if (waited.ended != outcome::progress) return waited;
    int code = 0;
    socklen_t size = sizeof code;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
      return failed(last_error());
    if (code != 0) return failed({code, std::system_category()});
  }
  // Blocking again: without a deadline a plain recv(2) is the cheapest way to wait.
  if (::fcntl(descriptor, F_SETFL, flags) < 0) return failed(last_error());
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE);
  return {};
}

}  // namespace

socket::socket(socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      process_(other.process_),
      write_error_(other.write_error_) {}

socket& socket::operator=(socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    process_ = other.process_;
    write_error_ = other.write_error_;
  }
  return *this;
}

exchanged socket::connect(const address& to, const deadline& until, socket& out) {
  socket fresh;
  fresh.descriptor_ = ::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fresh.descriptor_ < 0) return failed(last_error());
  fresh.process_ = ::getpid();
  const exchanged done = to.family() == AF_UNIX ? connect_unix(fresh.descriptor_, to, until)
                                                : connect_tcp(fresh.descriptor_, to, until);
  if (done.ended == outcome::progress) out = std::move(fresh);
  return done;
}

// Sends without waiting. False when the socket is full and something is left.
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

exchanged socket::receive(std::span<std::byte> in, int flags) noexcept {
  for (;;) {
    const ssize_t count = ::recv(descriptor_, in.data(), in.size(), flags);
    if (count > 0) return {0, static_cast<std::size_t>(count), outcome::progress, {}};
    if (count == 0) return {0, 0, outcome::closed, write_error_};
    if (would_block(errno)) return {};
    if (errno != EINTR) return failed(last_error());
  }
}

exchanged socket::exchange(bytes_view out, std::span<std::byte> in, const deadline& until) {
  exchanged done;
  const auto end = [&done](const exchanged& with) {
    return exchanged{done.sent, with.received, with.ended, with.error};
  };
  for (;;) {
    const bool all_sent = send_some(out, done);
    if (all_sent && in.empty()) {
      return write_error_ ? end(failed(write_error_)) : done;
    }
    if (all_sent && !until.is_set()) return end(receive(in, 0));
    const auto events = static_cast<short>((all_sent ? 0 : POLLOUT) | (in.empty() ? 0 : POLLIN));
    const exchanged waited = wait_for(descriptor_, events, until);
    if (waited.ended != outcome::progress) return end(waited);
    if (in.empty()) continue;
    const exchanged got = receive(in, MSG_DONTWAIT);
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
    ::shutdown(descriptor_, SHUT_WR);
    // Unread bytes would turn the close into a reset, which may overtake our last words.
    std::byte unread[4096];
    for (int i = 0; i < 256 && receive(unread, MSG_DONTWAIT).received != 0; ++i) {
    }
  }
  close();
}

void socket::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace tusk::net
