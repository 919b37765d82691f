// Arrays of several dimensions, with bounds: tusk::array, and vectors and arrays in each other.
#include <array>
#include <optional>
#include <random>
#include <unordered_set>

#include "support/catch.hpp"
#include "tusk/types/types.hpp"
#include "unit/types_damage.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using grid = std::vector<std::vector<int>>;
using maybe_grid = std::vector<std::vector<std::optional<int>>>;
using string_grid = std::vector<std::vector<std::string>>;

// '[0:1][-1:1]={{1,2,3},{4,NULL,6}}'::int4[]
constexpr auto two_by_three =
    "00000002 00000001 00000017 00000002 00000000 00000003 ffffffff "
    "00000004 00000001 00000004 00000002 00000004 00000003 "
    "00000004 00000004 ffffffff 00000004 00000006";

tusk::array<int> two_by_three_value() {
  return {{{2, 0}, {3, -1}}, {1, 2, 3, 4, std::nullopt, 6}};
}

// What a literal makes of itself; nothing when it is refused.
std::string canonical(std::string_view literal) {
  const auto parsed = tusk::array<std::string>::parse(literal);
  return parsed ? parsed->to_string() : "refused";
}

}  // namespace

TEST_CASE("tusk::array keeps dimensions, lower bounds and NULLs of a binary array") {
  const auto value = decode<tusk::array<int>>(binary(oids::int4_array, two_by_three));
  CHECK(value == two_by_three_value());
  REQUIRE(value.dimensions().size() == 2);
  CHECK(value.dimensions()[0] == array_dimension{2, 0});
  CHECK(value.dimensions()[1].upper() == 1);
  CHECK(value.to_string() == "[0:1][-1:1]={{1,2,3},{4,NULL,6}}");
  CHECK(encode(value, oids::int4_array).bytes == wire(two_by_three));
  CHECK(encode(value, 0).bytes == wire(two_by_three));
}

TEST_CASE("every prefix of a binary array and a byte too many are refused") {
  check_damage<tusk::array<int>>(oids::int4_array, two_by_three);
  check_damage<maybe_grid>(oids::int4_array, two_by_three);
  check_damage<std::array<std::array<std::optional<int>, 3>, 2>>(oids::int4_array, two_by_three);
}

TEST_CASE("elements of tusk::array are found by place and by the server's subscripts") {
  tusk::array<int> value = two_by_three_value();
  CHECK(value.size() == 6);
  CHECK(value[0] == 1);
  CHECK(value.at(0, -1) == 1);
  CHECK(value.at(1, 1) == 6);
  CHECK_FALSE(value.at(1, 0).has_value());
  value[4] = 5;
  CHECK(value.at(1, 0) == 5);
  CHECK(data_error_of([&] { (void)value.at(2, 0); }) ==
        "tusk::array: the subscript 2 is not within [0:1]");
  CHECK_FALSE(data_error_of([&] { (void)value.at(0, 2); }).empty());
  CHECK(data_error_of([&] { (void)value.at(0); }) ==
        "tusk::array: 1 subscripts were given for an array of 2 dimensions");
}

TEST_CASE("tusk::array is refused dimensions that are not those of its elements") {
  using ints = tusk::array<int>;
  CHECK(ints().dimensions().empty());
  CHECK(ints(std::vector<std::optional<int>>()).dimensions().empty());
  CHECK(ints({1, 2}, 5).to_string() == "[5:6]={1,2}");
  CHECK_FALSE(data_error_of([] { (void)ints({{2, 1}, {2, 1}}, {1, 2, 3}); }).empty());
  CHECK_FALSE(data_error_of([] {
                (void)ints({array_dimension{0, 1}}, std::vector<std::optional<int>>());
              }).empty());
  CHECK_FALSE(data_error_of([] { (void)ints({{-1, 1}, {-1, 1}}, {1}); }).empty());
  CHECK_FALSE(data_error_of([] { (void)ints({1}, INT32_MAX); }).empty());
  CHECK(ints({1}, INT32_MAX - 1).to_string() == "[2147483646:2147483646]={1}");
  const std::vector<array_dimension> seven(7, array_dimension{1, 1});
  CHECK_FALSE(data_error_of([&] { (void)ints(seven, {1}); }).empty());
  CHECK(ints(std::span(seven).first(6), {1}).to_string() == "{{{{{{1}}}}}}");
}

