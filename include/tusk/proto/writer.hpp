#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/bytes.hpp"
#include "tusk/proto/fault.hpp"

namespace tusk::proto {

/// Appends to a buffer of the caller's. The first fault sticks, except that what is wrong with the
/// contents outranks `no_room`, for a larger buffer would not help. After `no_room` the writer goes
/// on counting, so that `size()` tells how large a buffer the whole would have needed.
class writer {
 public:
  /// Asks the owner for a buffer of at least `wanted` bytes whose first `used` bytes are those
  /// written so far. Returns an empty span when it has none; the writer then faults with `no_room`.
  using grow_function = std::span<std::byte> (*)(void* owner, std::size_t used,
                                                 std::size_t wanted) noexcept;

  /// Writes from the start of `storage` and never beyond it.
  explicit writer(std::span<std::byte> storage) noexcept
      : data_(storage.data()), capacity_(storage.size()) {}

  /// Writes behind the first `used` bytes of `storage`, and asks `grow` when it is full.
  writer(std::span<std::byte> storage, std::size_t used, grow_function grow, void* owner) noexcept
      : data_(storage.data()), capacity_(storage.size()), size_(used), grow_(grow), owner_(owner) {}

  template <std::integral T>
  void integer(T value) noexcept {
    if (std::byte* to = claim(sizeof value)) store_big_endian(to, value);
  }
  void u8(std::uint8_t value) noexcept { integer(value); }
  void i16(std::int16_t value) noexcept { integer(value); }
  void u16(std::uint16_t value) noexcept { integer(value); }
  void i32(std::int32_t value) noexcept { integer(value); }
  void u32(std::uint32_t value) noexcept { integer(value); }
  void i64(std::int64_t value) noexcept { integer(value); }

  void bytes(bytes_view value) noexcept {
    if (value.empty()) return;
    if (std::byte* to = claim(value.size())) std::memcpy(to, value.data(), value.size());
  }
  /// The characters alone, without a NUL behind them.
  void text(std::string_view value) noexcept {
    if (value.empty()) return;
    if (std::byte* to = claim(value.size())) std::memcpy(to, value.data(), value.size());
  }
  /// A String of the protocol: the characters and a NUL. Faults with `embedded_nul` when there is
  /// one inside already.
  void cstring(std::string_view value) noexcept;

  /// Space for `count` bytes that the caller fills at once, or nullptr when there is no room.
  [[nodiscard]] std::byte* claim(std::size_t count) noexcept {
    const std::size_t at = size_;
    if (count > capacity_ - at || at > capacity_) [[unlikely]] {
      return claim_slowly(count);
    }
    size_ = at + count;
    return data_ + at;
  }

  /// Reserves an Int32 length and returns where it is, for `close_length`.
  [[nodiscard]] std::size_t open_length() noexcept {
    const std::size_t at = size_;
    i32(0);
    return at;
  }
  /// Sets the length at `at` to the number of bytes from there to here, itself included.
  void close_length(std::size_t at) noexcept { patch_length(at, size_ - at); }
  /// Sets the length at `at` to the number of bytes from there to here, without itself.
  void close_value(std::size_t at) noexcept { patch_length(at, size_ - at - 4); }

  template <std::integral T>
  void patch(std::size_t at, T value) noexcept {
    if (at <= capacity_ && sizeof value <= capacity_ - at) store_big_endian(data_ + at, value);
  }

  /// Bytes written, or needed so far when there was no room.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bytes_view written() const noexcept {
    return {data_, size_ <= capacity_ ? size_ : capacity_};
  }
  [[nodiscard]] const error& status() const noexcept { return error_; }

  void fail(fault what) noexcept {
    if (!error_ || error_.what == fault::no_room) error_ = {what, size_};
  }
  /// Forgets everything behind the first `size` bytes, and the fault with it unless those had no
  /// room already.
  void truncate(std::size_t size) noexcept {
    size_ = size;
    error_ = size > capacity_ ? error{fault::no_room, capacity_} : error{};
  }

 private:
  std::byte* claim_slowly(std::size_t count) noexcept;
  void patch_length(std::size_t at, std::size_t length) noexcept;

  std::byte* data_;
  std::size_t capacity_;
  std::size_t size_ = 0;
  grow_function grow_ = nullptr;
  void* owner_ = nullptr;
  error error_;
};

}  // namespace tusk::proto
