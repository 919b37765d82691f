#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "tusk/proto/byte_order.hpp"
#include "types/copy_failure.hpp"

namespace tusk::detail {

/// Makes the body of a DataRow of one line's values. Undoing escapes never makes a value longer, so
/// that a line tells beforehand what its row takes, and no value needs a check of its own.
class copy_row_body {
 public:
  /// Begins a row of at most `columns` values, which have at most `line` bytes in all.
  void start(std::uint32_t columns, std::size_t line) {
    // A value more than the first takes a delimiter at least.
    const std::size_t lengths = std::min<std::size_t>(columns, line + 1) * length_size;
    const std::size_t needed = sizeof(std::uint16_t) + lengths + line;
    if (bytes_.capacity() > kept_capacity && needed <= kept_capacity) bytes_ = {};
    if (bytes_.size() < needed) bytes_.resize(needed);
    proto::store_big_endian(bytes_.data(), static_cast<std::uint16_t>(columns));
    at_ = bytes_.data() + sizeof(std::uint16_t);
  }

  /// Begins a value; `end` follows, or `null`.
  void begin() noexcept {
    value_ = at_;
    at_ += length_size;
  }
  void put(char c) noexcept { *at_++ = static_cast<std::byte>(c); }
  void put(const char* from, const char* to) noexcept {
    const auto size = static_cast<std::size_t>(to - from);
    if (size != 0) std::memcpy(at_, from, size);
    at_ += size;
  }
  void end() noexcept {
    const auto size = static_cast<std::uint32_t>(at_ - value_) - std::uint32_t{length_size};
    proto::store_big_endian(value_, size);
  }
  /// The value that was begun is NULL, whatever was put into it.
  void null() noexcept {
    proto::store_big_endian(value_, UINT32_MAX);
    at_ = value_ + length_size;
  }

  [[nodiscard]] const std::byte* data() const noexcept { return bytes_.data(); }

 private:
  static constexpr std::size_t length_size = 4;
  // A row of this size is rare enough that its memory is not kept for the next one.
  static constexpr std::size_t kept_capacity = std::size_t{1} << 20U;

  std::vector<std::byte> bytes_;  ///< as many as the largest row took, not only this one's
  std::byte* at_ = nullptr;
  std::byte* value_ = nullptr;
};

/// Makes the body of a line's values. `read(at, end)` puts one value into it and gives where its
/// delimiter is, or the line's end; `at.field` counts them. Throws when they are not `columns`.
template <class Read>
void split_copy_line(std::string_view line, std::uint32_t columns, copy_place& at,
                     copy_row_body& into, Read&& read) {
  into.start(columns, line.size());
  const char* begin = line.data();
  const char* const end = begin + line.size();
  const copy_place row{at.format, at.row, 0};
  if (columns == 0) {
    if (begin != end) fail_copy_width(row, 1, true, columns);
    return;
  }
  for (at.field = 1;; ++at.field) {
    begin = read(begin, end);
    if (begin == end) break;
    if (at.field == columns) fail_copy_width(row, columns + 1, true, columns);
    ++begin;
  }
  if (at.field != columns) fail_copy_width(row, at.field, false, columns);
}

}  // namespace tusk::detail
