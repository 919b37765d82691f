#pragma once

#include <poll.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace_socket.hpp"
#include "tusk/wire_trace.hpp"

namespace cli {

/// Where the clients' bytes go.
struct upstream {
  std::vector<socket_address> addresses;
  std::string name;  ///< for messages
};

/// One client's connection to the server, with its trace. It never waits: the caller polls.
class relay {
 public:
  relay(descriptor client, const upstream& to, tusk::wire_trace trace);

  /// What it waits for. A side that it waits for nothing from has no descriptor.
  [[nodiscard]] pollfd client_side() const noexcept;
  [[nodiscard]] pollfd server_side() const noexcept;
  /// Does what can be done now that poll has returned these.
  void go_on(short client_events, short server_events);
  /// Whether both sides have ended.
  [[nodiscard]] bool over() const noexcept { return phase_ == phase::over; }

 private:
  enum class phase : std::uint8_t {
    negotiating,  ///< the client has said nothing yet but SSLRequest or GSSENCRequest
    connecting,   ///< the server's answer to connect() is awaited
    relaying,
    refusing,  ///< there is no server: the client is told
    over,
  };
  /// One direction. What was read is written before more is read: so a side that does not read
  /// holds back the one that writes.
  struct flow {
    std::string waiting{};
    bool ended = false;      ///< nothing more will come
    bool passed_on = false;  ///< and the other side has been told
  };

  void read_client();
  void read_server();
  void negotiate();
  void begin_to_connect();
  void settle_connect();
  void refuse(int why);
  bool write(flow& from, const descriptor& to);
  static bool read(const descriptor& from, flow& into, std::string_view& what);

  descriptor client_;
  descriptor server_;
  const upstream& to_;
  tusk::wire_trace trace_;
  std::size_t next_address_ = 0;
  flow requests_;
  flow answers_;
  phase phase_ = phase::negotiating;
};

}  // namespace cli