TEST_CASE("tusk::array compares as the server does: elements, NULL above all, then the shape") {
  using ints = tusk::array<int>;
  CHECK(ints({1, 2}) < ints({1, 3}));
  CHECK(ints({1, 2}) < ints({1, 2, 0}));
  CHECK(ints({1, 1000}) < ints({1, std::nullopt}));
  CHECK(ints({1, std::nullopt}) == ints({1, std::nullopt}));
  CHECK(ints({1, 2}) != ints({1, 2}, 0));
  CHECK(ints({1, 2}, 0) < ints({1, 2}));
  CHECK(ints({1, 2}) < ints({{1, 1}, {2, 1}}, {1, 2}));
  std::unordered_set<ints> seen{ints({1}), ints({1}), ints({2})};
  CHECK(seen.size() == 2);
}

TEST_CASE(
    "an array's text is read with bounds, dimensions and white space, and printed as the "
    "server prints it") {
  CHECK(canonical("{}") == "{}");
  CHECK(canonical(" { } ") == "{}");
  CHECK(canonical("{{a,b},{c,\"d e\"}}") == "{{a,b},{c,\"d e\"}}");
  CHECK(canonical("{ { a , b } , { c , d } }") == "{{a,b},{c,d}}");
  CHECK(canonical("{{{1},{2}},{{3},{4}},{{5},{6}}}") == "{{{1},{2}},{{3},{4}},{{5},{6}}}");
  CHECK(canonical("[0:1]={x,y}") == "[0:1]={x,y}");
  CHECK(canonical("[1:2]={x,y}") == "{x,y}");
  CHECK(canonical("[2]={x,y}") == "{x,y}");
  CHECK(canonical(" [ -1 : 0 ] [ +3 : 3 ] = {{x},{y}}") == "[-1:0][3:3]={{x},{y}}");
  CHECK(canonical("{\"\",null,\"NULL\",\"a\\\\b\",\"q\\\"q\",\"{\",\"a,b\"}") ==
        "{\"\",NULL,\"NULL\",\"a\\\\b\",\"q\\\"q\",\"{\",\"a,b\"}");
  CHECK(canonical("{{{{{{1}}}}}}") == "{{{{{{1}}}}}}");
}

TEST_CASE("what makes no array is refused") {
  for (const char* wrong : {"",
                            " ",
                            "a",
                            "{",
                            "}",
                            "{{}",
                            "{}}",
                            "{{}}",
                            "{{},{}}",
                            "{{1},{}}",
                            "{{1},2}",
                            "{1,{2}}",
                            "{{1,2},{3}}",
                            "{{1},{2,3}}",
                            "{{1}{2}}",
                            "{1}{2}",
                            "{1},",
                            "{{1},}",
                            "{,{1}}",
                            "{\"a\"b}",
                            "{a\"b\"}",
                            "{\"a\"\"b\"}",
                            "{a{b}}",
                            "{{{{{{{1}}}}}}}",
                            "[1:2]={1}",
                            "[1:1]={{1}}",
                            "[1:1][1:1]={1}",
                            "[2:1]={1}",
                            "[1:0]={}",
                            "[1:1]{1}",
                            "[1:1]=",
                            "[]={1}",
                            "[:1]={1}",
                            "[1:]={1}",
                            "[1:1={1}",
                            "[1:1]]={1}",
                            "[99999999999]={1}",
                            "[+-1:-1]={1}",
                            "[2147483647:2147483647]={1}",
                            "[-2147483648:2147483646]={1}",
                            "[1:1][1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{{1}}}}}}}",
                            "{1}\\",
                            "{\\",
                            "{\"",
                            "{\"\\"})
    CHECK(canonical(wrong) == "refused");
}

