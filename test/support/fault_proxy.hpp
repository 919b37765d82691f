#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tusk::test {

/// Which way bytes go through a proxy.
enum class direction : std::uint8_t { to_server, to_client };

/// What befalls a connection.
enum class fault_kind : std::uint8_t {
  none,        ///< nothing; only `fault::then` is called
  reset,       ///< both ends see a reset
  close,       ///< both ends see an orderly end
  half_close,  ///< the receiver of this direction sees its end; the other direction goes on
  stall,       ///< nothing more passes this way, or is read, and nobody is told
  delay,       ///< what comes this way from here on waits, once, for `fault::pause`
  trickle,     ///< from here on pieces of `fault::piece` bytes pass, `fault::pause` apart
  corrupt,     ///< this byte passes with the bits of `fault::mask` flipped
};

[[nodiscard]] std::string_view name_of(direction way) noexcept;
[[nodiscard]] std::string_view name_of(fault_kind what) noexcept;

struct fault {
  fault_kind what = fault_kind::none;
  direction way = direction::to_client;
  /// So many bytes pass that way first, counted from the mark. It happens when one more is about to
  /// pass, and never before: what a call sends and receives is then cut at the same place each
  /// time. (A stall or a delay also happens to the end of what comes that way.)
  std::uint64_t after = 0;
  std::size_t piece = 1;
  std::chrono::microseconds pause{0};
  std::uint8_t mask = 0xff;
  /// Called at that moment, in the proxy's thread. It must not ask the proxy anything.
  std::function<void()> then{};
};

/// How many bytes have passed each way.
struct passed_bytes {
  std::uint64_t to_server = 0;
  std::uint64_t to_client = 0;
};

/// Stands between a client and a real server, passes bytes both ways without looking at them, and
/// does to each connection what the test has planned. One thread serves all connections; the
/// destructor ends them.
class fault_proxy {
 public:
  /// The server: an IPv4 address, or the folder of a Unix socket.
  struct target {
    std::string host;
    std::uint16_t port;
  };

  /// On 127.0.0.1, port chosen by the system.
  explicit fault_proxy(target server);
  /// On the Unix socket that a client of this port looks for in `folder`.
  fault_proxy(const std::string& folder, std::uint16_t port, target server);
  ~fault_proxy();
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  // Connections are numbered from 0 as they come. A cancel request is one of its own.

  /// How many have come.
  [[nodiscard]] std::size_t connections() const;
  /// Plans for a connection, also for one that is yet to come. One fault for each direction: the
  /// last that was planned counts, and not what has happened before.
  void plan(std::size_t connection, fault what);
  /// Counts that connection's bytes from here on, and forgets what was planned for it. Bytes that
  /// the client has received have passed.
  void mark(std::size_t connection);
  /// How many bytes have passed since the mark, or else since the connection's beginning.
  [[nodiscard]] passed_bytes passed(std::size_t connection) const;
  /// Whether something of what was planned since the mark has happened.
  [[nodiscard]] bool happened(std::size_t connection) const;

 private:
  class link;

  void start();
  void serve();
  void accept_client();
  link& at(std::size_t number) const;

  target server_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::string path_;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::size_t accepted_ = 0;
  mutable std::deque<std::unique_ptr<link>> connections_;
  std::vector<link*> live_;
  std::thread thread_;
};

}  // namespace tusk::test
