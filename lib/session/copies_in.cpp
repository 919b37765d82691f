#include <cstring>
#include <exception>
#include <new>
#include <utility>

#include "session/client_encoding.hpp"
#include "session/copy_options.hpp"
#include "session/copy_state.hpp"
#include "session/copy_text.hpp"
#include "session/misuse.hpp"
#include "session/server_error.hpp"
#include "session/session_flow.hpp"

// COPY FROM STDIN: how it is opened, fed, finished and given up.
namespace tusk::detail {

namespace {

// As much data as is gathered before it is sent.
constexpr std::size_t send_size = std::size_t{64} << 10;
// The server takes a CopyFail of no more than 10,000 bytes, and shows it in its log.
constexpr std::size_t longest_reason = 1000;

// The most bytes in a CopyData: the server's bound on a message, less its length
// (PQ_LARGE_MESSAGE_LIMIT).
constexpr std::size_t most_copy_data = 0x3ffffffa;

// Makes two of a CopyData that is longer than the server takes: gives where the second one begins.
std::size_t cut_copy_data(proto::writer& out, std::size_t begun) {
  constexpr std::size_t header = 5;
  const std::size_t cut = begun + 4 + most_copy_data;
  const std::size_t rest = out.size() - cut;
  if (out.claim(header) == nullptr) throw std::bad_alloc();
  std::byte* const at = const_cast<std::byte*>(out.written().data()) + cut;
  std::memmove(at + header, at, rest);
  *at = std::byte{proto::copy_data::type};
  out.patch(begun, static_cast<std::uint32_t>(4 + most_copy_data));
  return cut + 1;
}

// What an exception says, when it is being handled.
std::string current_reason() {
  constexpr std::string_view unknown = "the client gave the COPY up";
  const std::exception_ptr thrown = std::current_exception();
  if (thrown == nullptr) return std::string(unknown);
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return std::string(unknown);
  }
}

// A text that the server can take whatever it holds: what it could not read it would complain of
// instead.
std::string sendable(std::string_view reason, bool is_utf8) {
  std::string text(reason.substr(0, longest_reason));
  if (is_utf8) text.resize(valid_utf8_size(text));
  for (char& each : text)
    if (each == '\0' || (!is_utf8 && static_cast<unsigned char>(each) >= 0x80)) each = '?';
  return text.empty() ? "given up" : text;
}

}  // namespace

std::shared_ptr<copy_in_state> session_core::open_copy_in(const call& asked,
                                                          const copy_into* where) {
  return conduct(asked, [&](const net::deadline& until) {
    const auto fresh = std::make_shared<copy_in_state>();
    fresh->until = until;
    fresh->extended = mode_of(asked) != statement_mode::simple;
    fresh->sql = asked.what.text();
    const copy_options_read said = require_copy(fresh->sql, copy_direction::in, fresh->extended);
    fresh->facts = {said};
    settle_statements();
    if (where != nullptr) prepare_copy(asked, *where, *fresh);
    guarded(fresh->sql, until, [&] { begin_copy_in(*fresh); });
    fresh->running = statement_mark(*this);
    fresh->out = &talk().writer();
    open_copy_data(*fresh);
    fresh->open = true;
    copy_ = fresh;
    return fresh;
  });
}

// The COPY of a table by its name: its columns' names, where the caller gives none, and the
// statement that they are described by.
void session_core::prepare_copy(const call& asked, const copy_into& where, copy_in_state& fresh) {
  const literal_rules rules = quoting_rules();
  const std::string table = quoted_name(where.schema, where.table, rules);
  fresh.table = where.schema.empty() ? where.table : where.schema + "." + where.table;
  copy_into named = where;
  if (named.columns.empty()) {
    named.columns = columns_copied(asked, table, fresh.until);
    fresh.sql = copy_statement(named, rules);
  }
  fresh.select = described_by(table, column_list(named.columns, rules));
}

void session_core::begin_copy_in(copy_in_state& fresh) {
  begin_copy(fresh.select, fresh.sql, fresh.extended,
             fresh.table.empty() ? nullptr : &fresh.described, fresh.until);
  try {
    await_copy_in(fresh);
  } catch (...) {
    // Whatever is still to come is read up to the answer of a Sync.
    if (fresh.extended && !line_->broken() && !talk().idle()) talk().sync();
    throw;
  }
}

// Until the server takes data.
void session_core::await_copy_in(copy_in_state& fresh) {
  std::optional<error_details> failed;
  for (;;) {
    const engine::event& said = line_->wait(fresh.until);
    switch (said.type) {
      case 'G': {
        const auto& response = std::get<proto::copy_in_response>(said.message);
        fresh.facts.columns = response.columns.size();
        fresh.facts.heed(response.overall);
        return;
      }
      case 'E':
        failed = read_error_fields(std::get<proto::error_response>(said.message).fields);
        break;
      case 'H':
      case 'C':
        // Not what its text says: a rewritten statement, or a server of another kind.
        failed = {.kind = error_kind::protocol,
                  .message = "the server does not take data for this COPY"};
        break;
      default: continue;
    }
    end_copy_group(fresh.extended, fresh.sql, fresh.until, std::move(failed));
  }
}