TEST_CASE("vectors in vectors are arrays of several dimensions, both ways") {
  const grid two{{1, 2, 3}, {4, 5, 6}};
  const written sent = encode(two, oids::int4_array);
  CHECK(sent.as == format::binary);
  CHECK(sent.bytes == wire("00000002 00000000 00000017 00000002 00000001 00000003 00000001 "
                           "00000004 00000001 00000004 00000002 00000004 00000003 "
                           "00000004 00000004 00000004 00000005 00000004 00000006"));
  CHECK(round_trip(two, oids::int4_array) == two);
  CHECK(codec<grid>::type == oids::int4_array);
  CHECK(codec<grid>::name == "std::vector<std::vector<std::int32_t>>");
  CHECK(codec<grid>::to_text(two) == "{{1,2,3},{4,5,6}}");
  CHECK(decode<grid>(text(oids::int4_array, "{{1,2,3},{4,5,6}}")) == two);
  CHECK(decode<maybe_grid>(binary(oids::int4_array, two_by_three)) ==
        maybe_grid{{1, 2, 3}, {4, std::nullopt, 6}});
  const string_grid words{{"a", "NULL"}, {"", "x y"}};
  CHECK(encode(words, 0).text() == R"({{a,"NULL"},{"","x y"}})");
  CHECK(decode<string_grid>(text(oids::text_array, encode(words, 0).text())) == words);
  const std::vector<std::vector<std::vector<bool>>> flags{{{true, false}}, {{false, true}}};
  CHECK(round_trip(flags) == flags);
  const std::array<std::array<std::int16_t, 2>, 2> fixed{{{1, 2}, {3, 4}}};
  CHECK(round_trip(fixed) == fixed);
  const std::span<const std::vector<int>> view(two);
  CHECK(encode(view, oids::int4_array).bytes == sent.bytes);
}

TEST_CASE("six dimensions are read and written, and no more are understood") {
  using six = std::vector<std::vector<std::vector<std::vector<std::vector<std::vector<int>>>>>>;
  const six deep{{{{{{7, 8}}}}}};
  CHECK(round_trip(deep) == deep);
  CHECK(codec<six>::to_text(deep) == "{{{{{{7,8}}}}}}");
  CHECK(decode<six>(text(oids::int4_array, "{{{{{{7,8}}}}}}")) == deep);
}

TEST_CASE("an array that holds nothing has no dimensions, however deep it is asked for") {
  for (const grid& nothing : {grid{}, grid{{}}, grid{{}, {}}}) {
    CHECK(encode(nothing, oids::int4_array).bytes == wire("00000000 00000000 00000017"));
    CHECK(codec<grid>::to_text(nothing) == "{}");
  }
  CHECK(decode<grid>(text(oids::int4_array, "{}")).empty());
  CHECK(decode<grid>(binary(oids::int4_array, "00000000 00000000 00000017")).empty());
  CHECK(decode<grid>(binary(oids::int4_array,
                            "00000002 00000000 00000017 00000002 00000001 00000000 00000001"))
            .empty());
}

TEST_CASE("vectors of different lengths are refused before anything is sent") {
  for (const grid& ragged : {grid{{1, 2}, {3}}, grid{{1}, {2, 3}}, grid{{}, {1}}, grid{{1}, {}}}) {
    CHECK(data_error_of([&] { encode(ragged, oids::int4_array); }) ==
          "$1 (integer[]) cannot take this std::vector<std::vector<std::int32_t>>: its parts are "
          "of different lengths, and an array's must be of one");
    CHECK_FALSE(data_error_of([&] { (void)codec<grid>::to_text(ragged); }).empty());
  }
}

TEST_CASE("an array of another number of dimensions is refused with both numbers") {
  CHECK(data_error_of([] { (void)decode<grid>(text(oids::int4_array, "{1,2}")); }) ==
        "column \"c\" (integer[]) cannot be read as std::vector<std::vector<std::int32_t>>: it has "
        "1 dimension, not 2; read tusk::array, or vectors in vectors");
}

