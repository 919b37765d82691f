#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/copy_format.hpp"

namespace tusk::detail {

enum class copy_direction : std::uint8_t {
  in,   ///< FROM STDIN
  out,  ///< TO STDOUT
};

/// How a COPY's data is laid out.
struct copy_layout {
  copy_format format = copy_format::text;
  copy_style style{};
  std::optional<std::string> encoding{};      ///< where the statement names one
  std::optional<std::string> default_mark{};  ///< what stands for a column's default
  bool matches_header = false;                ///< the server compares the names in the header

  friend bool operator==(const copy_layout&, const copy_layout&) = default;
};

/// What the text of a COPY statement says.
struct copy_options_read : copy_layout {
  copy_direction direction = copy_direction::in;
  // What is copied, as the text has it: a table's name and, where it lists them, its columns, or
  // the query. Views of the text.
  std::string_view table{};
  std::string_view columns{};
  std::string_view query{};

  friend bool operator==(const copy_options_read&, const copy_options_read&) = default;
};

/// Reads the options out of a COPY from or to the client, in all the ways that servers take them:
/// in parentheses, as words (before 9.0) and DELIMITERS (before 7.3). Nothing when the text is no
/// such COPY. Of a text that the server will refuse it gives what is understood.
///
/// `standard_conforming_strings` is the server's setting: whether a backslash is one in '...'.
[[nodiscard]] std::optional<copy_options_read> read_copy_options(std::string_view sql,
                                                                 bool standard_conforming_strings);

}  // namespace tusk::detail
