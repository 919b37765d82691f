#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "tusk/result.hpp"
#include "tusk/row_iterator.hpp"

namespace tusk {

namespace detail {

class session_core;

/// The compiled part of a stream: one batch of rows at a time, each in the session's own block.
class row_source {
 public:
  explicit row_source(std::shared_ptr<session_core> core, std::shared_ptr<const column_set> columns)
      : core_(std::move(core)), columns_(std::move(columns)) {}
  row_source(row_source&& other) noexcept
      : core_(std::move(other.core_)),
        columns_(std::move(other.columns_)),
        at_(other.at_),
        left_(std::exchange(other.left_, 0)),
        done_(std::move(other.done_)) {}
  row_source& operator=(row_source&& other) noexcept;
  ~row_source() { leave(); }

  /// Goes to the next row. False at the end.
  bool advance() {
    if (left_ > 1) [[likely]] {
      --left_;
      at_ += 1 + proto::load_big_endian<std::uint32_t>(at_ + 1);
      return true;
    }
    return next_batch();
  }
  [[nodiscard]] const std::byte* body() const noexcept { return at_ + 5; }
  /// The whole body, for messages that are no rows.
  [[nodiscard]] bytes_view message() const noexcept {
    return {at_ + 5, proto::load_big_endian<std::uint32_t>(at_ + 1) - 4};
  }
  [[nodiscard]] const column_set& columns() const noexcept { return *columns_; }
  [[nodiscard]] const completion& done() const noexcept { return done_; }
  /// Ends it early, if it has not ended; never throws. Takes at most the session's drain_timeout;
  /// inside a transaction, until the rest is read or the call's time is up.
  void leave() noexcept;

 private:
  bool next_batch();

  std::shared_ptr<session_core> core_;  // null when it has ended
  std::shared_ptr<const column_set> columns_;
  const std::byte* at_ = nullptr;
  std::uint32_t left_ = 0;
  completion done_;
};

}  // namespace detail

/// The rows of a running statement, one after the other, in memory that does not grow with their
/// number. The session does nothing else until the last row was read, or the stream is destroyed.
/// Leaving it early outside a transaction cancels the statement; inside one the rest is read and
/// dropped, for a cancel would abort the transaction (a cursor is the cheap way there). A row and
/// its views live until the next row is fetched. Errors of the server come out of the call that
/// opens it, of `begin()` and of the iterator's increment.
template <class Row>
class stream : public detail::passing_rows<Row, detail::row_source> {
 public:
  using detail::passing_rows<Row, detail::row_source>::passing_rows;
};

}  // namespace tusk
