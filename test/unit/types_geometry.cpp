#include "tusk/types/geometry.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "unit/types_damage.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// 1, 2, 3 and 4 as doubles.
constexpr std::string_view one_two = "3ff0000000000000 4000000000000000";
constexpr std::string_view three_four = "4008000000000000 4010000000000000";

std::string joined(std::string_view first, std::string_view second) {
  return std::string(first).append(" ").append(second);
}

/// What to_chars() gives in just enough room, one character less, and plenty.
template <class T>
void check_chars(const T& value) {
  const std::string text = value.to_string();
  REQUIRE(text.size() <= T::max_chars);
  std::vector<char> room(text.size());
  const auto exact = value.to_chars(room.data(), room.data() + room.size());
  CHECK(exact.ec == std::errc{});
  CHECK(exact.ptr == room.data() + room.size());
  CHECK(std::string(room.begin(), room.end()) == text);
  CHECK(value.to_chars(room.data(), room.data() + room.size() - 1).ec ==
        std::errc::value_too_large);
  std::array<char, T::max_chars> plenty;
  const auto done = value.to_chars(plenty.data(), plenty.data() + plenty.size());
  CHECK(std::string(plenty.data(), done.ptr) == text);
}

/// A double of any bits, among them NaN, infinities and subnormals.
double draw(std::mt19937_64& source) {
  switch (source() % 8) {
    case 0: return not_a_number;
    case 1: return source() % 2 == 0 ? infinity : -infinity;
    case 2: return static_cast<double>(static_cast<std::int64_t>(source() % 2001) - 1000);
    case 3: return source() % 2 == 0 ? 0.0 : -0.0;
    default: return std::bit_cast<double>(source());
  }
}
point draw_point(std::mt19937_64& source) {
  const double x = draw(source);
  return {x, draw(source)};
}

template <class T>
void check_both_ways(const T& value) {
  CAPTURE(value.to_string());
  CHECK(round_trip(value) == value);
  CHECK(decode<T>(text(codec<T>::type, value.to_string())) == value);
  CHECK(T::parse(value.to_string())->to_string() == value.to_string());
}

}  // namespace

TEST_CASE("the binary forms of geometric types are their doubles in the server's order") {
  CHECK(decode<point>(binary(oids::point, one_two)) == point{1, 2});
  CHECK(encode(point{1, 2}, oids::point).bytes == wire(one_two));
  const std::string four = joined(one_two, three_four);
  CHECK(encode(lseg{{1, 2}, {3, 4}}, oids::lseg).bytes == wire(four));
  CHECK(decode<lseg>(binary(oids::lseg, four)) == lseg{{1, 2}, {3, 4}});
  CHECK(encode(box({1, 2}, {3, 4}), oids::box).bytes == wire(joined(three_four, one_two)));
  CHECK(encode(line{1, 2, 3}, oids::line).bytes == wire(joined(one_two, "4008000000000000")));
  CHECK(encode(circle{{1, 2}, 3}, oids::circle).bytes == wire(joined(one_two, "4008000000000000")));
  const std::string points = joined("00000002", four);
  CHECK(encode(path{{{1, 2}, {3, 4}}, false}, oids::path).bytes == wire(joined("00", points)));
  CHECK(encode(path{{{1, 2}, {3, 4}}, true}, oids::path).bytes == wire(joined("01", points)));
  CHECK(encode(polygon{{{1, 2}, {3, 4}}}, oids::polygon).bytes == wire(points));
  CHECK(decode<path>(binary(oids::path, joined("01", points))).is_closed);
}

TEST_CASE("damaged geometric values are refused by name") {
  check_damage<point>(oids::point, one_two);
  check_damage<lseg>(oids::lseg, joined(one_two, three_four));
  check_damage<box>(oids::box, joined(one_two, three_four));
  check_damage<line>(oids::line, joined(one_two, "0000000000000000"));
  check_damage<circle>(oids::circle, joined(one_two, "0000000000000000"));
  check_damage<path>(oids::path, joined("01 00000002", joined(one_two, three_four)));
  check_damage<polygon>(oids::polygon, joined("00000002", joined(one_two, three_four)));
  CHECK(
      data_error_of([] { (void)decode<point>(binary(oids::point, "00")); }) ==
      "column \"c\" (point) cannot be read as tusk::point: 1 byte is not the binary form of point");
}

TEST_CASE("counts of points that the bytes do not hold are refused before memory is asked for") {
  for (const char* count : {"7fffffff", "ffffffff", "80000000", "00000001", "00000003"}) {
    CAPTURE(count);
    const std::string points = joined(count, joined(one_two, three_four));
    CHECK_FALSE(
        data_error_of([&] { (void)decode<polygon>(binary(oids::polygon, points)); }).empty());
    const std::string marked = joined("01", points);
    CHECK_FALSE(data_error_of([&] { (void)decode<path>(binary(oids::path, marked)); }).empty());
  }
}

