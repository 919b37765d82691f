#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "net/deadline.hpp"
#include "net/transport.hpp"
#include "session/route.hpp"

namespace tusk::detail {

/// What it takes to have one server process stop what it is doing. Points to nothing of the
/// connection's.
struct cancel_target {
  route way;
  std::int32_t process_id = 0;
  std::string key{};  ///< empty when the server gave none, as a pooler may
};

/// What became of a cancel request.
enum class cancel_end : std::uint8_t {
  not_sent,
  passed_on,  ///< the server has dealt with it: it cannot hit a later statement any more
  uncertain,
};

/// "Canceling Requests in Progress": a connection of its own, to the same address and protected the
/// same way, which the server closes without an answer.
class cancel_request {
 public:
  /// Connects; the request itself is not sent yet. Throws what callbacks of the caller's throw.
  cancel_request(const cancel_target& to, const net::deadline& until);

  [[nodiscard]] bool is_open() const noexcept { return line_.is_open(); }
  /// Why it is not open, as a sentence.
  [[nodiscard]] const std::string& why() const noexcept { return why_; }

  /// Sends the request and waits until the server has closed the connection, which is when it is
  /// certain that it cannot hit a later statement. After `uncertain` it may be called again, to
  /// wait on.
  cancel_end finish(const net::deadline& until);

 private:
  net::transport line_;
  std::array<std::byte, 272> packet_{};
  std::size_t size_ = 0;
  std::size_t sent_ = 0;
  std::string why_;
};

}  // namespace tusk::detail
