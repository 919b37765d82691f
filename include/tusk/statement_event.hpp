#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tusk {

class error;

/// What a statement was run by.
enum class statement_kind : std::uint8_t {
  statement,    ///< one statement: query, execute and their like
  stream,       ///< one whose rows are read as they come; it ends with the last, or when it is left
  script,       ///< several statements by the simple protocol
  preparation,  ///< `prepare()`: nothing is carried out
  pipelined,    ///< a request of a pipeline
  copy_in,      ///< a COPY FROM STDIN; it ends when it is finished, or given up
  copy_out,     ///< a COPY TO STDOUT; it ends with its data, or when it is left
};

/// The kind in words.
[[nodiscard]] std::string_view name_of(statement_kind kind) noexcept;

/// What a session's observer (`session_options::on_statement`) is told: that a statement begins, or
/// that it has ended. Everything in it lives until the observer returns.
struct statement_event {
  bool ended = false;  ///< false: it is about to be sent, or was queued in a pipeline
  /// Tells which end belongs to which beginning: counted up in each connection, from 1.
  std::uint64_t number = 0;
  statement_kind kind = statement_kind::statement;
  /// The text, with '***' in place of literals behind the words PASSWORD and CONNECTION.
  std::string_view sql{};
  std::size_t parameter_count = 0;
  /// The parameters' texts, as the server would print them, and nothing for NULL; none at all
  /// unless `session_options::observe_parameters` is set. One that has no text is `?`.
  std::span<const std::optional<std::string>> parameters{};

  // The rest is known at the end.

  /// From before the first byte was sent, a description that it took included, to the answer's end;
  /// for a pipelined one from when it was queued.
  std::chrono::nanoseconds duration{};
  /// Rows selected, inserted, updated and so on; of a stream that was left early, those handed out.
  std::uint64_t rows = 0;
  std::uint64_t bytes_sent = 0;      ///< of the protocol, beneath TLS
  std::uint64_t bytes_received = 0;  ///< likewise; what came beside the answers included
  /// Why it failed; null when it did not.
  const error* failed = nullptr;
};

}  // namespace tusk
