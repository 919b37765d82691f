#pragma once

#include <cstdint>

#include "tusk/proto/backend.hpp"
#include "tusk/proto/bytes.hpp"

namespace tusk::engine {

/// Consecutive DataRow messages, whole and checked, as they lie in the input's current block.
struct row_batch {
  const std::byte* data = nullptr;
  std::size_t size = 0;  ///< bytes, message headers included
  std::uint32_t rows = 0;
};

/// Something the server said. Its views live until the engine is asked for input space again,
/// unless their block is held.
struct event {
  /// The message's type byte; 'D' stands for a whole batch of rows, 'd' for one of CopyData.
  char type = 0;
  /// The request it answers, as numbered by the engine; 0 for what answers none: notices,
  /// notifications, parameter changes, and an error that no request caused.
  std::uint64_t request = 0;
  /// The message, except for rows and CopyData.
  proto::backend_message message;
  row_batch rows;  ///< likewise laid out for CopyData
};

}  // namespace tusk::engine
