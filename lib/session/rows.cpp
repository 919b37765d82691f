#include <algorithm>
#include <charconv>

#include "session/session_core.hpp"
#include "tusk/error.hpp"
#include "tusk/result.hpp"
#include "tusk/stream.hpp"

namespace tusk {

namespace {

[[noreturn]] void misuse(std::string message) {
  raise({.kind = error_kind::usage, .message = std::move(message)});
}

}  // namespace

// The number in a tag is its last word: `SELECT 5`, `INSERT 0 2`.
completion::completion(std::string_view tag) : tag_(tag) {
  const std::size_t space = tag_.rfind(' ');
  if (space == std::string::npos) return;
  std::from_chars(tag_.data() + space + 1, tag_.data() + tag_.size(), rows_);
}

std::size_t column_set::index_of(std::string_view name) const {
  const auto named = [name](const column& each) { return each.name == name; };
  const auto found = std::find_if(columns.begin(), columns.end(), named);
  if (found == columns.end()) {
    misuse("the result has no column \"" + std::string(name) + "\"");
  }
  if (std::find_if(found + 1, columns.end(), named) != columns.end()) {
    misuse("the result has several columns \"" + std::string(name) +
           "\": read them by index, or give them names of their own with AS");
  }
  return static_cast<std::size_t>(found - columns.begin());
}

cell row::operator[](std::size_t index) const {
  if (index >= size()) detail::fail_column_index(index, size());
  detail::row_cursor cursor(body_, *columns_);
  for (std::size_t i = 0; i < index; ++i)
    static_cast<void>(cursor.next());
  return cell(cursor.next());
}

namespace detail {

void fail_column_index(std::size_t index, std::size_t columns) {
  misuse("there is no column " + std::to_string(index) + ": the result has " +
         std::to_string(columns) + ", counted from 0");
}

void fail_row_index(std::uint64_t index, std::uint64_t rows) {
  misuse("there is no row " + std::to_string(index) + ": the result has " + std::to_string(rows) +
         ", counted from 0");
}

void row_position::jump(std::uint64_t index) noexcept {
  index_ = index;
  left_ = 0;
  if (index >= store_->rows) return;  // the end, and anything a caller computes beyond it
  const auto& more = store_->more_batches;
  const auto after = std::upper_bound(
      more.begin(), more.end(), index,
      [](std::uint64_t wanted, const row_store::batch& each) { return wanted < each.first; });
  batch_ = static_cast<std::size_t>(after - more.begin());
  const row_store::batch& in = *store_->batch_at(batch_);
  at_ = in.data;
  left_ = in.rows;
  for (std::uint64_t at = in.first; at < index; ++at, --left_)
    at_ += 1 + proto::load_big_endian<std::uint32_t>(at_ + 1);
}

void row_position::next_batch() noexcept {
  const row_store::batch* next = store_->batch_at(++batch_);
  if (next == nullptr) return;
  at_ = next->data;
  left_ = next->rows;
}

row_source& row_source::operator=(row_source&& other) noexcept {
  if (this != &other) {
    leave();
    core_ = std::move(other.core_);
    columns_ = std::move(other.columns_);
    at_ = other.at_;
    left_ = std::exchange(other.left_, 0);
    done_ = std::move(other.done_);
  }
  return *this;
}

bool row_source::next_batch() {
  left_ = 0;
  if (core_ == nullptr) return false;
  try {
    const engine::row_batch batch = core_->next_batch(done_);
    at_ = batch.data;
    left_ = batch.rows;
  } catch (...) {
    core_.reset();
    throw;
  }
  if (left_ == 0) core_.reset();
  return left_ != 0;
}

void row_source::leave() noexcept {
  if (core_ != nullptr) core_->leave_stream();
  core_.reset();
}

}  // namespace detail
}  // namespace tusk
