#include "session/cancel_gate.hpp"
#include "session/session_core.hpp"
#include "session/statement_mark.hpp"
#include "tusk/sqlstate.hpp"

// What a session does so that it can be cancelled from other threads.
namespace tusk::detail {

statement_mark::statement_mark(session_core& of) {
  of.begin_running();
  of_ = &of;
}

statement_mark::~statement_mark() {
  if (of_ != nullptr) of_->end_running();
}

std::shared_ptr<cancel_gate> session_core::cancels() {
  if (cancels_ == nullptr)
    cancels_ = std::make_shared<cancel_gate>(line_->cancelled_by(), running_ != 0);
  return cancels_;
}

void session_core::begin_running() {
  if (running_ == 0 && cancels_ != nullptr && !cancels_->begin(options_.drain_timeout)) {
    line_->give_up("whether an earlier statement was cancelled could not be found out in time");
    line_->fail_broken();
  }
  ++running_;
}

void session_core::end_running() noexcept {
  if (--running_ == 0 && cancels_ != nullptr) cancels_->end();
}

// The server says the same when it is asked by another session, or when its own time is up.
void session_core::note_cancelled(error_details& failed) const noexcept {
  if (cancels_ != nullptr && failed.kind == error_kind::server &&
      failed.code == sqlstate::query_canceled && cancels_->was_asked()) {
    failed.kind = error_kind::cancelled;
  }
}

// A cancel that found the server between two steps of one call was lost on it.
void session_core::require_not_cancelled(std::string_view sql) const {
  if (cancels_ == nullptr || !cancels_->was_passed_on()) return;
  error_details cancelled{.kind = error_kind::cancelled,
                          .message = "the statement was cancelled before it was run",
                          .code = sqlstate::query_canceled};
  cancelled.safe_to_retry = true;
  fail_statement(std::move(cancelled), sql);
}

}  // namespace tusk::detail
