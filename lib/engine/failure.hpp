#pragma once

#include <cstdint>
#include <string>

namespace tusk::engine {

/// Why the engine stopped for good.
enum class failure_kind : std::uint8_t {
  none,
  protocol,        ///< the peer sent what the protocol does not allow here
  authentication,  ///< the peer asks for what we cannot or will not give, or did not prove itself
  closed,          ///< the connection ended
};

/// A failure and the sentence that explains it, which never holds a secret.
struct failure {
  failure_kind kind = failure_kind::none;
  std::string message;

  explicit operator bool() const noexcept { return kind != failure_kind::none; }
};

}  // namespace tusk::engine
