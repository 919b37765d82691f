#include "types/error_position.hpp"

#include <cstddef>
#include <vector>

#include "types/character_size.hpp"

namespace tusk {
namespace {

constexpr std::size_t window = 60;      ///< columns of the statement that are shown
constexpr std::size_t right_side = 10;  ///< columns kept behind the caret, at least

/// One character of the line: where its bytes are and how many columns it takes.
struct glyph {
  std::size_t at = 0;
  std::size_t size = 0;
  std::size_t columns = 1;
};

char32_t code_point(std::string_view sequence) noexcept {
  constexpr unsigned lead_bits[] = {0x7FU, 0x7FU, 0x1FU, 0x0FU, 0x07U};
  char32_t value = static_cast<unsigned char>(sequence[0]) & lead_bits[sequence.size()];
  for (const char next : sequence.substr(1))
    value = (value << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
  return value;
}

/// Columns on a terminal: combining marks take none, East Asian wide characters and emoji two.
/// Of other encodings than UTF-8 only those of East Asia have characters of several bytes.
std::size_t columns_of(std::string_view sequence, character_sizes sizes) noexcept {
  if (sequence.size() < 2) return 1;
  if (sizes != character_sizes::utf8) return 2;
  const char32_t c = code_point(sequence);
  if ((c >= 0x0300 && c <= 0x036F) || (c >= 0x200B && c <= 0x200F)) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

/// The line that a position falls into.
struct marked_line {
  std::vector<glyph> glyphs;
  std::size_t number = 1;
  std::size_t caret = 0;  ///< index into `glyphs`; their number when it stands behind the last
  bool found = false;
};

marked_line find_line(std::string_view sql, std::size_t position, character_sizes sizes) {
  marked_line line;
  std::size_t character = 1;
  for (std::size_t at = 0; at < sql.size(); ++character) {
    if (character == position) {
      line.caret = line.glyphs.size();
      line.found = true;
    }
    const bool end_of_line = sql[at] == '\n' || sql[at] == '\r';
    if (end_of_line && line.found) return line;
    const std::size_t size = character_size(sql, at, sizes);
    if (end_of_line) {
      // CR LF is one end of line and two characters.
      if (sql[at] == '\n' || at + 1 == sql.size() || sql[at + 1] != '\n') ++line.number;
      line.glyphs.clear();
    } else {
      line.glyphs.push_back({at, size, columns_of(sql.substr(at, size), sizes)});
    }
    at += size;
  }
  if (!line.found && character == position) {  // "at end of input"
    line.caret = line.glyphs.size();
    line.found = true;
  }
  return line;
}

std::size_t columns_between(const marked_line& line, std::size_t first, std::size_t last) {
  std::size_t sum = 0;
  for (std::size_t i = first; i < last; ++i)
    sum += line.glyphs[i].columns;
  return sum;
}

}  // namespace

void append_position(std::string& out, std::string_view sql, std::int32_t position,
                     std::string_view encoding) {
  if (position <= 0) return;
  const marked_line line = find_line(sql, static_cast<std::size_t>(position), sizes_of(encoding));
  if (!line.found) return;
  std::size_t first = 0;
  std::size_t last = line.glyphs.size();
  if (columns_between(line, first, last) > window) {
    // Keep the beginning while the caret is in it, else let the caret stand near the right end.
    while (last > line.caret + 1 && columns_between(line, line.caret, last) > right_side &&
           columns_between(line, first, last) > window)
      --last;
    while (first < line.caret && columns_between(line, first, last) > window)
      ++first;
  }
  std::string head = "LINE " + std::to_string(line.number) + ": ";
  if (first > 0) head.append("...");
  const std::size_t indent = head.size() + columns_between(line, first, line.caret);
  out.append(head);
  for (std::size_t i = first; i < last; ++i) {
    const std::string_view one = sql.substr(line.glyphs[i].at, line.glyphs[i].size);
    out.append(one == "\t" ? std::string_view(" ") : one);
  }
  if (last < line.glyphs.size()) out.append("...");
  out.append("\n").append(indent, ' ').append("^\n");
}

}  // namespace tusk
