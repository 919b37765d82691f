#pragma once

#include <cstdint>

namespace tusk::proto {

/// How a value is written ("Formats and Format Codes").
enum class format : std::int16_t {
  text = 0,    ///< what the type's output function prints
  binary = 1,  ///< what the type's send function writes, integers in network byte order
};

/// Protocol versions as they stand in a StartupMessage: major in the upper 16 bits.
inline constexpr std::uint32_t protocol_3_0 = 0x00030000;
inline constexpr std::uint32_t protocol_3_2 = 0x00030002;

}  // namespace tusk::proto
