#include "types/copy_binary_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "tusk/proto/byte_order.hpp"

namespace tusk::detail {
namespace {

constexpr std::size_t count_size = 2;
constexpr std::size_t length_size = 4;
constexpr std::uint32_t null_length = UINT32_MAX;    // -1
constexpr std::uint16_t trailer_count = UINT16_MAX;  // -1
// A row of this size is rare enough that its memory is not kept for the next one.
constexpr std::size_t kept_capacity = std::size_t{1} << 20U;

// It has bytes that every usual damage by a transfer as text changes.
constexpr std::array<unsigned char, 11> signature{'P',  'G',  'C',  'O',  'P', 'Y',
                                                  '\n', 0xff, '\r', '\n', 0};
constexpr std::size_t flags_at = signature.size();
constexpr std::size_t extension_at = flags_at + 4;
constexpr std::uint32_t critical_flags = 0xffff0000U;
constexpr std::uint32_t oids_flag = 0x00010000U;

std::size_t distance(const std::byte* from, const std::byte* to) noexcept {
  return static_cast<std::size_t>(to - from);
}

}  // namespace

const std::byte* copy_binary_reader::next() {
  if (has_given_carried_) {
    has_given_carried_ = false;
    if (carried_.capacity() > kept_capacity) carried_ = {};
    carried_.clear();
  }
  if (phase_ != phase::rows && !pass_header()) return nullptr;
  if (!carried_.empty()) return next_carried();
  return at_ == end_ ? nullptr : next_in_place();
}

/// Whether rows are what follows.
bool copy_binary_reader::pass_header() {
  if (phase_ == phase::over) {
    check_behind_trailer();
    return false;
  }
  if (phase_ == phase::header) {
    const std::size_t size = std::min(header_size - header_have_, distance(at_, end_));
    if (size != 0) std::memcpy(header_.data() + header_have_, at_, size);
    at_ += size;
    header_have_ += size;
    if (header_have_ < header_size) return false;
    check_header();
    phase_ = phase::extension;
  }
  const std::size_t size = std::min(extension_left_, distance(at_, end_));
  at_ += size;
  extension_left_ -= size;
  if (extension_left_ == 0) phase_ = phase::rows;
  return extension_left_ == 0;
}

void copy_binary_reader::check_header() {
  if (std::memcmp(header_.data(), signature.data(), signature.size()) != 0)
    fail("it does not begin with the signature of the binary format");
  const auto flags = proto::load_big_endian<std::uint32_t>(header_.data() + flags_at);
  if ((flags & oids_flag) != 0)
    fail("its rows have OIDs, as those of servers before 12; leave out WITH OIDS");
  if ((flags & critical_flags) != 0)
    fail("its header has flags that tusk does not know and must not pass over");
  const auto size = proto::load_big_endian<std::int32_t>(header_.data() + extension_at);
  if (size < 0) fail("the length of its header's extension is negative");
  extension_left_ = static_cast<std::size_t>(size);
}

/// The next row, when the chunk has all of it; what is not so, or not right, is walked through
/// again.
const std::byte* copy_binary_reader::next_in_place() {
  const std::byte* at = at_;
  const std::byte* const end = end_;
  const std::uint32_t columns = columns_;
  if (distance(at, end) < count_size || proto::load_big_endian<std::uint16_t>(at) != columns)
      [[unlikely]]
    return walk_in_place();
  at += count_size;
  for (std::uint32_t left = columns; left != 0; --left) {
    if (distance(at, end) < length_size) [[unlikely]]
      return walk_in_place();
    const auto length = proto::load_big_endian<std::uint32_t>(at);
    at += length_size;
    if (length <= distance(at, end)) [[likely]] {
      at += length;
    } else if (length != null_length) {
      return walk_in_place();
    }
  }
  if (distance(at_, at) > most_copy_value) [[unlikely]]
    return walk_in_place();
  ++rows_;
  return std::exchange(at_, at);
}

const std::byte* copy_binary_reader::walk_in_place() {
  const std::byte* at = at_;
  if (distance(at, end_) < count_size) return carry(at);
  const auto count = proto::load_big_endian<std::uint16_t>(at);
  if (count != columns_) [[unlikely]]
    return read_trailer(count);
  at += count_size;
  for (walked_fields_ = 0; walked_fields_ != columns_; ++walked_fields_) {
    const std::byte* const value = at;
    if (distance(at, end_) < length_size) return carry(value);
    const std::uint32_t length = checked_length(at);
    at += length_size;
    if (distance(at, end_) < length) {
      check_row_size(distance(at_, at) + length);
      return carry(value);
    }
    at += length;
  }
  check_row_size(distance(at_, at));
  ++rows_;
  const std::byte* const row = at_;
  at_ = at;
  return row;
}

/// Keeps the beginning of a row, which has been looked at up to `walked`.
const std::byte* copy_binary_reader::carry(const std::byte* walked) {
  walked_ = distance(at_, walked);
  carried_.assign(at_, end_);
  at_ = end_;
  return nullptr;
}

const std::byte* copy_binary_reader::next_carried() {
  if (walked_ == 0) {
    if (!carry_up_to(count_size)) return nullptr;
    const auto count = proto::load_big_endian<std::uint16_t>(carried_.data());
    if (count != columns_) return read_trailer(count);
    walked_ = count_size;
    walked_fields_ = 0;
  }
  for (; walked_fields_ != columns_; ++walked_fields_) {
    if (!carry_up_to(walked_ + length_size)) return nullptr;
    const std::size_t end = walked_ + length_size + checked_length(carried_.data() + walked_);
    check_row_size(end);
    if (!carry_up_to(end)) return nullptr;
    walked_ = end;
  }
  return take_carried();
}

const std::byte* copy_binary_reader::take_carried() {
  has_given_carried_ = true;
  ++rows_;
  return carried_.data();
}

/// Whether the row at hand is there up to `size`, after so much as needed of the chunk was added.
bool copy_binary_reader::carry_up_to(std::size_t size) {
  if (carried_.size() < size) {
    const std::size_t more = std::min(size - carried_.size(), distance(at_, end_));
    carried_.insert(carried_.end(), at_, at_ + more);
    at_ += more;
  }
  return carried_.size() >= size;
}

/// The bytes of the value whose length stands at `at`; none for NULL.
std::uint32_t copy_binary_reader::checked_length(const std::byte* at) const {
  const auto length = proto::load_big_endian<std::uint32_t>(at);
  if (length <= most_copy_value) [[likely]]
    return length;
  if (length == null_length) return 0;
  fail_row(static_cast<std::int32_t>(length) < 0 ? "its length is negative, and not that of NULL"
                                                 : "it is said to be longer than 1 GiB",
           walked_fields_ + 1);
}

void copy_binary_reader::check_row_size(std::size_t size) const {
  if (size > most_copy_value) fail_row("it is longer than 1 GiB", 0);
}

/// Where a row of `columns_` values does not begin.
const std::byte* copy_binary_reader::read_trailer(std::uint16_t count) {
  if (count != trailer_count)
    fail_copy_width({copy_format::binary, rows_ + 1, 0}, count, false, columns_);
  if (carried_.empty()) at_ += count_size;
  carried_.clear();
  phase_ = phase::over;
  check_behind_trailer();
  return nullptr;
}

void copy_binary_reader::check_behind_trailer() const {
  if (at_ != end_) fail("there are bytes behind the trailer");
}

void copy_binary_reader::finish() const {
  if (phase_ == phase::header || phase_ == phase::extension) fail("the data ends in its header");
  if (!carried_.empty() && !has_given_carried_)
    fail_row("the data ends in the middle of it", walked_ == 0 ? 0 : walked_fields_ + 1);
  if (phase_ != phase::over) fail("the data ends without the trailer");
}

void copy_binary_reader::fail(std::string_view reason) const {
  fail_copy_data({copy_format::binary, 0, 0}, reason);
}

void copy_binary_reader::fail_row(std::string_view reason, std::uint32_t field) const {
  fail_copy_data({copy_format::binary, rows_ + 1, field}, reason);
}

}  // namespace tusk::detail
