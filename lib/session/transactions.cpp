#include <string>
#include <utility>

#include "session/session_flow.hpp"

// BEGIN, savepoints and ROLLBACK. They go by the simple protocol: nothing in them is worth keeping
// prepared, and a ROLLBACK must work whatever the server has forgotten. COMMIT is in commit.cpp.
namespace tusk::detail {

namespace {

std::string begin_statement(const transaction_options& options) {
  std::string sql = "begin";
  if (const std::string_view level = name_of(options.isolation); !level.empty())
    sql.append(" isolation level ").append(level);
  if (options.read_only) sql += *options.read_only ? " read only" : " read write";
  if (options.deferrable) sql += *options.deferrable ? " deferrable" : " not deferrable";
  return sql;
}

std::string savepoint_name(std::uint64_t scope) {
  return "tusk_s" + std::to_string(scope);
}

// In one round trip: rolling back to a savepoint leaves it there.
std::string undoing(std::uint64_t savepoint) {
  const std::string name = savepoint_name(savepoint);
  return "rollback to savepoint " + name + "; release savepoint " + name;
}

}  // namespace

// A call that ends or begins something, and returns no rows.
void session_core::run_plainly(const call& asked, std::string_view sql,
                               const callback<void()>& carried_out) {
  const std::string_view shown = asked.what.text();
  conduct(asked, [&](const net::deadline& until) {
    guarded(shown, until, [&] {
      const auto before = talk().mark();
      talk().simple_query(sql);
      check_written(before, shown);
      in_flight sent;
      read_answers(shown, until, sent, [](const engine::event&) {});
      if (carried_out) carried_out();
    });
  });
}

bool session_core::is_open(std::uint64_t scope) const noexcept {
  const bool ended_by_statement = !line_->broken() && line_->talk().idle() &&
                                  line_->talk().transaction() == proto::transaction_status::idle;
  return scopes_.holds(scope) && !ended_by_statement;
}

// Nothing while the transaction or savepoint is open.
std::string session_core::why_scope_ended(std::uint64_t scope) const {
  std::string why = scopes_.why_ended(scope);
  if (why.empty() && !is_open(scope))
    why = "the transaction is over: a COMMIT or ROLLBACK that was run as a statement has ended it";
  return why;
}

std::uint64_t session_core::begin(const transaction_options& options) {
  const call_options timed{.timeout = options.timeout};
  const std::string sql = begin_statement(options);
  const call asked{timed, sql};
  require_ready(asked);
  if (talk().transaction() == proto::transaction_status::idle) {
    scopes_.end_all(scope_end::by_statement);
  } else {
    const char* why =
        !scopes_.empty()
            ? "a transaction is open on this session already: what is to be undone alone inside of "
              "it takes a savepoint()"
            : "a transaction is open on this session already: a BEGIN that was run as a statement "
              "has begun it. End it by COMMIT or ROLLBACK; inside of it, use SAVEPOINT, not "
              "savepoint(), which needs begin()";
    raise({.kind = error_kind::usage, .message = why, .statement = sql, .safe_to_retry = true});
  }
  if (options.know_outcome) learn_timeline(asked);
  transaction_ = {options.know_outcome, options.timeout};
  try {
    run_plainly(asked, sql);
    return scopes_.open();
  } catch (...) {
    // It may have been carried out too late, or there was no memory: nobody would ever end it.
    if (!line_->broken() && talk().transaction() != proto::transaction_status::idle)
      undo_quietly("rollback");
    throw;
  }
}

std::uint64_t session_core::set_savepoint(std::uint64_t inside) {
  const call_options timed{.timeout = transaction_.timeout};
  send_unsent({timed, "savepoint", {}, inside});
  const std::uint64_t scope = scopes_.open();
  const std::string sql = "savepoint " + savepoint_name(scope);
  try {
    run_plainly({timed, sql, {}, inside}, sql);
  } catch (...) {
    scopes_.end(scope, scope_end::rolled_back);
    throw;
  }
  return scope;
}

void session_core::end_savepoint(std::uint64_t scope, scope_end how) {
  const call_options timed{.timeout = transaction_.timeout};
  const std::string sql =
      how == scope_end::released ? "release savepoint " + savepoint_name(scope) : undoing(scope);
  const tie_list::own_rollback own(scopes_.ties());
  const auto end = [&] {
    scopes_.end(scope, how);
    if (how == scope_end::rolled_back) scopes_.ties().drop_unsent();
  };
  try {
    run_plainly({timed, sql, {}, scope}, sql);
  } catch (const error& failed) {
    // Carried out after all, when its time was up: a cancel would have failed the transaction.
    if (failed.kind() == error_kind::timeout && !line_->broken() &&
        talk().transaction() == proto::transaction_status::in_block)
      end();
    throw;
  }
  end();
}

void session_core::roll_back(std::uint64_t scope) {
  const call_options timed{.timeout = transaction_.timeout};
  const call asked{timed, "rollback", {}, scope};
  require_ready(asked);
  try {
    run_plainly(asked, asked.what.text());
  } catch (...) {
    // Where the connection is gone, the server rolls back, too.
    if (line_->broken() || talk().transaction() == proto::transaction_status::idle)
      scopes_.end(scope, scope_end::rolled_back);
    throw;
  }
  scopes_.end(scope, scope_end::rolled_back);
}

// For destructors: within drain_timeout the server has undone it, or the connection is given up,
// which undoes it as well. Whether it was undone.
bool session_core::undo_quietly(std::string_view sql) noexcept {
  // A stream does not know that it was ended by somebody else, and would go on in the next one.
  if (stream_) line_->give_up("a transaction was left while a stream was open in it");
  if (copy_) leave_copy(*copy_, "the transaction was left");
  if (pipeline_) abandon_pipeline(pipeline_->id);
  if (line_->broken()) return false;
  bool done = false;
  try {
    const call_options timed{.timeout = options_.drain_timeout};
    conduct({timed, sql}, [&](const net::deadline& until) {
      talk().simple_query(sql);
      in_flight sent;
      read_answers(sql, until, sent, [](const engine::event&) {});
      done = true;
    });
  } catch (const std::exception& failed) {
    if (!done) line_->give_up("a transaction could not be rolled back: ", failed.what());
  } catch (...) {
    if (!done) line_->give_up("a transaction could not be rolled back");
  }
  return done;
}

void session_core::abandon_transaction(std::uint64_t scope) noexcept {
  if (closed_ || !is_open(scope)) return;
  undo_quietly("rollback");
  scopes_.end(scope, scope_end::rolled_back);
}

void session_core::abandon_savepoint(std::uint64_t scope) noexcept {
  if (closed_ || !is_open(scope)) return;
  try {
    const tie_list::own_rollback own(scopes_.ties());
    undo_quietly(undoing(scope));
  } catch (const std::bad_alloc&) {
    line_->give_up("a savepoint could not be rolled back to");
  }
  scopes_.end(scope, scope_end::rolled_back);
  scopes_.ties().drop_unsent();
}

}  // namespace tusk::detail
