#pragma once

#include <cstdint>
#include <string_view>

namespace tusk::proto {

/// Who sent a message; type bytes mean different things in the two directions.
enum class sender : std::uint8_t { frontend, backend };

/// The protocol's name of a message by its type byte, for errors and traces: `DataRow`. Messages
/// that share a byte share a name: `Authentication` for R, `PasswordMessage` for p. Empty for
/// a byte that the protocol does not define.
[[nodiscard]] std::string_view name_of(sender from, char type) noexcept;

}  // namespace tusk::proto
