#pragma once

#include <cstddef>
#include <string_view>

#include "session/copy_text_style.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::detail {

/// Appends a value, which has no NUL in it: escaped or quoted so that COPY reads it as the same
/// text, and never as NULL or as the end of the data. False for an empty text in the text format
/// where the null string is empty, for that cannot be told from NULL. Without room `out` has the
/// fault.
[[nodiscard]] bool write_escaped(proto::writer& out, std::string_view text,
                                 const copy_text_style& style) noexcept;

/// The same at `to`, where there is the room that `room_in_line` tells, and for a text that may
/// hold a NUL. Gives the end; nullptr for what cannot be written. Usual texts, which need no
/// escape, take little more than being copied.
[[nodiscard]] char* put_checked_text(char* to, std::string_view text,
                                     const copy_text_style& style) noexcept;

}  // namespace tusk::detail
