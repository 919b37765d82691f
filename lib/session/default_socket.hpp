#pragma once

#include <string>

namespace tusk {

/// Where a server on this machine keeps its Unix socket.
[[nodiscard]] std::string default_socket_directory();

}  // namespace tusk
