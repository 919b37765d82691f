#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/bytes.hpp"
#include "tusk/proto/fault.hpp"

namespace tusk::proto {

/// Reads from bytes of the caller's and never past them. The first fault sticks; every read after
/// it gives zero or empty.
class reader {
 public:
  explicit reader(bytes_view in) noexcept : in_(in) {}

  template <std::integral T>
  [[nodiscard]] T integer() noexcept {
    const bytes_view taken = bytes(sizeof(T));
    return taken.empty() ? T{} : load_big_endian<T>(taken.data());
  }
  [[nodiscard]] std::uint8_t u8() noexcept { return integer<std::uint8_t>(); }
  [[nodiscard]] std::int16_t i16() noexcept { return integer<std::int16_t>(); }
  [[nodiscard]] std::uint16_t u16() noexcept { return integer<std::uint16_t>(); }
  [[nodiscard]] std::int32_t i32() noexcept { return integer<std::int32_t>(); }
  [[nodiscard]] std::uint32_t u32() noexcept { return integer<std::uint32_t>(); }
  [[nodiscard]] std::int64_t i64() noexcept { return integer<std::int64_t>(); }

  /// The next `count` bytes, or nothing and `truncated`.
  [[nodiscard]] bytes_view bytes(std::size_t count) noexcept {
    if (count > remaining() || error_) [[unlikely]] {
      fail(fault::truncated);
      return {};
    }
    const bytes_view taken = in_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  /// A String of the protocol, without its NUL.
  [[nodiscard]] std::string_view cstring() noexcept;
  /// All that is left.
  [[nodiscard]] bytes_view rest() noexcept { return bytes(error_ ? 0 : remaining()); }

  /// Whether the next byte is zero, without taking it; when there is none, that is a fault.
  [[nodiscard]] bool next_is_zero() noexcept {
    if (remaining() == 0) fail(fault::truncated);
    return !error_ && in_[at_] == std::byte{0};
  }
  /// What was taken from `offset` on.
  [[nodiscard]] bytes_view since(std::size_t offset) const noexcept {
    return in_.subspan(offset, at_ - offset);
  }

  [[nodiscard]] std::size_t offset() const noexcept { return at_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return in_.size() - at_; }
  [[nodiscard]] const error& status() const noexcept { return error_; }
  [[nodiscard]] bool ok() const noexcept { return !error_; }

  void fail(fault what) noexcept { fail(what, at_); }
  void fail(fault what, std::size_t offset) noexcept {
    if (!error_) error_ = {what, offset};
  }
  /// The end of a message: bytes that are left are a fault.
  [[nodiscard]] error finish() noexcept {
    if (!error_ && remaining() != 0) fail(fault::trailing_bytes);
    return error_;
  }

 private:
  bytes_view in_;
  std::size_t at_ = 0;
  error error_;
};

}  // namespace tusk::proto
