#include <cstdio>

#include "session/session_core.hpp"

// Which of the prepared statements the server still has, and which may look different by now.
namespace tusk::detail {

namespace {

// "SQL, DMY": the style and the order. YMD is one for input only: shown is the month first.
date_order dates_of(std::string_view style) noexcept {
  if (style.ends_with("DMY")) return date_order::day_first;
  const bool month_first = style.ends_with("MDY") || style.ends_with("YMD");
  return month_first ? date_order::month_first : date_order::unknown;
}

}  // namespace

// Poolers that hand one server to many clients, and give each a process id of its own making, let
// names meet that are only counted up.
std::string session_core::next_name() {
  char name[32];
  const int size =
      std::snprintf(name, sizeof name, "tusk_%x_%llu", static_cast<unsigned>(line_->process_id()),
                    static_cast<unsigned long long>(++names_));
  return {name, static_cast<std::size_t>(size)};
}

// The server has forgotten them all.
void session_core::forget_statements() {
  types_.clear();
  described_.clear();
  declared_.clear();
  evicted_.clear();
  ++epoch_;
}

// They may look different, for a table, a type or the search path has changed: all are prepared
// anew when they are used again. Inside a transaction it would be too late to find out from the
// server's refusal.
void session_core::distrust_statements() {
  described_.clear(evicted_);
  declared_.clear(evicted_);
  types_.clear();
  ++epoch_;
}

// Called for each CommandComplete, when the statement that it ends may still be in use: so nothing
// is dropped here.
void session_core::note_tag(std::string_view tag) noexcept {
  if (tag.empty()) return;
  if (watch_) [[unlikely]]
    watch_->note_tag(tag);
  switch (tag.front()) {
    case 'A':
      if (tag.starts_with("ALTER ")) upkeep_.distrust = upkeep_.altered = true;
      break;
    case 'B':
    case 'S':
      // A BEGIN inside a transaction is nothing but a warning.
      if ((tag == "BEGIN" || tag == "START TRANSACTION") &&
          talk().transaction() == proto::transaction_status::idle) {
        ++transactions_;
        note_begin();
      }
      break;
    case 'C':
      if (tag == "COMMIT") {
        ++transactions_;
        scopes_.end_all(scope_end::by_statement);
      }
      break;
    case 'D':
      if (tag.starts_with("DROP ")) upkeep_.distrust = upkeep_.altered = true;
      if (tag == "DISCARD ALL" || tag == "DEALLOCATE ALL") upkeep_.forget = true;
      break;
    case 'P':
      if (tag == "PREPARE TRANSACTION") {
        ++transactions_;
        // What it has altered is so for nobody yet.
        if (upkeep_.altered) upkeep_.distrust = true;
        scopes_.end_all(scope_end::by_statement);
      }
      break;
    case 'R':
      // What was altered in the transaction, or behind the savepoint, is as it was before.
      if (tag != "ROLLBACK") break;
      if (upkeep_.altered) upkeep_.distrust = true;
      scopes_.ties().rolled_back_by_statement();
      break;
    default: break;
  }
}

// None was open when the server was asked last: what tusk believes to be open was rolled back by a
// statement.
void session_core::note_begin() noexcept {
  if (talk().transaction() == proto::transaction_status::idle)
    scopes_.end_all(scope_end::by_statement);
}

// Before anything is sent.
void session_core::settle_statements() {
  if (line_->parameter_changes() != upkeep_.seen_changes) [[unlikely]] {
    upkeep_.seen_changes = line_->parameter_changes();
    // Reported from PostgreSQL 18 on.
    if (const std::string_view path = line_->parameter("search_path");
        path != upkeep_.search_path) {
      upkeep_.search_path = path;
      upkeep_.distrust = true;
    }
    upkeep_.dates = dates_of(line_->parameter("DateStyle"));
    // The names of columns are in the old one.
    if (const std::string_view now = line_->parameter("client_encoding");
        now != upkeep_.client_encoding) {
      upkeep_.client_encoding = now;
      upkeep_.distrust = true;
    }
  }
  if (types_.is_outdated()) [[unlikely]]
    upkeep_.distrust = true;
  if (upkeep_.forget) [[unlikely]]
    forget_statements();
  if (upkeep_.distrust) [[unlikely]]
    distrust_statements();
  upkeep_.forget = upkeep_.distrust = false;
  if (upkeep_.altered && talk().transaction() == proto::transaction_status::idle)
    upkeep_.altered = false;
}

}  // namespace tusk::detail
