#include "session/copy_context.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace tusk::detail {

namespace {

// CopyFromErrorCallback (copyfrom.c) says `COPY t, line 3, column id: "x"`. In the translations
// the words are others; some put a blank before the colon or a word behind the number, Japanese and
// Korean have the table's name first, and Korean the column's, too.
constexpr std::string_view english_head = "COPY ";
constexpr std::string_view japanese_head = "のCOPY、";
constexpr std::string_view korean_head = " 복사, ";
constexpr std::string_view korean_column = " 열";
constexpr std::string_view comma = ", ";
constexpr std::string_view japanese_comma = "、";

bool is_of_copy(std::string_view line) noexcept {
  return line.starts_with(english_head) || line.find(japanese_head) != std::string_view::npos ||
         line.find(korean_head) != std::string_view::npos;
}

// In front of the COPY's own line stands one for each function that it had called.
std::string_view line_of_copy(std::string_view context) noexcept {
  while (!context.empty()) {
    const std::string_view line = context.substr(0, context.find('\n'));
    if (is_of_copy(line)) return line;
    context.remove_prefix(std::min(line.size() + 1, context.size()));
  }
  return {};
}

std::string with_western_commas(std::string_view line) {
  std::string out(line);
  for (std::size_t at = 0; (at = out.find(japanese_comma, at)) != std::string::npos;)
    out.replace(at, japanese_comma.size(), comma);
  return out;
}

// The number of a part such as "line 3", "第 3 行" or "3번째 줄"; 0 when it has none.
std::uint64_t number_of(std::string_view part) noexcept {
  const std::size_t begin = part.find_first_of("0123456789");
  if (begin == std::string_view::npos || (begin > 0 && part[begin - 1] != ' ')) return 0;
  std::uint64_t number = 0;
  const char* const last = part.data() + part.size();
  const auto read = std::from_chars(part.data() + begin, last, number);
  if (read.ec != std::errc()) return 0;
  const bool ends_word = read.ptr == last || *read.ptr == ' ' || (*read.ptr & 0x80) != 0;
  return ends_word ? number : 0;
}

// The column's name in `column id: "x"`, whatever the word for a column is.
std::string_view column_of(std::string_view part) noexcept {
  part = part.substr(0, part.find(": "));
  if (part.ends_with(' ')) part.remove_suffix(1);
  if (part.ends_with(korean_column)) return part.substr(0, part.size() - korean_column.size());
  const std::size_t blank = part.find(' ');
  return blank == std::string_view::npos ? std::string_view() : part.substr(blank + 1);
}

}  // namespace

copy_context read_copy_context(std::string_view context) {
  const std::string said = with_western_commas(line_of_copy(context));
  const std::string_view text = said;
  // The table's name may have commas itself.
  for (std::size_t at = text.find(comma); at != std::string_view::npos;
       at = text.find(comma, at + 1)) {
    const std::size_t begin = at + comma.size();
    const std::size_t end = text.find_first_of(",:", begin);
    const std::uint64_t line = number_of(text.substr(begin, end - begin));
    if (line == 0) continue;
    const bool in_column = end != std::string_view::npos && text.substr(end).starts_with(comma);
    return {line, std::string(in_column ? column_of(text.substr(end + comma.size())) : "")};
  }
  return {};
}

}  // namespace tusk::detail
