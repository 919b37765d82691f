#pragma once

#include <cstddef>
#include <memory>

#include "tusk/proto/bytes.hpp"

namespace tusk::engine {

/// A block of received bytes. Rows point into it; whoever keeps it keeps them.
using block = std::shared_ptr<std::byte[]>;

/// What has been received and not yet been consumed, always contiguous. Bytes stay where they
/// arrived as long as somebody holds their block; only what straddles two blocks is moved.
class input {
 public:
  static constexpr std::size_t smallest_block = std::size_t{64} << 10;
  static constexpr std::size_t largest_block = std::size_t{1} << 20;

  input();

  /// Where to receive next, never empty. Invalidates `pending()`, unless its block is held.
  [[nodiscard]] std::span<std::byte> space();
  /// `count` bytes have been put at the start of `space()`.
  void received(std::size_t count) noexcept { filled_ += count; }

  [[nodiscard]] bytes_view pending() const noexcept {
    return {current_.get() + read_, filled_ - read_};
  }
  void consume(std::size_t count) noexcept {
    read_ += count;
    if (expected_ != 0 || large_) [[unlikely]]
      note_consumed(count);
  }
  /// An answer is complete, and nothing may come for long: a large block is given back.
  void settle() noexcept {
    if (capacity_ > largest_idle_block && read_ == filled_) [[unlikely]]
      drop();
  }
  /// The message at the front takes `total` bytes. Room for them is made at once when the peer has
  /// sent one as long before, and otherwise as they arrive, for the length is only its word.
  void expect(std::size_t total) noexcept { expected_ = total; }

  /// The block that `pending()` lies in.
  [[nodiscard]] const block& current() const noexcept { return current_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  // More than this is kept while large messages follow each other, and not for the session's life.
  static constexpr std::size_t largest_idle_block = std::size_t{256} << 10;

  void start_over();
  void move_to_fresh_block();
  void note_consumed(std::size_t count) noexcept;
  void drop() noexcept;

  block current_;
  std::size_t capacity_ = smallest_block;
  std::size_t read_ = 0;
  std::size_t filled_ = 0;
  std::size_t expected_ = 0;
  std::size_t proven_ = 0;  // the longest message that came in pieces and became whole
  bool large_ = false;      // the last message would not have fit into the largest idle block
};

}  // namespace tusk::engine
