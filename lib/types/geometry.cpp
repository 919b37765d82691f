#include "tusk/types/geometry.hpp"

#include <bit>
#include <cmath>

#include "types/bounded_text.hpp"
#include "types/geometry_text.hpp"
#include "types/print_float.hpp"

namespace tusk {
namespace detail {

std::size_t hash_numbers(const double* numbers, std::size_t count) noexcept {
  std::uint64_t hash = count;
  for (std::size_t i = 0; i < count; ++i) {
    // Equal numbers alike: one zero, one NaN.
    const double number = numbers[i] == 0 ? 0 : numbers[i] != numbers[i] ? NAN : numbers[i];
    hash = (hash ^ std::bit_cast<std::uint64_t>(number)) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32U;
  }
  return static_cast<std::size_t>(hash);
}

namespace {

/// What the server takes for zero (FPzero).
constexpr double epsilon = 1e-6;

bool is_almost_zero(double value) noexcept {
  return std::fabs(value) <= epsilon;
}

/// Equal to the server (FPeq): equal infinities are, and their difference would be NaN.
bool are_almost_equal(double left, double right) noexcept {
  return left == right || is_almost_zero(left - right);
}

bool are_almost_equal(const point& left, const point& right) noexcept {
  // point_eq_point() falls back to exact comparison where there is a NaN.
  if (left.x != left.x || left.y != left.y || right.x != right.x || right.y != right.y)
    return left == right;
  return are_almost_equal(left.x, right.x) && are_almost_equal(left.y, right.y);
}

// Each gives the end of what it writes, and has room for its type's `max_chars`.

char* write(const point& value, char* to) noexcept {
  return write_pair(value, to);
}

char* write(const lseg& value, char* to) noexcept {
  *to++ = '[';
  to = write_pair(value.start, to);
  *to++ = ',';
  to = write_pair(value.end, to);
  *to++ = ']';
  return to;
}

char* write(const box& value, char* to) noexcept {
  to = write_pair(value.high(), to);
  *to++ = ',';
  return write_pair(value.low(), to);
}

char* write(const line& value, char* to) noexcept {
  *to++ = '{';
  to = write_float(value.a, to);
  *to++ = ',';
  to = write_float(value.b, to);
  *to++ = ',';
  to = write_float(value.c, to);
  *to++ = '}';
  return to;
}

char* write(const circle& value, char* to) noexcept {
  *to++ = '<';
  to = write_pair(value.center, to);
  *to++ = ',';
  to = write_float(value.radius, to);
  *to++ = '>';
  return to;
}

template <class T>
std::to_chars_result put(const T& value, char* first, char* last) noexcept {
  return bounded_text::put<T::max_chars>(first, last,
                                         [&value](char* to) { return write(value, to); });
}

}  // namespace

bool is_line(const line& value) noexcept {
  return !is_almost_zero(value.a) || !is_almost_zero(value.b);
}

}  // namespace detail

std::optional<point> point::parse(std::string_view text) noexcept {
  detail::geometry_reader in(text);
  point result;
  if (!in.pair(result) || !in.at_end()) return std::nullopt;
  return result;
}

std::optional<lseg> lseg::parse(std::string_view text) noexcept {
  lseg result;
  bool is_open = false;
  if (!detail::read_two_points(text, &is_open, result.start, result.end)) return std::nullopt;
  return result;
}

std::optional<box> box::parse(std::string_view text) noexcept {
  point one;
  point other;
  if (!detail::read_two_points(text, nullptr, one, other)) return std::nullopt;
  return box(one, other);
}

std::optional<line> line::through(const point& one, const point& other) noexcept {
  if (detail::are_almost_equal(one, other)) return std::nullopt;
  if (detail::are_almost_equal(one.x, other.x)) return line{-1, 0, one.x};
  if (detail::are_almost_equal(one.y, other.y)) return line{0, -1, one.y};
  const double slope = (one.y - other.y) / (one.x - other.x);
  // The sum turns -0 into 0.
  const line result{slope, -1, one.y - slope * one.x + 0.0};
  // The server calls it out of range when numbers that are not infinite make one that is.
  const bool is_finite = std::isfinite(one.x + one.y) && std::isfinite(other.x + other.y);
  if (is_finite && !std::isfinite(result.a + result.c)) return std::nullopt;
  return result;
}

std::optional<line> line::parse(std::string_view text) noexcept {
  detail::geometry_reader in(text);
  in.skip_space();
  if (!in.take('{')) {
    point one;
    point other;
    bool is_open = false;
    if (!detail::read_two_points(text, &is_open, one, other)) return std::nullopt;
    return through(one, other);
  }
  line result;
  if (!in.number(result.a) || !in.take(',') || !in.number(result.b) || !in.take(',') ||
      !in.number(result.c) || !in.take('}'))
    return std::nullopt;
  in.skip_space();
  if (!in.at_end() || !detail::is_line(result)) return std::nullopt;
  return result;
}

std::optional<circle> circle::parse(std::string_view text) noexcept {
  detail::geometry_reader in(text);
  in.skip_space();
  const bool is_angled = in.take('<');
  // A parenthesis is the whole's only when the center has one of its own.
  const bool is_enclosed = !is_angled && in.at('(') && in.enter_parenthesis();
  circle result;
  if (!in.pair(result.center)) return std::nullopt;
  in.take(',');
  if (!in.number(result.radius) || result.radius < 0) return std::nullopt;
  if (is_angled || is_enclosed) {
    if (!in.take(')') && !in.take('>')) return std::nullopt;
    in.skip_space();
  }
  if (!in.at_end()) return std::nullopt;
  return result;
}

std::to_chars_result point::to_chars(char* first, char* last) const noexcept {
  return detail::put(*this, first, last);
}
std::to_chars_result lseg::to_chars(char* first, char* last) const noexcept {
  return detail::put(*this, first, last);
}
std::to_chars_result box::to_chars(char* first, char* last) const noexcept {
  return detail::put(*this, first, last);
}
std::to_chars_result line::to_chars(char* first, char* last) const noexcept {
  return detail::put(*this, first, last);
}
std::to_chars_result circle::to_chars(char* first, char* last) const noexcept {
  return detail::put(*this, first, last);
}

std::string point::to_string() const {
  return bounded_text::string_of(*this);
}
std::string lseg::to_string() const {
  return bounded_text::string_of(*this);
}
std::string box::to_string() const {
  return bounded_text::string_of(*this);
}
std::string line::to_string() const {
  return bounded_text::string_of(*this);
}
std::string circle::to_string() const {
  return bounded_text::string_of(*this);
}

std::size_t point::hash() const noexcept {
  const double all[] = {x, y};
  return detail::hash_numbers(all, 2);
}
std::size_t lseg::hash() const noexcept {
  const double all[] = {start.x, start.y, end.x, end.y};
  return detail::hash_numbers(all, 4);
}
std::size_t box::hash() const noexcept {
  const double all[] = {high_.x, high_.y, low_.x, low_.y};
  return detail::hash_numbers(all, 4);
}
std::size_t line::hash() const noexcept {
  const double all[] = {a, b, c};
  return detail::hash_numbers(all, 3);
}
std::size_t circle::hash() const noexcept {
  const double all[] = {center.x, center.y, radius};
  return detail::hash_numbers(all, 3);
}

}  // namespace tusk
