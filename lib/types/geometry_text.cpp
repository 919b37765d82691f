#include "types/geometry_text.hpp"

#include <charconv>

#include "types/ascii.hpp"
#include "types/print_float.hpp"

namespace tusk::detail {

void geometry_reader::skip_space() noexcept {
  while (!text_.empty() && ascii::is_space(text_.front()))
    text_.remove_prefix(1);
}

bool geometry_reader::take(char c) noexcept {
  if (!text_.starts_with(c)) return false;
  text_.remove_prefix(1);
  return true;
}

bool geometry_reader::number(double& into) noexcept {
  skip_space();
  // from_chars() takes no plus, and would take a minus behind one.
  if (take('+') && at('-')) return false;
  const char* const end = text_.data() + text_.size();
  const auto [stopped, fault] = std::from_chars(text_.data(), end, into);
  if (fault != std::errc{}) return false;
  const auto size = static_cast<std::size_t>(stopped - text_.data());
  // Too small for a double: an error to the server, zero to some libraries.
  const std::string_view mantissa = text_.substr(0, text_.substr(0, size).find_first_of("eE"));
  if (into == 0 && mantissa.find_first_of("123456789") < size) return false;
  text_.remove_prefix(size);
  skip_space();
  return true;
}

bool geometry_reader::pair(point& into) noexcept {
  skip_space();
  const bool enclosed = take('(');
  if (!number(into.x) || !take(',') || !number(into.y)) return false;
  if (enclosed) {
    if (!take(')')) return false;
    skip_space();
  }
  return true;
}

bool geometry_reader::enter_parenthesis() noexcept {
  geometry_reader behind = *this;
  behind.text_.remove_prefix(1);
  behind.skip_space();
  if (!behind.at('(')) return false;
  text_ = behind.text_;
  return true;
}

bool geometry_reader::open_path(bool* is_open) noexcept {
  skip_space();
  is_open_ = at('[');
  if (is_open_) {
    if (is_open == nullptr) return false;
    text_.remove_prefix(1);
    depth_ = 1;
  } else if (at('(')) {
    // It opens the whole when a point's own follows, or when no point has one: ((1,2),(3,4)) and
    // (1,2,3,4), but not (1,2),(3,4).
    if (enter_parenthesis()) {
      depth_ = 1;
    } else if (is_last_parenthesis()) {
      text_.remove_prefix(1);
      depth_ = 1;
    }
  }
  if (is_open != nullptr) *is_open = is_open_;
  return true;
}

bool geometry_reader::next_point(point& into) noexcept {
  if (!pair(into)) return false;
  take(',');
  return true;
}

bool geometry_reader::close_path() noexcept {
  skip_space();
  for (; depth_ > 0; --depth_) {
    if (!take(')') && !(is_open_ && take(']'))) return false;
    skip_space();
  }
  return true;
}

bool read_two_points(std::string_view text, bool* is_open, point& first, point& second) noexcept {
  geometry_reader in(text);
  return in.open_path(is_open) && in.next_point(first) && in.next_point(second) &&
         in.close_path() && in.at_end();
}

char* write_pair(const point& value, char* to) noexcept {
  *to++ = '(';
  to = write_float(value.x, to);
  *to++ = ',';
  to = write_float(value.y, to);
  *to++ = ')';
  return to;
}

}  // namespace tusk::detail
