#include <algorithm>
#include <utility>

#include "session/cursor_state.hpp"
#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/row_collector.hpp"
#include "session/session_flow.hpp"

// Fetching from open cursors, moving them, and leaving them.
namespace tusk::detail {

namespace {

bool goes_forward(const cursor_step& step) noexcept {
  return step.motion == cursor_motion::forward;
}

bool needs_no_place(const cursor_step& step) noexcept {
  return step.motion == cursor_motion::first || step.motion == cursor_motion::last ||
         step.motion == cursor_motion::absolute;
}

std::string words_of(const cursor_step& step) {
  const auto count = step.count == cursor_step::all ? "all" : std::to_string(step.count);
  switch (step.motion) {
    case cursor_motion::forward: return "forward " + count;
    case cursor_motion::backward: return "backward " + count;
    case cursor_motion::absolute: return "absolute " + std::to_string(step.count);
    case cursor_motion::relative: return "relative " + std::to_string(step.count);
    case cursor_motion::first: return "first";
    case cursor_motion::last: break;
  }
  return "last";
}

std::string statement_for(std::string_view verb, const cursor_step& step, std::string_view where,
                          std::string_view name) {
  return std::string(verb).append(" ").append(words_of(step)).append(where).append(name);
}

// The server does not know the cursor. Messages are translated, the name in them is not.
bool is_gone(const error_details& failed, const cursor_state& what) noexcept {
  return failed.kind == error_kind::server && failed.code.text() == "34000" &&
         failed.message.find(what.name) != std::string::npos;
}

[[noreturn]] void fail_gone(error_details failed) {
  failed.kind = error_kind::usage;
  failed.message =
      "the cursor is gone: what it was opened in was rolled back or has ended, or a CLOSE or "
      "DISCARD that was run as a statement has closed it";
  raise(std::move(failed));
}

// What the loops over rows rely on was found out when the cursor was opened.
bool same_columns(const column_set& known, const proto::row_description& said) {
  const std::vector<column> columns = read_columns(said);
  return std::equal(
      columns.begin(), columns.end(), known.columns.begin(), known.columns.end(),
      [](const column& a, const column& b) { return a.type == b.type && a.format == b.format; });
}

}  // namespace

// Whether its transaction, or its connection, has ended.
bool session_core::is_over(const cursor_state& what) const noexcept {
  if (closed_ || what.connection != connections_) return true;
  if (what.hold) return false;
  return what.transaction != transactions_ ||
         line_->talk().transaction() == proto::transaction_status::idle;
}

void session_core::require_open(const cursor_state& what, const cursor_step& step) const {
  if (what.connection != connections_)
    misuse("the cursor is gone: the session was reset since it was opened", what.sql);
  if (is_over(what)) {
    misuse(
        "the cursor is gone: the transaction that it was opened in is over (one with the option "
        "hold outlives it)",
        what.sql);
  }
  if (!goes_forward(step) && !what.scroll) {
    misuse("the cursor goes forward only: open it with the option scroll to go any other way",
           what.sql);
  }
  const bool failed = line_->talk().transaction() == proto::transaction_status::failed;
  if (what.lost && !needs_no_place(step) && !failed) {
    misuse(
        "a fetch from the cursor has failed, and nobody knows where it stands: open it anew, or "
        "go to a row by its number where it can scroll",
        what.sql);
  }
}

std::shared_ptr<const row_store> session_core::fetch(cursor_state& from, const cursor_step& step) {
  auto rows = from.declared ? follow(from, step, statement_for("fetch", step, " from ", from.name))
                            : follow(from, step, {});
  from.rows += rows->rows;
  return rows;
}

// To MOVE a portal of the protocol is a cursor as good as any.
std::uint64_t session_core::move(cursor_state& what, const cursor_step& step) {
  return follow(what, step, statement_for("move", step, " in ", what.name))->done.rows();
}

// Goes by `statement`, or, where there is none, by an Execute of the portal; notes where the cursor
// stands then.
std::shared_ptr<const row_store> session_core::follow(cursor_state& what, const cursor_step& step,
                                                      const std::string& statement) {
  const call asked{what.options, std::string_view(what.sql), {}, what.hold ? 0 : what.scope};
  return conduct(asked, [&](const net::deadline& until) -> std::shared_ptr<const row_store> {
    require_open(what, step);
    const auto store = std::make_shared_for_overwrite<row_store>();
    store->columns = what.columns;
    if (what.done && goes_forward(step)) return store;
    try {
      guarded(what.sql, until, [&] {
        settle_statements();
        send_step(what, step, statement);
        read_step(what, *store, until);
        // A portal's own tag counts what its last Execute brought, and comes only with the end.
        if (statement.empty()) store->done = completion("FETCH " + std::to_string(store->rows));
      });
    } catch (const error& failed) {
      what.lost = true;
      if (is_gone(failed.details(), what)) fail_gone(failed.details());
      throw;
    }
    const auto came = static_cast<std::int64_t>(std::max(store->rows, store->done.rows()));
    what.lost = false;
    what.done = goes_forward(step) && (step.count == cursor_step::all || came < step.count);
    return store;
  });
}

void session_core::send_step(const cursor_state& what, const cursor_step& step,
                             const std::string& statement) {
  const auto before = talk().mark();
  if (what.as_text) {
    talk().simple_query(statement);
    check_written(before, what.sql);
    return;
  }
  try {
    write_closes();
    if (statement.empty()) {
      // What its rows look like is said once more: outside of a Bind's Sync group nothing else
      // tells where a row ends.
      talk().describe(proto::target::portal, what.name);
      talk().execute(what.name, static_cast<std::int32_t>(std::max<std::int64_t>(step.count, 0)));
      talk().sync();
    } else {
      prepared_statement once;
      once.sql = what.sql;
      talk().parse("", statement, {});
      write_bind(once, {},
                 statement.starts_with("fetch") ? std::span<const format>(what.codes)
                                                : std::span<const format>());
      talk().bound(static_cast<std::uint32_t>(what.columns->columns.size()));
      talk().run_portal();
    }
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  check_written(before, what.sql);
  closes_are_written();
}

void session_core::read_step(const cursor_state& what, row_store& into,
                             const net::deadline& until) {
  row_collector rows(into);
  in_flight sent;
  read_answers(what.sql, until, sent, [&](const engine::event& said) {
    if (said.type == 'D') rows.add(said.rows, talk().rows_block());
    if (said.type == 'C') into.done = completion(tag_of(said));
    if (said.type != 'T' ||
        same_columns(*what.columns, std::get<proto::row_description>(said.message)))
      return;
    line_->give_up("the server describes a cursor's rows in another way than when it was opened");
    line_->fail_broken(what.sql);
  });
  rows.finish();
}

// No round trip: it is closed in front of the next statement. The simple protocol has no Close;
// what does not outlive its transaction is left to that.
void session_core::leave_cursor(const cursor_state& what) noexcept {
  if (is_over(what) || line_->broken() || (what.as_text && !what.hold)) return;
  try {
    left_portals_.push_back({what.name, what.hold});
  } catch (const std::bad_alloc&) {
    // Then the server keeps it until its transaction, or the session, ends.
  }
}

// In front of a statement that goes by the simple protocol. A name that the server does not know
// would abort a transaction, so this waits until none is open; then what was not to outlive it is
// gone, too.
void session_core::close_left_as_text(const net::deadline& until) {
  if (talk().transaction() != proto::transaction_status::idle) return;
  const std::vector<left_portal> left = std::exchange(left_portals_, {});
  for (const left_portal& each : left)
    if (each.hold) talk().simple_query("close " + each.name);
  while (!talk().idle())
    static_cast<void>(line_->wait(until));
}

}  // namespace tusk::detail
