#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// Appends an element of an array's text form, in double quotes where it needs them.
void append_element(std::string_view text, char delimiter, std::string& out);

}  // namespace tusk::detail
