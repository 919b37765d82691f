#include <utility>

#include "session/description.hpp"
#include "session/row_collector.hpp"
#include "session/session_flow.hpp"

namespace tusk::detail {

namespace {

std::string_view tag_of(const engine::event& said) noexcept {
  const auto* complete = std::get_if<proto::command_complete>(&said.message);
  return complete == nullptr ? std::string_view() : complete->tag;
}

}  // namespace

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

}  // namespace tusk::detail
