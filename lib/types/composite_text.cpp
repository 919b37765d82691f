#include "types/composite_text.hpp"

#include <algorithm>

#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

bool needs_quotes(std::string_view text) noexcept {
  if (text.empty()) return true;
  return std::any_of(text.begin(), text.end(), [](char c) {
    return c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || ascii::is_space(c);
  });
}

}  // namespace

// record_out doubles both, where the other literals put a backslash before them.
void append_attribute(std::string_view text, std::string& out) {
  if (!needs_quotes(text)) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back(c);
    out.push_back(c);
  }
  out.push_back('"');
}

composite_scanner::composite_scanner(std::string_view text, std::string& scratch)
    : scratch_(&scratch) {
  text = ascii::trim(text);
  if (!text.starts_with('(')) {
    ok_ = false;
    is_over_ = true;
    return;
  }
  rest_ = text.substr(1);
  is_bare_ = rest_ == ")";
  scratch.reserve(scratch.size() + rest_.size());
}

bool composite_scanner::fail() noexcept {
  ok_ = false;
  is_over_ = true;
  return false;
}

bool composite_scanner::next(std::string_view& attribute) {
  if (is_over_) return false;
  const std::size_t plain = rest_.find_first_of("\"\\,()");
  if (plain == std::string_view::npos || rest_[plain] == '(') return fail();
  is_copy_ = rest_[plain] == '"' || rest_[plain] == '\\';
  is_null_ = plain == 0 && !is_copy_;
  if (is_copy_) {
    const std::size_t start = scratch_->size();
    if (!unescape()) return fail();
    attribute = std::string_view(*scratch_).substr(start);
  } else {
    attribute = rest_.substr(0, plain);
    rest_.remove_prefix(plain);
  }
  // What ended it is a comma or the last parenthesis, behind which nothing may be left.
  is_over_ = rest_.front() == ')';
  rest_.remove_prefix(1);
  return !is_over_ || rest_.empty() || fail();
}

// Up to a comma or parenthesis outside of quotes, which stays. Quotes may open and close anywhere.
bool composite_scanner::unescape() {
  bool in_quotes = false;
  std::size_t at = 0;
  for (; at < rest_.size(); ++at) {
    const char c = rest_[at];
    if (c == '\\') {
      if (++at == rest_.size()) return false;
      scratch_->push_back(rest_[at]);
    } else if (c == '"') {
      const bool is_doubled = in_quotes && at + 1 < rest_.size() && rest_[at + 1] == '"';
      if (is_doubled) scratch_->push_back(rest_[++at]);
      in_quotes = is_doubled || !in_quotes;
    } else if (!in_quotes && (c == ',' || c == ')')) {
      break;
    } else {
      scratch_->push_back(c);
    }
  }
  rest_.remove_prefix(at);
  return !rest_.empty();
}

}  // namespace tusk::detail
