#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "session/session_core.hpp"

// How every call of a session goes, whatever it asks: templates over the part that differs.
namespace tusk::detail {

// The server has forgotten a statement, or its plan does not fit any more. Message texts are
// translated; the routine's name is not.
inline bool statement_gone(const error& failed) noexcept {
  const error_details& details = failed.details();
  return (details.code.text() == "26000" && details.source_routine == "FetchPreparedStatement") ||
         (details.code.text() == "0A000" && details.source_routine == "RevalidateCachedQuery");
}

// Runs one call's exchange. Whatever goes wrong in it, the session is afterwards ready for the next
// call, or broken.
template <class Body>
auto session_core::guarded(std::string_view sql, Body&& body) {
  try {
    return body();
  } catch (const error& failed) {
    recover(failed, sql);
  } catch (...) {
    // Not ours, such as a lack of memory: nobody reads the answers that are still to come.
    // Half a request must not go out with the next one, either.
    if (!talk().idle() || !talk().wants().send.empty())
      line_->give_up("a call was interrupted before its answer was read");
    throw;
  }
}

// A statement that the server no longer has is prepared again, once, and only when no transaction
// was lost by the first try. The same error out of a statement that was running, such as an EXECUTE
// of the caller's, is the caller's.
template <class Attempt>
auto session_core::with_healing(std::string_view sql, Attempt&& attempt) {
  const bool may_retry =
      talk().transaction() == proto::transaction_status::idle && cache_.find(sql) != nullptr;
  try {
    return guarded(sql, attempt);
  } catch (const error& failed) {
    if (!bind_refused_ || !statement_gone(failed)) throw;
    if (failed.sqlstate().text() == "26000") {
      cache_.clear();  // DISCARD ALL or DEALLOCATE ALL: the others are gone too
    } else {
      cache_.remove(sql);
    }
    if (!may_retry || line_->broken()) throw;
  }
  return guarded(sql, attempt);
}

// The statement, once `check` has found that the call fits it. What is known of a kept statement
// may be out of date, so a refusal counts only after the server has described it again.
template <class Check>
statement& session_core::prepared(std::string_view sql, const net::deadline& until, Check&& check) {
  statement* known = cache_.find(sql);
  // The unnamed statement is whatever was parsed last.
  if (known != nullptr && !known->name.empty()) {
    try {
      check(*known);
      return *known;
    } catch (const programming_error&) {
    }
  }
  statement& fresh = prepare(sql, until);
  check(fresh);
  return fresh;
}

// Reads up to ReadyForQuery and hands everything but errors to `take`. The first error is thrown
// when the server is ready again.
template <class Take>
void session_core::read_answers(std::string_view sql, const net::deadline& until, Take&& take) {
  std::optional<error_details> failed;
  for (;;) {
    const engine::event& said = line_->wait(until);
    if (said.type == 'Z') break;
    const bool plain = said.type == 'D' || said.type == '2' || said.type == 'C';
    if (plain || !take_refusal(said, failed)) take(said);
  }
  if (failed) fail_statement(std::move(*failed), sql);
}

}  // namespace tusk::detail
