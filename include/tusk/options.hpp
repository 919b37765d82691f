#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tusk {

/// The format that an untyped row's columns are asked for in. (A typed row's follow from its C++
/// types.)
enum class formats : std::uint8_t {
  automatic,  ///< binary where tusk has a binary decoder, else text
  printable,  ///< binary where tusk prints the value exactly as the server's own text, else text
  text,       ///< text, everywhere
};

/// How a session behaves. Every member has a default.
struct session_options {
  /// How long each call may take, connecting included. None means for ever.
  std::optional<std::chrono::milliseconds> timeout{};
  /// Statements kept prepared on the server: at most so many, 0 for none; the least recently used
  /// goes first.
  std::size_t statement_cache_entries = 256;
  /// And at most so many bytes of SQL text and descriptions.
  std::size_t statement_cache_bytes = std::size_t{1} << 20;
  /// SCRAM iterations that a server may ask for: each costs processor time here.
  std::uint32_t max_scram_iterations = 1'000'000;
  /// The longest message taken from the server, in bytes; at least 64 KiB. The protocol's own bound
  /// unless set. A row is one message.
  std::uint32_t max_message_bytes = 0x7fffffff;
  /// How long a stream that is left early, or a statement whose time is up, may take to be
  /// cancelled and drained before the session is given up as broken.
  std::chrono::milliseconds drain_timeout{5000};
  /// Notices and notifications kept until they are taken; the oldest go first, and are counted.
  std::size_t max_queued_messages = 1024;
};

/// What one call does differently.
struct call_options {
  /// How long this call may take; the session's own setting when there is none.
  std::optional<std::chrono::milliseconds> timeout{};
  /// The format of untyped rows.
  tusk::formats formats = tusk::formats::automatic;
};

}  // namespace tusk
