#include "types/array_literal.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

using token = array_token::kind;

void skip_space(std::string_view& text) noexcept {
  while (!text.empty() && ascii::is_space(text.front()))
    text.remove_prefix(1);
}

/// From the quote that opens it to the one that closes it.
array_token take_quoted(std::string_view& rest) noexcept {
  array_token element{token::element, {}, false, false};
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] == '"') {
      element.text = rest.substr(1, at - 1);
      rest.remove_prefix(at + 1);
      return element;
    }
    if (rest[at] == '\\') {
      element.is_escaped = true;
      ++at;
    }
  }
  return {token::malformed, {}, false, false};
}

/// Up to what ends an element; white space before that is no part of it unless it is escaped.
array_token take_unquoted(std::string_view& rest, char delimiter) noexcept {
  array_token element{token::element, {}, false, false};
  std::size_t end = 0;
  std::size_t at = 0;
  for (; at < rest.size() && rest[at] != delimiter && rest[at] != '}'; ++at) {
    if (rest[at] == '"' || rest[at] == '{') return {token::malformed, {}, false, false};
    if (rest[at] == '\\') {
      element.is_escaped = true;
      if (++at == rest.size()) return {token::malformed, {}, false, false};
      end = at + 1;
    } else if (!ascii::is_space(rest[at])) {
      end = at + 1;
    }
  }
  element.text = rest.substr(0, end);
  element.is_null = !element.is_escaped && ascii::equals(element.text, "null");
  rest.remove_prefix(at);
  return element;
}

bool take(std::string_view& text, char c) noexcept {
  skip_space(text);
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_number(std::string_view& text, std::int32_t& into) noexcept {
  skip_space(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto [stopped, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (fault != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
  return true;
}

/// One `[lower:upper]`, or `[upper]`, behind its opening bracket.
bool take_bounds(std::string_view& text, array_dimension& into) noexcept {
  std::int32_t upper = 0;
  if (!take_number(text, upper)) return false;
  into.lower = 1;
  if (take(text, ':')) {
    into.lower = upper;
    if (!take_number(text, upper)) return false;
  }
  const std::int64_t size = std::int64_t{upper} - into.lower + 1;
  // The server has no room for a last subscript of 2147483647.
  if (size < 1 || size > INT32_MAX || upper == INT32_MAX) return false;
  into.size = static_cast<std::int32_t>(size);
  return take(text, ']');
}

/// What stands before the braces: nothing, or bounds for each dimension and an equals sign.
bool take_all_bounds(std::string_view& text, array_shape& shape) noexcept {
  while (take(text, '[')) {
    if (shape.dimensions == array_shape::most_dimensions) return false;
    if (!take_bounds(text, shape.each[shape.dimensions])) return false;
    ++shape.dimensions;
  }
  return shape.dimensions == 0 || take(text, '=');
}

/// Follows the braces, and finds the shape that they make.
class shape_finder {
 public:
  /// False when a piece cannot stand where it does.
  bool take(token what) noexcept {
    switch (what) {
      case token::open: return open();
      case token::close: return close();
      case token::element: return element();
      case token::delimiter: return delimit();
      default: return false;
    }
  }
  [[nodiscard]] bool is_done() const noexcept { return depth_ == 0 && last_ == token::close; }
  [[nodiscard]] array_shape shape() const noexcept {
    array_shape found;
    found.dimensions = bottom_;
    for (std::size_t i = 0; i < bottom_; ++i)
      found.each[i].size = sizes_[i];
    return found;
  }

 private:
  // Whether something that counts among its brace's contents may stand here.
  [[nodiscard]] bool may_begin() const noexcept {
    return last_ == token::open || last_ == token::delimiter;
  }
  bool open() noexcept {
    if (depth_ > 0) {
      if (!may_begin() || (bottom_ != 0 && depth_ >= bottom_)) return false;
      ++counts_[depth_ - 1];
    } else if (last_ != token::end) {
      return false;
    }
    if (depth_ == array_shape::most_dimensions) return false;
    counts_[depth_++] = 0;
    last_ = token::open;
    return true;
  }
  bool element() noexcept {
    if (depth_ == 0 || !may_begin()) return false;
    if (bottom_ == 0) bottom_ = depth_;
    if (bottom_ != depth_) return false;
    ++counts_[depth_ - 1];
    last_ = token::element;
    return true;
  }
  bool delimit() noexcept {
    if (depth_ == 0 || (last_ != token::element && last_ != token::close)) return false;
    last_ = token::delimiter;
    return true;
  }
  bool close() noexcept {
    if (depth_ == 0 || last_ == token::delimiter) return false;
    // Only the outermost braces may be empty.
    if (last_ == token::open && depth_ > 1) return false;
    --depth_;
    if (sizes_[depth_] == 0) sizes_[depth_] = counts_[depth_];
    last_ = token::close;
    return sizes_[depth_] == counts_[depth_];
  }

  std::array<std::int32_t, array_shape::most_dimensions> sizes_{};   // once one has been closed
  std::array<std::int32_t, array_shape::most_dimensions> counts_{};  // in the braces now open
  std::size_t depth_ = 0;
  std::size_t bottom_ = 0;  // how deep elements lie, once there is one
  token last_ = token::end;
};

}  // namespace

array_token next_token(std::string_view& rest, char delimiter) noexcept {
  skip_space(rest);
  if (rest.empty()) return {};
  const char c = rest.front();
  if (c == '"') return take_quoted(rest);
  if (c != '{' && c != '}' && c != delimiter) return take_unquoted(rest, delimiter);
  rest.remove_prefix(1);
  return {c == '{' ? token::open : c == '}' ? token::close : token::delimiter, {}, false, false};
}

std::optional<array_shape> literal_shape(std::string_view& text, char delimiter) noexcept {
  array_shape given;
  if (!take_all_bounds(text, given)) return std::nullopt;
  shape_finder finder;
  std::string_view rest = text;
  do {
    if (!finder.take(next_token(rest, delimiter).what)) return std::nullopt;
  } while (!finder.is_done());
  if (next_token(rest, delimiter).what != token::end) return std::nullopt;
  const array_shape found = finder.shape();
  if (given.dimensions == 0) return found;
  bool same = given.dimensions == found.dimensions;
  for (std::size_t i = 0; i < found.dimensions; ++i)
    same = same && given.each[i].size == found.each[i].size;
  return same ? std::optional<array_shape>(given) : std::nullopt;
}

void unescape(std::string_view text, std::string& into) {
  into.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    into.push_back(text[at]);
  }
}

}  // namespace tusk::detail
