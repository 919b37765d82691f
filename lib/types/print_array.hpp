#pragma once

#include <string>
#include <string_view>

#include "tusk/types/field.hpp"

namespace tusk::detail {

/// Appends a binary array of up to six dimensions as array_out prints it: `{1,NULL}`, `{{a,"b
/// c"}}`,
/// `[0:1]={1,2}`.
void print_array(const field& value, std::string& out);

/// Appends an element of an array's text form, in double quotes where it needs them.
void append_element(std::string_view text, char delimiter, std::string& out);

}  // namespace tusk::detail
