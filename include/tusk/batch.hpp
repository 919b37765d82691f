#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tusk/aggregate.hpp"
#include "tusk/parameter.hpp"

namespace tusk {

/// What `execute_many` has done.
class batch_result {
 public:
  batch_result() = default;
  batch_result(std::vector<std::uint64_t> counts, std::uint64_t rows) noexcept
      : counts_(std::move(counts)), rows_(rows) {}

  /// Rows inserted, updated, deleted or selected, of all elements together.
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  /// The same for each element, in their order.
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t rows_ = 0;
};

/// Where `insert_many` puts its rows. Names are quoted, so they are taken as they stand, upper case
/// included, and refused as `executor::quote_identifier` tells; the two clauses are SQL and become
/// part of the statement as they are.
struct insert_into {
  std::string schema{};  ///< empty: by the search path
  std::string table{};
  std::vector<std::string> columns{};  ///< empty: all, in the table's order
  /// What follows ON CONFLICT, such as `(id) do update set name = excluded.name`.
  std::string on_conflict{};
  /// What follows RETURNING, such as `id, created`.
  std::string returning{};
};

namespace detail {

/// A range of rows, its type erased.
struct row_pull {
  void* context;
  /// The next row's parameters, valid until the next call; false at the end.
  bool (*next)(void* context, std::span<const parameter>& row);
  /// Goes back to the beginning; null for a range that can be passed through only once.
  void (*restart)(void* context);
};

/// The parameters that one element of a range stands for: the members of a struct, in their order.
template <class Row>
class row_parameters {
 public:
  std::span<const parameter> of(const Row& row) noexcept {
    list_ = with_members<member_count<Row>>(
        row, [](const auto&... members) { return list{make_parameter(members)...}; });
    return list_;
  }

 private:
  using list = std::array<parameter, std::tuple_size_v<members_t<Row>>>;
  list list_{};
};

/// A single value.
template <class Row>
  requires(writable<Row> || std::is_array_v<Row>)
class row_parameters<Row> {
 public:
  std::span<const parameter> of(const Row& row) noexcept {
    one_ = make_parameter(row);
    return {&one_, 1};
  }

 private:
  parameter one_{};
};

/// The elements of a tuple or pair.
template <class Row>
  requires(!writable<Row> && is_tuple_like<Row>)
class row_parameters<Row> {
 public:
  std::span<const parameter> of(const Row& row) noexcept {
    list_ = std::apply([](const auto&... values) { return list{make_parameter(values)...}; }, row);
    return list_;
  }

 private:
  using list = std::array<parameter, std::tuple_size_v<Row>>;
  list list_{};
};

template <>
class row_parameters<dynamic_parameters> {
 public:
  static std::span<const parameter> of(const dynamic_parameters& row) noexcept {
    return row.list();
  }
};

/// Calls `use` with the values that one element of a range stands for.
template <class Row, class Use>
void with_values(const Row& row, Use&& use) {
  if constexpr (writable<Row> || std::is_array_v<Row>) {
    use(row);
  } else if constexpr (is_tuple_like<Row>) {
    std::apply(use, row);
  } else {
    with_members<member_count<Row>>(row, use);
  }
}

namespace range_ends {
using std::begin;
using std::end;
template <class Range>
constexpr auto begin_of(Range& range) {
  return begin(range);  // a member, an array's, or one that is found beside the range's type
}
template <class Range>
constexpr auto end_of(Range& range) {
  return end(range);
}
}  // namespace range_ends

/// Walks through a range and gives each element, or its parameters. An element that the iterator
/// makes anew is kept here while it is looked at.
template <class Range>
class row_feed {
 public:
  explicit row_feed(Range& rows) : rows_(&rows), at_(range_ends::begin_of(rows)) {}

  [[nodiscard]] row_pull pull() noexcept {
    return {this, &row_feed::next, std::forward_iterator<iterator> ? &row_feed::restart : nullptr};
  }
  /// The next element, valid until the next call; null at the end.
  [[nodiscard]] const auto* next_element() {
    if (begun_) ++at_;
    begun_ = true;
    if (at_ == range_ends::end_of(*rows_)) {
      begun_ = false;  // asked again, it stands at the end still
      return static_cast<const element*>(nullptr);
    }
    if constexpr (std::is_lvalue_reference_v<reference>) {
      return static_cast<const element*>(std::addressof(*at_));
    } else {
      return static_cast<const element*>(&made_.emplace(*at_));
    }
  }

 private:
  using iterator = decltype(range_ends::begin_of(std::declval<Range&>()));
  using reference = decltype(*std::declval<iterator&>());
  using element = std::conditional_t<std::is_lvalue_reference_v<reference>,
                                     std::remove_cvref_t<reference>, std::iter_value_t<iterator>>;

  static bool next(void* context, std::span<const parameter>& row) {
    auto& self = *static_cast<row_feed*>(context);
    const element* const found = self.next_element();
    if (found == nullptr) return false;
    row = self.parameters_.of(*found);
    return true;
  }
  static void restart(void* context) {
    auto& self = *static_cast<row_feed*>(context);
    self.at_ = range_ends::begin_of(*self.rows_);
    self.begun_ = false;
  }

  Range* rows_;
  iterator at_;
  bool begun_ = false;
  std::optional<element> made_{};
  row_parameters<element> parameters_{};
};

}  // namespace detail
}  // namespace tusk
