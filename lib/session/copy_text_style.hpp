#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/copy_format.hpp"

namespace tusk::detail {

/// 16 bytes that are compared at once.
using copy_chunk [[gnu::vector_size(16)]] = unsigned char;

/// The characters of a style that no value may hold as they are. Each fills its chunk.
struct copy_specials {
  copy_chunk delimiter{};
  copy_chunk quote{};   ///< the backslash in text
  copy_chunk escape{};  ///< the same
};

/// A `copy_style` with nothing left open, for one of the two formats of lines.
struct copy_text_style {
  bool is_csv = false;
  bool has_header = false;
  char delimiter = '\t';
  char quote = '"';
  char escape = '"';
  std::string null = "\\N";
  std::optional<std::string> default_mark;
  /// Whether no number, date or the like holds one of its characters or is its null string.
  bool is_plain = true;
  copy_specials specials;
};

/// Fills in the format's defaults. Throws `programming_error` for what COPY refuses
/// (BeginCopyFrom's options, ProcessCopyOptions), and for what would not be read back as it was
/// written. A binary COPY takes no style at all; what is given for it means nothing.
[[nodiscard]] copy_text_style checked_style(copy_format format, const copy_style& style);

}  // namespace tusk::detail
