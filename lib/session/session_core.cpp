#include "session/session_core.hpp"

#include <utility>

#include "session/connect.hpp"
#include "session/description.hpp"
#include "session/parameters.hpp"
#include "session/row_collector.hpp"
#include "session/server_error.hpp"
#include "tusk/proto/bind_writer.hpp"

namespace tusk::detail {

namespace {

constexpr std::size_t most_parameters = 65'535;
constexpr std::string_view copy_in_refusal =
    "COPY FROM STDIN needs data, and this call has none to send";
constexpr std::string_view copy_out_refusal =
    "COPY TO STDOUT gives data that this call cannot take";

// The server has forgotten a statement, or its plan does not fit any more. Message texts are
// translated; the routine's name is not.
bool statement_gone(const error& failed) noexcept {
  const error_details& details = failed.details();
  return (details.code.text() == "26000" && details.source_routine == "FetchPreparedStatement") ||
         (details.code.text() == "0A000" && details.source_routine == "RevalidateCachedQuery");
}

void take_description(const engine::event& said, statement& into) {
  if (const auto* types = std::get_if<proto::parameter_description>(&said.message)) {
    for (const oid type : types->types)
      into.parameters.push_back(type);
  } else if (const auto* columns = std::get_if<proto::row_description>(&said.message)) {
    into.columns = read_columns(*columns);
  }
}

std::string_view tag_of(const engine::event& said) noexcept {
  const auto* complete = std::get_if<proto::command_complete>(&said.message);
  return complete == nullptr ? std::string_view() : complete->tag;
}

}  // namespace

session_core::session_core(const conninfo& to, const session_options& options)
    : options_(options),
      line_(connect(to, options, net::deadline::after(options.timeout))),
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

void session_core::recover(const error& failed, std::string_view sql) {
  error_details details = failed.details();
  if (details.statement.empty()) details.statement = sql;
  if (!line_->broken() && !talk().idle()) {
    details.session_usable = line_->cancel_and_drain();
  } else {
    details.session_usable = !line_->broken();
  }
  details.transaction_usable =
      details.session_usable && talk().transaction() != proto::transaction_status::failed;
  if (details.kind == error_kind::timeout) {
    details.message += details.session_usable
                           ? "; the statement was cancelled"
                           : "; it could not be cancelled either, so the session is broken";
  }
  raise(std::move(details));
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

statement& session_core::prepare(std::string_view sql, const net::deadline& until) {
  cache_.remove(sql);
  statement fresh;
  fresh.sql = sql;
  fresh.name = cache_.next_name();
  const auto before = talk().mark();
  // Here as well, or calls that are refused again and again would heap statements on the server.
  for (const std::string& name : cache_.evicted())
    talk().close(proto::target::statement, name);
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
    for (const std::string& name : cache_.evicted())
      talk().close(proto::target::statement, name);
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

// The next rows, or none at the end, when the server is ready again.
engine::row_batch session_core::read_batch(stream_state& state) {
  for (;;) {
    const engine::event& said = line_->wait(state.until);
    if (said.type == 'D') return said.rows;
    if (said.type == 'C') state.done = completion(tag_of(said));
    if (said.type == 'Z') break;
    static_cast<void>(take_refusal(said, state.failed));
  }
  if (state.failed) fail_statement(*state.failed, state.sql);
  return {};
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

std::shared_ptr<const row_store> session_core::run(const call_options& options,
                                                   std::string_view sql,
                                                   std::span<const parameter> values,
                                                   const row_shape& shape) {
  require_ready(sql, values.size());
  const net::deadline until = deadline_for(options);
  return with_healing(sql, [&] {
    statement& what = prepared(sql, until, [&](statement& known) {
      check_parameters(known, values);
      choose_columns(known, shape, options.formats);
    });
    const column_choice& choice = what.choice;
    row_collector rows(choice.columns);
    send(what, values, choice);
    read_answers(sql, until, [&](const engine::event& said) {
      if (said.type == 'D') rows.add(said.rows, talk().rows_block());
      if (said.type == 'C') rows.tag(tag_of(said));
    });
    return rows.finish();
  });
}

completion session_core::run_for_effect(const call_options& options, std::string_view sql,
                                        std::span<const parameter> values) {
  require_ready(sql, values.size());
  const net::deadline until = deadline_for(options);
  return with_healing(sql, [&] {
    statement& what =
        prepared(sql, until, [&](statement& known) { check_parameters(known, values); });
    completion done;
    send(what, values, {});
    read_answers(sql, until, [&](const engine::event& said) {
      if (said.type == 'C') done = completion(tag_of(said));
    });
    return done;
  });
}

std::vector<std::shared_ptr<const row_store>> session_core::run_script(const call_options& options,
                                                                       std::string_view sql) {
  require_ready(sql);
  const net::deadline until = deadline_for(options);
  return guarded(sql, [&] {
    const auto before = talk().mark();
    talk().simple_query(sql);
    check_written(before, sql);
    const auto no_columns = std::make_shared<const column_set>();
    std::vector<std::shared_ptr<const row_store>> results;
    row_collector rows(no_columns);
    const auto take = [&](const engine::event& said) {
      if (said.type == 'D') rows.add(said.rows, talk().rows_block());
      if (said.type == 'T') {
        rows = row_collector(text_columns(std::get<proto::row_description>(said.message)));
      }
      if (said.type == 'C') {
        rows.tag(tag_of(said));
        results.push_back(rows.finish());
        rows = row_collector(no_columns);
      }
    };
    try {
      read_answers(sql, until, take);
    } catch (const error& failed) {
      if (results.empty() || !failed.safe_to_retry()) throw;
      error_details details = failed.details();
      details.safe_to_retry = false;  // a COMMIT may have been among the statements before
      raise(std::move(details));
    }
    return results;
  });
}

std::shared_ptr<const column_set> session_core::open_stream(const call_options& options,
                                                            std::string_view sql,
                                                            std::span<const parameter> values,
                                                            const row_shape& shape) {
  require_ready(sql, values.size());
  const net::deadline until = deadline_for(options);
  const bool in_transaction = talk().transaction() != proto::transaction_status::idle;
  return with_healing(sql, [&] {
    statement& what = prepared(sql, until, [&](statement& known) {
      check_parameters(known, values);
      choose_columns(known, shape, options.formats);
    });
    const column_choice& choice = what.choice;
    send(what, values, choice);
    // The first rows belong to the opening: a statement that the server has forgotten can still be
    // prepared again, and one that turns out to be a COPY is not cancelled half-way, when nobody
    // could tell how many of our Syncs the server has taken.
    stream_state state{std::string(sql), until, in_transaction};
    state.first = read_batch(state);
    stream_ = std::move(state);
    return choice.columns;
  });
}

engine::row_batch session_core::next_batch(completion& done) {
  if (!stream_) {
    raise({.kind = error_kind::usage,
           .message = "the stream's session was closed",
           .session_usable = false});
  }
  stream_state& state = *stream_;
  try {
    return guarded(state.sql, [&]() -> engine::row_batch {
      engine::row_batch rows = std::exchange(state.first, {});
      if (rows.rows == 0 && !talk().idle()) rows = read_batch(state);
      if (rows.rows == 0) {
        done = std::move(state.done);
        stream_.reset();
      }
      return rows;
    });
  } catch (...) {
    stream_.reset();
    throw;
  }
}

void session_core::leave_stream() noexcept {
  if (!stream_) return;
  const stream_state state = std::move(*stream_);
  stream_.reset();
  if (line_->broken() || talk().idle()) return;
  if (state.in_transaction) {
    line_->drain(state.until);  // a cancel would abort the caller's transaction
  } else {
    line_->cancel_and_drain();
  }
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

void session_core::close() noexcept {
  if (closed_) return;
  closed_ = true;
  stream_.reset();
  line_->farewell();
}

}  // namespace tusk::detail
