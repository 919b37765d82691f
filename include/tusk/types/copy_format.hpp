#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tusk {

/// How the data of a COPY is laid out (documentation of COPY, "File Formats").
enum class copy_format : std::uint8_t {
  text,    ///< a line for each row, escapes by backslash, `\N` for NULL
  csv,     ///< comma-separated values, an unquoted empty string for NULL
  binary,  ///< each value in its type's binary form; what costs the server least
};

/// The format as COPY's option FORMAT calls it.
[[nodiscard]] std::string_view name_of(copy_format format) noexcept;

/// COPY's options of the same names. What is left open has the format's default; a binary COPY
/// takes none of them.
struct copy_style {
  char delimiter = 0;                 ///< between two values; 0: a tab in text, a comma in CSV
  std::optional<std::string> null{};  ///< what NULL is; none: `\N` in text, nothing in CSV
  char quote = 0;                     ///< CSV; 0: `"`
  char escape = 0;                    ///< CSV, before a quote inside of quotes; 0: the quote itself
  bool header = false;  ///< a first line of column names: CSV, and text from PostgreSQL 15 on

  friend bool operator==(const copy_style&, const copy_style&) = default;
};

}  // namespace tusk
