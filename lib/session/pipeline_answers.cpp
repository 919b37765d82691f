#include <utility>

#include "session/description.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"

// What the server answers to a pipeline. Answers come in the order of the requests, so each belongs
// to the oldest one that is waiting.
namespace tusk::detail {

namespace {

std::shared_ptr<pipeline_failure> failure(error_details details) {
  return std::make_shared<pipeline_failure>(pipeline_failure{std::move(details)});
}

void note_first(pipeline_state& state, const std::shared_ptr<pipeline_failure>& failed) {
  if (state.first_failure == nullptr || state.first_failure->reported) state.first_failure = failed;
}

void describe_rows(const engine::event& said, pipeline_slot& slot, const type_knowledge& types) {
  const auto* columns = std::get_if<proto::row_description>(&said.message);
  slot.of->columns = columns != nullptr ? read_columns(*columns) : std::vector<column>();
  slot.of->described = true;
  if (slot.shape == nullptr) return;
  try {
    slot.store.columns = columns_as_sent(*slot.of, *slot.shape, types);
  } catch (const error& refused) {
    slot.failed = failure(refused.details());
    slot.failed->details.safe_to_retry = false;  // it runs, whatever its rows are read as
  }
}

void end_observed(pipeline_slot& slot) noexcept {
  const std::unique_ptr<observation> watch = std::move(slot.watch);
  if (slot.status == request_status::done) {
    watch->note_tag(slot.store.done.tag());
    watch->end_pipelined(nullptr, slot.status);
  } else {
    watch->end_pipelined(slot.failed != nullptr ? &slot.failed->details : nullptr, slot.status);
  }
}

void finish(pipeline_slot& slot, request_status how) noexcept {
  slot.status = how;
  // Whether the server has it, it must not be relied on.
  if (slot.parses) slot.of->epoch = 0;
  slot.core = nullptr;
  if (slot.watch != nullptr) [[unlikely]]
    end_observed(slot);
  if (how == request_status::done) {
    slot.of = nullptr;
    slot.kept.reset();
  } else if (slot.of != nullptr) {
    slot.kept = slot.of->shared_from_this();  // its text is asked for by whoever looks at the error
  }
}

}  // namespace

void session_core::take_pipelined(pipeline_state& state, const engine::event& said) {
  if (said.type == '2' || said.type == '3') return;
  const slot_pointer& oldest = state.waiting.front();
  pipeline_slot& slot = *oldest;
  if (said.type == '1') {
    slot.parses = false;
    slot.of->parsed_in = 0;
    return;
  }
  switch (said.type) {
    case 'D':
      // Without a handle nobody will ever look at them.
      if (slot.shape != nullptr && oldest.use_count() > 1)
        slot.rows.add(said.rows, talk().rows_block());
      return;
    case 'T':
    case 'n': describe_rows(said, slot, knowledge()); return;
    case 'E':
      fail_pipelined(state,
                     read_error_fields(std::get<proto::error_response>(said.message).fields));
      return;
    case 'G': refuse_pipelined_copy(); return;
    case 'H': {
      error_details refused{.kind = error_kind::usage, .message = "COPY cannot be pipelined"};
      refused.statement = slot.of->sql;
      slot.failed = failure(std::move(refused));
      return;
    }
    case 'C':
      slot.store.done = completion(tag_of(said));
      note_tag(slot.store.done.tag());
      break;
    case 'Z':
      ++state.answered;
      std::erase_if(state.closing, [&](const auto& each) { return each.first <= state.answered; });
      if (state.group_failure != nullptr) slot.failed = std::exchange(state.group_failure, nullptr);
      break;
    case 'I': break;
    default: return;  // COPY data that nobody takes
  }
  slot.rows.finish();
  if (slot.failed != nullptr) note_first(state, slot.failed);
  finish(slot, slot.failed != nullptr ? request_status::failed : request_status::done);
  state.waiting.pop_front();
}

// The oldest request has failed: the server skips the others up to their Sync.
void session_core::fail_pipelined(pipeline_state& state, error_details failed) {
  // Last words concern every request: nothing comes behind them but the connection's end.
  if (ends_session(failed)) {
    line_->give_up(failed.message);
    failed.kind = error_kind::connection_lost;
    failed.session_usable = failed.transaction_usable = false;
    raise(std::move(failed));
  }
  pipeline_slot& slot = *state.waiting.front();
  if (slot.of != nullptr) {
    failed.statement = slot.of->sql;
    if (talk().transaction() == proto::transaction_status::idle &&
        !is_one_transaction(slot.of->sql))
      failed.safe_to_retry = false;
    if (line_->foreign_encoding()) [[unlikely]]
      failed.statement_encoding = line_->parameter("client_encoding");
    if (statement_gone(failed)) {
      if (failed.code.text() == "26000") upkeep_.forget = true;
      slot.of->epoch = 0;
    }
  }
  // A Close behind the error was skipped, and one in front of it does no harm twice.
  for (auto& [group, name] : state.closing)
    if (group == state.answered + 1) evicted_.push_back(name);
  note_cancelled(failed);
  failed.transaction_usable = talk().transaction() == proto::transaction_status::idle;
  if (slot.failed == nullptr) slot.failed = failure(std::move(failed));
  note_first(state, slot.failed);
  if (state.group_failure == nullptr) state.group_failure = slot.failed;
  if (slot.of == nullptr) return;  // the Sync itself: its ReadyForQuery still comes
  finish(slot, request_status::failed);
  state.waiting.pop_front();
  for (; !state.waiting.empty() && state.waiting.front()->of != nullptr;
       state.waiting.pop_front()) {
    state.waiting.front()->failed = state.group_failure;
    finish(*state.waiting.front(), request_status::skipped);
  }
}

// The server now takes everything for the data of the copy, and how many of our Syncs it has
// swallowed nobody can tell.
void session_core::refuse_pipelined_copy() {
  constexpr std::string_view why =
      "COPY FROM STDIN was pipelined, and the server took the requests behind it for its data";
  line_->give_up(why);
  raise({.kind = error_kind::usage,
         .message = std::string(why),
         .session_usable = false,
         .transaction_usable = false});
}

void pipeline_state::give_up(const std::shared_ptr<pipeline_failure>& why) noexcept {
  for (const slot_pointer& each : waiting) {
    if (each->failed == nullptr) each->failed = why;
    finish(*each, request_status::abandoned);
  }
  waiting.clear();
}

}  // namespace tusk::detail
