#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/wire.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::test {

/// Ends a script, quietly: the client left, nothing came for two minutes, or the server is being
/// destroyed.
struct mock_ended {};

/// One client's connection, seen from the server, on the wire codec alone. This is also the example
/// for those who build proxies and harnesses on it: read bytes, frame them, decode a view; encode,
/// send.
class mock_connection {
 public:
  /// Takes over `descriptor`.
  mock_connection(int descriptor, std::size_t number) : descriptor_(descriptor), number_(number) {}
  ~mock_connection() { close(); }
  mock_connection(const mock_connection&) = delete;
  mock_connection& operator=(const mock_connection&) = delete;

  /// Which connection of the server this is, from 0.
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

  // Views in what is read live until the next read.

  /// The next packet of those that have no type byte.
  proto::first_packet read_first_packet();
  /// The next message. `state` tells what a password message is.
  proto::frontend_message read_message(
      proto::frontend_state state = proto::frontend_state::password);
  /// Reads up to a Query or a Sync, and gives the type bytes: "PDS", "Q".
  std::string read_request();
  /// Waits until the client ends the connection, and drops what it says.
  void wait_for_end();

  template <class... Message>
  void send(const Message&... messages) {
    (send_encoded([&messages](proto::writer& out) { return encode(out, messages); }), ...);
  }
  void send_raw(bytes_view bytes);

  /// Answers SSLRequest and GSSENCRequest with `N`, and leaves the StartupMessage read. Ends the
  /// script when it is a CancelRequest.
  void read_startup();
  /// The whole start: trust, parameters, cancel key, ReadyForQuery.
  void accept_startup();
  /// What a CancelRequest may be told apart by.
  static constexpr std::int32_t process_id = 4242;

  void close() noexcept;
  /// Closes so that the client sees a reset and not an end.
  void reset() noexcept;
  /// From now on ends the connection when so many bytes have been sent.
  void end_after(std::size_t bytes, bool by_reset) noexcept;

 private:
  friend class mock_server;
  void send_encoded(const std::function<proto::error(proto::writer&)>& write);
  void fill();
  void consume() noexcept;
  void interrupt() noexcept;

  std::atomic<int> descriptor_;
  std::mutex closing_;
  std::size_t number_;
  std::vector<std::byte> input_;
  std::size_t used_ = 0;  // of `input_`, by the message read last
  std::optional<std::size_t> left_;
  bool by_reset_ = false;
};

/// Listens on a loopback port of its own, or on a Unix socket, and plays a script to each client on
/// a thread of its own. Its destructor ends all of them.
class mock_server {
 public:
  using script = std::function<void(mock_connection&)>;

  /// On 127.0.0.1, port chosen by the system.
  explicit mock_server(script play);
  /// On the Unix socket that a client of this port looks for in `folder`.
  mock_server(const std::string& folder, std::uint16_t port, script play);
  ~mock_server();
  mock_server(const mock_server&) = delete;
  mock_server& operator=(const mock_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// How many clients have come.
  [[nodiscard]] std::size_t connections() const noexcept { return accepted_; }
  /// Waits until so many have come, for a minute at the most: one that gave up is accepted later.
  [[nodiscard]] bool comes_to(std::size_t connections) const;

 private:
  struct client {
    client(int descriptor, std::size_t number) : connection(descriptor, number) {}
    mock_connection connection;
    std::thread thread;
  };

  void listen_on(int descriptor);
  void accept_clients();
  static void run(const script& play, mock_connection& connection) noexcept;

  script play_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::string path_;
  std::atomic<std::size_t> accepted_{0};
  std::list<client> clients_;  // touched by the accepting thread, and after its end
  std::thread accepting_;
};

}  // namespace tusk::test
