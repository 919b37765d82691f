#pragma once

#include <memory>

#include "engine/event.hpp"
#include "engine/input.hpp"
#include "tusk/result.hpp"

namespace tusk::detail {

/// Gathers a statement's rows in the blocks that they arrive in.
class row_collector {
 public:
  /// Gathers into `store`, which outlives it.
  explicit row_collector(row_store& store) noexcept : store_(&store) {}

  void add(const engine::row_batch& rows, const engine::block& in);
  /// That was all. A small result is copied into a block of its own size, so that a handful of rows
  /// does not keep the block that the session receives into.
  void finish() {
    if (bytes_ != 0 && bytes_ <= small_result) copy_out_of_block();
  }

 private:
  // Copying this much costs less than a fresh block to receive into would.
  static constexpr std::size_t small_result = std::size_t{16} << 10;

  void copy_out_of_block();

  row_store* store_;
  std::size_t bytes_ = 0;
};

/// The columns of what returns no rows.
[[nodiscard]] inline const std::shared_ptr<const column_set>& no_columns() {
  static const auto none = std::make_shared<const column_set>();
  return none;
}

}  // namespace tusk::detail
