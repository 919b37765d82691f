#pragma once

#include <cstddef>
#include <cstdint>

#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/bytes.hpp"

namespace tusk::proto {

/// One whole message as it lies in the caller's buffer.
struct frame {
  char type = 0;                ///< 0 for a client's first packets, which have none
  bytes_view body;              ///< behind the length
  std::size_t header_size = 5;  ///< type byte and length: 5, or 4 without a type byte

  /// Bytes of the whole message.
  [[nodiscard]] std::size_t size() const noexcept { return header_size + body.size(); }
};

/// What stands at the start of the bytes that came.
enum class framing : std::uint8_t {
  complete,
  incomplete,  ///< more bytes are needed
  bad_length,  ///< the length cannot be right: the stream is out of step
  too_long,    ///< the length is over the caller's limit
};

struct frame_result {
  framing state = framing::incomplete;
  frame message;           ///< when complete; its type also as soon as the first byte is there
  std::size_t needed = 0;  ///< bytes of the whole message, or of its header while that is not whole
};

/// Finds the message at the start of `in`. `max_length` bounds its length field, which counts
/// itself and the body but not the type byte ("Message Overview").
[[nodiscard]] inline frame_result next_frame(bytes_view in, std::uint32_t max_length) noexcept {
  if (in.size() < 5) [[unlikely]] {
    const char type = in.empty() ? '\0' : static_cast<char>(in[0]);
    return {framing::incomplete, {type, {}, 5}, 5};
  }
  const auto type = static_cast<char>(in[0]);
  const auto length = load_big_endian<std::uint32_t>(in.data() + 1);
  const std::size_t needed = std::size_t{1} + length;
  if (length < 4 || length > INT32_MAX) [[unlikely]]
    return {framing::bad_length, {type, {}, 5}, 5};
  if (length > max_length) [[unlikely]]
    return {framing::too_long, {type, {}, 5}, needed};
  if (needed > in.size()) return {framing::incomplete, {type, {}, 5}, needed};
  return {framing::complete, {type, in.subspan(5, length - 4), 5}, needed};
}

/// The same for a client's first packets, which have no type byte and carry at least an Int32 code.
[[nodiscard]] inline frame_result next_untyped_frame(bytes_view in,
                                                     std::uint32_t max_length) noexcept {
  if (in.size() < 4) return {framing::incomplete, {0, {}, 4}, 4};
  const auto length = load_big_endian<std::uint32_t>(in.data());
  if (length < 8 || length > INT32_MAX) return {framing::bad_length, {0, {}, 4}, 4};
  if (length > max_length) return {framing::too_long, {0, {}, 4}, length};
  if (length > in.size()) return {framing::incomplete, {0, {}, 4}, length};
  return {framing::complete, {0, in.subspan(4, length - 4), 4}, length};
}

}  // namespace tusk::proto
