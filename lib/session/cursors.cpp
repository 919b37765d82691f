#include <utility>

#include "session/client_binding.hpp"
#include "session/cursor_state.hpp"
#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/session_flow.hpp"
#include "session/sql_scanner.hpp"

// How cursors are opened; what is done with them then is in cursor_fetches.cpp.
namespace tusk::detail {

namespace {

constexpr std::uint32_t most_rows = 0x7fffffff;

std::string declaration(const cursor_state& of) {
  return "declare " + of.name + (of.scroll ? " scroll" : " no scroll") + " cursor " +
         (of.hold ? "with hold for " : "for ");
}

// The server counts characters of the text that it was sent.
void point_into_statement(error_details& failed, std::size_t head) {
  const auto before = static_cast<std::int32_t>(head);
  if (failed.position > before) failed.position -= before;
}

}  // namespace

std::shared_ptr<cursor_state> session_core::open_cursor(const call& asked,
                                                        const cursor_options& wanted,
                                                        const row_shape& shape) {
  return conduct(asked, [&](const net::deadline& until) {
    const std::string_view sql = asked.what.text();
    if (wanted.fetch_size == 0 || wanted.fetch_size > most_rows) {
      misuse("a cursor's fetch_size is from 1 to " + std::to_string(most_rows) + ", not " +
                 std::to_string(wanted.fetch_size),
             sql);
    }
    if (!wanted.hold && talk().transaction() == proto::transaction_status::idle) {
      misuse(
          "a cursor lives in a transaction block, and none is open: begin() one, let the cursor "
          "outlive it with the option hold, or read the rows with stream()",
          sql);
    }
    const auto fresh = std::make_shared<cursor_state>();
    fresh->sql = sql;
    fresh->options = asked.options;
    fresh->fetch_size = wanted.fetch_size;
    fresh->scroll = wanted.scroll;
    fresh->hold = wanted.hold;
    fresh->as_text = mode_of(asked) == statement_mode::simple;
    fresh->declared = wanted.scroll || wanted.hold || fresh->as_text;
    fresh->scope = asked.scope;
    fresh->connection = connections_;
    fresh->name = next_name();
    fresh->name.insert(fresh->name.find('_') + 1, "c");  // tusk_c..., for who reads pg_cursors
    with_healing(asked, until, [&] {
      if (fresh->declared) {
        declare_cursor(asked, *fresh, shape, until);
      } else {
        open_portal(asked, *fresh, shape, until);
      }
    });
    fresh->transaction = transactions_;
    return fresh;
  });
}

// Reads the answers to an opening. Whatever comes of it, nothing that was opened stays open without
// a cursor of the caller's.
void session_core::read_opening(const call& asked, const cursor_state& fresh, in_flight& sent,
                                const net::deadline& until, std::vector<column>* columns) {
  bool gives_rows = false;
  try {
    read_answers(asked.what.text(), until, sent, [&](const engine::event& said) {
      if (said.type != 'T') return;
      gives_rows = true;
      if (columns != nullptr)
        *columns = read_columns(std::get<proto::row_description>(said.message));
    });
    if (!gives_rows) {
      error_details refusal{
          .kind = error_kind::usage,
          .message =
              "the statement returns no rows, and was not run: a cursor is for one that "
              "does"};
      refusal.safe_to_retry = true;
      fail_statement(std::move(refusal), asked.what.text());
    }
  } catch (const error&) {
    left_portals_.push_back({fresh.name, fresh.hold});
    throw;
  }
}

// Binds a portal with a name of its own, which lives as long as the transaction.
void session_core::open_portal(const call& asked, cursor_state& fresh, const row_shape& shape,
                               const net::deadline& until) {
  settle_statements();
  in_flight sent = mode_of(asked) == statement_mode::prepared
                       ? bind_described_portal(asked, fresh.name, shape, until)
                       : bind_declared_portal(asked, fresh.name, shape);
  read_opening(asked, fresh, sent, until, nullptr);
  fresh.columns = std::move(sent.columns);
}

in_flight session_core::bind_described_portal(const call& asked, const std::string& name,
                                              const row_shape& shape, const net::deadline& until) {
  prepared_statement& what = prepared(asked, until, [&](prepared_statement& known) {
    check_parameters(known, asked.values, knowledge(until));
    choose_columns(known, shape, asked.options.formats, knowledge(until));
  });
  const auto before = talk().mark();
  try {
    write_closes();
    write_bind(what, asked.values, what.choice.codes, name);
    talk().bound(static_cast<std::uint32_t>(what.columns.size()));
    talk().describe(proto::target::portal, name);
    talk().sync();
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  check_written(before, what.sql);
  closes_are_written();
  return {nullptr, {}, &shape, what.choice.columns};
}

in_flight session_core::bind_declared_portal(const call& asked, const std::string& name,
                                             const row_shape& shape) {
  std::shared_ptr<prepared_statement> what =
      declared(asked.what.text(), asked.values, mode_of(asked) == statement_mode::unnamed);
  const bool parse = what->epoch == 0;
  const auto before = talk().mark();
  in_flight sent{what.get(), what, &shape, nullptr};
  try {
    write_closes();
    write_undescribed(*what, asked.values, &shape, parse, name);
    talk().sync();
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  check_written(before, what->sql);
  closes_are_written();
  if (parse && !what->name.empty()) {
    what->epoch = epoch_;
    declared_.insert(std::move(what), evicted_);
  }
  return sent;
}

// DECLARE CURSOR.
void session_core::declare_cursor(const call& asked, cursor_state& fresh, const row_shape& shape,
                                  const net::deadline& until) {
  settle_statements();
  const std::string head = declaration(fresh);
  try {
    if (fresh.as_text) {
      declare_as_text(asked, fresh, shape, head, until);
    } else {
      declare_with_parameters(asked, fresh, shape, head, until);
    }
  } catch (const error& failed) {
    if (failed.position() == 0 || failed.statement() != asked.what.text()) throw;
    error_details details = failed.details();
    point_into_statement(details, head.size());
    raise(std::move(details));
  }
}

// The parameters' types are those of the statement itself, which is described, or declared, as for
// any other call. The declaration is parsed without a name: nobody will run it again. The columns
// are those of the portal that it makes.
void session_core::declare_with_parameters(const call& asked, cursor_state& fresh,
                                           const row_shape& shape, const std::string& head,
                                           const net::deadline& until) {
  prepared_statement declaring;
  if (mode_of(asked) == statement_mode::prepared) {
    declaring.take_parameters(prepared(asked, until, [&](prepared_statement& known) {
      check_parameters(known, asked.values, knowledge(until));
    }));
  } else {
    declaring.take_parameters(*declared(asked.what.text(), asked.values, true));
  }
  declaring.sql = asked.what.text();
  const auto before = talk().mark();
  try {
    write_closes();
    talk().parse("", head + declaring.sql, declaring.parameters);
    write_bind(declaring, asked.values, {});
    talk().bound(0);
    talk().execute("", 0);
    talk().describe(proto::target::portal, fresh.name);
    talk().sync();
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  check_written(before, declaring.sql);
  closes_are_written();
  in_flight sent;
  read_opening(asked, fresh, sent, until, &declaring.columns);
  try {
    const column_choice& choice =
        choose_columns(declaring, shape, asked.options.formats, knowledge(until));
    fresh.columns = choice.columns;
    fresh.codes = choice.codes;
  } catch (const error&) {
    left_portals_.push_back({fresh.name, fresh.hold});
    throw;
  }
}

// The simple protocol describes nothing by itself, so a FETCH of no rows does.
void session_core::declare_as_text(const call& asked, cursor_state& fresh, const row_shape& shape,
                                   const std::string& head, const net::deadline& until) {
  const std::string_view sql = asked.what.text();
  const literal_rules rules = quoting_rules();
  if (!holds_one_statement(sql, rules.standard_conforming_strings))
    misuse("the text holds several statements, and a cursor is for one", sql);
  // The line break ends a comment that the statement may end with.
  const std::string text =
      head + bind_literals(sql, asked.values, rules) + "\n; fetch forward 0 from " + fresh.name;
  const auto what = std::make_shared<prepared_statement>();
  what->sql = sql;
  const auto before = talk().mark();
  talk().simple_query(text);
  check_written(before, sql);
  in_flight sent{what.get(), what, &shape, nullptr};
  read_opening(asked, fresh, sent, until, nullptr);
  fresh.columns = std::move(sent.columns);
}

}  // namespace tusk::detail
