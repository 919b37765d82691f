#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "tusk/result.hpp"

namespace tusk {

namespace detail {

class session_core;

/// The compiled part of a stream: one batch of rows at a time, each in the session's own block.
class row_source {
 public:
  explicit row_source(std::shared_ptr<session_core> core, std::shared_ptr<const column_set> columns)
      : core_(std::move(core)), columns_(std::move(columns)) {}
  row_source(row_source&&) noexcept = default;
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
class stream {
  using traits = detail::row_traits<Row>;

 public:
  using value_type = typename traits::value_type;

  class iterator {
   public:
    using value_type = typename traits::value_type;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    explicit iterator(detail::row_source& source) : source_(&source) { ++*this; }
    [[gnu::always_inline]] value_type operator*() const {
      return traits::read(source_->body(), source_->columns());
    }
    iterator& operator++() {
      if (!source_->advance()) source_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& i, std::default_sentinel_t) noexcept {
      return i.source_ == nullptr;
    }

   private:
    detail::row_source* source_ = nullptr;
  };

  explicit stream(detail::row_source source) noexcept : source_(std::move(source)) {}

  /// Fetches the first row; to be called once.
  [[nodiscard]] iterator begin() { return iterator(source_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

  [[nodiscard]] const std::vector<column>& columns() const noexcept {
    return source_.columns().columns;
  }
  /// The command tag, once the last row was read.
  [[nodiscard]] const completion& done() const noexcept { return source_.done(); }

 private:
  detail::row_source source_;
};

}  // namespace tusk
