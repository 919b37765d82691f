#pragma once

#include <string>

#include "tusk/types/field.hpp"

namespace tusk::detail {

/// Appends a binary array of up to six dimensions as array_out prints it: `{1,NULL}`, `{{a,"b
/// c"}}`,
/// `[0:1]={1,2}`.
void print_array(const field& value, std::string& out);

}  // namespace tusk::detail
