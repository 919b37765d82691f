#include "session/observation.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "session/sql_secrets.hpp"
#include "tusk/result.hpp"

namespace tusk {

std::string_view name_of(statement_kind kind) noexcept {
  switch (kind) {
    case statement_kind::statement: return "statement";
    case statement_kind::stream: return "stream";
    case statement_kind::script: return "script";
    case statement_kind::preparation: return "preparation";
    case statement_kind::pipelined: return "pipelined";
    case statement_kind::copy_in: return "copy_in";
    case statement_kind::copy_out: return "copy_out";
  }
  return "?";
}

}  // namespace tusk

namespace tusk::detail {

namespace {

std::optional<std::string> shown(const parameter& given, std::size_t index) {
  if (given.operations->is_null(given.value)) return std::nullopt;
  try {
    return given.operations->to_text(given.value, index, {});
  } catch (const error&) {
    return "?";  // it cannot be written, or not as text: the call itself will say so
  }
}

}  // namespace

observation::observation(connection& line, statement_kind kind, std::string_view sql,
                         std::span<const parameter> values, bool parameters)
    : line_(line),
      begun_(std::chrono::steady_clock::now()),
      written_(line.bytes_written()),
      consumed_(line.bytes_consumed()) {
  append_without_secrets(sql_, sql);
  if (parameters) {
    for (std::size_t i = 0; i < values.size(); ++i)
      parameters_.push_back(shown(values[i], i + 1));
  }
  event_.number = ++line.observed_statements;
  event_.kind = kind;
  event_.sql = sql_;
  event_.parameter_count = values.size();
  event_.parameters = parameters_;
  line_.listening.tell(line_.listening.on_statement, event_);
}

void observation::note_tag(std::string_view tag) noexcept {
  try {
    tagged_rows_ += completion(tag).rows();
    tagged_ = true;
  } catch (const std::bad_alloc&) {
    // Then its rows are not counted.
  }
}

void observation::end(const error* failed) noexcept {
  add_sent(line_.bytes_written() - written_);
  try {
    if (failed != nullptr && event_.sql != failed->statement() && !failed->statement().empty()) {
      // The text in the error has the secrets that are not told here.
      error_details details = failed->details();
      std::string statement;
      append_without_secrets(statement, details.statement);
      if (statement != details.statement) details.position = 0;
      details.statement = std::move(statement);
      const error told(std::move(details));
      tell_end(&told);
    } else {
      tell_end(failed);
    }
  } catch (const std::bad_alloc&) {
    // Then the observer misses an end.
  }
}

void observation::end_in_exception() noexcept {
  try {
    throw;
  } catch (const error& failed) {
    end(&failed);
  } catch (const std::exception& failed) {
    try {
      const error told({.kind = error_kind::usage, .message = failed.what()});
      end(&told);
    } catch (...) {
      end(nullptr);
    }
  } catch (...) {
    end(nullptr);
  }
}

void observation::end_pipelined(const error_details* why, request_status how) noexcept {
  written_ = line_.bytes_written();
  if (how == request_status::done) return end(nullptr);
  try {
    error_details details;
    if (why != nullptr) details = *why;
    if (why == nullptr) details.message = "the pipeline was destroyed before the answer had come";
    if (how == request_status::skipped) {
      details.kind = error_kind::skipped;
      details.message.insert(0, "not carried out, for one before it in its group failed: ");
      details.statement = event_.sql;
    }
    const error told(std::move(details));
    end(&told);
  } catch (const std::bad_alloc&) {
    // Then the observer misses an end.
  }
}

void observation::tell_end(const error* failed) {
  const std::uint64_t consumed = line_.bytes_consumed();
  // Of pipelined requests each answer begins where the one before it has ended.
  event_.bytes_received = consumed - std::max(consumed_, line_.observed_bytes);
  line_.observed_bytes = consumed;
  event_.bytes_sent = sent_;
  event_.rows = tagged_ ? tagged_rows_ : rows_;
  event_.duration = std::chrono::steady_clock::now() - begun_;
  event_.failed = failed;
  event_.ended = true;
  line_.listening.tell(line_.listening.on_statement, event_);
}

}  // namespace tusk::detail
