#include "types/copy_csv_reader.hpp"

namespace tusk::detail {
namespace {

constexpr char given_or(char given, char otherwise) noexcept {
  return given == 0 ? otherwise : given;
}

}  // namespace

copy_csv_reader::copy_csv_reader(const copy_style& style, std::uint32_t columns)
    : columns_(columns),
      delimiter_(given_or(style.delimiter, ',')),
      quote_(given_or(style.quote, '"')),
      escape_(given_or(style.escape, quote_)),
      skips_header_(style.header),
      null_(style.null.value_or(std::string())),
      unquoted_(delimiter_, delimiter_, quote_, quote_),
      quoted_(quote_, quote_, escape_, escape_),
      lines_(quote_, escape_) {}

const std::byte* copy_csv_reader::next() {
  std::string_view line;
  if (skips_header_) {
    lines_.set_row(0);
    if (!lines_.next(line)) return nullptr;
    skips_header_ = false;
  }
  lines_.set_row(rows_ + 1);
  if (!lines_.next(line)) return nullptr;
  at_.row = rows_ + 1;
  split_copy_line(line, columns_, at_, body_,
                  [this](const char* at, const char* end) { return read_value(at, end); });
  ++rows_;
  return body_.data();
}

/// Reads a value to its delimiter, or to the line's end. Quotes may stand anywhere in it, and any
/// number of times.
const char* copy_csv_reader::read_value(const char* at, const char* end) {
  const char* const start = at;
  bool has_quotes = false;
  body_.begin();
  for (;;) {
    const char* const stop = unquoted_.find(at, end);
    body_.put(at, stop);
    at = stop;
    if (at == end || *at == delimiter_) break;
    has_quotes = true;
    at = read_quoted(at + 1, end);
  }
  // A value that looks like NULL is quoted.
  if (!has_quotes && std::string_view(start, static_cast<std::size_t>(at - start)) == null_)
    body_.null();
  else
    body_.end();
  return at;
}

/// From behind the opening quote to behind the closing one. The escape is one only in front of a
/// quote or another escape.
const char* copy_csv_reader::read_quoted(const char* at, const char* end) {
  for (;;) {
    const char* const stop = quoted_.find(at, end);
    body_.put(at, stop);
    if (stop == end) fail_copy_data(at_, "its quotes have no end");
    at = stop + 1;
    if (*stop == escape_ && at != end && (*at == escape_ || *at == quote_)) {
      body_.put(*at++);
    } else if (*stop == quote_) {
      return at;
    } else {
      body_.put(*stop);
    }
  }
}

}  // namespace tusk::detail
