#pragma once

#include <memory>

#include "engine/event.hpp"
#include "engine/input.hpp"
#include "tusk/result.hpp"

namespace tusk::detail {

/// Gathers a statement's rows in the blocks that they arrive in.
class row_collector {
 public:
  explicit row_collector(std::shared_ptr<const column_set> columns)
      : store_(std::make_shared_for_overwrite<row_store>()) {
    store_->columns = std::move(columns);
  }

  void add(const engine::row_batch& rows, const engine::block& in);
  /// What CommandComplete says.
  void tag(std::string_view text) { store_->done = completion(text); }
  /// All of them. A small result is copied into a block of its own size, so that a handful of rows
  /// does not keep the block that the session receives into.
  [[nodiscard]] std::shared_ptr<const row_store> finish();

 private:
  void copy_out_of_block();

  std::shared_ptr<row_store> store_;
  std::size_t bytes_ = 0;
};

}  // namespace tusk::detail
