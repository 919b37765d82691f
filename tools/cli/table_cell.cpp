#include "table_cell.hpp"

#include <wchar.h>

#include "utf8.hpp"

namespace cli {
namespace {

/// `\x1B` for a byte, `\u0085` for a code point beyond ASCII.
void append_spelled(cell_line& to, char32_t value, bool is_byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  to.text.append(is_byte ? "\\x" : "\\u");
  for (unsigned shift = is_byte ? 8 : 16; shift != 0; shift -= 4)
    to.text.push_back(digits[(value >> (shift - 4)) & 0xFU]);
  to.width += is_byte ? 4 : 6;
}

void append_tab(cell_line& to) {
  constexpr std::size_t tab_stop = 8;
  const std::size_t fill = tab_stop - to.width % tab_stop;
  to.text.append(fill, ' ');
  to.width += fill;
}

void append(cell_line& to, std::string_view bytes, const code_point& next) {
  const bool is_control = next.value < 0x20 || (next.value >= 0x7F && next.value < 0xA0);
  if (next.value == '\t') {
    append_tab(to);
  } else if (next.value == '\r') {
    to.text.append("\\r");
    to.width += 2;
  } else if (is_control || !next.valid) {
    append_spelled(to, next.value, !next.valid || next.value < 0x80);
  } else {
    to.text.append(bytes.substr(0, next.size));
    // The C library may not know a new character; most take one column.
    const int width = ::wcwidth(static_cast<wchar_t>(next.value));
    to.width += width < 0 ? 1 : static_cast<std::size_t>(width);
  }
}

}  // namespace

std::vector<cell_line> cell_lines(std::string_view value) {
  std::vector<cell_line> lines(1);
  while (!value.empty()) {
    const code_point next = next_code_point(value);
    if (next.value == '\n')
      lines.emplace_back();
    else
      append(lines.back(), value, next);
    value.remove_prefix(next.size);
  }
  return lines;
}

}  // namespace cli
