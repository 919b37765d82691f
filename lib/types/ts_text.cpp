#include "types/ts_text.hpp"

#include "types/ascii.hpp"

namespace tusk::detail {

bool lexeme_reader::at_space() const noexcept {
  return !text_.empty() && ascii::is_space(text_.front());
}

void lexeme_reader::skip_space() noexcept {
  while (at_space())
    text_.remove_prefix(1);
}

bool lexeme_reader::take(char c) noexcept {
  if (!at(c)) return false;
  text_.remove_prefix(1);
  return true;
}

bool lexeme_reader::lexeme(std::string& into) {
  into.clear();
  return take('\'') ? quoted(into) : bare(into);
}

bool lexeme_reader::quoted(std::string& into) {
  for (std::size_t at = 0; at < text_.size(); ++at) {
    const char c = text_[at];
    const bool escapes = c == '\\' || (c == '\'' && text_.substr(at + 1).starts_with('\''));
    if (escapes) {
      if (++at == text_.size()) return false;
      into.push_back(text_[at]);
    } else if (c == '\'') {
      text_.remove_prefix(at + 1);
      return takes_empty_ || !into.empty();
    } else {
      into.push_back(c);
    }
  }
  return false;
}

bool lexeme_reader::ends_bare(char c) const noexcept {
  if (c == ':' || ascii::is_space(c)) return true;
  return is_query_ && (c == '!' || c == '&' || c == '|' || c == '<' || c == '(' || c == ')');
}

bool lexeme_reader::bare(std::string& into) {
  // A colon that begins a lexeme of a vector is a character like others.
  if (!is_query_ && take(':')) into.push_back(':');
  std::size_t at = 0;
  for (; at < text_.size() && !ends_bare(text_[at]); ++at) {
    if (text_[at] == '\\' && ++at == text_.size()) return false;
    into.push_back(text_[at]);
  }
  text_.remove_prefix(at);
  return !into.empty();
}

int lexeme_reader::number(int most) noexcept {
  if (text_.empty() || !ascii::is_digit(text_.front())) return -1;
  int value = 0;
  while (!text_.empty() && ascii::is_digit(text_.front())) {
    value = value * 10 + (text_.front() - '0');
    if (value > most) value = most;
    text_.remove_prefix(1);
  }
  return value;
}

void append_lexeme(std::string_view lexeme, std::string& out) {
  out.push_back('\'');
  for (const char c : lexeme) {
    if (c == '\'' || c == '\\') out.push_back(c);
    out.push_back(c);
  }
  out.push_back('\'');
}

}  // namespace tusk::detail
