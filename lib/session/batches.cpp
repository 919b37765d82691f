#include <algorithm>
#include <utility>

#include "session/batch_flow.hpp"
#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/sql_scanner.hpp"

// execute_many, and what insert_many shares with it.
namespace tusk::detail {

namespace {

// As much as is gathered before it is sent.
constexpr std::size_t send_size = std::size_t{64} << 10;

// The number in a tag is its last word: `INSERT 0 2`.
std::uint64_t rows_in(std::string_view tag) noexcept {
  std::uint64_t rows = 0;
  std::uint64_t weight = 1;
  for (; !tag.empty() && tag.back() >= '0' && tag.back() <= '9'; tag.remove_suffix(1)) {
    rows += static_cast<std::uint64_t>(tag.back() - '0') * weight;
    weight *= 10;
  }
  return rows;
}

}  // namespace

void require_same_types(const prepared_statement& of, std::span<const parameter> row) {
  if (!same_types(of, row))
    misuse("the element's parameters are of other types than the first element's", of.sql);
}

void session_core::require_batch(const call& asked) const {
  const std::string_view sql = asked.what.text();
  // Each row would be a Query of its own, and nothing but a transaction of ours would hold them
  // together.
  if (mode_of(asked) == statement_mode::simple) {
    misuse(
        "a batch needs the extended protocol: statement_mode::simple has none; run the statements "
        "one by one in a transaction",
        sql);
  }
  if (command_keyword(sql) == "COPY") misuse("COPY cannot be run as a batch", sql);
}

batch_result session_core::run_batch(const call& asked, const row_pull& rows) {
  return conduct(asked, [&](const net::deadline& until) {
    require_batch(asked);
    batch_state state;
    std::span<const parameter> row;
    if (!rows.next(rows.context, row)) return batch_result();
    std::optional<error_details> lost;
    with_healing(asked, until, [&] {
      if (lost) {
        if (rows.restart == nullptr) raise(std::move(*lost));
        state = batch_state();
        rows.restart(rows.context);
        if (!rows.next(rows.context, row)) return;
      }
      try {
        run_batch_once({asked.options, asked.what, row, asked.scope}, rows, state, until);
      } catch (const error& failed) {
        lost = failed.details();
        throw;
      }
    });
    if (state.thrown_by_range) std::rethrow_exception(state.thrown_by_range);
    return batch_result(std::move(state.counts), state.rows);
  });
}

void session_core::run_batch_once(const call& first, const row_pull& rows, batch_state& state,
                                  const net::deadline& until) {
  settle_statements();
  require_fitting(first);
  const statement_mode mode = mode_of(first);
  in_flight& sent = state.sent;
  if (mode == statement_mode::prepared) {
    sent.of = &prepared(first, until, [&](prepared_statement& known) {
      check_parameters(known, first.values, knowledge(until));
    });
  } else {
    sent.kept = declared(first.what.text(), first.values, mode == statement_mode::unnamed);
    sent.of = sent.kept.get();
  }
  const bool is_new = !is_current(*sent.of);
  const auto keep = [&] {
    if (!is_new || state.parsed == 0 || sent.of->name.empty()) return;
    sent.of->epoch = epoch_;
    declared_.insert(sent.kept, evicted_);
  };
  try {
    in_one_group(state, until, [&] { write_batch(state, rows, first.values, until); });
  } catch (...) {
    keep();
    throw;
  }
  keep();
}

void session_core::write_batch(batch_state& state, const row_pull& rows,
                               std::span<const parameter> row, const net::deadline& until) {
  prepared_statement& of = *state.sent.of;
  write_closes();
  bool more = true;
  if (state.sent.kept != nullptr && (!is_current(of) || !of.described)) {
    write_first_element(state, row, until);
    more = !state.failed && state.take(rows, row);
  }
  for (; more; more = state.take(rows, row)) {
    write_element(state, row);
    if (talk().wants().send.size() < send_size) continue;
    push_group(state, until);
    if (state.failed) return;
  }
}

void session_core::write_element(batch_state& state, std::span<const parameter> row) {
  prepared_statement& of = *state.sent.of;
  if (state.sent.kept != nullptr) {
    require_same_types(of, row);
  } else {
    check_parameters(of, row, knowledge());
  }
  const auto before = talk().mark();
  write_bind(of, row, {});
  talk().bound(static_cast<std::uint32_t>(of.columns.size()));
  talk().execute_portal();
  check_written(before, of.sql);
  ++state.elements;
  ++state.statements;
}

// A declared statement that is new: how many columns its rows have shows with the first element,
// and is waited for, without a Sync.
void session_core::write_first_element(batch_state& state, std::span<const parameter> row,
                                       const net::deadline& until) {
  prepared_statement& of = *state.sent.of;
  const auto before = talk().mark();
  const bool parse = !is_current(of);
  of.described = false;
  write_undescribed(of, row, nullptr, parse);
  talk().execute_portal();
  talk().flush();
  check_written(before, of.sql);
  if (parse) ++state.parses;
  ++state.elements;
  ++state.statements;
  state.now = batch_state::step::sending;
  state.on_its_way = true;
  closes_are_written();
  while (!of.described && !state.failed)
    take_in_group(state, line_->wait(until));
}

// The peer may have to be read meanwhile, for it stops reading when it cannot write.
void session_core::push_group(batch_state& state, const net::deadline& until) {
  state.now = batch_state::step::sending;
  state.on_its_way = true;
  closes_are_written();
  while (!talk().wants().send.empty()) {
    line_->push(until);
    while (const engine::event* said = line_->poll_event())
      take_in_group(state, *said);
  }
}

void session_core::end_group(batch_state& state, const net::deadline& until) {
  state.now = batch_state::step::sending;
  talk().sync();
  closes_are_written();
  for (;;) {
    const engine::event& said = line_->wait(until);
    if (said.type == 'Z') break;
    take_in_group(state, said);
  }
  if (state.failed) fail_statement(std::move(*state.failed), state.sent.of->sql);
}

void session_core::take_in_group(batch_state& state, const engine::event& said) {
  switch (said.type) {
    case '2':
    case '3': return;
    case 'C': {
      const std::string_view tag = tag_of(said);
      note_tag(tag);
      state.counts.push_back(rows_in(tag));
      state.rows += state.counts.back();
      ++state.answered;
      return;
    }
    case 'I':
      state.counts.push_back(0);
      ++state.answered;
      return;
    case 'D':
      if (state.returned != nullptr) state.returned->add(said.rows, talk().rows_block());
      return;
    case '1': ++state.parsed; return;
    case 'G': refuse_pipelined_copy();
    default: break;
  }
  const bool first_error = said.type == 'E' && !state.failed;
  static_cast<void>(take_refusal(said, state.sent, state.failed));
  if (first_error) name_element(state, *state.failed);
}

// Which element an error is about. That of a Parse is about none, and that of the Sync about any.
void session_core::name_element(const batch_state& state, error_details& failed) {
  if (state.answered >= state.statements) return;
  if (state.pieces.empty()) {
    if (state.parsed == state.parses) failed.element = state.answered;
    return;
  }
  const batch_state::piece& piece = state.pieces[state.answered];
  if (state.parsed < piece.parses) return;
  failed.element = piece.first;
  failed.elements = piece.elements;
}

// What was written is not to be carried out: taken back while it has not been sent, else made to
// fail.
void session_core::spoil_group(const batch_state& state,
                               const engine::conversation::checkpoint& before) {
  if (line_->broken()) return;
  if (state.on_its_way) {
    sync_failing();
  } else {
    talk().take_back(before);
  }
}

}  // namespace tusk::detail
