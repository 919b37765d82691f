#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <vector>

#include "tusk/types/field.hpp"

namespace tusk {

class sql;

namespace detail {
class session_core;
struct prepared_statement;
}  // namespace detail

/// A statement that stays prepared on the server until it is destroyed, given to the verbs in place
/// of its text:
///
///     const tusk::statement find = db.prepare("select name from accounts where id = $1");
///     auto name = db.one<std::string>(find, 7);
///
/// It belongs to the session that made it, wherever that is moved. When the server has lost it, by
/// `DISCARD ALL` or a reset of the session, it is prepared again at its next use; so are its
/// descriptions. Destroying it costs no round trip: the server is told with the session's next
/// statement.
class statement {
 public:
  statement(std::shared_ptr<detail::session_core> core,
            std::shared_ptr<detail::prepared_statement> what) noexcept;
  statement(statement&&) noexcept = default;
  statement& operator=(statement&& other) noexcept;
  ~statement() { close(); }

  /// The SQL text; like all views, it lives as long as the statement. Empty when moved from.
  [[nodiscard]] std::string_view text() const noexcept;
  /// The types of `$1`, `$2`, ..., as the server wants them.
  [[nodiscard]] const std::vector<oid>& parameters() const noexcept;
  /// The columns of its rows; none for a statement that returns no rows.
  [[nodiscard]] const std::vector<column>& columns() const noexcept;
  /// Gives it up, as the destructor does. To run it afterwards is a usage error.
  void close() noexcept;

 private:
  friend class statement_ref;

  std::shared_ptr<detail::session_core> core_;
  std::shared_ptr<detail::prepared_statement> what_;
};

/// What a verb is to run: an SQL text, one that was put together as an `sql`, or a prepared
/// statement. A view of either.
class statement_ref {
 public:
  template <std::convertible_to<std::string_view> Text>
  statement_ref(const Text& text) noexcept  // NOLINT: meant to convert
      : text_(text) {}
  statement_ref(const statement& prepared) noexcept;  // NOLINT: meant to convert
  statement_ref(const sql& composed) noexcept         // NOLINT: meant to convert
      : composed_(&composed) {}

  /// Empty for an `sql`, whose text depends on the session.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// Null for everything but an `sql`.
  [[nodiscard]] const sql* composed() const noexcept { return composed_; }
  /// Null for a text.
  [[nodiscard]] const std::shared_ptr<detail::prepared_statement>* prepared() const noexcept {
    return prepared_;
  }
  /// Whose it is; null for a text, and for what was moved from or closed.
  [[nodiscard]] const detail::session_core* owner() const noexcept { return owner_; }

 private:
  std::string_view text_;
  const std::shared_ptr<detail::prepared_statement>* prepared_ = nullptr;
  const detail::session_core* owner_ = nullptr;
  const sql* composed_ = nullptr;
};

}  // namespace tusk
