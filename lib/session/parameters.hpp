#pragma once

#include <cstddef>
#include <string>

#include "tusk/parameter.hpp"

namespace tusk::detail {

/// Whether a value of this C++ type can be sent where the server wants `target`.
[[nodiscard]] bool can_be_sent(const parameter_operations& as, oid target);

/// Writes a value that is not NULL and that `can_be_sent`; gives the format it was written in.
/// Throws what the codec throws.
[[nodiscard]] format write_parameter(value_writer& to, const parameter& given);

/// The text, as the server prints it, of a value that is not NULL as one of its C++ type's own
/// type. Throws what the codec throws, and `data_error` when that writes a binary form that tusk
/// cannot print. `index` is 1 for `$1`.
[[nodiscard]] std::string text_of(const parameter& given, std::size_t index);

}  // namespace tusk::detail
