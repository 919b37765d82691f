#pragma once

#include <cstdint>

#include "engine/failure.hpp"
#include "tusk/proto/bytes.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::engine {

/// Asks the server for TLS before anything else is said ("Message Flow", "SSL Session Encryption").
///
/// Read with a buffer of more than one byte: what comes behind the answer in plain text must be
/// seen here, and refused.
class encryption_request {
 public:
  enum class answer : std::uint8_t {
    need_more,  ///< nothing has come yet
    start_tls,  ///< the handshake may begin
    plain,      ///< the server has no TLS; the startup packet may follow on this connection
    failed,     ///< `why()` says it; the connection is of no use
  };

  /// Writes the SSLRequest.
  [[nodiscard]] failure begin(proto::writer& out);
  /// Takes all that has come since the request was sent.
  [[nodiscard]] answer take(bytes_view received);
  [[nodiscard]] const failure& why() const noexcept { return failure_; }

 private:
  answer fail(failure_kind kind, std::string message);

  failure failure_;
};

}  // namespace tusk::engine
