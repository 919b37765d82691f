#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tusk/types/field.hpp"

namespace tusk::detail {

/// Types within each other that are printed; a peer that nests more would only take the stack.
inline constexpr std::size_t most_printed_levels = 100;

/// What a printer is asked for, in messages.
inline constexpr std::string_view print_target = "std::string";

/// Appends the text of any value that is not NULL. `depth` is how many values it lies in.
void print_at(const field& value, std::string& out, std::size_t depth);

/// The same for what is made of other values: arrays, ranges, multiranges, records. False when the
/// type is none of these.
bool print_parts(const field& value, std::string& out, std::size_t depth);

}  // namespace tusk::detail
