#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tusk {

/// Appends two lines to `out`: `LINE 2: ...` with the line of `sql` that holds character `position`
/// (from 1, UTF-8), clipped to what a terminal shows, and a caret under that character. Nothing is
/// appended when the position lies outside of the text.
void append_position(std::string& out, std::string_view sql, std::int32_t position);

}  // namespace tusk
