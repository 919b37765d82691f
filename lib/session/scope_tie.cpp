#include "session/scope_tie.hpp"

#include <algorithm>

#include "session/misuse.hpp"
#include "session/session_core.hpp"

namespace tusk::detail {

std::string why_cut(const scope_tie& what) {
  switch (what.ended) {
    case tie_end::none: return {};
    case tie_end::scope:
      return (what.of_savepoint ? "the savepoint is over: " : "the transaction is over: ") +
             std::string(words_for(what.how));
    case tie_end::statement:
      return "a ROLLBACK that was run as a statement may have ended it (that of a tusk::savepoint "
             "leaves alone what was opened before)";
    case tie_end::unlink: break;
  }
  return "it was unlinked";
}

void tie_list::remove(const scope_tie& what) noexcept {
  std::erase(ties_, &what);
}

void tie_list::scopes_ended(const std::uint64_t* first, std::size_t count, std::uint64_t outer,
                            scope_end how) noexcept {
  for (scope_tie* each : ties_) {
    if (std::find(first, first + count, each->scope) == first + count) continue;
    if (how == scope_end::released) {
      each->scope = outer;
    } else {
      each->ended = tie_end::scope;
      each->ended_with = *first;
      each->how = how;
      each->of_savepoint = outer != 0;
    }
  }
}

void tie_list::retell(std::uint64_t scope, scope_end how) noexcept {
  for (scope_tie* each : ties_)
    if (each->ended == tie_end::scope && each->ended_with == scope) each->how = how;
}

void tie_list::rolled_back_by_statement() noexcept {
  if (own_) return;
  for (scope_tie* each : ties_)
    if (each->ended == tie_end::none) each->ended = tie_end::statement;
}

void tie_list::unlinked(oid object) noexcept {
  for (scope_tie* each : ties_)
    if (each->object == object && each->ended == tie_end::none) each->ended = tie_end::unlink;
}

// To send takes calls of the session's, and these tie nothing.
void tie_list::send_unsent() const {
  for (const scope_tie* each : ties_)
    if (each->ended == tie_end::none && each->settle) each->settle(unsent_bytes::send);
}

void tie_list::drop_unsent() const noexcept {
  for (const scope_tie* each : ties_)
    if (each->ended == tie_end::none && each->settle) each->settle(unsent_bytes::drop);
}

void session_core::require_transaction_for(std::string_view what) const {
  if (closed_ || line_->broken() || line_->talk().transaction() != proto::transaction_status::idle)
    return;
  misuse(std::string(what) +
             " lives in a transaction block, and none is open: begin() one (outside of it the "
             "server would end it with the statement that opens it)",
         {});
}

// Before what can no longer be undone by what comes after it: a COMMIT, or a savepoint's beginning.
void session_core::send_unsent(const call& asked) {
  require_ready(asked);
  if (talk().transaction() == proto::transaction_status::in_block) scopes_.ties().send_unsent();
}

void session_core::tie(scope_tie& what) {
  what.scope = scopes_.innermost();
  what.transaction = transactions_;
  what.connection = connections_;
  scopes_.ties().add(what);
}

// A ROLLBACK within one string with the next BEGIN is known by its tag alone.
bool session_core::is_tied(const scope_tie& what) const noexcept {
  return !closed_ && what.connection == connections_ && what.ended == tie_end::none &&
         what.transaction == transactions_ && !line_->broken() &&
         line_->talk().transaction() != proto::transaction_status::idle;
}

std::string session_core::why_untied(const scope_tie& what) const {
  if (what.connection != connections_) return "the session was reset since";
  if (what.ended != tie_end::none) return why_cut(what);
  // That the session is closed or broken the call itself says.
  if (closed_ || line_->broken() || is_tied(what)) return {};
  return "the transaction is over: a COMMIT or ROLLBACK that was run as a statement has ended it";
}

}  // namespace tusk::detail