TEST_CASE("what the server cannot hold is neither read nor sent") {
  CHECK_FALSE(data_error_of([] { (void)decode<path>(binary(oids::path, "0100000000")); }).empty());
  CHECK_FALSE(
      data_error_of([] { (void)decode<polygon>(binary(oids::polygon, "00000000")); }).empty());
  const std::string marked = joined("02 00000001", one_two);
  CHECK(data_error_of([&] {
          (void)decode<path>(binary(oids::path, marked));
        }).find("neither open nor closed") != std::string::npos);
  const std::string zeros = "0000000000000000 0000000000000000 3ff0000000000000";
  CHECK(data_error_of([&] { (void)decode<line>(binary(oids::line, zeros)); }).find("A and B") !=
        std::string::npos);
  const std::string negative = joined(one_two, "bff0000000000000");
  CHECK(data_error_of([&] {
          (void)decode<circle>(binary(oids::circle, negative));
        }).find("negative") != std::string::npos);
  CHECK(data_error_of([] { encode(path{}, oids::path); }).find("no points") != std::string::npos);
  CHECK_FALSE(data_error_of([] { encode(polygon{}, oids::polygon); }).empty());
  CHECK_FALSE(data_error_of([] { encode(line{1e-6, 0, 1}, oids::line); }).empty());
  CHECK_FALSE(data_error_of([] { encode(circle{{}, -1}, oids::circle); }).empty());
  CHECK_FALSE(data_error_of([] { encode(point{}, oids::box); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<point>(binary(oids::box, one_two)); }).empty());
}

TEST_CASE("geometric types print as the server does and read all that it reads") {
  check_text<point>("(1,2)", "(1,2)");
  check_text<point>(" ( +1.50 , -2e3 ) ", "(1.5,-2000)");
  check_text<point>("1,2", "(1,2)");
  check_text<point>("(NaN,-inf)", "(NaN,-Infinity)");
  check_text<lseg>("[(1,2),(3,4)]", "[(1,2),(3,4)]");
  check_text<lseg>("((1,2),(3,4))", "[(1,2),(3,4)]");
  check_text<lseg>("1,2,3,4", "[(1,2),(3,4)]");
  check_text<box>("(1,2),(3,4)", "(3,4),(1,2)");
  check_text<box>("((1,4),(3,2))", "(3,4),(1,2)");
  check_text<box>("(1,4,3,2)", "(3,4),(1,2)");
  check_text<box>("1,4,3,2", "(3,4),(1,2)");
  check_text<line>("{1,-1,0.5}", "{1,-1,0.5}");
  check_text<line>("[(0,0),(1,1)]", "{1,-1,0}");
  check_text<line>("(1,5),(1,6)", "{-1,0,1}");
  check_text<line>("(1,5),(2,5)", "{0,-1,5}");
  check_text<circle>("<(1,2),3>", "<(1,2),3>");
  check_text<circle>("((1,2),3)", "<(1,2),3>");
  check_text<circle>("(1,2),3", "<(1,2),3>");
  check_text<circle>("1,2,3", "<(1,2),3>");
  check_text<path>("[(1,2),(3,4)]", "[(1,2),(3,4)]");
  check_text<path>("((1,2),(3,4))", "((1,2),(3,4))");
  check_text<path>("(1,2),(3,4)", "((1,2),(3,4))");
  check_text<path>("(1,2,3,4)", "((1,2),(3,4))");
  check_text<path>("1,2", "((1,2))");
  check_text<polygon>("((1,2),(3,4),(5,6))", "((1,2),(3,4),(5,6))");
  check_text<polygon>("1,2,3,4", "((1,2),(3,4))");
}

