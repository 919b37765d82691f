#include <utility>

#include "session/description.hpp"
#include "session/row_collector.hpp"
#include "session/session_flow.hpp"

namespace tusk::detail {

namespace {

[[noreturn]] void refuse_second_statement(std::string_view sql) {
  raise({.kind = error_kind::usage,
         .message = "the text holds several statements, and this call takes one: use script()",
         .statement = std::string(sql)});
}

}  // namespace

std::shared_ptr<const row_store> session_core::run(const call& asked, const row_shape& shape) {
  return conduct(asked, [&](const net::deadline& until) {
    return with_healing(asked, until, [&] {
      in_flight sent = send(asked, &shape, until);
      const auto store = std::make_shared_for_overwrite<row_store>();
      row_collector rows(*store);
      int results = 0;
      read_answers(asked.what.text(), until, sent, [&](const engine::event& said) {
        if (said.type == 'D' && results == 0) rows.add(said.rows, talk().rows_block());
        if (said.type == 'C' && ++results == 1) store->done = completion(tag_of(said));
      });
      if (results > 1) refuse_second_statement(asked.what.text());
      rows.finish();
      store->columns = sent.columns != nullptr ? std::move(sent.columns) : no_columns();
      return std::shared_ptr<const row_store>(store);
    });
  });
}

completion session_core::run_for_effect(const call& asked) {
  return conduct(asked, [&](const net::deadline& until) {
    return with_healing(asked, until, [&] {
      in_flight sent = send(asked, nullptr, until);
      completion done;
      int results = 0;
      read_answers(asked.what.text(), until, sent, [&](const engine::event& said) {
        if (said.type == 'C' && ++results == 1) done = completion(tag_of(said));
      });
      if (results > 1) refuse_second_statement(asked.what.text());
      return done;
    });
  });
}

void session_core::open_stream(const call& asked, const row_shape& shape) {
  conduct(asked, [&](const net::deadline& until) {
    const bool in_transaction = talk().transaction() != proto::transaction_status::idle;
    with_healing(asked, until, [&] {
      // The first rows belong to the opening: a statement that the server has forgotten can still
      // be prepared again, and one that turns out to be a COPY is not cancelled half-way, when
      // nobody could tell how many of our Syncs the server has taken.
      stream_state state{std::string(asked.what.text()), until, send(asked, &shape, until),
                         in_transaction};
      state.first = read_batch(state);
      if (state.sent.columns == nullptr) state.sent.columns = no_columns();
      state.running = statement_mark(*this);
      stream_ = std::move(state);
    });
  });
}

// The next rows, or none at the end, when the server is ready again.
engine::row_batch session_core::read_batch(stream_state& state) {
  for (;;) {
    const engine::event& said = line_->wait(state.until);
    const bool is_wanted = said.type == (state.copying ? 'd' : 'D');
    if (is_wanted && !state.failed) return said.rows;
    if (said.type == 'C') {
      if (!state.done.tag().empty()) refuse_second_statement(state.sql);
      state.done = completion(tag_of(said));
      note_tag(state.done.tag());
    }
    if (said.type == 'Z') break;
    static_cast<void>(take_refusal(said, state.sent, state.failed));
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
  const exclusive_use::entry alone(use_);
  stream_state& state = *stream_;
  try {
    const engine::row_batch taken = guarded(state.sql, state.until, [&] {
      engine::row_batch rows = std::exchange(state.first, {});
      if (rows.rows == 0 && !talk().idle()) rows = read_batch(state);
      if (watch_) [[unlikely]]
        watch_->add_rows(rows.rows);
      if (rows.rows == 0) {
        done = std::move(state.done);
        stream_.reset();
      }
      return rows;
    });
    end_call();
    return taken;
  } catch (...) {
    stream_.reset();
    fail_call();
  }
}

void session_core::leave_stream() noexcept {
  if (!stream_) return;
  if (line_->listening.talking()) {  // its rows are just being read
    line_->give_up("a stream was destroyed by a function that was being told something");
    return;
  }
  const stream_state state = std::move(*stream_);
  stream_.reset();
  if (!line_->broken() && !talk().idle()) {
    if (state.in_transaction) {
      line_->drain(state.until);  // a cancel would abort the caller's transaction
    } else {
      line_->cancel_and_drain();
    }
  }
  end_observation();
}

}  // namespace tusk::detail
