#include "types/range_literal.hpp"

#include <cstddef>

#include "tusk/types/range_form.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

void skip_space(std::string_view& text) noexcept {
  while (!text.empty() && ascii::is_space(text.front()))
    text.remove_prefix(1);
}

/// Up to the comma or bracket that ends it. White space belongs to it: the server leaves that to
/// the subtype.
bool take_bound(std::string_view& rest, bound_literal& into) noexcept {
  bool in_quotes = false;
  std::size_t marks = 0;  // quotes and backslashes
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (!in_quotes && (c == ',' || c == ')' || c == ']')) break;
    if (c == '"' || c == '\\') ++marks;
    // A quote that is doubled inside of quotes ends them and begins them anew.
    if (c == '"') in_quotes = !in_quotes;
    if (c == '\\' && ++at == rest.size()) return false;
  }
  if (at >= rest.size()) return false;
  into.text = rest.substr(0, at);
  rest.remove_prefix(at);
  into.is_escaped = marks > 0;
  if (marks == 2 && into.text.front() == '"' && into.text.back() == '"') {
    into.text = into.text.substr(1, into.text.size() - 2);
    into.is_escaped = false;
  }
  return true;
}

bool take_empty(std::string_view& rest) noexcept {
  constexpr std::string_view word = "empty";
  if (!ascii::equals(rest.substr(0, word.size()), word)) return false;
  rest.remove_prefix(word.size());
  return true;
}

}  // namespace

std::optional<range_literal> take_range(std::string_view& rest) noexcept {
  range_literal range;
  skip_space(rest);
  if (take_empty(rest)) {
    skip_space(rest);
    range.flags = range_flag::empty;
    return range;
  }
  if (!rest.starts_with('[') && !rest.starts_with('(')) return std::nullopt;
  const bool with_lower = rest.front() == '[';
  rest.remove_prefix(1);
  // Only what begins with the end is missing: "" is a bound.
  const bool has_lower = !rest.starts_with(',');
  if (!take_bound(rest, range.lower) || !rest.starts_with(',')) return std::nullopt;
  rest.remove_prefix(1);
  const bool has_upper = !rest.starts_with(')') && !rest.starts_with(']');
  if (!take_bound(rest, range.upper) || rest.starts_with(',')) return std::nullopt;
  const bool with_upper = rest.front() == ']';
  rest.remove_prefix(1);
  skip_space(rest);
  const int lower = !has_lower   ? range_flag::lower_infinite
                    : with_lower ? range_flag::lower_inclusive
                                 : 0;
  const int upper = !has_upper   ? range_flag::upper_infinite
                    : with_upper ? range_flag::upper_inclusive
                                 : 0;
  range.flags = static_cast<std::uint8_t>(lower | upper);
  return range;
}

void unescape_bound(std::string_view text, std::string& into) {
  into.clear();
  bool in_quotes = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      into.push_back(text[++at]);
    } else if (text[at] != '"') {
      into.push_back(text[at]);
    } else if (in_quotes && text.substr(at + 1).starts_with('"')) {
      into.push_back(text[++at]);
    } else {
      in_quotes = !in_quotes;
    }
  }
}

}  // namespace tusk::detail
