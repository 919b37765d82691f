#include <algorithm>

#include "tusk/types/geometry.hpp"
#include "types/geometry_text.hpp"

namespace tusk {
namespace {

/// How many points a text has: each has one comma, and there is one between any two (pair_count).
std::size_t count_points(std::string_view text) noexcept {
  const auto commas = static_cast<std::size_t>(std::count(text.begin(), text.end(), ','));
  return commas % 2 == 0 ? 0 : (commas + 1) / 2;
}

bool read_points(detail::geometry_reader& in, std::size_t count, std::vector<point>& into) {
  into.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    if (!in.next_point(into.emplace_back())) return false;
  return count > 0;
}

std::string print(const std::vector<point>& points, char opening, char closing) {
  std::string text(1, opening);
  for (const point& each : points) {
    if (text.size() > 1) text.push_back(',');
    text.append(each.to_string());
  }
  text.push_back(closing);
  return text;
}

std::size_t hash_points(const std::vector<point>& points, std::size_t seed) noexcept {
  for (const point& each : points)
    seed = seed * 31 + each.hash();
  return seed;
}

}  // namespace

std::optional<path> path::parse(std::string_view text) {
  detail::geometry_reader in(text);
  in.skip_space();
  // One parenthesis in front of points that have none; open_path() takes all others.
  const bool is_enclosed = in.at('(') && in.is_last_parenthesis();
  if (is_enclosed) in.take('(');
  path result;
  bool is_open = false;
  if (!in.open_path(&is_open) || !read_points(in, count_points(text), result.points) ||
      !in.close_path())
    return std::nullopt;
  if (is_enclosed) {
    if (!in.take(')')) return std::nullopt;
    in.skip_space();
  }
  if (!in.at_end()) return std::nullopt;
  result.is_closed = !is_open;
  return result;
}

std::string path::to_string() const {
  return is_closed ? print(points, '(', ')') : print(points, '[', ']');
}

std::size_t path::hash() const noexcept {
  return hash_points(points, is_closed ? 1 : 0);
}

std::optional<polygon> polygon::parse(std::string_view text) {
  detail::geometry_reader in(text);
  polygon result;
  if (!in.open_path(nullptr) || !read_points(in, count_points(text), result.points) ||
      !in.close_path() || !in.at_end())
    return std::nullopt;
  return result;
}

std::string polygon::to_string() const {
  return print(points, '(', ')');
}

std::size_t polygon::hash() const noexcept {
  return hash_points(points, 2);
}

}  // namespace tusk
