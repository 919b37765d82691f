#include "support/fault_proxy.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "support/fault_lane.hpp"
#include "support/fault_sockets.hpp"

namespace tusk::test {

namespace {

std::string socket_path(const std::string& folder, std::uint16_t port) {
  return folder + "/.s.PGSQL." + std::to_string(port);
}

any_address address_of(const fault_proxy::target& server) {
  return server.host.starts_with('/') ? unix_address(socket_path(server.host, server.port))
                                      : tcp_address(server.host, server.port);
}

int milliseconds_until(const std::optional<fault_lane::clock::time_point>& due) {
  if (!due) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - fault_lane::clock::now());
  return static_cast<int>(std::clamp<long long>(left.count(), 0, 60'000));
}

}  // namespace

std::string_view name_of(direction way) noexcept {
  return way == direction::to_server ? "to the server" : "to the client";
}

std::string_view name_of(fault_kind what) noexcept {
  constexpr std::string_view names[] = {"nothing", "reset", "close",   "half-close",
                                        "stall",   "delay", "trickle", "corrupt"};
  return names[static_cast<std::size_t>(what)];
}

class fault_proxy::link {
 public:
  ~link() { end(true); }

  void join(int client, int server) {
    client_ = client;
    server_ = server;
    to_server.join(client, server);
    to_client.join(server, client);
  }

  void end(bool by_reset) noexcept {
    for (int* descriptor : {&client_, &server_}) {
      if (*descriptor < 0) continue;
      by_reset ? close_by_reset(*descriptor) : close_in_order(*descriptor);
      *descriptor = -1;
    }
  }

  [[nodiscard]] bool is_open() const noexcept { return client_ >= 0; }

  void move() {
    for (fault_lane* lane : {&to_server, &to_client}) {
      const fault_lane::verdict verdict = lane->move();
      if (verdict != fault_lane::verdict::go_on) return end(verdict == fault_lane::verdict::reset);
    }
    if (to_server.done() && to_client.done()) end(false);
  }

  // A descriptor that nothing is awaited of is left out, for poll would tell its end again and
  // again.
  void watch(std::vector<pollfd>& watched,
             std::optional<fault_lane::clock::time_point>& due) const {
    const auto add = [&watched](int descriptor, int events) {
      if (events != 0) watched.push_back({descriptor, static_cast<short>(events), 0});
    };
    add(client_, to_server.awaited_from() | to_client.awaited_to());
    add(server_, to_client.awaited_from() | to_server.awaited_to());
    for (const fault_lane* lane : {&to_server, &to_client}) {
      const auto lane_due = lane->due();
      if (lane_due && (!due || *lane_due < *due)) due = lane_due;
    }
  }

  fault_lane to_server;
  fault_lane to_client;

 private:
  int client_ = -1;
  int server_ = -1;
};

fault_proxy::fault_proxy(target server)
    : server_(std::move(server)), listener_(listening(tcp_address("127.0.0.1", 0))) {
  port_ = port_of(listener_);
  start();
}

fault_proxy::fault_proxy(const std::string& folder, std::uint16_t port, target server)
    : server_(std::move(server)),
      listener_(listening(unix_address(socket_path(folder, port)))),
      port_(port),
      path_(socket_path(folder, port)) {
  start();
}

void fault_proxy::start() {
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wake_) != 0)
    throw std::system_error(errno, std::system_category(), "socketpair");
  thread_ = std::thread([this] { serve(); });
}

fault_proxy::~fault_proxy() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ::shutdown(wake_[0], SHUT_RDWR);
  thread_.join();
  for (const int descriptor : {listener_, wake_[0], wake_[1]})
    ::close(descriptor);
  if (!path_.empty()) ::unlink(path_.c_str());
}

fault_proxy::link& fault_proxy::at(std::size_t number) const {
  while (connections_.size() <= number)
    connections_.push_back(std::make_unique<link>());
  return *connections_[number];
}

std::size_t fault_proxy::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

void fault_proxy::plan(std::size_t connection, fault what) {
  const std::lock_guard lock(mutex_);
  const bool to_server = what.way == direction::to_server;
  auto& planned = at(connection);
  (to_server ? planned.to_server : planned.to_client).plan(std::move(what));
}

void fault_proxy::mark(std::size_t connection) {
  const std::lock_guard lock(mutex_);
  at(connection).to_server.mark();
  at(connection).to_client.mark();
}

passed_bytes fault_proxy::passed(std::size_t connection) const {
  const std::lock_guard lock(mutex_);
  return {at(connection).to_server.passed(), at(connection).to_client.passed()};
}

bool fault_proxy::happened(std::size_t connection) const {
  const std::lock_guard lock(mutex_);
  return at(connection).to_server.happened() || at(connection).to_client.happened();
}

void fault_proxy::accept_client() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (client < 0) return;
  link& fresh = at(accepted_++);
  const int server = connected(address_of(server_));
  if (server < 0) return close_in_order(client);
  send_at_once(client);
  send_at_once(server);
  fresh.join(client, server);
  live_.push_back(&fresh);
}

// Counting and sending are one step under the lock: who has received bytes finds them counted.
void fault_proxy::serve() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::vector<pollfd> watched{{wake_[1], POLLIN, 0}, {listener_, POLLIN, 0}};
    std::optional<fault_lane::clock::time_point> due;
    for (const link* each : live_)
      each->watch(watched, due);
    lock.unlock();
    static_cast<void>(::poll(watched.data(), watched.size(), milliseconds_until(due)));
    lock.lock();
    if (watched[1].revents != 0) accept_client();
    for (link* each : live_)
      each->move();
    std::erase_if(live_, [](const link* each) { return !each->is_open(); });
  }
  connections_.clear();
}

}  // namespace tusk::test
