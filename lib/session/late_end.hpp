#pragma once

#include <cstdint>

namespace tusk::detail {

/// What it means that the answers under way come to a good end, but after the call's time was up.
enum class late_end : std::uint8_t {
  carried_out,   ///< that the statement took effect
  nothing_done,  ///< nothing yet: it was only being prepared
  unknown,       ///< nothing: they answer a question of tusk's own, before or behind the statement
};

}  // namespace tusk::detail
