#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tusk::proto {

/// What was wrong with a message, when decoding or encoding it.
enum class fault : std::uint8_t {
  none,
  truncated,            ///< the message ends before its contents do
  trailing_bytes,       ///< the contents end before the message does
  unterminated_string,  ///< a String without its NUL
  bad_length,           ///< a length field that cannot be right
  bad_count,            ///< a count that is negative or disagrees with what follows
  bad_value,            ///< a code that the protocol does not define
  unknown_type,         ///< no such message type in this direction
  embedded_nul,         ///< a NUL inside what must be sent as a String
  too_many,             ///< more elements than a 16-bit count can carry
  too_long,             ///< a message of 2^31 bytes or more, or over the given limit
  no_room,              ///< the caller's buffer is full and cannot grow
};

/// The sentence a person reads, without a full stop.
[[nodiscard]] std::string_view explain(fault what) noexcept;

/// A fault and where it is: bytes from the start of the message's body (decoding), or of the
/// message (encoding). True when there is a fault.
struct error {
  fault what = fault::none;
  std::size_t offset = 0;

  constexpr explicit operator bool() const noexcept { return what != fault::none; }
  friend constexpr bool operator==(const error&, const error&) = default;
};

}  // namespace tusk::proto
