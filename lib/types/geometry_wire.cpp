#include <bit>

#include "tusk/types/geometry.hpp"
#include "types/geometry_text.hpp"
#include "types/value_wire.hpp"

// The binary forms of point_send, lseg_send, box_send, line_send, circle_send, path_send and
// poly_send.
namespace tusk::detail {
namespace {

/// A point's two doubles.
constexpr std::size_t point_size = 16;

double read_number(proto::reader& in) noexcept {
  return std::bit_cast<double>(in.integer<std::uint64_t>());
}
point read_point(proto::reader& in) noexcept {
  const double x = read_number(in);
  return {x, read_number(in)};
}
void write_number(proto::writer& out, double value) noexcept {
  out.integer(std::bit_cast<std::uint64_t>(value));
}
void write_point(proto::writer& out, const point& value) noexcept {
  write_number(out, value.x);
  write_number(out, value.y);
}

/// An Int32 count and the points. A count that the bytes do not hold exactly reads nothing.
void read_points(proto::reader& in, std::vector<point>& into) {
  const std::int32_t count = in.i32();
  if (count < 0 || static_cast<std::size_t>(count) != in.remaining() / point_size) {
    in.fail(proto::fault::truncated);
    return;
  }
  into.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i)
    into.push_back(read_point(in));
}

template <class T>
void write_points(value_writer& to, const T& value) {
  const std::size_t count = value.points.size();
  if (count == 0) to.fail(codec<T>::name, "it has no points, and the server takes none without");
  if (count > INT32_MAX / point_size)
    to.fail(codec<T>::name, "it has " + std::to_string(count) + " points, too many for a value");
  to.out().i32(static_cast<std::int32_t>(count));
  for (const point& each : value.points)
    write_point(to.out(), each);
}

constexpr std::string_view no_points = "it has no points";

}  // namespace

template <>
struct value_wire<point> {
  static constexpr std::string_view what = "a point";
  static std::optional<point> parse(std::string_view text) noexcept { return point::parse(text); }
  static std::string_view read(proto::reader& in, point& into) noexcept {
    into = read_point(in);
    return {};
  }
  static void write(value_writer& to, const point& value) noexcept { write_point(to.out(), value); }
};

template <>
struct value_wire<lseg> {
  static constexpr std::string_view what = "a line segment";
  static std::optional<lseg> parse(std::string_view text) noexcept { return lseg::parse(text); }
  static std::string_view read(proto::reader& in, lseg& into) noexcept {
    into.start = read_point(in);
    into.end = read_point(in);
    return {};
  }
  static void write(value_writer& to, const lseg& value) noexcept {
    write_point(to.out(), value.start);
    write_point(to.out(), value.end);
  }
};

template <>
struct value_wire<box> {
  static constexpr std::string_view what = "a box";
  static std::optional<box> parse(std::string_view text) noexcept { return box::parse(text); }
  static std::string_view read(proto::reader& in, box& into) noexcept {
    const point high = read_point(in);
    into = box(high, read_point(in));
    return {};
  }
  static void write(value_writer& to, const box& value) noexcept {
    write_point(to.out(), value.high());
    write_point(to.out(), value.low());
  }
};

template <>
struct value_wire<line> {
  static constexpr std::string_view what = "a line";
  static std::optional<line> parse(std::string_view text) noexcept { return line::parse(text); }
  static std::string_view read(proto::reader& in, line& into) noexcept {
    into.a = read_number(in);
    into.b = read_number(in);
    into.c = read_number(in);
    if (in.ok() && !is_line(into)) return "its A and B are both zero";
    return {};
  }
  static void write(value_writer& to, const line& value) {
    if (!is_line(value)) to.fail(codec<line>::name, "its a and b are both within 1e-6 of zero");
    write_number(to.out(), value.a);
    write_number(to.out(), value.b);
    write_number(to.out(), value.c);
  }
};

template <>
struct value_wire<circle> {
  static constexpr std::string_view what = "a circle";
  static std::optional<circle> parse(std::string_view text) noexcept { return circle::parse(text); }
  static std::string_view read(proto::reader& in, circle& into) noexcept {
    into.center = read_point(in);
    into.radius = read_number(in);
    if (into.radius < 0) return "its radius is negative";
    return {};
  }
  static void write(value_writer& to, const circle& value) {
    if (value.radius < 0) to.fail(codec<circle>::name, "its radius is negative");
    write_point(to.out(), value.center);
    write_number(to.out(), value.radius);
  }
};

template <>
struct value_wire<path> {
  static constexpr std::string_view what = "a path";
  static std::optional<path> parse(std::string_view text) { return path::parse(text); }
  static std::string_view read(proto::reader& in, path& into) {
    const std::uint8_t closed = in.u8();
    read_points(in, into.points);
    if (closed > 1) return "it is marked neither open nor closed";
    if (in.ok() && into.points.empty()) return no_points;
    into.is_closed = closed == 1;
    return {};
  }
  static void write(value_writer& to, const path& value) {
    to.out().u8(value.is_closed ? 1 : 0);
    write_points(to, value);
  }
};

template <>
struct value_wire<polygon> {
  static constexpr std::string_view what = "a polygon";
  static std::optional<polygon> parse(std::string_view text) { return polygon::parse(text); }
  static std::string_view read(proto::reader& in, polygon& into) {
    read_points(in, into.points);
    if (in.ok() && into.points.empty()) return no_points;
    return {};
  }
  static void write(value_writer& to, const polygon& value) { write_points(to, value); }
};

template struct value_codec<point, oids::point, oids::point_array>;
template struct value_codec<lseg, oids::lseg, oids::lseg_array>;
template struct value_codec<box, oids::box, oids::box_array>;
template struct value_codec<line, oids::line, oids::line_array>;
template struct value_codec<circle, oids::circle, oids::circle_array>;
template struct value_codec<path, oids::path, oids::path_array>;
template struct value_codec<polygon, oids::polygon, oids::polygon_array>;

}  // namespace tusk::detail
