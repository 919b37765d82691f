#include "engine/input.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace tusk::engine {

namespace {

// Less room than this at a block's end is not worth a system call.
constexpr std::size_t least_room = std::size_t{8} << 10;

block make_block(std::size_t capacity) {
  return std::make_shared_for_overwrite<std::byte[]>(capacity);
}

bool held_elsewhere(const block& held) noexcept {
  if (held.use_count() > 1) return true;
  // The last other holder may have been on another thread: its reads come before our writes.
  std::atomic_thread_fence(std::memory_order_acquire);
  return false;
}

}  // namespace

input::input() : current_(make_block(smallest_block)) {}

std::span<std::byte> input::space() {
  const std::size_t pending = filled_ - read_;
  const bool held = held_elsewhere(current_);
  if (pending == 0 && !held) start_over();
  const std::size_t needed =
      expected_ > pending ? std::min(expected_ - pending, least_room) : least_room;
  // A message that begins in the block and does not fit behind its beginning moves at once, while
  // little of it is there. One that does not fit into the block at all fills it before it moves
  // again, or each read would copy all that came before; unless its length can be believed.
  const bool does_not_fit = (read_ != 0 || expected_ <= proven_) && capacity_ - read_ < expected_;
  if (capacity_ - filled_ < needed || does_not_fit) {
    if (!held && capacity_ >= std::max(expected_, pending + needed)) {
      std::memmove(current_.get(), current_.get() + read_, pending);
      read_ = 0;
      filled_ = pending;
    } else {
      move_to_fresh_block();
    }
  }
  return {current_.get() + filled_, capacity_ - filled_};
}

void input::start_over() {
  read_ = 0;
  filled_ = 0;
  // A stream of small rows is faster in a block that stays in the processor's cache, and one of
  // large rows in a block that has its pages already.
  if (capacity_ <= largest_idle_block || large_) return;
  current_ = make_block(smallest_block);
  capacity_ = smallest_block;
}

void input::move_to_fresh_block() {
  const std::size_t pending = filled_ - read_;
  // A block that was filled and kept means that much is coming: the next one is larger. A message
  // larger than that doubles the block each time it has filled it.
  std::size_t wanted = std::clamp(capacity_ * 2, smallest_block, largest_block);
  const std::size_t believed = expected_ <= proven_ ? expected_ : pending * 2 + least_room;
  wanted = std::max({wanted, std::min(expected_, believed), pending + least_room});
  block fresh = make_block(wanted);
  if (pending != 0) std::memcpy(fresh.get(), current_.get() + read_, pending);
  current_ = std::move(fresh);
  capacity_ = wanted;
  read_ = 0;
  filled_ = pending;
}

// The message at the front, if one was expected, is among the bytes that were consumed.
void input::note_consumed(std::size_t count) noexcept {
  if (count >= expected_) proven_ = std::max(proven_, expected_);
  large_ = std::max(expected_, count) > largest_idle_block;
  expected_ = 0;
}

// The next block is made when something comes.
void input::drop() noexcept {
  current_.reset();
  capacity_ = 0;
  read_ = 0;
  filled_ = 0;
  large_ = false;
}

}  // namespace tusk::engine
