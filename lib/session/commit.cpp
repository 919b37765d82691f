#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "session/client_binding.hpp"
#include "session/commit_outcome.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"
#include "tusk/sqlstate.hpp"

// COMMIT and PREPARE TRANSACTION: the statements of which it matters what became of them even when
// nobody says so.
namespace tusk::detail {

/// What came until the end of the answer, or of the connection.
struct commit_answer {
  std::string tag{};
  std::optional<error_details> failed{};  ///< the server's error
  std::optional<error_details> lost{};    ///< why the answer's end did not come
};

namespace {

// A COMMIT whose time is up is waited for a little longer, and not cancelled: a cancel would end
// the wait for a synchronous standby, and the server then commits without it.
net::deadline prolonged(const net::deadline& until, std::chrono::milliseconds drain_timeout) {
  const auto left = until.left();
  if (!left) return until;
  constexpr std::chrono::milliseconds longest = std::chrono::years(10);
  return net::deadline::after(std::chrono::ceil<std::chrono::milliseconds>(*left) +
                              std::min(drain_timeout, longest));
}

[[noreturn]] void raise_rolled_back(std::string_view sql, const commit_answer& answer) {
  error_details failed{.kind = error_kind::rolled_back};
  failed.message =
      "the transaction was rolled back and not committed: a statement in it had failed";
  failed.code = sqlstate::in_failed_sql_transaction;
  failed.statement = sql;
  failed.session_usable = !answer.lost;
  raise(std::move(failed));
}

// The connection was lost, but what became of the transaction is known, or does not matter.
[[noreturn]] void raise_lost(std::string_view sql, const commit_answer& answer,
                             std::string_view what_became, bool safe_to_retry) {
  error_details lost = *answer.lost;
  lost.kind = error_kind::connection_lost;
  lost.message = std::string(what_became) + ": " + lost.message;
  lost.statement = sql;
  lost.session_usable = lost.transaction_usable = false;
  lost.safe_to_retry = safe_to_retry;
  raise(std::move(lost));
}

[[noreturn]] void raise_in_doubt(std::string_view sql, const commit_answer& answer,
                                 std::string_view why_not_found, std::string_view hint) {
  error_details doubt{.kind = error_kind::in_doubt};
  doubt.message =
      "whether the transaction was committed is not known, for the answer did not come: " +
      answer.lost->message;
  if (!why_not_found.empty())
    doubt.message.append("; nor could it be found out: ").append(why_not_found);
  doubt.code = sqlstate::transaction_resolution_unknown;
  doubt.hint = hint;
  doubt.statement = sql;
  doubt.session_usable = doubt.transaction_usable = false;
  raise(std::move(doubt));
}

}  // namespace

// The server's timeline does not change while it writes, so once for each connection will do.
// Outside of the transaction, where a refusal, as by a server that is none of PostgreSQL's own,
// does no harm.
void session_core::learn_timeline(const call& asked) {
  if (!timeline_.empty()) return;
  try {
    conduct(asked, [&](const net::deadline& until) {
      guarded(asked.what.text(), until, [&] { timeline_ = timeline_of(*line_, until); });
    });
  } catch (const error& refused) {
    if (refused.kind() != error_kind::server) throw;
  }
}

void session_core::commit(std::uint64_t scope) {
  const call_options timed{.timeout = transaction_.timeout};
  const call asked{timed, "commit", {}, scope};
  send_unsent(asked);
  transaction_mark mark;
  conduct(asked, [&](const net::deadline& until) {
    if (transaction_.know_outcome && talk().transaction() == proto::transaction_status::in_block) {
      // In a round trip of its own: were it asked together with COMMIT, both answers could be lost.
      mark.id = guarded(asked.what.text(), until, [&] { return id_of_transaction(*line_, until); });
      mark.asked = true;
      mark.timeline = timeline_;
    }
    finish_transaction(asked, "COMMIT", mark, until);
  });
}

void session_core::prepare_commit(std::uint64_t scope, std::string_view id) {
  const call_options timed{.timeout = transaction_.timeout};
  const std::string sql = with_literal("prepare transaction $1", id);
  const call asked{timed, sql, {}, scope};
  send_unsent(asked);
  conduct(asked, [&](const net::deadline& until) {
    finish_transaction(asked, "PREPARE TRANSACTION", {}, until);
  });
}

std::string session_core::with_literal(std::string_view sql, std::string_view value) const {
  return bind_literals(sql, make_parameters(value), quoting_rules());
}

// Ends the transaction, whatever comes, and throws unless it took effect.
void session_core::finish_transaction(const call& asked, std::string_view tag,
                                      const transaction_mark& mark, const net::deadline& until) {
  const std::string_view sql = asked.what.text();
  const bool had_failed = talk().transaction() == proto::transaction_status::failed;
  const auto before = talk().mark();
  talk().simple_query(sql);
  check_written(before, sql);
  commit_answer answer;
  read_commit(prolonged(until, options_.drain_timeout), answer);
  const bool unsent = talk().unsent() != 0;
  if (answer.lost && answer.lost->kind == error_kind::timeout)
    answer.lost->message =
        "the server did not answer " + until.within() + ", nor in the drain_timeout after it";
  if (answer.lost) line_->give_up("the answer to a COMMIT did not come");

  // To whoever has read the tag, some statement has ended it.
  const auto end = [&](scope_end how) {
    scopes_.end(asked.scope, how);
    scopes_.retell(asked.scope, how);
  };
  if (answer.tag == tag) {
    end(tag == "COMMIT" ? scope_end::committed : scope_end::prepared);
    return;
  }
  end(scope_end::rolled_back);
  if (answer.failed) {
    answer.failed->statement = sql;
    answer.failed->session_usable = !answer.lost;
    raise(std::move(*answer.failed));
  }
  if (had_failed || !answer.lost) raise_rolled_back(sql, answer);
  if (unsent)
    raise_lost(sql, answer, "the transaction was rolled back, for COMMIT could not be sent", true);
  settle_doubt(asked, mark, answer);
}

// Reads the answer, which says what became of the transaction before it ends.
void session_core::read_commit(const net::deadline& until, commit_answer& answer) {
  try {
    for (;;) {
      const engine::event& said = line_->wait(until);
      if (said.type == 'Z') return;
      if (said.type == 'C') {
        answer.tag = tag_of(said);
        note_tag(answer.tag);
      }
      if (said.type != 'E' || answer.failed) continue;
      error_details refused =
          read_error_fields(std::get<proto::error_response>(said.message).fields);
      // A server process that is being ended may have committed before it noticed.
      if (!ends_session(refused)) answer.failed = std::move(refused);
    }
  } catch (const error& e) {
    answer.lost = e.details();
  } catch (const std::exception& e) {
    answer.lost = {.kind = error_kind::connection_lost,
                   .message = std::string("the call was interrupted: ") + e.what()};
  }
}

// COMMIT was sent and not answered.
void session_core::settle_doubt(const call& asked, const transaction_mark& mark,
                                const commit_answer& answer) {
  const std::string_view sql = asked.what.text();
  if (mark.asked && mark.id.empty()) {
    raise_lost(sql, answer, "the connection was lost in COMMIT, but nothing had been written",
               false);
  }
  found_outcome found;
  if (mark.asked) {
    found =
        find_outcome(line_->way(), options_, mark, net::deadline::after(options_.drain_timeout));
  }
  switch (found.what) {
    case commit_outcome::committed: scopes_.retell(asked.scope, scope_end::committed); return;
    case commit_outcome::rolled_back:
      raise_lost(sql, answer, "the transaction was rolled back, as the server says", true);
    case commit_outcome::unknown: break;
  }
  scopes_.retell(asked.scope, scope_end::in_doubt);
  std::string_view hint;
  if (!mark.asked) {
    hint = sql == "commit" ? "transaction_options::know_outcome would have found out."
                           : "prepared_transactions() tells whether it was prepared.";
  }
  raise_in_doubt(sql, answer, found.why, hint);
}

}  // namespace tusk::detail
