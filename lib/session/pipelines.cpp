#include <algorithm>
#include <utility>

#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/session_flow.hpp"
#include "session/sql_scanner.hpp"

// A pipeline's requests; what the server answers is in pipeline_answers.cpp.
namespace tusk::detail {

namespace {

// As much as is gathered before it is sent.
constexpr std::size_t send_size = std::size_t{64} << 10;
// No portal has this name: who executes it fails.
constexpr std::string_view missing_portal = "tusk_unfinished_pipeline";

void refuse_copy(std::string_view sql) {
  if (command_keyword(sql) == "COPY")
    misuse("COPY cannot be pipelined: finish the pipeline first", sql);
}

}  // namespace

std::uint64_t session_core::open_pipeline(const call_options& options, std::uint64_t scope) {
  const call asked{options, "", {}, scope};
  require_ready(asked);
  if (mode_of(asked) == statement_mode::simple) {
    misuse("a pipeline needs the extended protocol: statement_mode::simple has none", {});
  }
  line_->listening.rethrow();
  auto fresh = std::make_unique<pipeline_state>(++pipelines_, options);
  fresh->running = statement_mark(*this);
  pipeline_ = std::move(fresh);
  return pipelines_;
}

pipeline_state& session_core::require_pipeline(std::uint64_t id, std::string_view sql) {
  if (!closed_ && line_->broken()) line_->fail_broken(sql);
  require_no_listener();
  if (pipeline_ == nullptr || pipeline_->id != id)
    misuse("the pipeline is finished: open another one", sql);
  return *pipeline_;
}

slot_pointer session_core::enqueue(std::uint64_t id, const statement_ref& what,
                                   std::span<const parameter> values, const row_shape* shape) {
  pipeline_state& state = require_pipeline(id, what.text());
  require_fitting({state.options, what, values});
  const auto slot = std::make_shared_for_overwrite<pipeline_slot>();
  slot->shape = shape;
  if (talk().skipping()) {
    slot->failed = state.group_failure;
    slot->status = request_status::skipped;
    return slot;
  }
  const std::uint64_t written = line_->bytes_written();
  write_request(state, what, values, *slot);
  if (line_->listening.on_statement) [[unlikely]]
    observe_pipelined(*slot, what.text(), values, line_->bytes_written() - written);
  slot->core = this;
  slot->number = ++state.numbers;
  ++state.in_group;
  state.waiting.push_back(slot);
  if (talk().wants().send.size() >= send_size) send_pipelined(state);
  return slot;
}

// The statement, kept alive as long as its answers may come.
prepared_statement& session_core::pipelined_statement(pipeline_state& state,
                                                      const statement_ref& what,
                                                      std::span<const parameter> values,
                                                      pipeline_slot& slot) {
  const auto mode = state.options.mode.value_or(options_.mode);
  std::shared_ptr<prepared_statement> of;
  if (what.prepared() != nullptr) {
    of = *what.prepared();
    check_parameters(*of, values, knowledge());
  } else {
    of = declared(what.text(), values, mode == statement_mode::unnamed);
  }
  prepared_statement& found = *of;
  if (found.name.empty()) {
    slot.kept = std::move(of);
  } else if (found.held_by != state.id) {
    state.used.push_back(std::move(of));
    found.held_by = state.id;
  }
  return found;
}

// Parses what the server does not have, and binds and executes it, without a Sync.
void session_core::write_request(pipeline_state& state, const statement_ref& what,
                                 std::span<const parameter> values, pipeline_slot& slot) {
  const exclusive_use::entry alone(use_);
  settle_statements();
  prepared_statement& of = pipelined_statement(state, what, values, slot);
  slot.of = &of;
  // What was parsed in a group before is perhaps never parsed, for the server skips it if that
  // group fails: as long as nobody knows, each group parses it for itself.
  const bool in_doubt = is_current(of) && of.parsed_in != 0 && of.parsed_in != state.group;
  const bool is_new = !is_current(of);
  const bool parse = is_new || in_doubt;
  const auto before = talk().mark();
  try {
    if (in_doubt && !of.owned) evicted_.push_back(of.name);
    if (parse) {
      refuse_copy(of.sql);
      of.described = false;
      if (of.owned) {
        if (!of.name.empty()) evicted_.push_back(std::move(of.name));
        of.name = next_name();
        of.bind_head.clear();
      }
    }
    write_closes();
    if (of.described) {
      if (slot.shape != nullptr)
        slot.store.columns =
            choose_columns(of, *slot.shape, state.options.formats, knowledge()).columns;
      write_bind(of, values,
                 slot.shape != nullptr ? std::span<const format>(of.choice.codes)
                                       : std::span<const format>());
      talk().bound(static_cast<std::uint32_t>(of.columns.size()));
    } else {
      write_undescribed(of, values, slot.shape, parse);
    }
    talk().execute_portal();
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  check_written(before, of.sql);
  for (std::string& name : evicted_)
    state.closing.emplace_back(state.group, std::move(name));
  closes_are_written();
  slot.parses = parse;
  if (!parse || of.name.empty()) return;
  of.parsed_in = state.group;
  of.epoch = epoch_;
  if (!of.owned && is_new) declared_.insert(state.used.back(), evicted_);
}

// Sends what has gathered. The peer may have to be read meanwhile, for it stops reading when it
// cannot write.
void session_core::send_pipelined(pipeline_state& state) {
  while_pipelining(state, [&] {
    const net::deadline until = deadline_for(state.options);
    while (!talk().wants().send.empty()) {
      line_->push(until);
      while (const engine::event* said = line_->poll_event())
        take_pipelined(state, *said);
    }
  });
}

// The connection's end is every waiting request's end. A deadline that passes ends the pipeline:
// the statement that runs is cancelled, and what nobody waits for any more is dropped.
template <class Body>
void session_core::while_pipelining(pipeline_state& state, Body&& body) {
  const exclusive_use::entry alone(use_);
  try {
    body();
  } catch (const error& failed) {
    if (!line_->broken()) end_unfinished_group(state);
    try {
      recover(failed, {}, deadline_for(state.options));
    } catch (const error& ended) {
      // The caller hears of it here and now.
      state.give_up(std::make_shared<pipeline_failure>(pipeline_failure{ended.details(), true}));
      pipeline_.reset();
      throw;
    }
  } catch (...) {
    line_->give_up("a pipeline was interrupted before its answers were read");
    pipeline_.reset();
    throw;
  }
}

slot_pointer session_core::sync_pipeline(std::uint64_t id) {
  pipeline_state& state = require_pipeline(id);
  const auto slot = std::make_shared<pipeline_slot>();
  talk().sync();
  slot->core = this;
  slot->number = ++state.numbers;
  state.waiting.push_back(slot);
  state.asked_up_to = state.numbers;
  state.in_group = 0;
  ++state.group;
  send_pipelined(state);
  return slot;
}

void session_core::flush_pipeline(std::uint64_t id) {
  pipeline_state& state = require_pipeline(id);
  talk().flush();
  state.asked_up_to = state.numbers;
  send_pipelined(state);
}

void session_core::await(const pipeline_slot& slot) {
  if (slot.status != request_status::waiting) return;
  pipeline_state& state = *pipeline_;
  if (slot.number > state.asked_up_to) {
    talk().flush();
    state.asked_up_to = state.numbers;
  }
  while_pipelining(state, [&] {
    const net::deadline until = deadline_for(state.options);
    while (slot.status == request_status::waiting)
      take_pipelined(state, line_->wait(until));
  });
}

void session_core::finish_pipeline(std::uint64_t id) {
  pipeline_state& state = require_pipeline(id);
  if (state.in_group != 0 || talk().skipping()) static_cast<void>(sync_pipeline(id));
  if (!state.waiting.empty()) {
    const slot_pointer last = state.waiting.back();
    await(*last);
  }
  const std::shared_ptr<pipeline_failure> failed = state.first_failure;
  pipeline_.reset();
  if (failed != nullptr && !failed->reported) raise(failed->details);
  end_call();
}

void session_core::end_unfinished_group(pipeline_state& state) {
  if (state.in_group == 0 && !talk().skipping()) return;
  sync_failing();
  state.in_group = 0;
}

// A Sync would commit what was not finished, so it is made to fail first.
void session_core::sync_failing() {
  if (!talk().skipping()) talk().execute(missing_portal, 0);
  talk().sync();
}

void session_core::abandon_pipeline(std::uint64_t id) noexcept {
  if (pipeline_ == nullptr || pipeline_->id != id) return;
  if (line_->listening.talking()) {  // its answers are just being read
    line_->give_up("a pipeline was destroyed by a function that was being told something");
    return;
  }
  const std::unique_ptr<pipeline_state> state = std::move(pipeline_);
  if (line_->broken()) return;
  try {
    end_unfinished_group(*state);
    line_->drain(net::deadline::after(options_.drain_timeout));
  } catch (const std::exception& e) {
    line_->give_up("a pipeline could not be left: ", e.what());
  }
}

// What the handles ask.
namespace {

// Throws what became of the request, unless it is done.
void require_done(pipeline_slot& slot) {
  if (slot.status == request_status::waiting) {
    session_core* const core = slot.core;
    core->await(slot);
  }
  if (slot.status == request_status::done) return;
  const std::string sql = slot.of != nullptr ? slot.of->sql : std::string();
  if (slot.failed == nullptr) {
    misuse("the pipeline was destroyed before this request's answer had come", sql);
  }
  slot.failed->reported = true;
  const error_details& failed = slot.failed->details;
  if (slot.status != request_status::skipped) raise(failed);
  error_details skipped{.kind = error_kind::skipped};
  skipped.message =
      "the statement was not carried out: one before it in its pipeline group failed: " +
      failed.message;
  skipped.code = failed.code;
  skipped.statement = sql;
  skipped.session_usable = failed.session_usable;
  skipped.transaction_usable = failed.transaction_usable;
  skipped.safe_to_retry = failed.safe_to_retry;
  raise(std::move(skipped));
}

}  // namespace

std::shared_ptr<const row_store> take_rows(const slot_pointer& slot) {
  require_done(*slot);
  if (slot->store.columns == nullptr) slot->store.columns = no_columns();
  return {slot, &slot->store};
}

const completion& take_completion(const slot_pointer& slot) {
  require_done(*slot);
  return slot->store.done;
}

request_status status_of(const slot_pointer& slot) noexcept {
  return slot->status;
}

}  // namespace tusk::detail
