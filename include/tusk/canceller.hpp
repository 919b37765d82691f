#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tusk {

namespace detail {
class cancel_gate;
}

/// What became of an attempt to cancel.
enum class cancel_outcome : std::uint8_t {
  nothing_running,  ///< the session was running nothing, or had ended it before the request went
                    ///< out
  passed_on,        ///< the server has taken the request; the statement may have ended just before
  not_sent,         ///< the server could not be reached, or not as safely as by the session
  no_key,           ///< the server, or a pooler, gave the session nothing to cancel with
  uncertain,        ///< it was sent, and the server did not close the connection in time
};

/// The outcome in words.
[[nodiscard]] std::string_view name_of(cancel_outcome outcome) noexcept;

/// An outcome, and for `not_sent` why, as a sentence.
struct cancel_result {
  cancel_outcome outcome = cancel_outcome::nothing_running;
  std::string why{};
};

/// Stops what a session is running, from any thread:
///
///     tusk::canceller stop = db.canceller();
///     std::thread watch([stop] { ...; stop.cancel(); });
///     db.execute("select pg_sleep(3600)");  // throws an error of kind `cancelled`
///
/// Copies are the same; all of their members may be called from several threads at once, and at any
/// time: also when the session is moved, reset (then it goes for the new connection), closed or
/// destroyed.
///
/// What is cancelled is what the session is at when `cancel` is called: one call, with everything
/// that it sends; a stream until it ends; a pipeline until it is finished or destroyed, of which
/// the server stops the statement that it is at, and skips the rest of the group. A call that was
/// cancelled throws an error of kind `cancelled`, SQLSTATE 57014. A cancel never hits a later call:
/// until the server is done with the request, for drain_timeout at the most, the session sends
/// nothing new; when that does not come about it is given up as broken.
class canceller {
 public:
  /// Asks the server to stop what is running, by a connection of its own to the same address, as
  /// well protected as the session's ("Canceling Requests in Progress"). Returns when the server is
  /// done with the request, after `timeout` at the latest. It does not wait for the statement's
  /// end. Calls `connector` and `key_passphrase_provider` of the session's options, if they are set
  /// and needed, on this thread. Throws std::bad_alloc and nothing else.
  cancel_result cancel(std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

 private:
  friend class session;
  explicit canceller(std::shared_ptr<detail::cancel_gate> gate) noexcept : gate_(std::move(gate)) {}

  std::shared_ptr<detail::cancel_gate> gate_;
};

}  // namespace tusk
