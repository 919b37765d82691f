#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "session/server_error.hpp"
#include "session/session_core.hpp"

// How every call of a session goes, whatever it asks: templates over the part that differs.
namespace tusk::detail {

// The server has forgotten a statement, or its plan does not fit any more. Message texts are
// translated; the routine's name is not.
inline bool statement_gone(const error_details& details) noexcept {
  return (details.code.text() == "26000" && details.source_routine == "FetchPreparedStatement") ||
         (details.code.text() == "0A000" && details.source_routine == "RevalidateCachedQuery");
}

// A parameter was written by what the catalogs had said of a composite type, and no longer do
// (record_recv). Nothing has been run.
inline bool type_changed(const error_details& details) noexcept {
  return details.code.text() == "42804" && details.source_routine == "record_recv";
}

// A kept statement's plan has met a type that was dropped: an internal error, whose text is never
// translated.
inline bool plan_outdated(const error_details& details, const type_registry& known) noexcept {
  constexpr std::string_view gone = "cache lookup failed for type ";
  const std::string_view said = details.message;
  const std::size_t at = said.find(gone);
  if (details.code.text() != "XX000" || at == std::string_view::npos) return false;
  const std::string_view number = said.substr(at + gone.size());
  oid type = 0;
  std::from_chars(number.data(), number.data() + number.size(), type);
  return known.find(type) != nullptr;
}

inline std::string_view tag_of(const engine::event& said) noexcept {
  const auto* complete = std::get_if<proto::command_complete>(&said.message);
  return complete == nullptr ? std::string_view() : complete->tag;
}

// The frame of every call that sends a statement.
template <class Body>
auto session_core::conduct(const call& asked, Body&& body) {
  require_ready(asked);
  const exclusive_use::entry alone(use_);
  const statement_mark running(*this);
  begin_call(asked);
  if_late_ = late_end::carried_out;
  try {
    const net::deadline until = deadline_for(asked.options);
    if constexpr (std::is_void_v<decltype(body(until))>) {
      body(until);
      end_call();
    } else {
      auto answer = body(until);
      end_call();
      return answer;
    }
  } catch (...) {
    fail_call();
  }
}

// Runs one call's exchange. Whatever goes wrong in it, the session is afterwards ready for the next
// call, or broken.
template <class Body>
auto session_core::guarded(std::string_view sql, const net::deadline& until, Body&& body) {
  try {
    return body();
  } catch (const error& failed) {
    recover(failed, sql, until);
  } catch (...) {
    // Not ours, such as a lack of memory: nobody reads the answers that are still to come.
    // Half a request must not go out with the next one, either.
    if (!talk().idle() || !talk().wants().send.empty())
      line_->give_up("a call was interrupted before its answer was read");
    throw;
  }
}

// A statement that the server no longer has is prepared again, once, and only when no transaction
// was lost by the first try; and types that have changed are looked up again, likewise. The same
// error out of a statement that was running, such as an EXECUTE of the caller's, is the caller's.
template <class Attempt>
auto session_core::with_healing(const call& asked, const net::deadline& until, Attempt&& attempt) {
  const std::string_view sql = asked.what.text();
  const statement_mode mode = mode_of(asked);
  const bool is_kept = mode == statement_mode::prepared || mode == statement_mode::declared;
  const bool was_known =
      asked.what.prepared() != nullptr || (is_kept && cache_for(mode).find(sql) != nullptr);
  const bool was_idle = talk().transaction() == proto::transaction_status::idle;
  try {
    return guarded(sql, until, attempt);
  } catch (const error& failed) {
    // The last is found out by a statement that runs already; its error has undone what it did.
    const bool is_outdated = (bind_refused_ && type_changed(failed.details())) ||
                             (was_known && plan_outdated(failed.details(), types_));
    const bool is_gone = bind_refused_ && was_known && statement_gone(failed.details());
    if (!is_outdated && !is_gone) throw;
    if (is_outdated) {
      upkeep_.distrust = true;
    } else if (failed.sqlstate().text() == "26000") {
      forget_statements();  // DISCARD ALL or DEALLOCATE ALL: the others are gone too
    } else if (asked.what.prepared() != nullptr) {
      (*asked.what.prepared())->epoch = 0;
    } else {
      cache_for(mode).remove(sql, evicted_);
    }
    if (!was_idle || line_->broken()) throw;
    // What has run for a while may have committed part of what it did.
    if (!bind_refused_ && !is_one_transaction(sql)) throw;
  }
  return guarded(sql, until, attempt);
}

// The statement, once `check` has found that the call fits it. What is known of a kept statement
// may be out of date, so a refusal counts only after the server has described it again.
template <class Check>
prepared_statement& session_core::prepared(const call& asked, const net::deadline& until,
                                           Check&& check) {
  const std::shared_ptr<prepared_statement>* held = asked.what.prepared();
  const std::string_view sql = asked.what.text();
  prepared_statement* known = held != nullptr ? held->get() : described_.find(sql).get();
  // The unnamed statement is whatever was parsed last.
  if (known != nullptr && !known->name.empty() && is_current(*known)) {
    try {
      check(*known);
      return *known;
    } catch (const programming_error&) {
    }
  }
  if (held != nullptr) {
    if (!known->name.empty()) evicted_.push_back(std::move(known->name));
    prepare(*known, until);
    check(*known);
    return *known;
  }
  described_.remove(sql, evicted_);
  auto fresh = std::make_shared<prepared_statement>();
  fresh->sql = sql;
  prepare(*fresh, until);
  described_.insert(fresh, evicted_);
  check(*fresh);
  return *fresh;
}

// Reads up to ReadyForQuery and hands everything but errors to `take`. The first error is thrown
// when the server is ready again.
template <class Take>
void session_core::read_answers(std::string_view sql, const net::deadline& until, in_flight& sent,
                                Take&& take) {
  std::optional<error_details> failed;
  for (;;) {
    const engine::event& said = line_->wait(until);
    if (said.type == 'Z') break;
    if (said.type == 'C') note_tag(tag_of(said));
    const bool plain = said.type == 'D' || said.type == '2' || said.type == 'C';
    if (plain || !take_refusal(said, sent, failed)) take(said);
  }
  if (failed) fail_statement(std::move(*failed), sql);
}

}  // namespace tusk::detail
