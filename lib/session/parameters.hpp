#pragma once

#include "tusk/parameter.hpp"

namespace tusk::detail {

/// Whether a value of this C++ type can be sent where the server wants `target`.
[[nodiscard]] bool can_be_sent(const parameter_operations& as, oid target);

/// Writes a value that is not NULL and that `can_be_sent`; gives the format it was written in.
/// Throws what the codec throws.
[[nodiscard]] format write_parameter(value_writer& to, const parameter& given);

}  // namespace tusk::detail
