#include "line_splitter.hpp"

#include <string>

namespace cli {

line_splitter::line_splitter(const splitting& how) noexcept
    : csv_(how.format == tusk::copy_format::csv),
      quote_(how.quote),
      escape_(how.escape),
      knows_mark_(!csv_ || how.csv_end_mark) {}

std::optional<std::size_t> line_splitter::row_end(std::string_view more) {
  ended_by_mark_ = false;
  for (std::size_t at = 0; at < more.size(); ++at) {
    at += dull_bytes(more.substr(at));
    if (at == more.size()) break;
    const char c = more[at];
    if (state_ == state::first_return && c != '\n') {
      // The \r alone was the end: this byte is the next row's.
      end_row(eol::cr);
      return at;
    }
    if (step(c)) return at + 1;
  }
  return std::nullopt;
}

bool line_splitter::ends_with_row() {
  if (state_ == state::row_begin) return false;
  const bool line_ended = state_ == state::first_return;
  end_row(line_ended ? eol::cr : eol_);
  // What lacks its line end is a line all the same.
  if (!line_ended) ++(eol_ == eol::cr ? returns_ : feeds_);
  return !ended_by_mark_;
}

// Bytes at the beginning that change nothing: nearly all that there are.
std::size_t line_splitter::dull_bytes(std::string_view at) const noexcept {
  std::size_t count = 0;
  // As long as the row may become the mark of the end, each byte tells.
  if (state_ == state::plain && mark_ == mark::none) {
    const char special = csv_ ? quote_ : '\\';
    while (count < at.size() && at[count] != special && at[count] != '\n' && at[count] != '\r')
      ++count;
  } else if (state_ == state::quoted) {
    while (count < at.size() && at[count] != quote_ && at[count] != escape_ && at[count] != '\n' &&
           at[count] != '\r')
      ++count;
  }
  return count;
}

// True when the byte ends the row.
bool line_splitter::step(char c) {
  if (c == '\n') ++feeds_;
  if (c == '\r') ++returns_;
  switch (state_) {
    case state::row_begin:
      mark_ = mark::possible;
      state_ = state::plain;
      return plain(c);
    case state::plain: return plain(c);
    case state::quoted:
      if (c == quote_)
        state_ = state::plain;
      else if (c == escape_)
        state_ = state::quoted_escape;
      else if (c == (eol_ == eol::lf ? '\n' : '\r'))
        ++for_server_;
      return false;
    case state::quoted_escape:
      state_ = state::quoted;
      if (c == (eol_ == eol::lf ? '\n' : '\r')) ++for_server_;
      return false;
    case state::backslash:
      if (c != '.')
        mark_ = mark::none;
      else
        mark_ = mark_ == mark::backslash ? mark::whole : mark::stray;
      state_ = state::plain;
      return false;
    case state::first_return: return end_row(eol::crlf);
    case state::return_of_pair:
      state_ = state::plain;
      if (c == '\n') return end_row(eol::crlf);
      return plain(c);  // the server will not like it
  }
  return false;
}

bool line_splitter::plain(char c) {
  if (c == '\n' && (eol_ == eol::unknown || eol_ == eol::lf)) {
    return end_row(eol::lf);
  } else if (c == '\r' && eol_ == eol::unknown) {
    state_ = state::first_return;
  } else if (c == '\r' && eol_ == eol::cr) {
    return end_row(eol::cr);
  } else if (c == '\r' && eol_ == eol::crlf) {
    state_ = state::return_of_pair;
  } else if (csv_ && c == quote_) {
    mark_ = mark::none;
    state_ = state::quoted;
  } else if (c == '\\') {
    mark_ = mark_ == mark::possible ? mark::backslash : mark::none;
    if (!csv_) state_ = state::backslash;
  } else {
    mark_ = csv_ && mark_ == mark::backslash && c == '.' ? mark::whole : mark::none;
  }
  return false;
}

bool line_splitter::end_row(eol as) {
  eol_ = as;
  state_ = state::row_begin;
  ended_by_mark_ = knows_mark_ && mark_ == mark::whole;
  ++for_server_;
  // Servers before PostgreSQL 18 take it for the end, and silently leave out what follows.
  if (mark_ == mark::stray) {
    throw malformed_input(
        "on line " + std::to_string(lines()) +
        " a row ends in \\., which is the mark of the data's end, but alone on its line");
  }
  return true;
}

}  // namespace cli
