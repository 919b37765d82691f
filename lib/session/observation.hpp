#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/connection.hpp"
#include "tusk/parameter.hpp"
#include "tusk/pipeline.hpp"
#include "tusk/statement_event.hpp"

namespace tusk::detail {

/// One statement, from its beginning to its end, for the function that observes the session.
class observation {
 public:
  /// It begins: says so. `line` must outlive this. `parameters` says whether their texts are told.
  observation(connection& line, statement_kind kind, std::string_view sql,
              std::span<const parameter> values, bool parameters);
  observation(const observation&) = delete;
  observation& operator=(const observation&) = delete;

  /// Bytes that were written for it before it began.
  void add_sent(std::uint64_t bytes) noexcept { sent_ += bytes; }
  void add_rows(std::uint64_t rows) noexcept { rows_ += rows; }
  /// A command of it is complete; its tag's rows are those that count.
  void note_tag(std::string_view tag) noexcept;

  /// It has ended, with an error or (null) without: says so.
  void end(const error* failed) noexcept;
  /// It has ended in whatever exception is being handled.
  void end_in_exception() noexcept;
  /// A request of a pipeline has ended: what was sent for it is known already. `why` may be null.
  void end_pipelined(const error_details* why, request_status how) noexcept;

 private:
  void tell_end(const error* failed);

  connection& line_;
  std::string sql_;
  std::vector<std::optional<std::string>> parameters_;
  statement_event event_;
  std::chrono::steady_clock::time_point begun_;
  std::uint64_t written_;
  std::uint64_t consumed_;
  std::uint64_t sent_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t tagged_rows_ = 0;
  bool tagged_ = false;
};

}  // namespace tusk::detail
