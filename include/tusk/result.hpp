#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/row_traits.hpp"

namespace tusk {

/// What a statement said when it was done.
class completion {
 public:
  completion() = default;
  explicit completion(std::string_view tag);

  /// CommandComplete's tag, such as `INSERT 0 2`; empty for an empty statement.
  [[nodiscard]] std::string_view tag() const noexcept { return tag_; }
  /// Rows selected, inserted, updated, deleted, merged, moved or copied; 0 where the tag has no
  /// number.
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  std::string tag_;
  std::uint64_t rows_ = 0;
};

namespace detail {

/// Rows as they came, in the blocks that they arrived in. Most results are one batch in one block,
/// which need no list.
struct row_store {
  struct batch {
    const std::byte* data = nullptr;
    std::uint32_t size = 0;  ///< bytes
    std::uint32_t rows = 0;
    std::uint64_t first = 0;  ///< index of its first row
  };
  using block = std::shared_ptr<const std::byte[]>;
  static constexpr std::size_t inline_size = 240;

  block first_block;
  std::vector<block> more_blocks;
  batch first_batch;
  std::vector<batch> more_batches;
  std::uint64_t rows = 0;
  std::shared_ptr<const column_set> columns;
  completion done;
  std::byte inline_bytes[inline_size];  ///< the whole of a tiny result, instead of a block

  [[nodiscard]] const batch* batch_at(std::size_t index) const noexcept {
    if (index == 0) return &first_batch;
    return index <= more_batches.size() ? &more_batches[index - 1] : nullptr;
  }
};

/// A place in a row_store: walks forward cheaply, jumps by a search.
class row_position {
 public:
  row_position() = default;
  row_position(const row_store& store, std::uint64_t index) : store_(&store) { jump(index); }

  [[nodiscard]] const std::byte* body() const noexcept { return at_ + 5; }
  [[nodiscard]] const column_set& columns() const noexcept { return *store_->columns; }
  [[nodiscard]] std::uint64_t index() const noexcept { return index_; }

  void advance() noexcept {
    ++index_;
    if (--left_ == 0) [[unlikely]] {
      next_batch();
    } else {
      at_ += 1 + proto::load_big_endian<std::uint32_t>(at_ + 1);
    }
  }
  void jump(std::uint64_t index) noexcept;

 private:
  void next_batch() noexcept;

  const row_store* store_ = nullptr;
  const std::byte* at_ = nullptr;
  std::uint32_t left_ = 0;  // rows from here to the batch's end, this one included
  std::uint64_t index_ = 0;
  std::size_t batch_ = 0;
};

[[noreturn]] void fail_row_index(std::uint64_t index, std::uint64_t rows);

}  // namespace detail

/// The rows of a finished statement: random access, cheap to move and to copy (copies share the
/// bytes). It does not need its session any more. Values are decoded when they are looked at, so
/// reading one may throw `data_error`; views read from it live as long as any copy of it.
template <class Row>
class result {
  using traits = detail::row_traits<Row>;

 public:
  using value_type = typename traits::value_type;

  class iterator {
   public:
    using value_type = typename traits::value_type;
    using difference_type = std::ptrdiff_t;
    using reference = value_type;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::random_access_iterator_tag;

    iterator() = default;
    iterator(const detail::row_store& store, std::uint64_t index) : position_(store, index) {}

    [[gnu::always_inline]] reference operator*() const {
      return traits::read(position_.body(), position_.columns());
    }
    reference operator[](difference_type n) const { return *(*this + n); }
    iterator& operator++() noexcept {
      position_.advance();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    iterator& operator--() noexcept { return *this += -1; }
    iterator operator--(int) noexcept {
      iterator before = *this;
      --*this;
      return before;
    }
    iterator& operator+=(difference_type n) noexcept {
      position_.jump(position_.index() + static_cast<std::uint64_t>(n));
      return *this;
    }
    iterator& operator-=(difference_type n) noexcept { return *this += -n; }
    friend iterator operator+(iterator i, difference_type n) noexcept { return i += n; }
    friend iterator operator+(difference_type n, iterator i) noexcept { return i += n; }
    friend iterator operator-(iterator i, difference_type n) noexcept { return i -= n; }
    friend difference_type operator-(const iterator& a, const iterator& b) noexcept {
      return static_cast<difference_type>(a.position_.index() - b.position_.index());
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.position_.index() == b.position_.index();
    }
    friend std::strong_ordering operator<=>(const iterator& a, const iterator& b) noexcept {
      return a.position_.index() <=> b.position_.index();
    }

   private:
    detail::row_position position_;
  };
  using const_iterator = iterator;

  explicit result(std::shared_ptr<const detail::row_store> store) noexcept
      : store_(std::move(store)) {}

  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(store_->rows); }
  [[nodiscard]] bool empty() const noexcept { return store_->rows == 0; }
  [[nodiscard]] iterator begin() const { return {*store_, 0}; }
  [[nodiscard]] iterator end() const { return {*store_, store_->rows}; }
  /// The row at `index`, from 0; it must be there.
  [[nodiscard]] value_type operator[](std::size_t index) const { return *iterator(*store_, index); }
  /// The same, checked: throws `programming_error` beyond the last.
  [[nodiscard]] value_type at(std::size_t index) const {
    if (index >= size()) detail::fail_row_index(index, store_->rows);
    return (*this)[index];
  }
  [[nodiscard]] value_type front() const { return at(0); }

  [[nodiscard]] const std::vector<column>& columns() const noexcept {
    return store_->columns->columns;
  }
  /// The command tag and the number of rows in it.
  [[nodiscard]] const completion& done() const noexcept { return store_->done; }

 private:
  std::shared_ptr<const detail::row_store> store_;
};

}  // namespace tusk
