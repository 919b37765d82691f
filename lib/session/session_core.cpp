#include "session/session_core.hpp"

#include <utility>

#include "session/connect.hpp"
#include "session/description.hpp"
#include "session/parameters.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"
#include "tusk/proto/bind_writer.hpp"

namespace tusk::detail {

namespace {

constexpr std::size_t most_parameters = 65'535;
constexpr std::string_view copy_in_refusal =
    "COPY FROM STDIN needs data, and this call has none to send";
constexpr std::string_view copy_out_refusal =
    "COPY TO STDOUT gives data that this call cannot take";

void take_description(const engine::event& said, statement& into) {
  if (const auto* types = std::get_if<proto::parameter_description>(&said.message)) {
    for (const oid type : types->types)
      into.parameters.push_back(type);
  } else if (const auto* columns = std::get_if<proto::row_description>(&said.message)) {
    into.columns = read_columns(*columns);
  }
}

}  // namespace

session_core::session_core(conninfo to, const session_options& options, const std::string& home)
    : options_(options),
      plan_(make_plan(std::move(to), options_, home)),
      line_(connect(plan_, options_, net::deadline::after(options.timeout))),
      cache_(options.statement_cache_entries, options.statement_cache_bytes) {}

void session_core::require_ready(std::string_view sql, std::size_t parameters) const {
  std::string why;
  // The server counts a statement's parameters in 16 bits, too, and wraps around without a word.
  if (parameters > most_parameters) {
    why = "a statement takes at most " + std::to_string(most_parameters) + " parameters, and " +
          std::to_string(parameters) + " are given";
  }
  if (closed_) why = "the session is closed";
  if (stream_) why = "a stream is open on this session: read it to its end, or destroy it, first";
  if (!why.empty()) {
    raise({.kind = error_kind::usage,
           .message = std::move(why),
           .statement = std::string(sql),
           .session_usable = !closed_,
           .safe_to_retry = true});
  }
  if (line_->broken()) line_->fail_broken(sql);
}

net::deadline session_core::deadline_for(const call_options& options) const {
  return net::deadline::after(options.timeout ? options.timeout : options_.timeout);
}

void session_core::recover(const error& failed, std::string_view sql) {
  error_details details = failed.details();
  if (details.statement.empty()) details.statement = sql;
  const bool awaited = !line_->broken() && !talk().idle();
  const drained how = awaited ? line_->cancel_and_drain() : drained::finished;
  details.session_usable = !line_->broken();
  details.transaction_usable =
      details.session_usable && talk().transaction() != proto::transaction_status::failed;
  if (details.kind == error_kind::timeout) {
    details.message += how == drained::failed ? "; the statement was cancelled"
                       : how == drained::finished
                           ? "; the answer came too late, but the statement was carried out"
                           : "; the session is broken";
  }
  raise(std::move(details));
}

statement& session_core::prepare(std::string_view sql, const net::deadline& until) {
  cache_.remove(sql);
  statement fresh;
  fresh.sql = sql;
  fresh.name = cache_.next_name();
  const auto before = talk().mark();
  // Here as well, or calls that are refused again and again would heap statements on the server.
  write_closes();
  talk().parse(fresh.name, sql, {});
  talk().describe(proto::target::statement, fresh.name);
  talk().sync();
  check_written(before, sql);
  cache_.evicted().clear();
  bool refused = true;
  try {
    read_answers(sql, until, [&](const engine::event& said) {
      if (said.type == '1') refused = false;
      take_description(said, fresh);
    });
  } catch (const error& failed) {
    // Whether the server keeps it is not known in every case; Close of a missing one is no error.
    if (!fresh.name.empty() && (!refused || failed.kind() != error_kind::server)) {
      cache_.evicted().push_back(fresh.name);
    }
    throw;
  }
  return cache_.insert(std::move(fresh));
}

void session_core::check_written(const engine::conversation::checkpoint& before,
                                 std::string_view sql) {
  const proto::error fault = talk().fault();
  if (!fault) return;
  talk().take_back(before);
  raise({.kind = error_kind::usage,
         .message = "the statement cannot be sent: " + std::string(proto::explain(fault.what)),
         .statement = std::string(sql),
         .safe_to_retry = true});
}

// Bind, Execute and Sync, and before them Close for what left the cache, in one piece.
void session_core::send(statement& what, std::span<const parameter> values,
                        const column_choice& choice) {
  const auto before = talk().mark();
  try {
    write_closes();
    write_bind(what, values, choice.codes);
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  talk().bound(static_cast<std::uint32_t>(what.columns.size()));
  talk().run_portal();
  check_written(before, what.sql);
  cache_.evicted().clear();
}

// Close for what left the cache; it is forgotten only when this is certain to be sent.
void session_core::write_closes() {
  for (const std::string& name : cache_.evicted())
    talk().close(proto::target::statement, name);
}

void session_core::write_bind(const statement& what, std::span<const parameter> values,
                              std::span<const format> codes) {
  proto::bind_writer bind(talk().writer(), "", what.name, values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const parameter& given = values[i];
    if (given.operations->is_null(given.value)) {
      bind.null_value();
      continue;
    }
    bind.open_value();
    value_writer to(talk().writer(), what.parameters[i], i + 1);
    bind.close_value(write_parameter(to, given));
  }
  if (const proto::error refused = bind.finish(codes)) {
    raise({.kind = error_kind::usage,
           .message = "the parameters cannot be sent: " + std::string(proto::explain(refused.what)),
           .statement = what.sql,
           .safe_to_retry = true});
  }
}

// Errors, and COPY, which none of these calls can serve.
bool session_core::take_refusal(const engine::event& said, std::optional<error_details>& failed) {
  switch (said.type) {
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
  failed.transaction_usable = line_->talk().transaction() != proto::transaction_status::failed;
  raise(std::move(failed));
}

void session_core::reset() {
  if (closed_ || stream_) {
    raise({.kind = error_kind::usage,
           .message = closed_ ? "the session is closed, and is not opened again by reset()"
                              : "a stream is open on this session: destroy it before reset()",
           .session_usable = !closed_});
  }
  line_->farewell();
  line_->give_up("it could not be connected again");
  std::unique_ptr<connection> fresh =
      connect(plan_, options_, net::deadline::after(options_.timeout));
  fresh->keep_messages_of(*line_);
  line_ = std::move(fresh);
  cache_ = statement_cache(options_.statement_cache_entries, options_.statement_cache_bytes);
}

session_status session_core::status() const noexcept {
  if (closed_) return session_status::closed;
  if (line_->broken()) return session_status::broken;
  if (stream_) return session_status::busy;
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
           .message = "a stream or a pipeline is open on this session: begin the trace when it has "
                      "ended"});
  }
  options_.trace = to;
  line_->trace(std::move(to));
}

void session_core::close() noexcept {
  if (closed_) return;
  closed_ = true;
  stream_.reset();
  line_->farewell();
}

}  // namespace tusk::detail
