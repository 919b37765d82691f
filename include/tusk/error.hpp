#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tusk/sqlstate_code.hpp"

namespace tusk {

/// Where an error comes from.
enum class error_kind : std::uint8_t {
  server,           ///< the server answered with an ErrorResponse
  connect,          ///< no session came about: name resolution, connection, startup, authentication
  connection_lost,  ///< an established session's connection ended
  timeout,          ///< a deadline passed; see `error::carried_out`
  protocol,         ///< the peer sent what the protocol does not allow
  usage,            ///< the call cannot be carried out as it stands
  conversion,       ///< a value does not fit between its PostgreSQL and its C++ type
  skipped,          ///< not carried out: an earlier request of the same pipeline group failed
  cancelled,        ///< the server stopped the statement because a `canceller` asked it to
  rolled_back,      ///< COMMIT was answered by ROLLBACK: a statement in the transaction had failed
  in_doubt,         ///< the connection was lost during COMMIT: nobody knows whether it took effect
};

/// Where in a script an error has happened.
struct script_place {
  std::size_t index = 0;  ///< of the statement, from 0; empty ones do not count
  /// Of the script, from 1: the one that the server points at, else the one that the statement
  /// begins in.
  std::size_t line = 0;
  std::string text{};  ///< the statement
};

/// Everything an error can know. Text that the server did not send is empty, a position is 0.
struct error_details {
  error_kind kind = error_kind::usage;
  std::string message{};               ///< field M, or tusk's own sentence
  sqlstate_code code{};                ///< field C
  std::string severity{};              ///< field V, not localized: ERROR, FATAL, PANIC
  std::string detail{};                ///< field D
  std::string hint{};                  ///< field H
  std::int32_t position = 0;           ///< field P: character (not byte) in `statement`, from 1
  std::int32_t internal_position = 0;  ///< field p: character in `internal_query`, from 1
  std::string internal_query{};        ///< field q
  std::string where{};                 ///< field W: the context, innermost first
  std::string schema{};                ///< field s
  std::string table{};                 ///< field t
  std::string column{};                ///< field c
  std::string data_type{};             ///< field d
  std::string constraint{};            ///< field n
  std::string source_file{};           ///< field F
  std::string source_line{};           ///< field L
  std::string source_routine{};        ///< field R
  std::string statement{};             ///< the SQL text that was being run
  std::string statement_encoding{};    ///< its client_encoding; empty for UTF-8
  /// In a batch, the index of the element that it concerns, from 0; the first of `elements` when
  /// one statement carried several.
  std::optional<std::uint64_t> element{};
  std::uint64_t elements = 1;  ///< so many elements, of which it concerns one
  /// In a COPY, the line of its data that the server was at, from 1; in binary, and for a row that
  /// tusk itself has refused, the row. 0 where `where` does not tell it.
  std::uint64_t copy_line = 0;
  std::string copy_column{};  ///< and the column, where it was at one; as `where` has it
  /// In a script, the statement that it concerns; none where that is not known.
  std::optional<script_place> in_script{};
  bool session_usable = true;      ///< the session takes further statements
  bool transaction_usable = true;  ///< the open transaction, if any, takes further statements
  bool safe_to_retry = false;      ///< the server did not, and will not, carry it out
  /// Of kind `timeout`: the answer came when time was up, and is that the statement was carried
  /// out.
  bool carried_out = false;
};

/// The base of everything tusk throws. Cheap to copy; `what()` is one line, `report()` the whole.
class error : public std::runtime_error {
 public:
  explicit error(error_details details);

