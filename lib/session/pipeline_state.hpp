#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "session/observation.hpp"
#include "session/row_collector.hpp"
#include "session/statement_cache.hpp"
#include "session/statement_mark.hpp"
#include "tusk/error.hpp"
#include "tusk/pipeline.hpp"

namespace tusk::detail {

/// An error, and whether any handle has thrown it.
struct pipeline_failure {
  error_details details;
  bool reported = false;
};

/// One request of a pipeline, shared by the pipeline and the caller's handle.
struct pipeline_slot {
  row_store store;  ///< its rows, and how it ended
  row_collector rows{store};
  /// While it is waiting, whose answer it waits for.
  session_core* core = nullptr;
  const row_shape* shape = nullptr;            ///< null when rows are not wanted
  prepared_statement* of = nullptr;            ///< null for a Sync
  std::shared_ptr<prepared_statement> kept{};  ///< owns `of` where the pipeline does not
  std::unique_ptr<observation> watch{};        ///< tells of its end, where somebody observes
  std::uint64_t number = 0;                    ///< in the pipeline's order, from 1
  request_status status = request_status::waiting;
  bool parses = false;                         ///< its Parse has not been answered
  std::shared_ptr<pipeline_failure> failed{};  ///< for a skipped one, why it was skipped
};

/// An open pipeline.
struct pipeline_state {
  pipeline_state(std::uint64_t number, const call_options& how) : id(number), options(how) {}
  pipeline_state(const pipeline_state&) = delete;
  pipeline_state& operator=(const pipeline_state&) = delete;
  ~pipeline_state() { give_up(nullptr); }

  /// Nobody waits for answers any more; `why` may be null.
  void give_up(const std::shared_ptr<pipeline_failure>& why) noexcept;

  std::uint64_t id;
  call_options options;
  std::deque<slot_pointer> waiting{};  ///< oldest first
  std::vector<std::shared_ptr<prepared_statement>> used{};
  std::uint64_t numbers = 0;      ///< requests queued so far
  std::uint64_t asked_up_to = 0;  ///< the last one whose answer a Sync or Flush has asked for
  std::uint64_t in_group = 0;     ///< requests queued since the last Sync
  std::uint64_t group = 1;        ///< the number of the group that is being queued
  std::uint64_t answered = 0;     ///< groups whose ReadyForQuery has come
  /// Names whose Close was written, and in which group: the server may skip it.
  std::vector<std::pair<std::uint64_t, std::string>> closing{};
  /// The first error of the group whose answers come now.
  std::shared_ptr<pipeline_failure> group_failure{};
  /// The first error, unless a later one has replaced it after it was reported.
  std::shared_ptr<pipeline_failure> first_failure{};
  statement_mark running{};
};

}  // namespace tusk::detail