TEST_CASE("an array of fixed size is read when it has just that length") {
  using three = std::array<int, 3>;
  CHECK(decode<three>(text(oids::int4_array, "[7:9]={1,2,3}")) == three{1, 2, 3});
  CHECK(round_trip(three{1, 2, 3}) == three{1, 2, 3});
  CHECK(data_error_of([] { (void)decode<three>(text(oids::int4_array, "{1,2}")); }) ==
        "column \"c\" (integer[]) cannot be read as std::array<std::int32_t>: it has 2 elements, "
        "not 3; read std::vector");
  CHECK_FALSE(data_error_of([] { (void)decode<three>(text(oids::int4_array, "{}")); }).empty());
  CHECK(decode<std::array<int, 0>>(text(oids::int4_array, "{}")).empty());
}

TEST_CASE("int2vector and oidvector go from 0 in binary, and as lists in text") {
  const std::vector<std::int16_t> some{1, 2};
  CHECK(encode(some, oids::int2vector).bytes ==
        wire("00000001 00000000 00000015 00000002 00000000 00000002 0001 00000002 0002"));
  CHECK(round_trip(some, oids::int2vector) == some);
  const written none = encode(std::vector<std::int16_t>(), oids::int2vector);
  CHECK(none.as == format::text);
  CHECK(none.bytes.empty());
  const written words = encode(std::vector<std::string>{"7", "8"}, oids::oidvector);
  CHECK(words.as == format::text);
  CHECK(words.text() == "7 8");
  CHECK(decode<tusk::array<int>>(text(oids::int2vector, " 5  6 ")).to_string() == "[0:1]={5,6}");
  CHECK_FALSE(data_error_of([] {
                encode(std::vector<std::optional<int>>{1, std::nullopt}, oids::int2vector);
              }).empty());
  CHECK_FALSE(data_error_of([] { encode(grid{{1}}, oids::int2vector); }).empty());
}

TEST_CASE("an array of a domain carries the domain's number, and its elements the base's form") {
  type_info domain;
  domain.number = 90001;
  domain.name = "positive";
  domain.kind = type_kind::domain;
  domain.part = oids::int4;
  type_info list;
  list.number = 90002;
  list.kind = type_kind::array;
  list.part = domain.number;
  list.part_info = std::make_shared<type_info>(domain);
  REQUIRE(codec<std::vector<int>>::writes(list.ref()));
  REQUIRE(codec<grid>::reads(list.ref()));
  std::vector<std::byte> room(64);
  proto::writer out(room);
  value_writer to(out, list.ref(), 1);
  CHECK(codec<std::vector<int>>::encode(to, {5}) == format::binary);
  const auto bytes = wire("00000001 00000000 00015f91 00000001 00000001 00000004 00000005");
  CHECK(same_bytes(out.written(), bytes));
  field value{bytes.data(), static_cast<std::int32_t>(bytes.size()), list.ref(), format::binary};
  CHECK(codec<std::vector<int>>::decode(value) == std::vector<int>{5});
  CHECK(codec<tusk::array<int>>::decode(value) == tusk::array<int>({5}));
}

TEST_CASE("random arrays of any shape come back from their binary form and their text") {
  std::mt19937 source(20000104);
  constexpr std::string_view alphabet = "ab\"\\{}, \tNULnul;=[]";
  for (int round = 0; round < 1000; ++round) {
    std::vector<array_dimension> dimensions(source() % 4);
    std::size_t count = dimensions.empty() ? 0 : 1;
    for (array_dimension& one : dimensions) {
      one = {static_cast<std::int32_t>(1 + source() % 3),
             static_cast<std::int32_t>(source() % 5) - 2};
      count *= static_cast<std::size_t>(one.size);
    }
    std::vector<std::optional<std::string>> elements(count);
    for (std::optional<std::string>& each : elements) {
      if (source() % 5 == 0) continue;
      each.emplace();
      for (std::uint64_t left = source() % 6; left > 0; --left)
        each->push_back(alphabet[source() % alphabet.size()]);
    }
    const tusk::array<std::string> value(dimensions, elements);
    CAPTURE(value.to_string());
    CHECK(tusk::array<std::string>::parse(value.to_string()) == value);
    CHECK(round_trip(value, oids::text_array) == value);
    CHECK(print(binary(oids::text_array, encode(value, oids::text_array).hex())) ==
          value.to_string());
  }
}
