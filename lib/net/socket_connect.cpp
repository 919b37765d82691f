#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "net/socket.hpp"

namespace tusk::net {

namespace {

std::error_code last_error() noexcept {
  return {errno, std::system_category()};
}

exchanged failed(std::error_code error) noexcept {
  return {0, 0, outcome::failed, error};
}

// Best effort: a socket without them works too.
void set_option(int descriptor, int level, int name, int value) noexcept {
  static_cast<void>(::setsockopt(descriptor, level, name, &value, sizeof value));
}

void apply(const tcp_options& options, int descriptor) noexcept {
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (options.keepalives) {
    set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    if (options.idle > 0) set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, options.idle);
    if (options.interval > 0) set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, options.interval);
    if (options.count > 0) set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, options.count);
  }
  if (options.user_timeout > 0)
    set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, options.user_timeout);
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
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
      return {0, 0, outcome::timed_out, {}};
    return failed(last_error());
  }
}

// Until poll(2) says that the connection stands, or does not.
exchanged finish_connect(int descriptor, const deadline& until) noexcept {
  pollfd watched{descriptor, POLLOUT, 0};
  for (;;) {
    const int wait = until.poll_timeout();
    if (wait == 0) return {0, 0, outcome::timed_out, {}};
    const int ready = ::poll(&watched, 1, wait);
    if (ready > 0) break;
    if (ready < 0 && errno != EINTR) return failed(last_error());
  }
  int code = 0;
  socklen_t size = sizeof code;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
    return failed(last_error());
  return code == 0 ? exchanged{} : failed({code, std::system_category()});
}

exchanged connect_tcp(int descriptor, const address& to, const tcp_options& options,
                      const deadline& until) noexcept {
  // Before connecting, so that the timeouts hold for the handshake too.
  apply(options, descriptor);
  if (::connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) return failed(last_error());
    const exchanged done = finish_connect(descriptor, until);
    if (done.ended != outcome::progress) return done;
  }
  // Blocking again: without a deadline a plain recv(2) is the cheapest way to wait.
  if (until.is_set() && ::fcntl(descriptor, F_SETFL, 0) < 0) return failed(last_error());
  return {};
}

// The name of a user of this system; nothing when there is none of that number.
std::optional<std::string> user_name(uid_t id) {
  std::vector<char> texts(1024);
  passwd entry{};
  passwd* found = nullptr;
  while (::getpwuid_r(id, &entry, texts.data(), texts.size(), &found) == ERANGE &&
         texts.size() < 1'048'576)
    texts.resize(2 * texts.size());
  if (found == nullptr) return std::nullopt;
  return std::string(found->pw_name);
}

}  // namespace

exchanged socket::connect(const address& to, const tcp_options& options, const deadline& until,
                          socket& out) {
  socket fresh;
  const bool must_not_wait = !to.is_local() && until.is_set();
  fresh.descriptor_ =
      ::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC | (must_not_wait ? SOCK_NONBLOCK : 0), 0);
  if (fresh.descriptor_ < 0) return failed(last_error());
  fresh.process_ = ::getpid();
  fresh.is_local_ = to.is_local();
  const exchanged done = to.is_local() ? connect_unix(fresh.descriptor_, to, until)
                                       : connect_tcp(fresh.descriptor_, to, options, until);
  if (done.ended == outcome::progress) out = std::move(fresh);
  return done;
}

socket socket::adopt(int descriptor) noexcept {
  socket taken;
  if (descriptor < 0) return taken;
  taken.descriptor_ = descriptor;
  taken.process_ = ::getpid();
  // A wait without a deadline is a blocking recv(2).
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags >= 0) static_cast<void>(::fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK));
  static_cast<void>(::fcntl(descriptor, F_SETFD, FD_CLOEXEC));
  return taken;
}

std::optional<std::string> socket::refuse_peer(const std::string& user) const {
  sockaddr_storage own{};
  socklen_t own_size = sizeof own;
  if (::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
      own.ss_family != AF_UNIX)
    return std::nullopt;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor_, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return "requirepeer=" + user +
           ": the system does not say who runs the server: " + last_error().message();
  }
  const std::optional<std::string> name = user_name(peer.uid);
  if (name == user) return std::nullopt;
  const std::string number = "user number " + std::to_string(peer.uid);
  return "requirepeer=" + user + ", but the server at this socket is run by " +
         (name ? "the user \"" + *name + "\"" : number + ", who has no name here");
}

}  // namespace tusk::net
