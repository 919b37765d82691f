#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/conversation.hpp"
#include "net/deadline.hpp"
#include "net/forks.hpp"
#include "net/transport.hpp"
#include "net/wake_event.hpp"
#include "session/cancel_request.hpp"
#include "session/listeners.hpp"
#include "session/route.hpp"
#include "tusk/options.hpp"
#include "tusk/server_message.hpp"
#include "tusk/tls_info.hpp"
#include "tusk/wire_trace.hpp"

namespace tusk::detail {

/// What became of answers that nobody wants.
enum class drained : std::uint8_t {
  finished,  ///< they came to their end: the statement was carried out
  failed,    ///< it ended in an error: nothing of it was done
  broken,    ///< the end did not come, and the connection is given up
};

/// A conversation over a socket: the one loop that carries out what the engine demands, and the one
/// place where asynchronous messages are taken out of the stream.
class connection {
 public:
  /// Goes through startup on a line that `way` has opened, until the first ReadyForQuery. A cancel
  /// request goes the same way. Throws `operational_error` of kind `connect`.
  connection(route way, net::transport line, engine::startup_options startup,
             const session_options& options, const net::deadline& until);

  [[nodiscard]] engine::conversation& talk() noexcept { return talk_; }

  /// The next event that answers a request. Its views live until the next call. Throws when the
  /// connection ends, the server breaks the protocol, or the deadline passes; in the last case the
  /// answer is still on its way.
  const engine::event& wait(const net::deadline& until);
  /// Sends what is pending, or, when something comes meanwhile, a part of it. For pipelines.
  void push(const net::deadline& until) { exchange(until, net::awaited::room); }
  /// An event that has come already, or null; reads nothing. For pipelines.
  const engine::event* poll_event();
  /// Takes in what has come, without waiting: for COPY, where the server speaks only to refuse.
  void peek();
  /// Cancels what the server is doing and reads what is still coming, for the session's
  /// drain_timeout at the most.
  drained cancel_and_drain() noexcept;
  /// Reads and drops answers until nothing is awaited.
  drained drain(const net::deadline& until) noexcept;

  /// The first value of the first row that a statement returns, as text; empty when there is none.
  /// For questions to a server that is not handed out yet.
  [[nodiscard]] std::string ask(std::string_view sql, const net::deadline& until);

  /// Takes over what `before` has received and nobody has taken.
  void keep_messages_of(connection& before);

  /// Gives the connection up. Later calls throw with this reason.
  void give_up(std::string_view why, std::string_view more = {}) noexcept;
  [[nodiscard]] bool broken() const noexcept;
  /// Takes in what the server has said while nothing was asked of it, without waiting. False when
  /// the connection is lost, or about to be.
  [[nodiscard]] bool check() noexcept;
  /// Takes one message that answers nothing, of those that have come; a notification that no
  /// handler is told of goes to `came`. False when there is none. Throws why the connection ends.
  [[nodiscard]] bool take_unasked(std::optional<notification>& came);
  /// Receives something while nothing is asked. False when the time is up, or `by` was woken.
  [[nodiscard]] bool listen(const net::deadline& until, net::wake_event* by);
  /// Throws why the connection is broken; `sql` is the statement that cannot be run.
  [[noreturn]] void fail_broken(std::string_view sql = {}) const;
  /// Traces what passes from now on, or nothing more. Nothing may be waiting to be sent.
  void trace(std::shared_ptr<wire_trace> to);
  /// Says goodbye and closes, without waiting.
  void farewell() noexcept;

  [[nodiscard]] const route& way() const noexcept { return way_; }
  /// What cancels its statements.
  [[nodiscard]] std::shared_ptr<const cancel_target> cancelled_by() const;
  /// Whether it was made in the process that forked this one, which goes on using it.
  [[nodiscard]] bool is_inherited() const noexcept { return forks_ != net::forks(); }
  /// In a forked child: gives the connection up without touching what the parent reads. False in
  /// the process that opened it.
  bool leave_to_parent() noexcept;
  /// Address and port, or the Unix socket's path.
  [[nodiscard]] const std::string& peer() const noexcept { return peer_; }
  [[nodiscard]] const tls_info* tls() const noexcept { return tls_ ? &*tls_ : nullptr; }
  [[nodiscard]] std::int32_t process_id() const noexcept { return process_id_; }
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
  [[nodiscard]] std::span<const std::pair<std::string, std::string>> parameters() const noexcept {
    return parameters_;
  }
  /// Whether client_encoding is another than UTF-8, as far as the server says.
  [[nodiscard]] bool foreign_encoding() const noexcept { return foreign_encoding_; }
  /// How many times the server has reported a parameter.
  [[nodiscard]] std::uint64_t parameter_changes() const noexcept { return parameter_changes_; }

  /// Bytes of all that was written for the server, sent or not yet.
  [[nodiscard]] std::uint64_t bytes_written() const noexcept {
    return bytes_sent_ + talk_.wants().send.size();
  }
  /// Bytes of the messages that were looked at.
  [[nodiscard]] std::uint64_t bytes_consumed() const noexcept {
    return bytes_received_ - talk_.unread().size();
  }

  listeners listening;
  std::uint64_t observed_statements = 0;  ///< how many were told of
  std::uint64_t observed_bytes = 0;       ///< `bytes_consumed()` at the end of the last one
  std::deque<notice> notices;
  std::deque<notification> notifications;
  std::uint64_t dropped = 0;                ///< of both
  std::uint64_t dropped_notifications = 0;  ///< and of these alone

 private:
  void start(const net::deadline& until);
  void exchange(const net::deadline& until, net::awaited what = net::awaited::input);
  void end_exchange(const net::exchanged& done);
  bool take_asynchronous(const engine::event& event);
  void take_notice(notice said);
  void take_notification(const proto::notification_response& said,
                         std::optional<notification>* waiting);
  void take_parameter(const proto::parameter_status& said);
  void take_in();
  net::exchanged receive_now();
  void take_received(std::span<std::byte> room, const net::exchanged& done);
  [[noreturn]] void fail();
  [[noreturn]] void fail_waiting();
  void show(bytes_view sent, bytes_view received) noexcept;
  cancel_end send_cancel(const net::deadline& until) noexcept;

  route way_;
  std::string peer_;
  net::transport line_;
  std::optional<tls_info> tls_;
  engine::conversation talk_;
  engine::event event_;
  std::vector<std::pair<std::string, std::string>> parameters_;  // some fifteen
  std::uint64_t parameter_changes_ = 0;
  std::string cancel_key_;
  std::int32_t process_id_ = 0;
  std::optional<error_details> last_words_;      // the server's FATAL: why it will be gone
  std::optional<error_details> warning_of_end_;  // a WARNING that the server is about to go
  std::uint64_t warned_at_ = 0;                  // bytes_consumed() behind it
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
  std::string given_up_;
  std::size_t max_queued_;
  std::chrono::milliseconds drain_timeout_;
  std::shared_ptr<wire_trace> trace_;
  bool established_ = false;
  std::uint32_t forks_ = net::forks();  ///< when it was made
  bool foreign_encoding_ = false;
};

}  // namespace tusk::detail
