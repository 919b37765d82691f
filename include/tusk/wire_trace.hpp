#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tusk/callback.hpp"
#include "tusk/proto/bytes.hpp"

namespace tusk {

/// What the lines of a trace hold.
struct wire_trace_options {
  bool timestamps = true;  ///< local time with microseconds in front; PQTRACE_SUPPRESS_TIMESTAMPS
  /// Leaves out what differs from run to run: object ids, process numbers, an error's place in the
  /// server's sources (PQTRACE_REGRESS_MODE).
  bool regress = false;
  /// Without it parameters, rows, function arguments and COPY data appear as their lengths alone.
  bool show_values = true;
};

/// Where in a connection's life a trace begins.
enum class trace_start : std::uint8_t {
  first_packet,  ///< with the client's first packet
  message,       ///< later: each side's next byte begins a message
};

/// Prints what passes on one connection, in both directions, as libpq's PQtrace does: a line for
/// each message, with `F` for the frontend's or `B` for the backend's, its length and its fields
/// (PostgreSQL documentation, 34.11 "Control Functions"). It does no input or output itself: it is
/// given the bytes.
///
/// Secrets are left out, with a mark in their place: passwords, what SASL and GSSAPI exchange,
/// cancel keys, and in SQL text the literals behind the words PASSWORD and CONNECTION. A parameter
/// that holds one is a value like any other: see `show_values`.
///
/// A trace ends, and says so in one line, when a side is malformed or goes over to TLS. Messages
/// over 64 MiB are named and not shown; no more than that is ever kept of either side.
///
/// One thread at a time may use it.
class wire_trace {
 public:
  /// `to` gets each line, without a line feed at its end. Texts are in it as they were sent: with
  /// line feeds and control characters, as in libpq. What `to` throws comes out of the call that
  /// was given the bytes; the trace then is to be restarted or dropped.
  explicit wire_trace(callback<void(std::string_view line)> to,
                      const wire_trace_options& options = {});
  wire_trace(wire_trace&&) noexcept;
  wire_trace& operator=(wire_trace&&) noexcept;
  ~wire_trace();

  /// What the client has sent next; cut anywhere. What was sent first is to be told first: the
  /// meaning of some messages depends on what the other side has said.
  void from_frontend(bytes_view bytes);
  /// The same for the server.
  void from_backend(bytes_view bytes);

  /// What comes now is another connection's, or begins at this place.
  void restart(trace_start where = trace_start::first_packet);
  /// Whether the trace has ended because nothing that comes could be understood.
  [[nodiscard]] bool ended() const noexcept;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace tusk
