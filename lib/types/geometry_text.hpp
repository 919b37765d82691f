#pragma once

#include <string_view>

#include "tusk/types/geometry.hpp"

/// The text forms that the geometric types share (geo_ops.c).
namespace tusk::detail {

/// Reads the input forms from the front of a text. Each function is false when it cannot, and the
/// text is then of no more use.
class geometry_reader {
 public:
  explicit geometry_reader(std::string_view text) noexcept : text_(text) {}

  /// A number with white space around it (float8in_internal). False when it is out of range.
  bool number(double& into) noexcept;
  /// `x,y` or `(x,y)` (pair_decode).
  bool pair(point& into) noexcept;
  /// What stands before the points of a segment, a box, a path or a polygon: `[` where `is_open` is
  /// asked about, `(`, or nothing (path_decode).
  bool open_path(bool* is_open) noexcept;
  /// The points' next one, and the comma behind it if there is one.
  bool next_point(point& into) noexcept;
  /// What stands behind the points.
  bool close_path() noexcept;

  void skip_space() noexcept;
  /// Takes `c` when it comes next.
  bool take(char c) noexcept;
  [[nodiscard]] bool at(char c) const noexcept { return text_.starts_with(c); }
  /// Whether the parenthesis at hand is followed by another one, which it then moves to.
  bool enter_parenthesis() noexcept;
  /// Whether the parenthesis at hand is the last opening one in the text.
  [[nodiscard]] bool is_last_parenthesis() const noexcept { return text_.rfind('(') == 0; }
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

 private:
  std::string_view text_;
  int depth_ = 0;  ///< what open_path() found, to be closed
  bool is_open_ = false;
};

/// Whether `a` and `b` are a line's to the server: not both within 1e-6 of zero (line_in).
[[nodiscard]] bool is_line(const line& value) noexcept;

/// Two points as segments and boxes are written. False when that is not all there is.
bool read_two_points(std::string_view text, bool* is_open, point& first, point& second) noexcept;

/// `(x,y)`; gives the end. `to` has room for `point::max_chars`.
char* write_pair(const point& value, char* to) noexcept;

}  // namespace tusk::detail
