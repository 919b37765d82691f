#include "session/session_core.hpp"

#include <algorithm>
#include <utility>

#include "session/connect.hpp"
#include "session/description.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"

namespace tusk::detail {

namespace {

constexpr std::size_t most_parameters = 65'535;
constexpr std::string_view copy_in_refusal =
    "COPY FROM STDIN needs data, and this call has none to send";
constexpr std::string_view copy_out_refusal =
    "COPY TO STDOUT gives data that this call cannot take";

[[noreturn]] void refuse(const call& asked, std::string why, bool session_usable) {
  raise({.kind = error_kind::usage,
         .message = std::move(why),
         .statement = std::string(asked.what.text()),
         .session_usable = session_usable,
         .safe_to_retry = true});
}

}  // namespace

session_core::session_core(conninfo to, const session_options& options, const std::string& home)
    : options_(options),
      plan_(make_plan(std::move(to), options_, home)),
      line_(connect(plan_, options_, net::deadline::after(options.timeout))),
      described_(options.statement_cache_entries, options.statement_cache_bytes),
      declared_(options.statement_cache_entries, options.statement_cache_bytes) {
  begin_connection();
}

// What is wrong with a call whatever the session is doing.
void session_core::require_fitting(const call& asked) const {
  const std::shared_ptr<prepared_statement>* held = asked.what.prepared();
  std::string why;
  // The server counts a statement's parameters in 16 bits, too, and wraps around without a word.
  if (asked.values.size() > most_parameters) {
    why = "a statement takes at most " + std::to_string(most_parameters) + " parameters, and " +
          std::to_string(asked.values.size()) + " are given";
  }
  if (held != nullptr && asked.what.owner() != this) {
    why = *held == nullptr ? "the prepared statement was closed, or moved from"
                           : "the prepared statement belongs to another session";
  }
  if (!why.empty()) refuse(asked, std::move(why), true);
}

void session_core::require_ready(const call& asked) const {
  require_fitting(asked);
  std::string why;
  if (asked.scope != 0) why = why_scope_ended(asked.scope);
  if (stream_) {
    why = stream_->copying
              ? "a COPY is read on this session: read it to its end, or destroy it, first"
              : "a stream is open on this session: read it to its end, or destroy it, "
                "first";
  }
  if (pipeline_) why = "a pipeline is open on this session: finish it, or destroy it, first";
  if (copy_) why = "a COPY is open on this session: finish() it, or destroy it, first";
  if (closed_) why = "the session is closed";
  if (line_->listening.talking()) [[unlikely]]
    why = "the session cannot be used by a function that it is just telling something";
  if (!why.empty()) refuse(asked, std::move(why), !closed_);
  if (line_->leave_to_parent() || line_->broken()) line_->fail_broken(asked.what.text());
}

statement_mode session_core::mode_of(const call& asked) const noexcept {
  if (asked.what.prepared() != nullptr) return statement_mode::prepared;
  return asked.options.mode.value_or(options_.mode);
}

net::deadline session_core::deadline_for(const call_options& options) const {
  return net::deadline::after(options.timeout ? options.timeout : options_.timeout);
}

void session_core::recover(const error& failed, std::string_view sql, const net::deadline& until) {
  error_details details = failed.details();
  if (details.statement.empty()) details.statement = sql;
  const bool awaited = !line_->broken() && !talk().idle();
  const bool late = details.kind == error_kind::timeout;
  const late_end meant = std::exchange(if_late_, late_end::carried_out);
  const drained how = !awaited ? drained::finished
                      : late   ? line_->cancel_and_drain()
                               : line_->drain(until);
  details.session_usable = !line_->broken();
  details.transaction_usable =
      details.session_usable && talk().transaction() != proto::transaction_status::failed;
  if (late) {
    details.carried_out = how == drained::finished && meant == late_end::carried_out;
    details.message += how == drained::failed            ? "; the statement was cancelled"
                       : how == drained::broken          ? "; the session is broken"
                       : meant == late_end::nothing_done ? "; nothing was carried out yet"
                       : meant == late_end::unknown
                           ? "; whether the statement was carried out is not known"
                           : "; the answer came too late, but the statement was carried out";
  }
  raise(std::move(details));
}

// What a statement that was not described before it was sent will bring.
void session_core::take_columns(const engine::event& said, in_flight& sent,
                                std::optional<error_details>& failed) {
  if (sent.of == nullptr || failed) return;
  const auto* columns = std::get_if<proto::row_description>(&said.message);
  sent.of->columns = columns != nullptr ? read_columns(*columns) : std::vector<column>();
  sent.of->described = true;
  if (sent.shape == nullptr || sent.columns != nullptr) return;
  try {
    sent.columns = columns_as_sent(*sent.of, *sent.shape, knowledge());
  } catch (const error& refused) {
    failed = refused.details();
    failed->safe_to_retry = false;  // it runs, whatever its rows are read as
  }
}

// Errors, descriptions, and COPY, which none of these calls can serve.
bool session_core::take_refusal(const engine::event& said, in_flight& sent,
                                std::optional<error_details>& failed) {
  switch (said.type) {
    case 'T':
    case 'n': take_columns(said, sent, failed); return false;
    case 'E':
      if (failed) return true;
      bind_refused_ = !talk().portal_open();
      failed = read_error_fields(std::get<proto::error_response>(said.message).fields);
      return true;
    case 'G':
      talk().refuse_copy(copy_in_refusal);
      if (!failed) failed = {.kind = error_kind::usage, .message = std::string(copy_in_refusal)};
      return true;
    case 'H':
      if (!failed) failed = {.kind = error_kind::usage, .message = std::string(copy_out_refusal)};
      return true;
    default: return said.type == 'd' || said.type == 'c';
  }
}

void session_core::fail_statement(error_details failed, std::string_view sql) const {
  failed.statement = sql;
  note_cancelled(failed);
  const proto::transaction_status after = line_->talk().transaction();
  failed.transaction_usable = after != proto::transaction_status::failed;
  if (after == proto::transaction_status::idle && !is_one_transaction(sql))
    failed.safe_to_retry = false;
  if (line_->foreign_encoding()) [[unlikely]]
    failed.statement_encoding = line_->parameter("client_encoding");
  raise(std::move(failed));
}

void session_core::reset() {
  if (closed_ || stream_ || copy_ || pipeline_) {
    raise({.kind = error_kind::usage,
           .message = closed_
                          ? "the session is closed, and is not opened again by reset()"
                          : "a stream, a COPY or a pipeline is open on this session: destroy it "
                            "before reset()",
           .session_usable = !closed_});
  }
  require_no_listener();
  const exclusive_use::entry alone(use_);
  line_->farewell();
  line_->give_up("it could not be connected again");
  std::unique_ptr<connection> fresh =
      connect(plan_, options_, net::deadline::after(options_.timeout));
  fresh->keep_messages_of(*line_);
  line_ = std::move(fresh);
  if (cancels_ != nullptr) cancels_->aim(line_->cancelled_by());
  forget_statements();
  left_portals_.clear();
  ++connections_;
  upkeep_ = {};
  scopes_.end_all(scope_end::by_reset);
  timeline_.clear();
  begin_connection();
}

session_status session_core::status() const noexcept {
  if (closed_) return session_status::closed;
  if (line_->broken()) return session_status::broken;
  if (stream_ || copy_ || pipeline_) return session_status::busy;
  switch (line_->talk().transaction()) {
    case proto::transaction_status::idle: return session_status::open;
    case proto::transaction_status::in_block: return session_status::in_transaction;
    case proto::transaction_status::failed: return session_status::failed_transaction;
  }
  return session_status::broken;
}

void session_core::trace(std::shared_ptr<wire_trace> to) {
  // Half of a message may have been sent.
  if (to != nullptr && status() == session_status::busy) {
    raise({.kind = error_kind::usage,
           .message =
               "a stream, a COPY or a pipeline is open on this session: begin the trace when "
               "it has ended"});
  }
  options_.trace = to;
  line_->trace(std::move(to));
}

void session_core::close() noexcept {
  if (closed_) return;
  closed_ = true;
  if (line_->listening.talking()) {  // in the middle of an exchange that still refers to all of it
    line_->give_up("the session was closed by a function that it was just telling something");
    return;
  }
  stream_.reset();
  if (copy_) end_copy(*copy_);
  pipeline_.reset();
  end_observation();
  line_->farewell();
}

}  // namespace tusk::detail
