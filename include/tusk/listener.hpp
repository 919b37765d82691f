#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tusk/callback.hpp"
#include "tusk/options.hpp"
#include "tusk/server_message.hpp"

namespace tusk {

class session;
class environment;
struct conninfo;

namespace detail {
class listening;
}

/// How a listener behaves. Every member has a default.
struct listener_options {
  /// Channels to listen to from the start.
  std::vector<std::string> channels{};
  /// The pause before the first attempt to connect anew; each further one is twice as long, up to
  /// `longest_delay`. A part of each, up to half, is left to chance, so that not all listeners of a
  /// server come back at once.
  std::chrono::milliseconds first_delay{100};
  std::chrono::milliseconds longest_delay{std::chrono::seconds(30)};
  /// After so much silence the server is asked for a sign of life: a network that is dead tells
  /// nobody. None: never.
  std::optional<std::chrono::milliseconds> heartbeat = std::chrono::seconds(30);
  /// How long an attempt to connect, a sign of life, a LISTEN, or a call in `on_connect` may take,
  /// where neither `session` nor that call sets a timeout.
  std::chrono::milliseconds patience{std::chrono::seconds(10)};
  /// Gives up when there was no connection for so long. None: never.
  std::optional<std::chrono::milliseconds> give_up_after{};
  /// Called with each new connection, the first included, when it listens already: what is read in
  /// it and what is notified later together miss nothing. It may use the session. When it throws
  /// because the connection is lost, that was a failed attempt; anything else comes out of `wait`,
  /// or of the constructor.
  callback<void(session&)> on_connect{};
  /// What the session itself is made with.
  session_options session{};
};

/// There was a time without a connection, and notifications of that time may be missing.
struct listener_gap {
  std::string reason{};  ///< why it was lost, or how notifications were dropped
  /// When something was last heard of the server: what was notified after that may be missing.
  std::chrono::system_clock::time_point last_heard{};
  std::chrono::milliseconds lasted{};  ///< from then until it listened again
  int attempts = 0;                    ///< to connect; the last one succeeded
  /// Notifications that came in the middle of another call, and were more than
  /// `session_options::max_queued_messages`; the connection was not lost then.
  std::uint64_t dropped = 0;
};

using listener_event = std::variant<notification, listener_gap>;

/// Listens for as long as the program runs: a session of its own that connects anew when the
/// connection is lost, listens again, and tells of the gap before anything that comes behind it:
///
///     tusk::listener ear("service=shop", {.channels = {"orders"}});
///     while (auto event = ear.wait()) {
///       if (auto* said = std::get_if<tusk::notification>(&*event)) take_order(said->payload);
///       else read_all_orders();  // a gap
///     }
///
/// One thread at a time may use it; only `wake` is for others.
class listener {
 public:
  /// Connects as `session` does with a connection string, and listens. Throws what that throws: the
  /// first connection is not tried again.
  explicit listener(std::string_view dsn, listener_options options = {});
  /// As `session` with these parameters.
  explicit listener(const conninfo& to, listener_options options = {});
  listener(const conninfo& to, const environment& from, listener_options options = {});
  listener(listener&&) noexcept;
  listener& operator=(listener&&) noexcept;
  ~listener();

  /// The next event, or nothing when the time is up or it was woken. Without a timeout it waits for
  /// ever. It connects anew in here, with pauses that `wake` and the timeout end; an attempt that
  /// is under way is not interrupted, so that it may be late by `patience`.
  ///
  /// Throws the error of an attempt that the server refuses for good (a wrong password, a database
  /// that is gone: `error::is_transient` says no), or that was the last within `give_up_after`.
  /// The next call tries again.
  [[nodiscard]] std::optional<listener_event> wait(
      std::optional<std::chrono::milliseconds> timeout = {});
  /// Makes the `wait` that runs, or else the next one, return nothing. Any thread, and signal
  /// handlers; not while the listener is moved or destroyed.
  void wake() noexcept;

  /// Listens to one channel more. While there is no connection it is only noted. Throws
  /// `programming_error` for a name that cannot be a channel's, and what else the server says to
  /// it.
  void add(std::string_view channel);
  /// Ends that. What has come already is still told.
  void remove(std::string_view channel);
  /// Those that it listens to, in the order of `add`. A view until the next change.
  [[nodiscard]] std::span<const std::string> channels() const noexcept;

  /// Sends a notification by the listener's own session.
  void notify(std::string_view channel, std::string_view payload = {});
  /// The session, for looking at: whether it is broken, where it is connected to. To wait by it, or
  /// to take its notifications, would keep them from `wait`.
  [[nodiscard]] const session& connection() const noexcept;

 private:
  std::unique_ptr<detail::listening> state_;
};

}  // namespace tusk
