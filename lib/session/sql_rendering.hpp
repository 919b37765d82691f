#pragma once

#include <span>
#include <string>
#include <vector>

#include "session/quoting.hpp"
#include "tusk/sql.hpp"
#include "tusk/statement.hpp"

namespace tusk::detail {

struct sql_access {
  [[nodiscard]] static const std::vector<sql_piece>& pieces(const sql& what) noexcept {
    return what.pieces_;
  }
  [[nodiscard]] static sql make(sql_piece piece) {
    sql made;
    made.pieces_.push_back(std::move(piece));
    return made;
  }
};

/// What an `sql` is to the server; the values point into it.
struct rendered_sql {
  std::string text{};
  std::vector<parameter> values{};
};

/// Throws `programming_error` for a name or text that cannot be quoted, and for a part that would
/// not be just one token of the whole.
[[nodiscard]] rendered_sql render(const sql& what, const literal_rules& rules);

/// What a verb was given, an `sql` perhaps, as text and values. It must outlive the call.
class composed_call {
 public:
  /// Throws `programming_error` as `render` does, and when an `sql` with values of its own comes
  /// with others.
  composed_call(const session_core& core, const statement_ref& given,
                std::span<const parameter> with = {});
  composed_call(const composed_call&) = delete;
  composed_call& operator=(const composed_call&) = delete;

  [[nodiscard]] const statement_ref& what() const noexcept { return what_; }
  [[nodiscard]] std::span<const parameter> values() const noexcept { return values_; }

 private:
  rendered_sql own_{};
  statement_ref what_;
  std::span<const parameter> values_;
};

}  // namespace tusk::detail