// A CopyData is open whenever rows may come; see `copy_feed`.
void session_core::open_copy_data(copy_in_state& of) noexcept {
  of.begun = talk().begin_copy_data();
  of.full_at = of.begun + send_size;
  of.filling = true;
  if (of.given == copy_in_state::content::rows) of.encoder = &*of.rows;
}

void session_core::close_copy_data(copy_in_state& of) {
  proto::writer& out = talk().writer();
  of.filling = false;
  of.encoder = nullptr;  // what is called while it is sent has no place for rows
  const std::size_t size = out.size() - of.begun - 4;
  if (size == 0 || out.status()) {
    const bool no_room = static_cast<bool>(out.status());
    out.truncate(of.begun - 1);
    if (no_room) throw std::bad_alloc();
    return;
  }
  of.bytes += size;
  // A row may be larger than the server takes in one message; where it is cut means nothing.
  for (std::size_t left = size; left > most_copy_data; left -= most_copy_data)
    of.begun = cut_copy_data(out, of.begun);
  talk().end_copy_data(of.begun);
}

// Sends everything, and hears what the server has to say meanwhile: nothing, or why it fails.
void session_core::send_copied(copy_in_state& of) {
  const auto take = [&] {
    while (const engine::event* said = line_->poll_event()) {
      if (said->type != 'E') continue;
      end_copy_group(of.extended, of.sql, of.until,
                     read_error_fields(std::get<proto::error_response>(said->message).fields));
    }
  };
  // A server that takes everything at once never makes us wait.
  if (of.until.passed()) {
    raise({.kind = error_kind::timeout,
           .message = "the COPY was not finished " + of.until.within(),
           .session_usable = false});
  }
  while (!talk().wants().send.empty()) {
    line_->push(of.until);
    take();
  }
  line_->peek();
  take();
}

template <class Body>
void session_core::while_copying(copy_in_state& of, Body&& body) {
  if (!of.open) misuse("the COPY is over", of.sql);
  require_no_listener();
  const exclusive_use::entry alone(use_);
  try {
    guarded(of.sql, of.until, [&] {
      try {
        body();
      } catch (...) {
        stop_feeding(of, "the client could not go on");
        throw;
      }
    });
  } catch (...) {
    end_copy(of);
    fail_call();
  }
}

// The server is told that no more will come, if it still waits for more.
void session_core::stop_feeding(copy_in_state& of, std::string_view why) {
  if (of.filling) talk().writer().truncate(of.begun - 1);
  of.filling = false;
  if (of.finishing || line_->broken() || talk().idle()) return;
  talk().refuse_copy(sendable(why, !line_->foreign_encoding()));
  if (of.extended) talk().sync();
  of.finishing = true;
}

void session_core::end_copy(copy_in_state& of) noexcept {
  of.open = false;
  of.encoder = nullptr;
  of.running = {};
  if (copy_.get() == &of) copy_.reset();
}

void session_core::begin_copy_rows(copy_in_state& of) {
  if (!of.open) misuse("the COPY is over", of.sql);
  if (of.given == copy_in_state::content::bytes)
    misuse("bytes have been written into the COPY: rows cannot be mixed with them", of.sql);
  if (!of.rows) {
    require_rows_of(of.facts, of.sql);
    if (of.facts.matches_header && of.described.empty()) {
      misuse(
          "the names for the header that HEADER MATCH asks for are not known: name the table in "
          "copy_into",
          of.sql);
    }
    of.rows.emplace(of.facts.format, of.facts.style, of.described, of.facts.columns, of.table,
                    of.facts.default_mark);
    of.rows->begin(*of.out);
  }
  of.given = copy_in_state::content::rows;
  of.encoder = &*of.rows;
}

void session_core::push_copy(copy_in_state& of) {
  while_copying(of, [&] {
    close_copy_data(of);
    send_copied(of);
    open_copy_data(of);
  });
}

std::uint64_t session_core::finish_copy(copy_in_state& of) {
  while_copying(of, [&] {
    // A COPY of no rows has a header all the same.
    const bool nothing = of.given == copy_in_state::content::nothing;
    if (nothing && of.facts.begins_with_header(!of.table.empty())) begin_copy_rows(of);
    if (of.rows) of.rows->end(*of.out);
    close_copy_data(of);
    send_copied(of);
    of.finishing = true;
    talk().finish_copy();
    of.taken = end_copy_group(of.extended, of.sql, of.until, {}).rows();
  });
  end_copy(of);
  end_call();
  return of.taken;
}

void session_core::leave_copy(copy_in_state& of, std::string_view why) noexcept {
  if (!of.open) return;
  if (line_->listening.talking()) {  // its data is just being sent
    line_->give_up("a COPY was left by a function that was being told something");
  }
  try {
    if (!line_->broken()) stop_feeding(of, why.empty() ? current_reason() : std::string(why));
  } catch (const std::exception& e) {
    line_->give_up("a COPY could not be left: ", e.what());
  }
  end_copy(of);
  if (!line_->broken()) line_->drain(net::deadline::after(options_.drain_timeout));
  end_observation();
}

}  // namespace tusk::detail