TEST_CASE("malformed geometric texts are refused") {
  for (const char* wrong :
       {"", " ", "(", "()", "(1)", "(1,2", "1,2)", "(1,2,3)", "(1;2)", "(1,2)x", "(,)", "(+-1,2)",
        "(--1,2)", "(1e400,2)", "(1e-400,2)", "(x,y)", "[1,2]"})
    check_no_text<point>(wrong);
  for (const char* wrong :
       {"[(1,2),(3,4)", "[(1,2)]", "(1,2),(3,4),(5,6)", "[(1,2),(3,4)]]", "{1,2}"})
    check_no_text<lseg>(wrong);
  for (const char* wrong : {"[(1,2),(3,4)]", "(1,2)", "((1,2),(3,4)", "1,2,3"})
    check_no_text<box>(wrong);
  for (const char* wrong :
       {"{0,0,1}", "{1,2}", "{1,2,3", "{1,2,3,4}", "{1e-7,-1e-7,1}", "(1,1),(1,1)"})
    check_no_text<line>(wrong);
  for (const char* wrong : {"<(1,2),-1>", "<(1,2)>", "<(1,2),3", "(1,2)", "<1,2,3", "((1,2),3"})
    check_no_text<circle>(wrong);
  for (const char* wrong : {"", "()", "[]", "[(1,2),(3,4)", "(1,2),(3", "1,2,3", "[(1,2)](3,4)"})
    check_no_text<path>(wrong);
  for (const char* wrong : {"", "()", "[(1,2),(3,4)]", "((1,2)", "(1,2),"})
    check_no_text<polygon>(wrong);
}

TEST_CASE("a box orders its corners as the server does, NaN above everything") {
  CHECK(box({1, 4}, {3, 2}).high() == point{3, 4});
  CHECK(box({1, 4}, {3, 2}).low() == point{1, 2});
  CHECK(box({not_a_number, 0}, {infinity, 1}).high() == point{not_a_number, 1});
  CHECK(box({infinity, 0}, {not_a_number, 1}).high() == point{not_a_number, 1});
  static_assert(box({0, 0}, {1, 1}) == box({1, 1}, {0, 0}));
}

TEST_CASE("equality is exact, with one zero and one NaN, and hashes agree with it") {
  CHECK(point{0, 0} == point{-0.0, 0});
  CHECK(point{not_a_number, 0} == point{-not_a_number, 0});
  CHECK_FALSE(point{1, 0} == point{1 + 1e-15, 0});
  CHECK(point{0, not_a_number}.hash() == point{-0.0, -not_a_number}.hash());
  CHECK_FALSE(point{0, 1}.hash() == point{1, 0}.hash());
  CHECK_FALSE(path{{{1, 2}}, true} == path{{{1, 2}}, false});
  CHECK_FALSE(std::hash<path>{}(path{{{1, 2}}, true}) == std::hash<path>{}(path{{{1, 2}}, false}));
}

TEST_CASE("a zero keeps its sign and a double every digit") {
  CHECK(encode(point{-0.0, 5e-324}, oids::point).hex() == "80000000000000000000000000000001");
  CHECK(point{-0.0, 5e-324}.to_string() == "(-0,5e-324)");
  CHECK(point{1e15, 123456789012345.6}.to_string() == "(1e+15,123456789012345.6)");
}

TEST_CASE("geometric types are written to characters in just the room they need") {
  check_chars(point{1, -2.5});
  check_chars(lseg{{1, 2}, {3, 4}});
  check_chars(box({1, 2}, {3, 4}));
  check_chars(line{1, 2, 3});
  check_chars(circle{{1, 2}, 3});
  const double longest = -2.2250738585072014e-308;
  check_chars(point{longest, longest});
  CHECK(point{longest, longest}.to_string().size() == point::max_chars);
  CHECK(lseg{{longest, longest}, {longest, longest}}.to_string().size() == lseg::max_chars);
  CHECK(box({longest, longest}, {longest, longest}).to_string().size() == box::max_chars);
  CHECK(line{longest, longest, longest}.to_string().size() == line::max_chars);
  CHECK(circle{{longest, longest}, longest}.to_string().size() == circle::max_chars);
}

TEST_CASE("a line through two points is the server's") {
  CHECK(line::through({0, 0}, {1, 2}) == line{2, -1, 0});
  CHECK(line::through({1, 0}, {1, 2}) == line{-1, 0, 1});
  CHECK(line::through({0, 3}, {1, 3}) == line{0, -1, 3});
  CHECK_FALSE(line::through({1, 1}, {1 + 1e-7, 1}));
  CHECK_FALSE(line::through({0, 1e308}, {1, -1e308}));
}

TEST_CASE("random shapes come back from their binary form and from their text") {
  std::mt19937_64 source(20000201);
  for (int i = 0; i < 1000; ++i) {
    const point one = draw_point(source);
    const point other = draw_point(source);
    check_both_ways(one);
    check_both_ways(lseg{one, other});
    check_both_ways(box(one, other));
    check_both_ways(line{1, one.x, one.y});
    check_both_ways(circle{one, std::fabs(other.x)});
    std::vector<point> points{one};
    for (std::uint64_t count = source() % 4; count > 0; --count)
      points.push_back(draw_point(source));
    check_both_ways(path{points, source() % 2 == 0});
    check_both_ways(polygon{points});
  }
}
