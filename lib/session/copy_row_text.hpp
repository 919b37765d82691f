#pragma once

#include <cstddef>
#include <string_view>

#include "session/copy_text_style.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::detail {

/// Bytes that `put_copied_text` needs at most for so many.
[[nodiscard]] constexpr std::size_t most_copied_text(std::size_t size) noexcept {
  return 2 * size + 4;
}

/// Writes a value, which has no NUL in it, at `to`: escaped or quoted so that COPY reads it as the
/// same text, and never as NULL or as the end of the data. Gives the end; nullptr for an empty text
/// in the text format where the null string is empty, for that cannot be told from NULL.
[[nodiscard]] char* put_copied_text(char* to, std::string_view text,
                                    const copy_text_style& style) noexcept;

/// The same for a text that may hold a NUL: nullptr then, too. Usual texts, which need no escape,
/// take little more than being copied.
[[nodiscard]] char* put_checked_text(char* to, std::string_view text,
                                     const copy_text_style& style) noexcept;

}  // namespace tusk::detail
