#include <algorithm>
#include <utility>

#include "session/client_encoding.hpp"
#include "session/description.hpp"
#include "session/row_collector.hpp"
#include "session/session_flow.hpp"
#include "session/sql_scanner.hpp"

// Scripts: many statements in one string, by the simple protocol.
namespace tusk::detail {

namespace {

// The byte that a position, which counts characters of UTF-8 from 1, falls on.
std::size_t offset_of(std::string_view text, std::int32_t position) noexcept {
  std::size_t at = 0;
  for (std::int32_t left = position; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (begins && --left == 0) break;
  }
  return at;
}

std::size_t line_at(std::string_view text, std::size_t offset) noexcept {
  const std::string_view before = text.substr(0, offset);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

// The results come one by one; the script's own end comes with ReadyForQuery.
class result_collector {
 public:
  result_collector(std::vector<std::shared_ptr<const row_store>>& into, const type_knowledge& types)
      : into_(&into), types_(types) {}

  void take(const engine::event& said, const engine::block& in) {
    if (said.type == 'D') rows_.add(said.rows, in);
    if (said.type == 'T') {
      all_.push_back(text_columns(std::get<proto::row_description>(said.message), types_));
      columns_ = all_.back();
    }
    if (said.type == 'C') finish(tag_of(said));
  }
  /// What the catalogs must be asked about, so that whoever looks at a cell knows what it is.
  [[nodiscard]] std::vector<oid> unknown_types() const {
    std::vector<oid> types;
    for (const std::shared_ptr<column_set>& columns : all_)
      for (const column& each : columns->columns)
        if (each.info == nullptr && is_of_the_catalogs(each.type)) types.push_back(each.type);
    return types;
  }
  void fill_types() {
    for (const std::shared_ptr<column_set>& columns : all_)
      for (column& each : columns->columns)
        types_.fill(each);
  }
  /// DateStyle has changed on the way, and nobody knows when.
  void doubt_dates() {
    for (const std::shared_ptr<column_set>& columns : all_)
      for (column& each : columns->columns)
        each.dates = date_order::unknown;
  }

 private:
  void finish(std::string_view tag) {
    store_->done = completion(tag);
    rows_.finish();
    store_->columns = std::exchange(columns_, no_columns());
    into_->push_back(std::exchange(store_, std::make_shared<row_store>()));
    rows_ = row_collector(*store_);
  }

  std::vector<std::shared_ptr<const row_store>>* into_;
  type_knowledge types_;
  std::vector<std::shared_ptr<column_set>> all_{};
  std::shared_ptr<row_store> store_ = std::make_shared<row_store>();
  std::shared_ptr<const column_set> columns_ = no_columns();
  row_collector rows_{*store_};
};

}  // namespace

script_run session_core::run_script(const call& asked) {
  script_run run;
  bool sent = false;
  const std::string_view sql = asked.what.text();
  try {
    conduct(asked, [&](const net::deadline& until) {
      guarded(sql, until, [&] {
        settle_statements();
        const auto before = talk().mark();
        talk().simple_query(sql);
        check_written(before, sql);
        sent = true;
        read_script(sql, until, run.results);
      });
    });
  } catch (const error& failed) {
    if (!sent) throw;  // a misuse, of which nothing came
    run.failed = failed.details();
    // A COMMIT may have been among the statements before.
    if (!run.results.empty()) run.failed->safe_to_retry = false;
    // The server sends nothing before its buffer is full or it is ready: how far it had come is
    // known from its own error, or a refusal of what it said, but from no other end.
    const bool answered = failed.kind() == error_kind::usage || !failed.sqlstate().empty();
    if (answered) run.failed->in_script = place_in_script(*run.failed, sql, run.results.size());
  }
  return run;
}

// Results are taken up to the first error only: behind a COPY that this end has refused others may
// come.
void session_core::read_script(std::string_view sql, const net::deadline& until,
                               std::vector<std::shared_ptr<const row_store>>& results) {
  result_collector into(results, knowledge());
  in_flight sent;
  std::optional<error_details> failed;
  for (;;) {
    const engine::event& said = line_->wait(until);
    if (said.type == 'Z') break;
    if (said.type == 'C') note_tag(tag_of(said));
    const bool plain = said.type == 'D' || said.type == 'C';
    if ((plain || !take_refusal(said, sent, failed)) && !failed)
      into.take(said, talk().rows_block());
  }
  const date_order before = upkeep_.dates;
  settle_statements();
  if (upkeep_.dates != before) into.doubt_dates();
  if (failed) fail_statement(std::move(*failed), sql);
  const std::vector<oid> unknown = into.unknown_types();
  if (unknown.empty() || talk().transaction() == proto::transaction_status::failed) return;
  learn_types(unknown, until);
  into.fill_types();
}

// The statement behind those that were carried out; unless the server points further, as it does at
// a syntax error, which it finds before anything is run.
std::optional<script_place> session_core::place_in_script(const error_details& failed,
                                                          std::string_view sql,
                                                          std::size_t done) const {
  const bool conforming = line_->parameter("standard_conforming_strings") != "off";
  const std::vector<sql_span> statements = script_statements(sql, conforming);
  std::size_t index = done;
  std::size_t at = std::string_view::npos;
  if (failed.kind == error_kind::server && failed.position > 0 &&
      is_utf8(line_->parameter("client_encoding"))) {
    at = offset_of(sql, failed.position);
    const auto behind =
        std::upper_bound(statements.begin(), statements.end(), at,
                         [](std::size_t wanted, const sql_span& s) { return wanted < s.offset; });
    const auto pointed = static_cast<std::size_t>(behind - statements.begin());
    if (pointed == 0 || pointed - 1 < done) {
      at = std::string_view::npos;
    } else {
      index = pointed - 1;
    }
  }
  if (index >= statements.size()) return std::nullopt;
  const sql_span& statement = statements[index];
  return script_place{.index = index,
                      .line = line_at(sql, at != std::string_view::npos ? at : statement.offset),
                      .text = std::string(sql.substr(statement.offset, statement.length))};
}

}  // namespace tusk::detail
