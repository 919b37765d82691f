#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include "net/address.hpp"
#include "net/deadline.hpp"
#include "tusk/proto/bytes.hpp"

namespace tusk::net {

class wake_event;

/// How a wait on the network ended.
enum class outcome : unsigned char {
  progress,   ///< something was sent or received
  closed,     ///< the peer has ended its side
  timed_out,  ///< the deadline passed
  woken,      ///< somebody has ended the wait; see `wait_for_input` alone
  failed,     ///< the system reports an error
};

/// What an exchange with input to receive goes on for.
enum class awaited : unsigned char {
  input,    ///< until something has come
  room,     ///< until everything was sent, or something has come
  nothing,  ///< not at all: takes what has come already, and sends nothing
};

/// What one exchange did.
struct exchanged {
  std::size_t sent = 0;
  std::size_t received = 0;
  outcome ended = outcome::progress;
  std::error_code error;  ///< for `failed`, and for `closed` when a write had failed before
};

/// How TCP notices a peer that is gone: libpq's keepalives* and tcp_user_timeout. Unix sockets need
/// none of it.
struct tcp_options {
  bool keepalives = true;
  int idle = 0;          ///< seconds of silence before the first probe; 0: the system's
  int interval = 0;      ///< seconds between probes; 0: the system's
  int count = 0;         ///< probes that may be lost; 0: the system's
  int user_timeout = 0;  ///< milliseconds that sent data may stay unacknowledged; 0: the system's
};

/// A connected stream socket; closed on exec, and never a cause of SIGPIPE.
class socket {
 public:
  socket() = default;
  ~socket() { close(); }
  socket(socket&& other) noexcept;
  socket& operator=(socket&& other) noexcept;

  /// Connects to `to`, or says why not.
  [[nodiscard]] static exchanged connect(const address& to, const tcp_options& options,
                                         const deadline& until, socket& out);
  /// Takes over a stream socket that the caller has connected: sets it blocking and close-on-exec,
  /// and closes it in the end. A negative descriptor gives a socket that is not open.
  [[nodiscard]] static socket adopt(int descriptor) noexcept;

  /// Sends `out` and, unless `in` is empty, waits for input until there is some. It keeps reading
  /// while it cannot write: two peers that both wait to write stand still for ever. Returns as soon
  /// as anything was received; with an empty `in`, when everything was sent.
  [[nodiscard]] exchanged exchange(bytes_view out, std::span<std::byte> in, const deadline& until,
                                   awaited what = awaited::input);

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  /// Whether it came from the process that forked this one, which goes on using it.
  [[nodiscard]] bool is_inherited() const noexcept;
  /// Sends what can be sent without waiting, then ends the connection so that the peer sees an
  /// orderly end and not a reset. Never blocks.
  void farewell(bytes_view last_words) noexcept;
  void close() noexcept;

  /// requirepeer: nothing when the process at the other end of this Unix socket belongs to `user`;
  /// else a sentence that says whose it is. A TCP socket passes, as in libpq.
  [[nodiscard]] std::optional<std::string> refuse_peer(const std::string& user) const;

  // The steps of an exchange, for TLS, which makes its own of them.

  /// Sends without waiting and takes what was sent off `out`. False when the socket is full and
  /// something is left. An error is kept, for the server may have said why it closed, and nothing
  /// more is sent after it.
  [[nodiscard]] bool send_some(bytes_view& out, exchanged& done) noexcept;
  /// One recv(2): waiting, or not.
  [[nodiscard]] exchanged receive(std::span<std::byte> in, bool waiting) noexcept;
  /// Until there is room to send (if asked for), or input (if asked for), or the deadline passes.
  [[nodiscard]] exchanged wait(bool to_send, bool to_receive, const deadline& until) const noexcept;
  /// Until there is input, or `by` is woken, or the deadline passes. A wake that came before
  /// counts, and goes before input.
  [[nodiscard]] exchanged wait_for_input(const deadline& until, wake_event& by) const noexcept;
  /// What sending failed with, if it failed.
  [[nodiscard]] std::error_code write_error() const noexcept { return write_error_; }

 private:
  int descriptor_ = -1;
  bool is_local_ = false;        // a Unix socket
  int process_ = 0;              // the process that opened it: a forked child leaves it alone
  std::error_code write_error_;  // after it, only reading makes sense
};

}  // namespace tusk::net
