#pragma once

#include <cstdint>
#include <string>

namespace tusk {

/// A server as the connection parameters name it, one of perhaps several.
struct endpoint {
  std::string host{};      ///< name, numeric address, or socket directory; empty: only `hostaddr`
  std::string hostaddr{};  ///< the numeric address to connect to instead of looking `host` up
  std::uint16_t port = 5432;

  /// What the user knows it by.
  [[nodiscard]] const std::string& name() const noexcept { return host.empty() ? hostaddr : host; }
};

}  // namespace tusk
