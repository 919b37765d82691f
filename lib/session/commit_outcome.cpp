#include "session/commit_outcome.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <exception>
#include <thread>

#include "session/connect.hpp"
#include "session/connection.hpp"
#include "session/server_version.hpp"

// What became of a transaction whose COMMIT was not answered (PostgreSQL documentation,
// "Transaction ID and Snapshot Information Functions").
namespace tusk::detail {

namespace {

using namespace std::chrono_literals;

// The functions have had other names before PostgreSQL 13.
bool has_new_names(const connection& line) noexcept {
  const int version = version_number(line.parameter("server_version"));
  return version == 0 || version >= 130000;
}

std::string status_question(const connection& line, const std::string& id) {
  return has_new_names(line) ? "select pg_catalog.pg_xact_status('" + id + "')"
                             : "select pg_catalog.txid_status(" + id + ")";
}

// Ends the server process that still holds the transaction, when it waits for a statement that can
// never come. One that is at work on the COMMIT is let be: ending it while it waits for a
// synchronous standby would commit without that.
std::string end_of_waiting_holder(const std::string& id) {
  std::uint64_t whole = 0;
  std::from_chars(id.data(), id.data() + id.size(), whole);
  const std::string shown = std::to_string(static_cast<std::uint32_t>(whole));
  return "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity "
         "where backend_xid = '" +
         shown +
         "'::pg_catalog.xid and state in ('idle in transaction', 'idle in transaction (aborted)')";
}

// Sleeps, but not beyond the deadline.
void pause(std::chrono::milliseconds how_long, const net::deadline& until) {
  if (const auto left = until.left(); left && *left < how_long) {
    std::this_thread::sleep_for(*left);
  } else {
    std::this_thread::sleep_for(how_long);
  }
}

/// Asks one connection after the other.
class inquiry {
 public:
  inquiry(const route& same, const session_options& options, const transaction_mark& mark,
          const net::deadline& until)
      : same_(same), options_(options), mark_(mark), until_(until) {
    options_.trace.reset();  // it belongs to the session's own connection
  }

  found_outcome run() {
    auto between = 10ms;
    for (;;) {
      const commit_outcome found = ask();
      if (found != commit_outcome::unknown || final_) return {found, std::move(why_)};
      if (until_.passed()) return {commit_outcome::unknown, std::move(why_)};
      pause(between, until_);
      between = std::min(between * 2, 200ms);
    }
  }

 private:
  commit_outcome ask();
  commit_outcome judge(const std::string& status);

  route same_;
  session_options options_;
  const transaction_mark& mark_;
  const net::deadline& until_;
  std::unique_ptr<connection> line_;
  std::string why_;
  int waited_ = 0;      // answers so far that it is still in progress
  bool final_ = false;  // asking again would not help
};

commit_outcome inquiry::ask() {
  try {
    if (line_ == nullptr) {
      line_ = connect_again(same_, options_, until_);
      // The same address may lead to another server by now, which knows nothing of our transaction
      // and may have given its number to another one.
      if (!mark_.timeline.empty()) {
        const std::string now = timeline_of(*line_, until_);
        if (now != mark_.timeline) {
          why_ = now.empty() ? "the server at that address is a standby now"
                             : "another server has taken the place of the one that knew it";
          final_ = !now.empty();
          line_->farewell();
          line_.reset();
          return commit_outcome::unknown;
        }
      }
    }
    return judge(line_->ask(status_question(*line_, mark_.id), until_));
  } catch (const std::exception& failed) {
    // Such as a server that is starting up again.
    why_ = failed.what();
    line_.reset();
    return commit_outcome::unknown;
  }
}

commit_outcome inquiry::judge(const std::string& status) {
  if (status == "committed" || status == "aborted") {
    line_->farewell();
    return status == "committed" ? commit_outcome::committed : commit_outcome::rolled_back;
  }
  if (status != "in progress") {
    why_ = "the server has forgotten it";
    final_ = true;
    return commit_outcome::unknown;
  }
  why_ = "the server says that it is still in progress";
  // A COMMIT that has arrived gets some time to be carried out, or to be seen at all.
  constexpr int patience = 4;
  if (++waited_ == patience) static_cast<void>(line_->ask(end_of_waiting_holder(mark_.id), until_));
  return commit_outcome::unknown;
}

}  // namespace

std::string id_of_transaction(connection& line, const net::deadline& until) {
  return line.ask(has_new_names(line) ? "select pg_catalog.pg_current_xact_id_if_assigned()"
                                      : "select pg_catalog.txid_current_if_assigned()",
                  until);
}

std::string timeline_of(connection& line, const net::deadline& until) {
  return line.ask(
      "select case when not pg_catalog.pg_is_in_recovery() then pg_catalog.substr("
      "pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) end",
      until);
}

found_outcome find_outcome(const route& same, const session_options& options,
                           const transaction_mark& mark, const net::deadline& until) noexcept {
  try {
    return inquiry(same, options, mark, until).run();
  } catch (...) {
    return {};  // memory, or what a callback of the caller's throws
  }
}

}  // namespace tusk::detail
