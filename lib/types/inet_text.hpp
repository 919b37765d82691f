#pragma once

#include <optional>
#include <string_view>

#include "tusk/types/inet.hpp"

/// The text of IP addresses, as the server reads it (inet_net_pton.c) and prints it (network_out).
namespace tusk::inet_text {

/// IPv4 is read in two ways, of which neither takes all that the other does.
enum class form { address, network };

/// An address and its prefix. Bits behind a network's prefix are left to the caller to judge.
[[nodiscard]] std::optional<inet> read(std::string_view text, form as) noexcept;

/// Writes 4 or 16 bytes as an address of up to 39 characters; gives its end.
[[nodiscard]] char* write_address(char* to, bytes_view address) noexcept;
/// `/` and up to three digits.
[[nodiscard]] char* write_prefix(char* to, int prefix) noexcept;

}  // namespace tusk::inet_text
