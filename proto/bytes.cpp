#include <cstring>

#include "tusk/proto/reader.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::proto {

std::string_view reader::cstring() noexcept {
  if (error_) return {};
  const bytes_view left = in_.subspan(at_);
  const void* end = left.empty() ? nullptr : std::memchr(left.data(), 0, left.size());
  if (end == nullptr) {
    fail(fault::unterminated_string);
    return {};
  }
  const auto length = static_cast<std::size_t>(static_cast<const std::byte*>(end) - left.data());
  at_ += length + 1;
  return {reinterpret_cast<const char*>(left.data()), length};
}

void writer::cstring(std::string_view value) noexcept {
  if (!value.empty() && std::memchr(value.data(), 0, value.size()) != nullptr) {
    fail(fault::embedded_nul);
    return;
  }
  std::byte* const to = claim(value.size() + 1);
  if (to == nullptr) return;
  if (!value.empty()) std::memcpy(to, value.data(), value.size());
  to[value.size()] = std::byte{0};
}

std::byte* writer::claim_slowly(std::size_t count) noexcept {
  const std::size_t at = size_;
  if (count > SIZE_MAX - at) {
    fail(fault::too_long);
    return nullptr;
  }
  size_ = at + count;
  // No room before: what was only counted since must not be copied into a larger buffer.
  if (at > capacity_) return nullptr;
  const std::span<std::byte> larger =
      grow_ != nullptr ? grow_(owner_, at, size_) : std::span<std::byte>{};
  if (larger.size() < size_) {
    if (!error_) error_ = {fault::no_room, at};
    return nullptr;
  }
  data_ = larger.data();
  capacity_ = larger.size();
  return data_ + at;
}

void writer::patch_length(std::size_t at, std::size_t length) noexcept {
  if (length > INT32_MAX) {
    fail(fault::too_long);
    return;
  }
  patch(at, static_cast<std::int32_t>(length));
}

}  // namespace tusk::proto
