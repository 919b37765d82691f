#include "session/copy_row_text.hpp"

#include <cstdint>
#include <cstring>

#include "tusk/copy_direct.hpp"

namespace tusk::detail {

namespace {

using chunk_halves [[gnu::vector_size(16)]] = std::uint64_t;

/// Copies 16 bytes; gives which of them may be special: the style's own characters, and all control
/// characters, of which the ends of lines must not be written as they are.
inline copy_chunk copy_text_chunk(char* to, const char* from, const copy_specials& of) noexcept {
  copy_chunk bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  std::memcpy(to, &bytes, sizeof bytes);
  return (bytes < static_cast<unsigned char>(' ')) | (bytes == of.delimiter) | (bytes == of.quote) |
         (bytes == of.escape);
}

/// Which of 16 bytes are NUL, as they are copied.
inline copy_chunk copy_any_chunk(char* to, const char* from) noexcept {
  copy_chunk bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  std::memcpy(to, &bytes, sizeof bytes);
  return bytes == 0;
}

inline bool is_any(copy_chunk found) noexcept {
  const auto halves = reinterpret_cast<chunk_halves>(found);
  return (halves[0] | halves[1]) != 0;
}

/// Copies a text, and says whether something in it is special: what was copied must be written
/// anew then.
bool copy_usual(char* to, std::string_view text, const copy_specials& of) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  if (size >= sizeof(copy_chunk)) {
    const std::size_t last = size - sizeof(copy_chunk);
    // The last chunk overlaps the one before it.
    copy_chunk found = copy_text_chunk(to + last, from + last, of);
    for (std::size_t at = 0; at < last; at += sizeof(copy_chunk))
      found |= copy_text_chunk(to + at, from + at, of);
    return is_any(found);
  }
  bool found = false;
  for (std::size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(from[i]);
    found |= byte < ' ' || byte == of.delimiter[0] || byte == of.quote[0] || byte == of.escape[0];
    to[i] = from[i];
  }
  return found;
}

/// Whether the server would not take it for a text.
bool is_mark(std::string_view text, const copy_text_style& style) noexcept {
  return text == style.null || (style.default_mark && text == *style.default_mark);
}

/// Whether a CSV line could begin with it and be the one that ends the data.
bool may_end_data(std::string_view text, const copy_text_style& style) noexcept {
  return text == "\\." || (text == "\\" && style.delimiter == '.');
}

char* put_byte_in_hex(char* to, char byte) noexcept {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  *to++ = '\\';
  *to++ = 'x';
  *to++ = digits[value >> 4U];
  *to++ = digits[value & 0xFU];
  return to;
}

char* put_escaped(char* to, std::string_view text, char delimiter) noexcept {
  for (const char c : text) {
    char as = c;
    switch (c) {
      case '\n': as = 'n'; break;
      case '\r': as = 'r'; break;
      case '\t': as = 't'; break;
      case '\\': break;
      default:
        if (c != delimiter) {
          *to++ = c;
          continue;
        }
    }
    *to++ = '\\';
    *to++ = as;
  }
  return to;
}

/// What comes out as the null string begins with its first character in hex: a backslash before it
/// might make another escape of it.
char* put_line_text(char* to, std::string_view text, const copy_text_style& style) noexcept {
  char* const end = put_escaped(to, text, style.delimiter);
  if (!is_mark({to, static_cast<std::size_t>(end - to)}, style)) return end;
  if (text.empty()) return nullptr;
  return put_escaped(put_byte_in_hex(to, text.front()), text.substr(1), style.delimiter);
}

bool needs_quotes(std::string_view text, const copy_text_style& style) noexcept {
  if (is_mark(text, style) || may_end_data(text, style)) return true;
  for (const char c : text) {
    if (c == style.delimiter || c == style.quote || c == style.escape || c == '\n' || c == '\r')
      return true;
  }
  return false;
}

char* put_csv_text(char* to, std::string_view text, const copy_text_style& style) noexcept {
  const bool quotes = needs_quotes(text, style);
  if (quotes) *to++ = style.quote;
  for (const char c : text) {
    if (quotes && (c == style.quote || c == style.escape)) *to++ = style.escape;
    *to++ = c;
  }
  if (quotes) *to++ = style.quote;
  return to;
}

char* put_copied_text(char* to, std::string_view text, const copy_text_style& style) noexcept {
  return style.is_csv ? put_csv_text(to, text, style) : put_line_text(to, text, style);
}

}  // namespace

bool copy_characters(std::byte* to, const void* from, std::size_t size) noexcept {
  auto* const into = reinterpret_cast<char*>(to);
  const auto* const text = static_cast<const char*>(from);
  if (size < sizeof(copy_chunk)) {
    if (size == 0) return true;
    std::memcpy(to, from, size);
    return std::memchr(from, 0, size) == nullptr;
  }
  const std::size_t last = size - sizeof(copy_chunk);
  copy_chunk found = copy_any_chunk(into + last, text + last);
  for (std::size_t at = 0; at < last; at += sizeof(copy_chunk))
    found |= copy_any_chunk(into + at, text + at);
  return !is_any(found);
}

bool write_escaped(proto::writer& out, std::string_view text,
                   const copy_text_style& style) noexcept {
  const std::size_t at = out.size();
  const std::size_t room = room_in_line(copied_bytes{text.data(), text.size()});
  auto* const to = reinterpret_cast<char*>(out.claim(room));
  if (to == nullptr) return true;
  const char* const end = put_copied_text(to, text, style);
  if (end == nullptr) return false;
  out.truncate(at + static_cast<std::size_t>(end - to));
  return true;
}

char* put_checked_text(char* to, std::string_view text, const copy_text_style& style) noexcept {
  const bool is_usual = !copy_usual(to, text, style.specials) && !is_mark(text, style) &&
                        !(style.is_csv && may_end_data(text, style));
  if (is_usual) [[likely]]
    return to + text.size();
  if (text.find('\0') != std::string_view::npos) return nullptr;
  return put_copied_text(to, text, style);
}

}  // namespace tusk::detail
