#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <system_error>

#include "net/address.hpp"
#include "net/deadline.hpp"
#include "tusk/proto/bytes.hpp"

namespace tusk::net {

/// How a wait on the network ended.
enum class outcome : unsigned char {
  progress,   ///< something was sent or received
  closed,     ///< the peer has ended its side
  timed_out,  ///< the deadline passed
  failed,     ///< the system reports an error
};

/// What one exchange did.
struct exchanged {
  std::size_t sent = 0;
  std::size_t received = 0;
  outcome ended = outcome::progress;
  std::error_code error;  ///< for `failed`, and for `closed` when a write had failed before
};

/// A connected stream socket; closed on exec, and never a cause of SIGPIPE.
class socket {
 public:
  socket() = default;
  ~socket() { close(); }
  socket(socket&& other) noexcept;
  socket& operator=(socket&& other) noexcept;

  /// Connects to `to`, or says why not.
  [[nodiscard]] static exchanged connect(const address& to, const deadline& until, socket& out);

  /// Sends `out` and, unless `in` is empty, waits for input until there is some. It keeps reading
  /// while it cannot write: two peers that both wait to write stand still for ever. Returns as soon
  /// as anything was received; with an empty `in`, when everything was sent.
  [[nodiscard]] exchanged exchange(bytes_view out, std::span<std::byte> in, const deadline& until);

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  /// Whether it came from the process that forked this one, which goes on using it.
  [[nodiscard]] bool is_inherited() const noexcept;
  /// Sends what can be sent without waiting, then ends the connection so that the peer sees an
  /// orderly end and not a reset. Never blocks.
  void farewell(bytes_view last_words) noexcept;
  void close() noexcept;

 private:
  [[nodiscard]] exchanged receive(std::span<std::byte> in, int flags) noexcept;
  [[nodiscard]] bool send_some(bytes_view& out, exchanged& done) noexcept;

  int descriptor_ = -1;
  int process_ = 0;              // the process that opened it: a forked child leaves it alone
  std::error_code write_error_;  // after it, only reading makes sense
};

}  // namespace tusk::net
