#include <algorithm>
#include <utility>

#include "session/batch_flow.hpp"
#include "session/description.hpp"
#include "session/insert_piece.hpp"
#include "session/misuse.hpp"

// insert_many: INSERT statements of many rows each, as many as it takes, in one Sync group.
namespace tusk::detail {

namespace {

void require_sensible(const insert_into& where, std::size_t width, bool returning) {
  const std::string table = "insert_many into \"" + where.table + "\": ";
  if (where.table.empty()) misuse("insert_many was given no table", {});
  if (width == 0) misuse(table + "an element has no values", {});
  if (!where.columns.empty() && where.columns.size() != width) {
    misuse(table + std::to_string(where.columns.size()) +
               " columns are named, and an element has " + std::to_string(width) + " values",
           {});
  }
  if (returning && where.returning.empty())
    misuse(table + "rows are to be returned, and `returning` is empty", {});
}

std::shared_ptr<row_store> empty_store() {
  auto store = std::make_shared<row_store>();
  store->columns = no_columns();
  return store;
}

}  // namespace

std::shared_ptr<const row_store> session_core::run_insert(const call_options& options,
                                                          std::uint64_t scope,
                                                          const insert_into& where,
                                                          const row_pull& rows,
                                                          const row_shape* shape) {
  require_ready({options, "", {}, scope});
  std::span<const parameter> row;
  if (!rows.next(rows.context, row)) return empty_store();
  require_sensible(where, row.size(), shape != nullptr);
  const insert_text text(where, row.size(), quoting_rules());
  const std::string one = text.statement(1);
  const call first{options, one, row, scope};
  return conduct(first, [&](const net::deadline& until) {
    require_batch(first);
    batch_state state;
    auto store = empty_store();
    row_collector returned(*store);
    if (shape != nullptr) state.returned = &returned;
    try {
      guarded(one, until, [&] { insert_pieces(first, text, rows, shape, state, until); });
    } catch (const error&) {
      described_.remove(one, evicted_);  // what it says may be out of date
      throw;
    }
    if (state.thrown_by_range) std::rethrow_exception(state.thrown_by_range);
    returned.finish();
    if (state.sent.columns != nullptr) store->columns = state.sent.columns;
    store->done = completion("INSERT 0 " + std::to_string(state.rows));
    return std::shared_ptr<const row_store>(store);
  });
}

// The types that the elements are written as come from a description of the INSERT of one row,
// where the mode is to describe. The statements of many rows are parsed with these types.
void session_core::insert_pieces(const call& first, const insert_text& text, const row_pull& rows,
                                 const row_shape* shape, batch_state& state,
                                 const net::deadline& until) {
  settle_statements();
  const auto of = std::make_shared<prepared_statement>();
  state.sent = {of.get(), of, shape, nullptr};
  of->sql = first.what.text();
  insert_piece piece;
  prepared_statement* known = nullptr;
  if (mode_of(first) == statement_mode::prepared) {
    known = &prepared(first, until, [&](prepared_statement& described) {
      check_parameters(described, first.values, knowledge(until));
      if (shape != nullptr)
        piece.columns =
            choose_columns(described, *shape, first.options.formats, knowledge(until)).codes;
    });
    of->take_parameters(*known);
  } else {
    for (const parameter& each : first.values)
      of->parameters.push_back(each.operations->type);
    if (shape != nullptr) piece.columns = undescribed_formats(*shape);
  }
  in_one_group(state, until, [&] {
    write_closes();
    std::span<const parameter> row = first.values;
    bool more = true;
    while (more && !state.failed) {
      if (known != nullptr) {
        check_parameters(*known, row, knowledge());
      } else {
        require_same_types(*of, row);
      }
      piece.add(row, known != nullptr ? *known : *of);
      ++state.elements;
      more = state.take(rows, row);
      if (more && !piece.is_full()) continue;
      write_piece(text, piece, state);
      push_group(state, until);
      state.now = batch_state::step::writing;
    }
  });
}

// Parse where the number of rows is another one than before, Bind, Describe and Execute.
void session_core::write_piece(const insert_text& text, insert_piece& piece, batch_state& state) {
  const auto before = talk().mark();
  const std::vector<oid>& types = state.sent.of->parameters;
  if (piece.parsed_rows != piece.rows) {
    std::vector<oid> all;
    all.reserve(types.size() * piece.rows);
    for (std::size_t i = 0; i < piece.rows; ++i)
      all.insert(all.end(), types.begin(), types.end());
    talk().parse("", text.statement(piece.rows), all);
    ++state.parses;
  }
  piece.write_bind(talk().writer());
  talk().bound(0);
  // What the clauses return is the caller's business; the Describe's answer tells.
  talk().describe(proto::target::portal, "");
  talk().execute_portal();
  check_written(before, state.sent.of->sql);
  piece.parsed_rows = piece.rows;
  state.pieces.push_back({state.elements - piece.rows, piece.rows, state.parses});
  ++state.statements;
  piece.clear();
}

}  // namespace tusk::detail
