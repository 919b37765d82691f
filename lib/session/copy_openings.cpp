#include <utility>

#include "session/client_encoding.hpp"
#include "session/copy_options.hpp"
#include "session/copy_state.hpp"
#include "session/copy_text.hpp"
#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"
#include "session/sql_scanner.hpp"
#include "types/ascii.hpp"

// What COPYs of both directions begin with: the check of the text, the description of the columns,
// and the statement itself. In the extended protocol its Sync is sent when the COPY is over: one
// that the server meets in the middle of the data is swallowed ("COPY Operations").
namespace tusk::detail {

// What its text says. Throws what can be known to be wrong before anything is sent.
copy_options_read session_core::require_copy(std::string_view sql, copy_direction direction,
                                             bool extended) const {
  if (command_keyword(sql) != "COPY")
    misuse("the statement is no COPY: run it by query() or execute()", sql);
  const bool conforming = quoting_rules().standard_conforming_strings;
  const auto said = read_copy_options(sql, conforming);
  if (!said) {
    misuse(
        "the statement is no COPY from the client or to it (FROM STDIN, TO STDOUT): what the "
        "server does by itself is run by execute()",
        sql);
  }
  if (said->direction != direction) {
    misuse(direction == copy_direction::in ? "the statement is a COPY TO STDOUT: use copy_out()"
                                           : "the statement is a COPY FROM STDIN: use copy_in()",
           sql);
  }
  if (!extended && !holds_one_statement(sql, conforming))
    misuse("the text holds several statements, and a COPY is to be the only one", sql);
  return *said;
}

// Whether this session's texts and the bytes of the rows are the same.
void session_core::require_rows_of(const copy_facts& facts, std::string_view sql) const {
  const std::string_view own = line_->parameter("client_encoding");
  if (line_->foreign_encoding()) require_rows_in(facts.format, own, sql);
  if (facts.format == copy_format::binary || !facts.encoding) return;
  if (is_utf8(own) ? is_utf8(*facts.encoding) : ascii::equals(*facts.encoding, own)) return;
  misuse("the COPY's ENCODING is " + *facts.encoding + ", and rows are in the session's, " +
             std::string(own) + " (client_encoding): leave the option out, or use bytes",
         sql);
}

std::vector<std::string> session_core::columns_copied(const call& asked, std::string_view table,
                                                      const net::deadline& until) {
  const std::string question = copied_columns_query(table, quoting_rules());
  const row_shape& shape = positional<std::string>::shape;
  const bool extended = mode_of(asked) != statement_mode::simple;
  const late_end before = std::exchange(if_late_, late_end::nothing_done);
  const auto store = guarded(asked.what.text(), until, [&] {
    return extended ? ask_aside(question, shape, until) : ask_aside_as_text(question, shape, until);
  });
  if_late_ = before;
  std::vector<std::string> names;
  for (row_position at(*store, 0); at.index() < store->rows; at.advance())
    names.push_back(positional<std::string>::read<std::string>(at.body(), at.columns()));
  return names;
}

// The types that the rows go into. In the extended protocol in the same Sync group as the COPY, so
// that nobody alters the table in between: the lock that the description takes is kept. (Nor does
// it need the right to read the table, for nothing is executed.)
std::vector<column> session_core::describe_copied(const std::string& select, std::string_view sql,
                                                  bool extended, const net::deadline& until) {
  if (!extended) {
    std::vector<column> columns;
    in_flight sent;
    talk().simple_query(select);
    try {
      read_answers(sql, until, sent, [&](const engine::event& said) {
        if (said.type == 'T')
          columns = read_columns(std::get<proto::row_description>(said.message));
      });
    } catch (const error& failed) {
      error_details details = failed.details();
      details.position = 0;  // in a text that the caller has not written
      raise(std::move(details));
    }
    return columns;  // types of the catalogs cannot be asked for here
  }
  std::vector<column> columns = described_in_group(select, sql, until);
  std::vector<oid> unknown;
  for (const column& each : columns)
    if (is_of_the_catalogs(each.type) && types_.find(each.type) == nullptr)
      unknown.push_back(each.type);
  if (!unknown.empty()) {
    end_copy_group(true, sql, until, {});
    learn_types(std::move(unknown), until);
    columns = described_in_group(select, sql, until);
  }
  for (column& each : columns)
    knowledge().fill(each);
  return columns;
}

// Leaves the Sync group open, unless it throws the server's error.
std::vector<column> session_core::described_in_group(const std::string& select,
                                                     std::string_view sql,
                                                     const net::deadline& until) {
  const auto before = talk().mark();
  write_closes();
  talk().parse("", select, {});
  talk().describe(proto::target::statement, "");
  talk().flush();
  check_written(before, sql);
  closes_are_written();
  for (;;) {
    const engine::event& said = line_->wait(until);
    if (said.type == 'E') {
      auto failed = read_error_fields(std::get<proto::error_response>(said.message).fields);
      failed.position = 0;  // in a text that the caller has not written
      end_copy_group(true, sql, until, std::move(failed));
    }
    if (said.type == 'n') return {};
    if (said.type == 'T') return read_columns(std::get<proto::row_description>(said.message));
  }
}

// Has the columns described, where that is wanted, and sends the COPY. What is still to come after
// an error is read up to the answer of a Sync; the description's group is open behind its answer.
void session_core::begin_copy(const std::string& select, std::string_view sql, bool extended,
                              std::vector<column>* described, const net::deadline& until) {
  bool group_is_open = false;
  try {
    if (described != nullptr) {
      const late_end before = std::exchange(if_late_, late_end::nothing_done);
      *described = describe_copied(select, sql, extended, until);
      if_late_ = before;
      group_is_open = true;
    }
    send_copy(sql, extended);
  } catch (...) {
    if (extended && !line_->broken() && (group_is_open || !talk().idle())) talk().sync();
    throw;
  }
}

void session_core::send_copy(std::string_view sql, bool extended) {
  const auto before = talk().mark();
  if (extended) {
    write_closes();
    talk().parse("", sql, {});
    prepared_statement unnamed;
    write_bind(unnamed, {}, {});
    talk().bound(0);
    talk().execute_portal();
    talk().flush();
  } else {
    talk().simple_query(sql);
  }
  check_written(before, sql);
  if (extended) closes_are_written();
}

// Ends the Sync group, and waits until the server is ready. Throws what has failed, here or before.
completion session_core::end_copy_group(bool extended, std::string_view sql,
                                        const net::deadline& until,
                                        std::optional<error_details> failed) {
  if (extended) talk().sync();
  completion done;
  for (;;) {
    const engine::event& said = line_->wait(until);
    if (said.type == 'Z') break;
    if (said.type == 'C') {
      done = completion(tag_of(said));
      note_tag(done.tag());
    }
    if (said.type == 'E' && !failed)
      failed = read_error_fields(std::get<proto::error_response>(said.message).fields);
  }
  if (!failed) return done;
  if (type_changed(*failed)) upkeep_.distrust = true;  // the next COPY looks again
  fail_statement(std::move(*failed), sql);
}

}  // namespace tusk::detail
