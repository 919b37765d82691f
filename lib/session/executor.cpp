#include "tusk/executor.hpp"

#include "session/copy_reading.hpp"
#include "session/copy_state.hpp"
#include "session/copy_text.hpp"
#include "session/quoting.hpp"
#include "session/session_core.hpp"
#include "session/sql_rendering.hpp"

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
  const detail::composed_call whole(core(), what, values);
  return core_->run({options, whole.what(), whole.values(), scope_}, shape);
}

detail::row_source executor::open_stream(const call_options& options, statement_ref what,
                                         parameter_list values, const detail::row_shape& shape) {
  const detail::composed_call whole(core(), what, values);
  core_->open_stream({options, whole.what(), whole.values(), scope_, statement_kind::stream},
                     shape);
  return detail::row_source(core_, core_->stream_columns());
}

detail::cursor_source executor::open_cursor(const cursor_options& options, statement_ref what,
                                            parameter_list values, const detail::row_shape& shape) {
  const call_options each{
      .timeout = options.timeout, .mode = options.mode, .formats = options.formats};
  const detail::composed_call whole(core(), what, values);
  auto state = core_->open_cursor({each, whole.what(), whole.values(), scope_}, options, shape);
  return detail::cursor_source(core_, std::move(state));
}

completion executor::run_for_effect(const call_options& options, statement_ref what,
                                    parameter_list values) {
  const detail::composed_call whole(core(), what, values);
  return core_->run_for_effect({options, whole.what(), whole.values(), scope_});
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
  const detail::composed_call whole(core(), what);
  if (!whole.values().empty())
    fail_values(whole.what().text(), "a batch takes its values from the range");
  return core_->run_batch({options, whole.what(), {}, scope_}, rows);
}

std::shared_ptr<const detail::row_store> executor::run_insert(const call_options& options,
                                                              const insert_into& where,
                                                              const detail::row_pull& rows,
                                                              const detail::row_shape* shape) {
  return core().run_insert(options, scope_, where, rows, shape);
}

copy_in executor::copy_in(const call_options& options, const copy_into& where) {
  const std::string sql = detail::copy_statement(where, core().quoting_rules());
  return {core_, core_->open_copy_in({options, sql, {}, scope_, statement_kind::copy_in}, &where)};
}

copy_in executor::copy_in(const call_options& options, std::string_view sql) {
  return {core_, core().open_copy_in({options, sql, {}, scope_, statement_kind::copy_in}, nullptr)};
}

copy_out executor::copy_out(const call_options& options, const copy_from& what) {
  return copy_out(options, detail::copy_statement(what, core().quoting_rules()));
}

copy_out executor::copy_out(const call_options& options, std::string_view sql) {
  const detail::copy_facts facts =
      core().open_copy_out({options, sql, {}, scope_, statement_kind::copy_out});
  return {detail::row_source(core_, nullptr), facts.format, facts.columns};
}

detail::copy_row_source executor::open_copy_rows(const call_options& options, const copy_from& what,
                                                 const detail::row_shape& shape) {
  return open_copy_rows(options, detail::copy_statement(what, core().quoting_rules()), shape);
}

detail::copy_row_source executor::open_copy_rows(const call_options& options, std::string_view sql,
                                                 const detail::row_shape& shape) {
  auto from = core().open_copy_rows({options, sql, {}, scope_, statement_kind::copy_out}, shape);
  from->data = detail::row_source(core_, nullptr);
  return detail::copy_row_source(std::move(from));
}

statement executor::prepare(const call_options& options, std::string_view sql) {
  auto what = core().prepare_for_caller({options, sql, {}, scope_, statement_kind::preparation});
  return statement(core_, std::move(what));
}

tusk::pipeline executor::pipeline(const call_options& options) {
  const std::uint64_t id = core().open_pipeline(options, scope_);
  return tusk::pipeline(core_, id);
}

void executor::fail_row_count(const statement_ref& what, std::size_t rows,
                              std::string_view wanted) const {
  raise({.kind = error_kind::usage,
         .message = "the statement was to return " + std::string(wanted) + " and returned " +
                    std::to_string(rows),
         .statement = std::string(detail::composed_call(core(), what).what().text())});
}

std::string executor::text_of(const sql& what) const {
  return render(what, core().quoting_rules()).text;
}

std::string executor::text_without_values(const sql& what) const {
  const detail::composed_call whole(core(), what);
  if (!whole.values().empty()) {
    fail_values(whole.what().text(),
                "a script or a preparation takes none: write them as literal(), or the placeholder "
                "itself into the statement's text");
  }
  return std::string(whole.what().text());
}

void executor::fail_values(std::string_view text, std::string_view why) {
  raise({.kind = error_kind::usage,
         .message = "the statement has values of its own, and " + std::string(why),
         .statement = std::string(text),
         .safe_to_retry = true});
}

std::string executor::quote_identifier(std::string_view name) const {
  return detail::quoted_name(name, core().quoting_rules());
}

std::string executor::quote_identifier(std::string_view schema, std::string_view name) const {
  return detail::quoted_name(schema, name, core().quoting_rules());
}

std::string executor::quote_literal(std::string_view text) const {
  return detail::quoted_literal(text, core().quoting_rules());
}

std::string executor::quote_nullable(const std::optional<std::string_view>& text) const {
  return text ? quote_literal(*text) : "NULL";
}

std::string executor::quote_bytea(bytes_view bytes) const {
  return detail::quoted_bytea(bytes);
}

std::string executor::escape_like(std::string_view text, char escape) const {
  return detail::escaped_for_like(text, escape, core().quoting_rules().client_encoding);
}

}  // namespace tusk
