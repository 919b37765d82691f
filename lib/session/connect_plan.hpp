#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/startup_options.hpp"
#include "net/socket.hpp"
#include "net/tls.hpp"
#include "session/conninfo_hosts.hpp"
#include "session/session_target.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/options.hpp"

namespace tusk::detail {

/// How TLS is asked for (libpq's sslmode; what is verified is in the TLS settings).
enum class encryption : std::uint8_t { disable, allow, prefer, require };

/// Connection parameters, checked and read once: what every connection of a session is made from.
struct connect_plan {
  conninfo to;  ///< with its defaults
  std::vector<endpoint> hosts;
  bool shuffled = false;  ///< load_balance_hosts=random
  std::optional<std::chrono::seconds> timeout_per_address;
  session_target target = session_target::any;
  encryption tls = encryption::prefer;
  net::tls_settings tls_settings;  ///< `host` is each server's own
  net::tcp_options tcp;
  std::string required_peer;  ///< the user that a Unix socket's server must run as
  /// The same for every server; credentials and channel binding are added at each connection.
  engine::startup_options startup;
};

/// Reads parameters whose defaults are filled in. `options` is referred to by nothing afterwards.
/// Throws programming_error for what connecting cannot honour.
[[nodiscard]] std::shared_ptr<const connect_plan> make_plan(conninfo to,
                                                            const session_options& options,
                                                            std::string home);

}  // namespace tusk::detail
