#include "session/row_collector.hpp"

#include <cstring>

namespace tusk::detail {

void row_collector::add(const engine::row_batch& rows, const engine::block& in) {
  row_store& store = *store_;
  const row_store::batch batch{rows.data, static_cast<std::uint32_t>(rows.size), rows.rows,
                               store.rows};
  if (store.rows == 0) {
    store.first_block = in;
    store.first_batch = batch;
  } else {
    const row_store::block& last =
        store.more_blocks.empty() ? store.first_block : store.more_blocks.back();
    if (last != in) store.more_blocks.emplace_back(in);
    store.more_batches.push_back(batch);
  }
  store.rows += rows.rows;
  bytes_ += rows.size;
}

void row_collector::copy_out_of_block() {
  std::byte* to = store_->inline_bytes;
  row_store::block own;
  if (bytes_ > row_store::inline_size) {
    const auto fresh = std::make_shared_for_overwrite<std::byte[]>(bytes_);
    to = fresh.get();
    own = fresh;
  }
  const auto copy = [&to](row_store::batch& batch) {
    std::memcpy(to, batch.data, batch.size);
    batch.data = to;
    to += batch.size;
  };
  copy(store_->first_batch);
  for (row_store::batch& batch : store_->more_batches)
    copy(batch);
  store_->first_block = std::move(own);
  store_->more_blocks.clear();
}

}  // namespace tusk::detail
