#include "types/copy_text_reader.hpp"

#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

constexpr char delimiter_of(const copy_style& style) noexcept {
  return style.delimiter == 0 ? '\t' : style.delimiter;
}

constexpr bool is_octal(char c) noexcept {
  return c >= '0' && c <= '7';
}

/// What a letter behind a backslash stands for; any other byte is itself.
constexpr char unescaped(char c) noexcept {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;
  }
}

}  // namespace

copy_text_reader::copy_text_reader(const copy_style& style, std::uint32_t columns)
    : columns_(columns),
      delimiter_(delimiter_of(style)),
      skips_header_(style.header),
      null_(style.null.value_or("\\N")),
      in_value_(delimiter_, delimiter_, '\\', '\\') {}

const std::byte* copy_text_reader::next() {
  if (at_end_) return nullptr;
  std::string_view line;
  for (;;) {
    lines_.set_row(skips_header_ ? 0 : rows_ + 1);
    if (!lines_.next(line)) return nullptr;
    if (is_end_marker(line)) {
      at_end_ = true;
      return nullptr;
    }
    if (!skips_header_) break;
    skips_header_ = false;
  }
  at_.row = rows_ + 1;
  split_copy_line(line, columns_, at_, body_,
                  [this](const char* at, const char* end) { return read_value(at, end); });
  ++rows_;
  return body_.data();
}

/// The server writes a NULL like any other, even if it looks like the marker; and since the
/// protocol has come to say where the data ends it writes no marker.
bool copy_text_reader::is_end_marker(std::string_view line) const noexcept {
  return line == "\\." && null_ != line;
}

/// Reads a value to its delimiter, or to the line's end.
const char* copy_text_reader::read_value(const char* at, const char* end) {
  const char* const start = at;
  body_.begin();
  bool has_marker = false;
  for (;;) {
    const char* const stop = in_value_.find(at, end);
    body_.put(at, stop);
    at = stop;
    if (at == end || *at == delimiter_) break;
    ++at;
    if (at == end) break;
    has_marker = has_marker || *at == '.';
    at = read_escape(at, end);
  }
  // NULL is what it looks like before escapes are undone: a value that does is escaped.
  if (std::string_view(start, static_cast<std::size_t>(at - start)) == null_) {
    body_.null();
  } else if (has_marker) {
    fail_copy_data(at_, "\\. is the end of the data, and not alone on its line");
  } else {
    body_.end();
  }
  return at;
}

/// From behind the backslash.
const char* copy_text_reader::read_escape(const char* at, const char* end) {
  const char first = *at++;
  if (is_octal(first)) {
    auto value = static_cast<unsigned>(first - '0');
    for (int more = 2; more > 0 && at != end && is_octal(*at); --more)
      value = value * 8 + static_cast<unsigned>(*at++ - '0');
    body_.put(static_cast<char>(static_cast<unsigned char>(value)));
    return at;
  }
  if (first != 'x' || at == end || ascii::hex_value(*at) < 0) {
    body_.put(unescaped(first));
    return at;
  }
  int value = ascii::hex_value(*at++);
  if (at != end && ascii::hex_value(*at) >= 0) value = value * 16 + ascii::hex_value(*at++);
  body_.put(static_cast<char>(static_cast<unsigned char>(value)));
  return at;
}

void copy_text_reader::finish() const {
  if (!at_end_) lines_.finish();
}

}  // namespace tusk::detail
