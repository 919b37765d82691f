#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tusk {

/// Appends two lines to `out`: `LINE 2: ...` with the line of `sql` that holds character `position`
/// (from 1), clipped to what a terminal shows, and a caret under that character. Nothing is
/// appended when the position lies outside of the text. `encoding` is the text's client_encoding;
/// UTF-8 when it is empty.
void append_position(std::string& out, std::string_view sql, std::int32_t position,
                     std::string_view encoding = {});

}  // namespace tusk
