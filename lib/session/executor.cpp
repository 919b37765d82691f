#include "tusk/executor.hpp"

#include "session/session_core.hpp"

namespace tusk {

detail::session_core& executor::core() const {
  if (core_ == nullptr) {
    raise({.kind = error_kind::usage,
           .message = scope_ == 0 ? "the session was moved from" : "the transaction was moved from",
           .session_usable = false});
  }
  return *core_;
}

std::shared_ptr<const detail::row_store> executor::run(const call_options& options,
                                                       statement_ref what, parameter_list values,
                                                       const detail::row_shape& shape) {
  return core().run({options, what, values, scope_}, shape);
}

detail::row_source executor::open_stream(const call_options& options, statement_ref what,
                                         parameter_list values, const detail::row_shape& shape) {
  core().open_stream({options, what, values, scope_, statement_kind::stream}, shape);
  return detail::row_source(core_, core_->stream_columns());
}

detail::cursor_source executor::open_cursor(const cursor_options& options, statement_ref what,
                                            parameter_list values, const detail::row_shape& shape) {
  const call_options each{
      .timeout = options.timeout, .mode = options.mode, .formats = options.formats};
  auto state = core().open_cursor({each, what, values, scope_}, options, shape);
  return detail::cursor_source(core_, std::move(state));
}

completion executor::run_for_effect(const call_options& options, statement_ref what,
                                    parameter_list values) {
  return core().run_for_effect({options, what, values, scope_});
}

std::vector<result<row>> executor::script(const call_options& options, std::string_view sql) {
  script_outcome outcome = try_script(options, sql);
  if (outcome.failed) raise(outcome.failed->details());
  return std::move(outcome.results);
}

script_outcome executor::try_script(const call_options& options, std::string_view sql) {
  auto run = core().run_script({options, sql, {}, scope_, statement_kind::script});
  script_outcome outcome;
  for (auto& store : run.results)
    outcome.results.emplace_back(std::move(store));
  if (run.failed) outcome.failed.emplace(std::move(*run.failed));
  return outcome;
}

batch_result executor::run_batch(const call_options& options, statement_ref what,
                                 const detail::row_pull& rows) {
  return core().run_batch({options, what, {}, scope_}, rows);
}

std::shared_ptr<const detail::row_store> executor::run_insert(const call_options& options,
                                                              const insert_into& where,
                                                              const detail::row_pull& rows,
                                                              const detail::row_shape* shape) {
  return core().run_insert(options, scope_, where, rows, shape);
}

statement executor::prepare(const call_options& options, std::string_view sql) {
  auto what = core().prepare_for_caller({options, sql, {}, scope_, statement_kind::preparation});
  return statement(core_, std::move(what));
}

tusk::pipeline executor::pipeline(const call_options& options) {
  const std::uint64_t id = core().open_pipeline(options, scope_);
  return tusk::pipeline(core_, id);
}

void executor::fail_row_count(std::string_view sql, std::size_t rows, std::string_view wanted) {
  raise({.kind = error_kind::usage,
         .message = "the statement was to return " + std::string(wanted) + " and returned " +
                    std::to_string(rows),
         .statement = std::string(sql)});
}

}  // namespace tusk
