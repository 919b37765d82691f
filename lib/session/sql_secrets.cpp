#include "session/sql_secrets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

// PostgreSQL documentation, 4.1.2.1 to 4.1.2.4: the ways to write a string literal.
namespace tusk::detail {

namespace {

constexpr std::string_view blanks = " \t\n\r\f\v";
constexpr std::array<std::string_view, 2> words{"password", "connection"};

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Bytes of characters beyond ASCII are parts of names, too.
constexpr bool in_name(char c) noexcept {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(),
                    [](char want, char have) { return want == lower(have); }) &&
         (text.size() == word.size() || !in_name(text[word.size()]));
}

constexpr std::size_t none = std::string_view::npos;
// Blanks and comments between the word and its literal are looked through so far. Behind more of
// them, and behind a comment without an end, all the rest is taken for the secret: so the time that
// a text takes stays in proportion to its length.
constexpr std::size_t most_between = 4096;

// Each function below gives the end of what it looks for, and where there is nothing of it, the
// position that it was given. This one gives `none` where it does not see the end.
std::size_t behind_blanks_and_comments(std::string_view all, std::size_t at) noexcept {
  const std::string_view text = all.substr(0, std::min(all.size(), at + most_between));
  while ((at = text.find_first_not_of(blanks, at)) != none) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("--"))
      at = text.find('\n', at);
    else if (rest.starts_with("/*"))
      at = text.find("*/", at + 2);
    else
      return at;
    if (at == none) return none;
    at += rest.front() == '/' ? std::size_t{2} : std::size_t{1};
  }
  return text.size() == all.size() ? all.size() : none;
}

// E'', N'', B'', X'' and U&''.
std::size_t behind_prefix(std::string_view text, std::size_t at) noexcept {
  const std::string_view rest = text.substr(at);
  if (rest.size() > 1 && rest[1] == '\'' && in_name(rest[0])) return at + 1;
  if (rest.size() > 2 && lower(rest[0]) == 'u' && rest[1] == '&' && rest[2] == '\'') return at + 2;
  return at;
}

std::size_t count_quotes(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_not_of('\'', at), text.size()) - at;
}

// Whether what stands behind two quotes is the rest of a literal inside a literal ('... ''secret''
// ...'), and not what follows on an empty one.
bool is_nested(std::string_view text, std::size_t behind) noexcept {
  return behind < text.size() && blanks.find(text[behind]) == std::string_view::npos &&
         std::string_view(";,)").find(text[behind]) == std::string_view::npos;
}

// A quote of such a literal is written as that many, and one inside it as twice as many.
std::size_t behind_nested(std::string_view text, std::size_t at, std::size_t quotes) noexcept {
  while ((at = text.find('\'', at)) != none) {
    const std::size_t found = count_quotes(text, at);
    if (found / quotes % 2 == 1) return at + found / quotes * quotes;
    at += found;
  }
  return text.size();
}

// Whether a backslash escapes depends on the literal's prefix and on a setting; so a quote behind
// one is an end only when no other is left.
std::size_t behind_quoted(std::string_view text, std::size_t at) noexcept {
  if (at == text.size() || text[at] != '\'') return at;
  const std::size_t opening = count_quotes(text, at);
  at += opening;
  if (opening % 2 == 0) return is_nested(text, at) ? behind_nested(text, at, opening) : at;
  while ((at = text.find('\'', at)) != none) {
    const std::size_t quotes = count_quotes(text, at);
    const bool ambiguous = text[at - 1] == '\\' && text.find('\'', at + quotes) != none;
    at += quotes;
    if (quotes % 2 == 1 && !ambiguous) return at;
    if (text[at - quotes - 1] == '\\' && !ambiguous) return at;
  }
  return text.size();
}

std::size_t behind_dollar_quoted(std::string_view text, std::size_t at) noexcept {
  if (at == text.size() || text[at] != '$') return at;
  std::size_t tag_end = at + 1;
  while (tag_end < text.size() && in_name(text[tag_end]))
    ++tag_end;
  if (tag_end == text.size() || text[tag_end] != '$') return at;
  const std::string_view tag = text.substr(at, tag_end + 1 - at);
  const std::size_t end = text.find(tag, tag_end + 1);
  return end == std::string_view::npos ? text.size() : end + tag.size();
}

std::size_t behind_literal(std::string_view text, std::size_t at) noexcept {
  const std::size_t dollar = behind_dollar_quoted(text, at);
  if (dollar != at) return dollar;
  const std::size_t quote = behind_prefix(text, at);
  std::size_t end = behind_quoted(text, quote);
  if (end == quote) return at;
  // A literal goes on behind a line feed ('abc' and then 'def' are one).
  for (;;) {
    const std::size_t next = behind_blanks_and_comments(text, end);
    if (next == none) return text.size();
    if (text.substr(end, next - end).find('\n') == none) return end;
    const std::size_t further = behind_quoted(text, next);
    if (further == next) return end;
    end = further;
  }
}

// The word that begins here, or an empty one.
std::string_view word_at(std::string_view text, std::size_t at) noexcept {
  if (at > 0 && in_name(text[at - 1])) return {};
  for (const std::string_view word : words) {
    if (starts_with_word(text.substr(at), word)) return word;
  }
  return {};
}

}  // namespace

void append_without_secrets(std::string& to, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view word = word_at(text, at);
    if (word.empty()) continue;
    at += word.size();
    std::size_t begin = behind_blanks_and_comments(text, at);
    std::size_t end = text.size();
    if (begin == none)
      begin = at;
    else
      end = behind_literal(text, begin);
    if (end != begin) {
      to.append(text.substr(copied, begin - copied)).append("'***'");
      copied = at = end;
    }
    --at;  // the next character may begin a word
  }
  to.append(text.substr(copied));
}

}  // namespace tusk::detail
