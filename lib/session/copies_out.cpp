#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "session/copy_options.hpp"
#include "session/copy_reading.hpp"
#include "session/copy_state.hpp"
#include "session/copy_text.hpp"
#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"
#include "session/sql_scanner.hpp"

// COPY TO STDOUT: how it is opened. Then it is a stream whose parts are CopyData.
namespace tusk::detail {

copy_facts session_core::open_copy_out(const call& asked) {
  return conduct(asked, [&](const net::deadline& until) {
    const copy_options_read said = require_copy(asked);
    settle_statements();
    return begin_copy_out(asked, said, {}, nullptr, until);
  });
}

std::unique_ptr<copy_reading> session_core::open_copy_rows(const call& asked,
                                                           const row_shape& shape) {
  return conduct(asked, [&](const net::deadline& until) {
    const copy_options_read said = require_copy(asked);
    settle_statements();
    std::vector<column> described;
    const std::string select = select_of(asked, said, until);
    const copy_facts facts = begin_copy_out(asked, said, select, &described, until);
    try {
      return read_copied(asked.what.text(), facts, std::move(described), shape);
    } catch (...) {
      leave_stream();
      throw;
    }
  });
}

copy_options_read session_core::require_copy(const call& asked) const {
  return require_copy(asked.what.text(), copy_direction::out,
                      mode_of(asked) != statement_mode::simple);
}

// The statement whose columns are those that are copied.
std::string session_core::select_of(const call& asked, const copy_options_read& said,
                                    const net::deadline& until) {
  if (!said.query.empty()) {
    if (mode_of(asked) != statement_mode::simple) return std::string(said.query);
    // The simple protocol describes only what it carries out, and that shall be no change.
    const std::string command = command_keyword(said.query);
    constexpr std::string_view harmless[] = {"SELECT", "VALUES", "TABLE", "WITH"};
    if (std::ranges::find(harmless, command) == std::end(harmless)) {
      misuse(
          "in statement_mode::simple the columns of a query that changes something cannot be "
          "asked for: take another mode, or copy_out()",
          asked.what.text());
    }
    return std::string("SELECT * FROM (").append(said.query).append("\n) AS copied LIMIT 0");
  }
  if (!said.columns.empty()) return described_by(said.table, said.columns);
  const literal_rules rules = quoting_rules();
  return described_by(said.table, column_list(columns_copied(asked, said.table, until), rules));
}

// How rows of that shape are read from the data. Throws `programming_error` where they cannot be.
std::unique_ptr<copy_reading> session_core::read_copied(std::string_view sql,
                                                        const copy_facts& facts,
                                                        std::vector<column> described,
                                                        const row_shape& shape) {
  require_rows_of(facts, sql);
  if (described.size() != facts.columns) {
    misuse("the COPY has " + std::to_string(facts.columns) + " columns, and " +
               std::to_string(described.size()) + " were described",
           sql);
  }
  prepared_statement of;
  of.sql = sql;
  of.columns = std::move(described);
  for (column& each : of.columns)
    each.format = facts.format == copy_format::binary ? format::binary : format::text;
  return std::make_unique<copy_reading>(copy_reading{
      row_source(nullptr, nullptr),
      copy_reader(facts.format, facts.style, static_cast<std::uint32_t>(facts.columns)),
      columns_as_sent(of, shape, knowledge())});
}

copy_facts session_core::begin_copy_out(const call& asked, const copy_options_read& said,
                                        std::string_view select, std::vector<column>* described,
                                        const net::deadline& until) {
  const std::string_view sql = asked.what.text();
  const bool extended = mode_of(asked) != statement_mode::simple;
  const bool in_transaction = talk().transaction() != proto::transaction_status::idle;
  copy_facts facts{said};
  guarded(sql, until, [&] {
    begin_copy(std::string(select), sql, extended, described, until);
    if (extended) talk().sync();
    await_copy_out(sql, until, facts);
  });
  stream_state state{std::string(sql), until, {}, in_transaction, true};
  state.running = statement_mark(*this);
  stream_ = std::move(state);
  return facts;
}

// Until the data begins.
void session_core::await_copy_out(std::string_view sql, const net::deadline& until,
                                  copy_facts& facts) {
  // Not what its text says: a rewritten statement, or a server of another kind.
  constexpr std::string_view wrong_way = "the server does not give the data of this COPY";
  std::optional<error_details> failed;
  for (;;) {
    const engine::event& said = line_->wait(until);
    switch (said.type) {
      case 'H': {
        const auto& response = std::get<proto::copy_out_response>(said.message);
        facts.columns = response.columns.size();
        facts.heed(response.overall);
        return;
      }
      case 'G':
        talk().refuse_copy(wrong_way);
        failed = {.kind = error_kind::protocol, .message = std::string(wrong_way)};
        break;
      case 'E':
        if (!failed)
          failed = read_error_fields(std::get<proto::error_response>(said.message).fields);
        break;
      case 'C': note_tag(tag_of(said)); break;
      case 'Z':
        if (!failed) failed = {.kind = error_kind::protocol, .message = std::string(wrong_way)};
        fail_statement(std::move(*failed), sql);
      default: break;
    }
  }
}

}  // namespace tusk::detail
