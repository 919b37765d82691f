#include "session/session_flow.hpp"
#include "tusk/session.hpp"

// The second half of two-phase commits (PostgreSQL documentation, "Two-Phase Transactions").
namespace tusk {

void session::commit_prepared(std::string_view id) {
  core().end_prepared("commit prepared $1", id);
}

void session::rollback_prepared(std::string_view id) {
  core().end_prepared("rollback prepared $1", id);
}

std::vector<prepared_transaction> session::prepared_transactions() {
  const auto rows = query<prepared_transaction>(
      "select gid, owner::pg_catalog.text, database::pg_catalog.text, prepared "
      "from pg_catalog.pg_prepared_xacts order by prepared, gid");
  return {rows.begin(), rows.end()};
}

namespace detail {

void session_core::end_prepared(std::string_view sql, std::string_view id) {
  const call_options usual;
  require_ready({usual, sql});
  const std::string whole = with_literal(sql, id);
  run_plainly({usual, whole}, whole);
}

}  // namespace detail

}  // namespace tusk
