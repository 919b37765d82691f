#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/value_codec.hpp"

// The geometric types, of doubles that are kept bit by bit; NaN and the infinities are as good as
// any other number, as they are to the server.
//
// Two values are equal when all their numbers are, exactly: 0 equals -0, and NaN equals NaN, so
// that every value equals itself and can be hashed. The server's own operators differ: they take
// numbers within 1e-6 for equal, and compare boxes and circles by area. There is no ordering.
//
// `parse` takes every form that the server's input function takes, with decimal numbers;
// `to_string` and `to_chars` give the server's own text, numbers in their shortest form. `to_chars`
// needs at most `max_chars` characters, and gives `value_too_large` when there are fewer than it
// takes.

namespace tusk {
namespace detail {

constexpr bool same_number(double left, double right) noexcept {
  return left == right || (left != left && right != right);
}
/// The server's order of doubles, in which NaN is above everything (float8_lt).
constexpr bool number_less(double left, double right) noexcept {
  return left < right || (left == left && right != right);
}
[[nodiscard]] std::size_t hash_numbers(const double* numbers, std::size_t count) noexcept;

}  // namespace detail

/// A place in the plane: `(1,2)`.
struct point {
  /// A double takes up to 24 characters.
  static constexpr std::size_t max_chars = 51;

  double x = 0;
  double y = 0;

  [[nodiscard]] static std::optional<point> parse(std::string_view text) noexcept;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const point& left, const point& right) noexcept {
    return detail::same_number(left.x, right.x) && detail::same_number(left.y, right.y);
  }
};

/// A line segment from one point to another: `[(1,2),(3,4)]`.
struct lseg {
  static constexpr std::size_t max_chars = 105;

  point start;
  point end;

  [[nodiscard]] static std::optional<lseg> parse(std::string_view text) noexcept;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const lseg&, const lseg&) noexcept = default;
};

/// A rectangle along the axes: `(3,4),(1,2)`, its upper right corner first.
class box {
 public:
  static constexpr std::size_t max_chars = 103;

  constexpr box() noexcept = default;
  /// From two opposite corners, whichever: the larger x and the larger y become the upper right
  /// corner's, as the server does it (box_in). NaN is larger than everything.
  constexpr box(point one, point other) noexcept : high_(one), low_(other) {
    if (detail::number_less(high_.x, low_.x)) {
      high_.x = other.x;
      low_.x = one.x;
    }
    if (detail::number_less(high_.y, low_.y)) {
      high_.y = other.y;
      low_.y = one.y;
    }
  }

  [[nodiscard]] constexpr const point& high() const noexcept { return high_; }
  [[nodiscard]] constexpr const point& low() const noexcept { return low_; }

  [[nodiscard]] static std::optional<box> parse(std::string_view text) noexcept;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const box&, const box&) noexcept = default;

 private:
  point high_;
  point low_;
};

/// The infinite line on which `a`x + `b`y + `c` = 0: `{1,-1,0}`.
///
/// The server refuses lines whose `a` and `b` are both within 1e-6 of zero; so do `parse` and the
/// codec. The default is the x axis.
struct line {
  static constexpr std::size_t max_chars = 76;

  double a = 0;
  double b = -1;
  double c = 0;

  /// The line through two points, computed as the server does (line_construct); nullopt when they
  /// are within 1e-6 of each other in both directions.
  [[nodiscard]] static std::optional<line> through(const point& one, const point& other) noexcept;
  /// Takes the coefficients, or two points as `lseg::parse` does.
  [[nodiscard]] static std::optional<line> parse(std::string_view text) noexcept;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const line& left, const line& right) noexcept {
    return detail::same_number(left.a, right.a) && detail::same_number(left.b, right.b) &&
           detail::same_number(left.c, right.c);
  }
};

/// A circle: `<(1,2),3>`. The server refuses negative radii; so do `parse` and the codec.
struct circle {
  static constexpr std::size_t max_chars = 78;

  point center;
  double radius = 0;

  [[nodiscard]] static std::optional<circle> parse(std::string_view text) noexcept;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const circle& left, const circle& right) noexcept {
    return left.center == right.center && detail::same_number(left.radius, right.radius);
  }
};

/// Points in a row, whose last is joined to the first when it is closed: `[(1,2),(3,4)]` is open,
/// `((1,2),(3,4))` closed. Without a point it is no value of the server's: sending it throws.
struct path {
  std::vector<point> points;
  bool is_closed = false;

  [[nodiscard]] static std::optional<path> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend bool operator==(const path&, const path&) = default;
};

/// The area within a closed path: `((1,2),(3,4),(5,6))`. Equal when the points are, in the same
/// order. Without a point it is no value of the server's: sending it throws.
struct polygon {
  std::vector<point> points;

  [[nodiscard]] static std::optional<polygon> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend bool operator==(const polygon&, const polygon&) = default;
};

template <>
struct codec<point> : detail::value_codec<point, oids::point, oids::point_array> {
  static constexpr std::string_view name = "tusk::point";
};
template <>
struct codec<lseg> : detail::value_codec<lseg, oids::lseg, oids::lseg_array> {
  static constexpr std::string_view name = "tusk::lseg";
};
template <>
struct codec<box> : detail::value_codec<box, oids::box, oids::box_array> {
  static constexpr std::string_view name = "tusk::box";
};
template <>
struct codec<line> : detail::value_codec<line, oids::line, oids::line_array> {
  static constexpr std::string_view name = "tusk::line";
};
template <>
struct codec<circle> : detail::value_codec<circle, oids::circle, oids::circle_array> {
  static constexpr std::string_view name = "tusk::circle";
};
template <>
struct codec<path> : detail::value_codec<path, oids::path, oids::path_array> {
  static constexpr std::string_view name = "tusk::path";
};
template <>
struct codec<polygon> : detail::value_codec<polygon, oids::polygon, oids::polygon_array> {
  static constexpr std::string_view name = "tusk::polygon";
};

}  // namespace tusk

template <>
struct std::hash<tusk::point> {
  std::size_t operator()(const tusk::point& value) const noexcept { return value.hash(); }
};
template <>
struct std::hash<tusk::lseg> {
  std::size_t operator()(const tusk::lseg& value) const noexcept { return value.hash(); }
};
template <>
struct std::hash<tusk::box> {
  std::size_t operator()(const tusk::box& value) const noexcept { return value.hash(); }
};
template <>
struct std::hash<tusk::line> {
  std::size_t operator()(const tusk::line& value) const noexcept { return value.hash(); }
};
template <>
struct std::hash<tusk::circle> {
  std::size_t operator()(const tusk::circle& value) const noexcept { return value.hash(); }
};
template <>
struct std::hash<tusk::path> {
  std::size_t operator()(const tusk::path& value) const noexcept { return value.hash(); }
};
template <>
struct std::hash<tusk::polygon> {
  std::size_t operator()(const tusk::polygon& value) const noexcept { return value.hash(); }
};
