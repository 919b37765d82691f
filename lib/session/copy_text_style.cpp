#include "session/copy_text_style.hpp"

#include "session/misuse.hpp"

namespace tusk::detail {

namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  misuse("COPY's " + std::string(option) + " " + std::string(why), {});
}

bool is_letter_or_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What numbers, dates, times, UUIDs and intervals are written with.
bool stands_in_values(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view("-+:. @").find(c) != std::string_view::npos;
}

void check_character(std::string_view option, char c) {
  if (c == '\n' || c == '\r') refuse(option, "is the end of a line");
  if (static_cast<unsigned char>(c) >= 0x80) refuse(option, "is no character of ASCII");
}

void check_null(const copy_text_style& style) {
  const auto has = [&](char c) { return style.null.find(c) != std::string::npos; };
  if (has('\n') || has('\r')) refuse("null string", "holds the end of a line");
  if (has('\0')) refuse("null string", "holds a NUL");
  if (has(style.delimiter)) refuse("null string", "holds the delimiter");
  if (style.is_csv && has(style.quote)) refuse("null string", "holds the quote");
  if (style.null == "\\.") refuse("null string", "is what ends the data");
}

void check_delimiter(const copy_text_style& style) {
  check_character("delimiter", style.delimiter);
  if (style.is_csv) {
    if (style.delimiter == style.quote) refuse("delimiter", "is the quote, too");
    return;
  }
  // A backslash before one of these would be an escape of another meaning.
  constexpr std::string_view taken = "\\.abcdefghijklmnopqrstuvwxyz0123456789";
  if (taken.find(style.delimiter) != std::string_view::npos)
    refuse("delimiter", "cannot be a small letter, a digit, a point or a backslash in text");
}

}  // namespace

copy_text_style checked_style(copy_format format, const copy_style& style) {
  if (format == copy_format::binary) {
    if (style != copy_style{}) refuse("style", "has no meaning in the binary format: leave it out");
    return {};
  }
  copy_text_style full;
  full.is_csv = format == copy_format::csv;
  if (!full.is_csv && style.quote != 0) refuse("quote", "is for CSV only");
  if (!full.is_csv && style.escape != 0) refuse("escape", "is for CSV only");
  full.has_header = style.header;
  full.delimiter = style.delimiter != 0 ? style.delimiter : full.is_csv ? ',' : '\t';
  full.quote = style.quote != 0 ? style.quote : '"';
  full.escape = style.escape != 0 ? style.escape : full.quote;
  full.null = style.null ? *style.null : full.is_csv ? "" : "\\N";
  check_character("quote", full.quote);
  check_character("escape", full.escape);
  check_delimiter(full);
  check_null(full);
  const bool is_usual_null = full.null.empty() || full.null == "\\N" || full.null == "NULL";
  const bool is_quoting_plain =
      !full.is_csv || !(stands_in_values(full.quote) || stands_in_values(full.escape));
  full.is_plain = is_usual_null && is_quoting_plain && !stands_in_values(full.delimiter);
  const auto filled = [](char c) { return copy_chunk{} + static_cast<unsigned char>(c); };
  full.specials = {filled(full.delimiter), filled(full.is_csv ? full.quote : '\\'),
                   filled(full.is_csv ? full.escape : '\\')};
  return full;
}

}  // namespace tusk::detail
