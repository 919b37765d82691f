#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "tusk/result.hpp"

namespace tusk::detail {

/// Walks once through rows that come one after the other. `Source` has `advance()`, which goes to
/// the next row and says false at the end, `body()` and `columns()`.
template <class Row, class Source>
class row_iterator {
  using traits = row_traits<Row>;

 public:
  using value_type = typename traits::value_type;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  row_iterator() = default;
  explicit row_iterator(Source& source) : source_(&source) { ++*this; }
  [[gnu::always_inline]] value_type operator*() const {
    return traits::read(source_->body(), source_->columns());
  }
  row_iterator& operator++() {
    if (!source_->advance()) source_ = nullptr;
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const row_iterator& i, std::default_sentinel_t) noexcept {
    return i.source_ == nullptr;
  }

 private:
  Source* source_ = nullptr;
};

/// What the ranges of such rows have in common. `Source` has `done()`, too.
template <class Row, class Source>
class passing_rows {
 public:
  using value_type = typename row_traits<Row>::value_type;
  using iterator = row_iterator<Row, Source>;

  explicit passing_rows(Source source) noexcept : source_(std::move(source)) {}

  /// Fetches the first row; to be called once.
  [[nodiscard]] iterator begin() { return iterator(source_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

  [[nodiscard]] const std::vector<column>& columns() const noexcept {
    return source_.columns().columns;
  }
  /// The command tag, once the last row was read.
  [[nodiscard]] const completion& done() const noexcept { return source_.done(); }

 private:
  Source source_;
};

}  // namespace tusk::detail
