#pragma once

namespace tusk::detail {

/// Writes a number that is above 0, or 0, as the server does, when it is one of at most six
/// decimals below a billion: measured values, percentages and prices mostly are. Gives the end, or
/// null, and the general way must find its digits. Writes up to 16 characters.
[[nodiscard]] char* write_short_decimal(double magnitude, char* to) noexcept;

}  // namespace tusk::detail
