#pragma once

#include <cstdint>

#include "tusk/proto/writer.hpp"
#include "tusk/types/numeric.hpp"

namespace tusk::detail {

/// Writes numeric's binary form: Int16 digits, weight, sign and scale, then the digits.
void write_numeric(proto::writer& out, const numeric& value);

/// The same for an integer.
void write_numeric_integer(proto::writer& out, bool negative, std::uint64_t magnitude);

}  // namespace tusk::detail
