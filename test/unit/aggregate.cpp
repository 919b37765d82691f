#include "tusk/aggregate.hpp"

#include <any>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "support/catch.hpp"

using tusk::detail::member_count;
using tusk::detail::member_names;
using tusk::detail::members_t;

namespace rows {

struct one {
  int only;
};
struct account {
  std::int64_t id;
  std::string name;
  std::optional<std::string> note;
};
struct point {
  double x, y;
};
struct nested {
  point from;
  point to;
  int weight;
};
struct arrays {
  std::array<int, 3> a;
  std::array<std::string, 2> b;
  int c;
};
struct taking_anything {
  taking_anything() = default;
  template <class T>
  taking_anything(T&&) {}  // NOLINT: the trap under test
};
struct greedy {
  taking_anything first;
  int second;
  std::any third;
  taking_anything fourth;
};
class no_default {
 public:
  explicit no_default(int) {}
};
struct demanding {
  no_default a;
  int b;
  no_default c;
};
struct with_default {
  int a = 1;
  no_default b = no_default(2);
  std::string c = "x";
};
struct explicit_default {
  explicit explicit_default() = default;
};
struct needs_braces {
  explicit_default a;
  int b;
};
struct move_only {
  std::unique_ptr<int> p;
  int q;
};
struct containers {
  std::vector<int> a;
  std::variant<int, std::string> b;
  std::string_view c;
  std::tuple<int, int> d;
  std::pair<int, int> e;
  bool f;
  char g;
  const int h;
  std::vector<std::optional<std::string>> i;
};
struct empty_member {};
struct with_empty {
  [[maybe_unused]] empty_member a;
  int b;
  [[no_unique_address]] empty_member c;
};
struct optionals {
  std::optional<int> a;
  std::optional<point> b;
  std::optional<std::any> c;
};
template <class T>
struct wrapped {
  T value;
  int rank_2;
};
struct underscores {
  int _a, b_, c_d_9, camelCase;
};
// clang-format off
struct sixty_four {
  int a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
  int c0, c1, c2, c3, c4, c5, c6, c7, d0, d1, d2, d3, d4, d5, d6, d7;
  int e0, e1, e2, e3, e4, e5, e6, e7, f0, f1, f2, f3, f4, f5, f6, f7;
  int g0, g1, g2, g3, g4, g5, g6, g7, h0, h1, h2, h3, h4, h5, h6; std::string h7;
};
// clang-format on

}  // namespace rows

namespace {

struct hidden {
  rows::point inner;
  std::string text;
};

template <class T>
std::vector<std::string_view> names_of() {
  const auto names = member_names<T>();
  return {names.begin(), names.end()};
}

using names = std::vector<std::string_view>;

}  // namespace

TEST_CASE("members are counted whatever they are", "[aggregate]") {
  STATIC_REQUIRE(member_count<rows::one> == 1);
  STATIC_REQUIRE(member_count<rows::account> == 3);
  STATIC_REQUIRE(member_count<rows::point> == 2);
  STATIC_REQUIRE(member_count<rows::nested> == 3);
  STATIC_REQUIRE(member_count<rows::arrays> == 3);
  STATIC_REQUIRE(member_count<rows::greedy> == 4);
  STATIC_REQUIRE(member_count<rows::demanding> == 3);
  STATIC_REQUIRE(member_count<rows::with_default> == 3);
  STATIC_REQUIRE(member_count<rows::needs_braces> == 2);
  STATIC_REQUIRE(member_count<rows::move_only> == 2);
  STATIC_REQUIRE(member_count<rows::containers> == 9);
  STATIC_REQUIRE(member_count<rows::with_empty> == 3);
  STATIC_REQUIRE(member_count<rows::optionals> == 3);
  STATIC_REQUIRE(member_count<rows::wrapped<rows::nested>> == 2);
  STATIC_REQUIRE(member_count<rows::sixty_four> == 64);
  STATIC_REQUIRE(member_count<hidden> == 2);
}

TEST_CASE("members have the types that they were declared with", "[aggregate]") {
  STATIC_REQUIRE(std::is_same_v<members_t<rows::account>,
                                std::tuple<std::int64_t, std::string, std::optional<std::string>>>);
  STATIC_REQUIRE(std::is_same_v<members_t<rows::arrays>,
                                std::tuple<std::array<int, 3>, std::array<std::string, 2>, int>>);
  STATIC_REQUIRE(
      std::is_same_v<members_t<rows::nested>, std::tuple<rows::point, rows::point, int>>);
  STATIC_REQUIRE(
      std::is_same_v<members_t<rows::greedy>,
                     std::tuple<rows::taking_anything, int, std::any, rows::taking_anything>>);
  STATIC_REQUIRE(std::is_same_v<members_t<rows::move_only>, std::tuple<std::unique_ptr<int>, int>>);
  STATIC_REQUIRE(std::is_same_v<std::tuple_element_t<7, members_t<rows::containers>>, const int>);
  STATIC_REQUIRE(
      std::is_same_v<std::tuple_element_t<63, members_t<rows::sixty_four>>, std::string>);
}

TEST_CASE("members have the names that they were declared with", "[aggregate]") {
  CHECK(names_of<rows::one>() == names{"only"});
  CHECK(names_of<rows::account>() == names{"id", "name", "note"});
  CHECK(names_of<rows::nested>() == names{"from", "to", "weight"});
  CHECK(names_of<rows::arrays>() == names{"a", "b", "c"});
  CHECK(names_of<rows::greedy>() == names{"first", "second", "third", "fourth"});
  CHECK(names_of<rows::demanding>() == names{"a", "b", "c"});
  CHECK(names_of<rows::move_only>() == names{"p", "q"});
  CHECK(names_of<rows::containers>() == names{"a", "b", "c", "d", "e", "f", "g", "h", "i"});
  CHECK(names_of<rows::with_empty>() == names{"a", "b", "c"});
  CHECK(names_of<rows::wrapped<rows::wrapped<std::string>>>() == names{"value", "rank_2"});
  CHECK(names_of<rows::underscores>() == names{"_a", "b_", "c_d_9", "camelCase"});
  CHECK(names_of<rows::sixty_four>().at(63) == "h7");
  STATIC_REQUIRE(member_names<rows::account>()[1] == "name");
}

TEST_CASE("types without linkage have names too", "[aggregate]") {
  struct local {
    int in_function;
    hidden deep;
  };
  CHECK(names_of<hidden>() == names{"inner", "text"});
  CHECK(names_of<local>() == names{"in_function", "deep"});
}
