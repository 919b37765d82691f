#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/address.hpp"
#include "net/deadline.hpp"
#include "net/transport.hpp"
#include "session/connect_plan.hpp"
#include "tusk/options.hpp"

namespace tusk::detail {

/// How the bytes to a server are protected.
enum class protection : std::uint8_t {
  none,
  negotiated,  ///< TLS after an SSLRequest
  direct,      ///< TLS from the first byte
};

/// The way to one server: what a session and its cancel requests have in common.
struct route {
  std::shared_ptr<const connect_plan> plan{};
  endpoint server{};
  /// Where it is; nothing when the program's own connector finds it.
  std::optional<net::address> address{};
  callback<int(const endpoint&)> connector{};
  protection protected_by = protection::none;
  bool may_be_plain = false;  ///< a server that has no TLS is taken without

  /// For messages: the address, or what the connector was asked for.
  [[nodiscard]] std::string text() const;
};

/// What came of opening a line.
enum class opening : std::uint8_t {
  open,
  unreachable,  ///< the network says no, or the peer closed
  timed_out,
  no_tls,         ///< the peer has no TLS, or what it has was refused
  no_postgresql,  ///< what the peer answered to SSLRequest, PostgreSQL would not, or not alone
  bad_settings,   ///< a file or keyword of ours keeps TLS from starting
  wrong_peer,     ///< requirepeer names another user
};

struct opened {
  opening how = opening::open;
  std::string why{};  ///< as a sentence, when it is not open
  net::transport line{};
  bool encrypted = false;
};

/// Connects, checks requirepeer, and brings TLS up as the route says. Nothing of the protocol but
/// SSLRequest has been sent afterwards.
[[nodiscard]] opened open(const route& way, const net::deadline& until);

}  // namespace tusk::detail
