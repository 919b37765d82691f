#include <new>
#include <utility>

#include "session/session_core.hpp"

// What a caller's functions are told, and what the end of a call owes to what the server has said
// beside its answers.
namespace tusk::detail {

namespace {

constexpr std::string_view encoding_remedy =
    ", and texts are UTF-8 here, so the session is given up: leave client_encoding alone, or set "
    "session_options::follow_client_encoding";

}  // namespace

void session_core::begin_connection() {
  if (encoding_is_refused()) refuse_encoding();
  line_->listening.rethrow();
}

void session_core::observe(const call& asked) {
  watch_ = std::make_unique<observation>(*line_, asked.kind, asked.what.text(), asked.values,
                                         options_.observe_parameters);
}

void session_core::observe_pipelined(pipeline_slot& slot, std::string_view sql,
                                     std::span<const parameter> values,
                                     std::uint64_t sent) noexcept {
  try {
    slot.watch = std::make_unique<observation>(*line_, statement_kind::pipelined, sql, values,
                                               options_.observe_parameters);
    slot.watch->add_sent(sent);
  } catch (const std::bad_alloc&) {
    // It is written already, so it goes unobserved.
  }
}

void session_core::fail_call() {
  const bool refused = encoding_is_refused() && !line_->broken();
  if (refused) line_->give_up("client_encoding was changed", encoding_remedy);
  if (watch_) {
    watch_->end_in_exception();
    watch_.reset();
  }
  line_->listening.forget();
  if (!refused) throw;
  try {
    throw;
  } catch (const error& failed) {
    error_details details = failed.details();
    details.message.append("; besides, client_encoding was changed").append(encoding_remedy);
    details.session_usable = details.transaction_usable = false;
    raise(std::move(details));
  }
}

void session_core::refuse_encoding() {
  std::string why = "client_encoding was changed to ";
  why.append(line_->parameter("client_encoding")).append(encoding_remedy);
  line_->give_up(why);
  raise({.kind = error_kind::usage,
         .message = std::move(why),
         .session_usable = false,
         .transaction_usable = false});
}

// What it would do stands in the middle of an exchange.
void session_core::require_no_listener() const {
  if (!line_->listening.talking()) return;
  raise({.kind = error_kind::usage,
         .message = "the session cannot be used by a function that it is just telling something"});
}

bool session_core::check() {
  if (closed_) return false;
  require_no_listener();
  if (stream_ || copy_ || pipeline_) return !line_->broken();  // what comes now answers them
  bool usable = line_->check();
  if (usable && encoding_is_refused()) {
    line_->give_up("client_encoding was changed", encoding_remedy);
    usable = false;
  }
  line_->listening.rethrow();
  return usable;
}

void session_core::on_notice(callback<void(const notice&)> told) {
  options_.on_notice = told;
  line_->listening.on_notice = std::move(told);
}

void session_core::on_parameter_change(callback<void(std::string_view, std::string_view)> told) {
  options_.on_parameter_change = told;
  line_->listening.on_parameter_change = std::move(told);
}

void session_core::on_statement(callback<void(const statement_event&)> told,
                                bool observe_parameters) {
  options_.on_statement = told;
  options_.observe_parameters = observe_parameters;
  line_->listening.on_statement = std::move(told);
}

}  // namespace tusk::detail
