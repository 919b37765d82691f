#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// One line of a table's cell, ready for the terminal, and the columns it takes there.
struct cell_line {
  std::string text;
  std::size_t width = 0;
};

/// A value broken at its newlines; at least one line. As psql shows it: tabs are filled up to eight
/// columns, other control characters are spelled out (`\r`, `\x1B`), so that a value can neither
/// break the table nor give orders to the terminal.
[[nodiscard]] std::vector<cell_line> cell_lines(std::string_view value);

}  // namespace cli