  [[nodiscard]] const error_details& details() const noexcept { return *details_; }
  [[nodiscard]] error_kind kind() const noexcept { return details_->kind; }
  /// The reference, like all views of an error's, lives as long as the error.
  [[nodiscard]] const sqlstate_code& sqlstate() const noexcept { return details_->code; }
  [[nodiscard]] std::string_view message() const noexcept { return details_->message; }
  [[nodiscard]] std::string_view severity() const noexcept { return details_->severity; }
  [[nodiscard]] std::string_view detail() const noexcept { return details_->detail; }
  [[nodiscard]] std::string_view hint() const noexcept { return details_->hint; }
  [[nodiscard]] std::string_view where() const noexcept { return details_->where; }
  [[nodiscard]] std::string_view schema() const noexcept { return details_->schema; }
  [[nodiscard]] std::string_view table() const noexcept { return details_->table; }
  [[nodiscard]] std::string_view column() const noexcept { return details_->column; }
  [[nodiscard]] std::string_view data_type() const noexcept { return details_->data_type; }
  [[nodiscard]] std::string_view constraint() const noexcept { return details_->constraint; }
  /// Character (not byte) of `statement()` the server points at, from 1; 0 when it did not.
  [[nodiscard]] std::int32_t position() const noexcept { return details_->position; }
  /// The SQL text that was being run, when there was one.
  [[nodiscard]] std::string_view statement() const noexcept { return details_->statement; }

  /// Whether the session takes further statements.
  [[nodiscard]] bool session_usable() const noexcept { return details_->session_usable; }
  /// Whether the transaction that was open, if any, takes further statements.
  [[nodiscard]] bool transaction_usable() const noexcept { return details_->transaction_usable; }
  /// True only if nothing was sent, or the server says that the failure is transient and that it
  /// carried nothing out.
  [[nodiscard]] bool safe_to_retry() const noexcept { return details_->safe_to_retry; }
  /// True only of kind `timeout`, when the statement was carried out all the same, as far as its
  /// transaction is committed: the answer was just late. Do not run it again.
  [[nodiscard]] bool carried_out() const noexcept { return details_->carried_out; }
  /// Whether the reason is one that may pass: the connection was lost or did not come about, time
  /// was up, or the server said so by its SQLSTATE (see `tusk::is_transient`). Whether the
  /// statement has taken effect all the same is another question: that is `safe_to_retry()`.
  [[nodiscard]] bool is_transient() const noexcept;

  /// Several lines, as PostgreSQL's users know them: the message, the statement's line with a caret
  /// at the position, DETAIL, HINT, CONTEXT; for errors that the server did not send the beginning
  /// of the statement. Ends with a line break.
  [[nodiscard]] std::string report() const;

 private:
  std::shared_ptr<const error_details> details_;
};

/// The connection or the server's operation failed: connecting, a lost connection, a deadline,
/// resources, shutdown; a serialization failure or deadlock. SQLSTATE classes 08, 25, 40, 53, 55,
/// 57, 58 and F0.
///
/// 25006, `read_only_sql_transaction`, where the transaction was not to be read only means that the
/// server is a standby: the session leads to a primary that is one no more, so `session::reset()`
/// it (with target_session_attrs) or drop it.
class operational_error : public error {
 public:
  using error::error;
};
/// The connection was lost, or time was up, while a COMMIT was under way: the transaction may have
/// taken effect or not. Kind `in_doubt`; never safe to retry.
class in_doubt_error : public operational_error {
 public:
  using operational_error::operational_error;
};
/// The statement or the call is wrong: syntax, names, privileges, parameters, misuse of tusk.
class programming_error : public error {
 public:
  using error::error;
};
/// A constraint does not hold: SQLSTATE class 23, and 44 (WITH CHECK OPTION).
class integrity_error : public error {
 public:
  using error::error;
};
/// A value is wrong or does not fit: SQLSTATE classes 21 and 22, and conversions on the client.
class data_error : public error {
 public:
  using error::error;
};
/// The server, or tusk, met what it should never meet: SQLSTATE class XX, and a peer that does not
/// keep to the protocol.
class internal_error : public error {
 public:
  using error::error;
};
/// The server does not support what was asked: SQLSTATE class 0A.
class not_supported_error : public error {
 public:
  using error::error;
};

/// Whether the server says by this code that the same may succeed at another time: connection
/// exceptions (class 08), serialization failures and deadlocks (40001, 40P01), a lack of resources
/// (class 53), an object that is in use, not in the right state, or locked (55006, 55000, 55P03), a
/// server that starts, stops or has crashed (57P01, 57P02, 57P03), a session that was idle for too
/// long (57P05, 25P03, 25P04), and errors of the system around the server (58000, 58030).
[[nodiscard]] bool is_transient(const sqlstate_code& code) noexcept;

/// Throws the family that `details.kind` and `details.code` belong to.
[[noreturn]] void raise(error_details details);

}  // namespace tusk
