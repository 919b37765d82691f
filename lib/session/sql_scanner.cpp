#include "session/sql_scanner.hpp"

#include <limits>

#include "types/ascii.hpp"

namespace tusk::detail {

namespace {

constexpr bool is_newline(char c) noexcept {
  return c == '\n' || c == '\r';
}

// Everything beyond ASCII is a letter to the server, whatever it is to Unicode.
constexpr bool starts_word(char c) noexcept {
  const char small = ascii::lower(c);
  return (small >= 'a' && small <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr bool continues_tag(char c) noexcept {
  return starts_word(c) || ascii::is_digit(c);
}

constexpr bool continues_word(char c) noexcept {
  return continues_tag(c) || c == '$';
}

}  // namespace

void sql_scanner::skip_line() noexcept {
  while (at_ < sql_.size() && !is_newline(sql_[at_]))
    ++at_;
}

/// Comments nest. False, and back at its beginning, when it has no end.
bool sql_scanner::skip_comment() noexcept {
  const std::size_t start = at_;
  std::size_t depth = 0;
  while (at_ < sql_.size()) {
    if (peek() == '/' && peek(1) == '*') {
      ++depth;
      at_ += 2;
    } else if (peek() == '*' && peek(1) == '/') {
      at_ += 2;
      if (--depth == 0) return true;
    } else {
      ++at_;
    }
  }
  at_ = start;
  return false;
}

bool sql_scanner::skip_blanks() noexcept {
  while (at_ < sql_.size()) {
    if (ascii::is_space(peek())) {
      ++at_;
    } else if (peek() == '-' && peek(1) == '-') {
      skip_line();
    } else if (peek() == '/' && peek(1) == '*') {
      if (!skip_comment()) return false;
    } else {
      break;
    }
  }
  return true;
}

/// A constant goes on in the next quotes when a line ends between; comments in /* */ end it. Stands
/// at those quotes then, else where it stood.
bool sql_scanner::skip_to_continuation() noexcept {
  const std::size_t start = at_;
  bool has_newline = false;
  while (at_ < sql_.size()) {
    if (ascii::is_space(peek())) {
      has_newline = has_newline || is_newline(peek());
      ++at_;
    } else if (peek() == '-' && peek(1) == '-') {
      skip_line();
    } else {
      break;
    }
  }
  if (has_newline && peek() == '\'') return true;
  at_ = start;
  return false;
}

/// From the opening quote. Continuations are read by the rules of the first part.
sql_fault sql_scanner::skip_string(bool backslashes, bool doubling) noexcept {
  ++at_;
  while (at_ < sql_.size()) {
    const char c = sql_[at_++];
    if (c == '\\' && backslashes) {
      if (at_ < sql_.size()) ++at_;
    } else if (c == '\'') {
      if (doubling && peek() == '\'') {
        ++at_;
      } else if (skip_to_continuation()) {
        ++at_;
      } else {
        return sql_fault::none;
      }
    }
  }
  return sql_fault::unterminated_string;
}

sql_fault sql_scanner::skip_name() noexcept {
  ++at_;
  while (at_ < sql_.size()) {
    if (sql_[at_++] != '"') continue;
    if (peek() != '"') return sql_fault::none;
    ++at_;
  }
  return sql_fault::unterminated_name;
}

/// Bytes of `$tag$` here; 0 when this is no such thing.
std::size_t sql_scanner::dollar_delimiter() const noexcept {
  std::size_t end = at_ + 1;
  if (end < sql_.size() && starts_word(sql_[end])) {
    while (end < sql_.size() && continues_tag(sql_[end]))
      ++end;
  }
  return end < sql_.size() && sql_[end] == '$' ? end + 1 - at_ : 0;
}

sql_fault sql_scanner::skip_dollar_quote(std::size_t delimiter) noexcept {
  const std::string_view mark = sql_.substr(at_, delimiter);
  const std::size_t end = sql_.find(mark, at_ + delimiter);
  at_ = end == std::string_view::npos ? sql_.size() : end + delimiter;
  return end == std::string_view::npos ? sql_fault::unterminated_dollar_quote : sql_fault::none;
}

void sql_scanner::skip_digits() noexcept {
  while (ascii::is_digit(peek()))
    ++at_;
}

/// What follows at once (`0x1F`, `1_000`, `1e`) is left to be a word, which is as far as it goes in
/// every version.
void sql_scanner::skip_number() noexcept {
  skip_digits();
  if (peek() == '.' && peek(1) != '.') {
    ++at_;
    skip_digits();
  }
  if (ascii::lower(peek()) != 'e') return;
  const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
  if (!ascii::is_digit(peek(1 + sign))) return;
  at_ += 1 + sign;
  skip_digits();
}

void sql_scanner::skip_word() noexcept {
  while (at_ < sql_.size() && continues_word(sql_[at_]))
    ++at_;
}

/// A word, unless the letter belongs to a quote that follows.
void sql_scanner::scan_word(sql_token& token) noexcept {
  const char prefix = ascii::lower(peek());
  const char quote = prefix == 'u' && peek(1) == '&' ? peek(2) : peek(1);
  const std::size_t letters = prefix == 'u' && peek(1) == '&' ? 2 : 1;
  const bool is_bits = prefix == 'b' || prefix == 'x';
  token.kind = sql_token_kind::string;
  if (quote == '\'' && (is_bits || letters == 2)) {
    at_ += letters;
    token.fault = skip_string(false, !is_bits);
  } else if (quote == '\'' && (prefix == 'e' || prefix == 'n')) {
    at_ += letters;
    token.fault = skip_string(prefix == 'e' || !conforming_, true);
  } else if (quote == '"' && letters == 2) {
    at_ += letters;
    token.kind = sql_token_kind::quoted_name;
    token.fault = skip_name();
  } else {
    token.kind = sql_token_kind::word;
    skip_word();
  }
}

void sql_scanner::scan_placeholder(sql_token& token) noexcept {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  token.kind = sql_token_kind::placeholder;
  for (++at_; ascii::is_digit(peek()); ++at_) {
    const auto digit = static_cast<std::uint32_t>(peek() - '0');
    token.number = token.number > (most - digit) / 10 ? most : token.number * 10 + digit;
  }
  if (at_ == sql_.size() || !starts_word(sql_[at_])) return;
  token.fault = sql_fault::junk_after_placeholder;
  skip_word();
}

void sql_scanner::scan_dollar(sql_token& token) noexcept {
  if (ascii::is_digit(peek(1))) {
    scan_placeholder(token);
  } else if (const std::size_t delimiter = dollar_delimiter(); delimiter > 0) {
    token.kind = sql_token_kind::string;
    token.fault = skip_dollar_quote(delimiter);
  } else {
    token.kind = sql_token_kind::symbol;
    ++at_;
  }
}

sql_token sql_scanner::next() noexcept {
  sql_token token;
  if (!skip_blanks()) token.fault = sql_fault::unterminated_comment;
  token.offset = at_;
  if (at_ == sql_.size() || token.fault != sql_fault::none) return token;
  const char c = peek();
  if (c == '\'') {
    token.kind = sql_token_kind::string;
    token.fault = skip_string(!conforming_, true);
  } else if (c == '"') {
    token.kind = sql_token_kind::quoted_name;
    token.fault = skip_name();
  } else if (c == '$') {
    scan_dollar(token);
  } else if (starts_word(c)) {
    scan_word(token);
  } else if (ascii::is_digit(c) || (c == '.' && ascii::is_digit(peek(1)))) {
    token.kind = sql_token_kind::number;
    skip_number();
  } else {
    token.kind = sql_token_kind::symbol;
    ++at_;
  }
  token.length = at_ - token.offset;
  return token;
}

}  // namespace tusk::detail
