// Ranges and multiranges.
#include <optional>
#include <random>
#include <unordered_set>

#include "support/catch.hpp"
#include "tusk/types/types.hpp"
#include "unit/types_damage.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using ints = tusk::range<int>;
using strings = tusk::range<std::string>;

std::string canonical(std::string_view literal) {
  const auto parsed = strings::parse(literal);
  return parsed ? parsed->to_string() : "refused";
}

std::string canonical_many(std::string_view literal) {
  const auto parsed = tusk::multirange<std::string>::parse(literal);
  return parsed ? parsed->to_string() : "refused";
}

}  // namespace

TEST_CASE("a range goes to and comes from binary with its flags and bounds") {
  const auto check = [](const ints& value, std::string_view bytes, std::string_view shown) {
    CAPTURE(std::string(shown));
    CHECK(encode(value, oids::int4range).bytes == wire(bytes));
    CHECK(encode(value, 0).bytes == wire(bytes));
    CHECK(decode<ints>(binary(oids::int4range, bytes)) == value);
    CHECK(decode<ints>(text(oids::int4range, shown)) == value);
    CHECK(value.to_string() == shown);
    check_damage<ints>(oids::int4range, bytes);
  };
  check(ints(), "01", "empty");
  check(ints(1, 5), "02 00000004 00000001 00000004 00000005", "[1,5)");
  check(ints(1, 5, range_bounds::closed), "06 00000004 00000001 00000004 00000005", "[1,5]");
  check(ints(1, 5, range_bounds::open), "00 00000004 00000001 00000004 00000005", "(1,5)");
  check(ints(1, 5, range_bounds::open_closed), "04 00000004 00000001 00000004 00000005", "(1,5]");
  check(ints(std::nullopt, 5), "08 00000004 00000005", "(,5)");
  check(ints(1, std::nullopt), "12 00000004 00000001", "[1,)");
  check(ints(std::nullopt, std::nullopt, range_bounds::closed), "18", "(,)");
  CHECK(codec<ints>::type == oids::int4range);
}

TEST_CASE("a binary range that is malformed is refused") {
  for (const char* wrong : {"", "01 00", "02", "02 00000004 00000001", "18 00", "02 ffffffff",
                            "02 ffffffff 00000004 00000001", "02 7fffffff 00000001",
                            "02 00000004 00000001 fffffffe", "08 00000005 0000000001"})
    CHECK_FALSE(data_error_of([&] { (void)decode<ints>(binary(oids::int4range, wrong)); }).empty());
  // Flags that the server keeps to itself are dropped; what is empty has no other.
  CHECK(decode<ints>(binary(oids::int4range, "81")) == ints());
  CHECK(decode<ints>(binary(oids::int4range, "07")) == ints());
}

TEST_CASE("a range knows its bounds, and equal ones that do not both belong to it make it empty") {
  const ints some(1, 5);
  CHECK(some.lower() == 1);
  CHECK(some.lower_inclusive());
  CHECK_FALSE(some.upper_inclusive());
  CHECK_FALSE(some.lower_infinite());
  CHECK(ints(1, std::nullopt).upper_infinite());
  CHECK(ints(3, 3).is_empty());
  CHECK(ints(3, 3, range_bounds::open).is_empty());
  CHECK_FALSE(ints(3, 3, range_bounds::closed).is_empty());
  CHECK_FALSE(ints(3, 3).lower().has_value());
  CHECK_FALSE(ints().upper_infinite());
}

TEST_CASE("a missing bound is not a bound that is infinity") {
  const tusk::range<date> forever(date(0), date::infinity());
  const tusk::range<date> endless(date(0), std::nullopt);
  CHECK(forever != endless);
  CHECK(forever.to_string() == "[2000-01-01,infinity)");
  CHECK(endless.to_string() == "[2000-01-01,)");
  CHECK_FALSE(forever.contains(date::infinity()));
  CHECK(endless.contains(date::infinity()));
  CHECK(round_trip(forever) == forever);
}

TEST_CASE("a range contains what lies between its bounds") {
  CHECK(ints(1, 5).contains(1));
  CHECK_FALSE(ints(1, 5).contains(5));
  CHECK_FALSE(ints(1, 5, range_bounds::open_closed).contains(1));
  CHECK(ints(1, 5, range_bounds::open_closed).contains(5));
  CHECK(ints(std::nullopt, 5).contains(-1000));
  CHECK_FALSE(ints(std::nullopt, 5).contains(6));
  CHECK(ints(std::nullopt, std::nullopt).contains(0));
  CHECK_FALSE(ints().contains(0));
}

TEST_CASE("ranges are ordered as the server orders them") {
  const std::vector<ints> ordered{ints(),
                                  ints(std::nullopt, 1),
                                  ints(std::nullopt, 1, range_bounds::open_closed),
                                  ints(std::nullopt, std::nullopt),
                                  ints(1, 4),
                                  ints(1, 4, range_bounds::closed),
                                  ints(1, std::nullopt),
                                  ints(1, 4, range_bounds::open),
                                  ints(2, 3)};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j)
      CHECK((ordered[i] <=> ordered[j]) == (i <=> j));
  CHECK(std::unordered_set<ints>{ints(1, 2), ints(1, 2), ints()}.size() == 2);
}

TEST_CASE("a range's text is read with quotes and escapes, and printed as the server prints it") {
  CHECK(canonical("empty") == "empty");
  CHECK(canonical(" EMPTY ") == "empty");
  CHECK(canonical("[a,b)") == "[a,b)");
  CHECK(canonical(" (a,b] ") == "(a,b]");
  CHECK(canonical("[a,]") == "[a,)");
  CHECK(canonical("[,b]") == "(,b]");
  CHECK(canonical("(,)") == "(,)");
  CHECK(canonical("[ a ,b c]") == "[\" a \",\"b c\"]");
  CHECK(canonical("[\"\",b)") == "[\"\",b)");
  CHECK(canonical("[\"a,b\",\"c)\")") == "[\"a,b\",\"c)\")");
  CHECK(canonical("[\"a\"\"b\",\"c\\\\d\")") == "[\"a\"\"b\",\"c\\\\d\")");
  CHECK(canonical("[a\\,b,c\\]d)") == "[\"a,b\",\"c]d\")");
  CHECK(canonical("[a\"b\"c,d\"\")") == "[abc,d)");
  CHECK(canonical("[(,b)") == "[\"(\",b)");
  CHECK(strings::parse("[\"2024-01-01 00:00:00\",)")->lower() == "2024-01-01 00:00:00");
}

TEST_CASE("what makes no range is refused with its column and type") {
  for (const char* wrong : {"",        " ",       "e",    "emptyx",  "empty,", "[",      "(",
                            "[1",      "[1,",     "[1,2", "1,2]",    "[1)",    "[1,2)x", "[1,2,3)",
                            "[\"1,2)", "[1,\"2)", "[1\\", "[1,2\\)", "[1,2))", "{[1,2)}"}) {
    CAPTURE(wrong);
    CHECK(canonical(wrong) == "refused");
    CHECK(data_error_of([&] {
            (void)decode<ints>(text(oids::int4range, wrong));
          }).find("column \"c\" (int4range) cannot be read as tusk::range<std::int32_t>: ") == 0);
  }
  CHECK(data_error_of([] { (void)decode<ints>(text(oids::int4range, "[a,2)")); }) ==
        "column \"c\" (int4range) cannot be read as std::int32_t: \"a\" is not an integer");
}

TEST_CASE("ranges are read from the types whose bounds fit, and sent likewise") {
  CHECK(codec<ints>::reads(oids::int8range));
  CHECK_FALSE(codec<ints>::reads(oids::daterange));
  CHECK_FALSE(codec<ints>::reads(oids::int4));
  CHECK_FALSE(codec<ints>::reads(oids::int4multirange));
  CHECK(codec<strings>::reads(oids::tstzrange));
  CHECK(codec<ints>::writes(oids::numrange));
  CHECK(encode(ints(1, 2), oids::int8range).bytes ==
        wire("02 00000008 0000000000000001 00000008 0000000000000002"));
  CHECK(codec<tusk::range<std::int64_t>>::type == oids::int8range);
  CHECK(codec<tusk::range<numeric>>::type == oids::numrange);
  CHECK(codec<tusk::range<date>>::type == oids::daterange);
  CHECK(codec<tusk::range<timestamp>>::type == oids::tsrange);
  CHECK(codec<tusk::range<timestamptz>>::type == oids::tstzrange);
  CHECK(codec<tusk::range<double>>::type == 0);
  CHECK(encode(tusk::range<double>(0.5, 1.5), 0).text() == "[0.5,1.5)");
  const written as_text = encode(strings("1", "2"), oids::int4range);
  CHECK(as_text.as == format::text);
  CHECK(as_text.text() == "[1,2)");
  CHECK(data_error_of([] { encode(ints(1, 2), oids::int4); }) ==
        "$1 (integer) cannot take this tusk::range<std::int32_t>: the types do not go together");
}

TEST_CASE("a range over a type of the database's is read and sent through its subtype") {
  type_info floats;
  floats.number = 90010;
  floats.name = "floatrange";
  floats.kind = type_kind::range;
  floats.part = oids::float8;
  using doubles = tusk::range<double>;
  REQUIRE(codec<doubles>::reads(floats.ref()));
  REQUIRE_FALSE(codec<ints>::reads(floats.ref()));
  std::vector<std::byte> room(64);
  proto::writer out(room);
  value_writer to(out, floats.ref(), 1);
  CHECK(codec<doubles>::encode(to, doubles(0.5, std::nullopt)) == format::binary);
  const auto bytes = wire("12 00000008 3fe0000000000000");
  CHECK(same_bytes(out.written(), bytes));
  const field value{bytes.data(), static_cast<std::int32_t>(bytes.size()), floats.ref(),
                    format::binary};
  CHECK(codec<doubles>::decode(value) == doubles(0.5, std::nullopt));
}

TEST_CASE("a multirange goes to and comes from binary and text") {
  using many = tusk::multirange<int>;
  const many some{ints(1, 3), ints(7, std::nullopt)};
  constexpr auto bytes =
      "00000002 00000011 02 00000004 00000001 00000004 00000003 00000009 12 00000004 00000007";
  CHECK(encode(some, oids::int4multirange).bytes == wire(bytes));
  CHECK(encode(some, 0).bytes == wire(bytes));
  CHECK(decode<many>(binary(oids::int4multirange, bytes)) == some);
  CHECK(some.to_string() == "{[1,3),[7,)}");
  CHECK(decode<many>(text(oids::int4multirange, "{[1,3),[7,)}")) == some);
  check_damage<many>(oids::int4multirange, bytes);
  CHECK(decode<many>(binary(oids::int4multirange, "00000000")).is_empty());
  CHECK(many{ints(), ints(1, 3)}.size() == 1);
  CHECK(some.contains(8));
  CHECK_FALSE(some.contains(3));
  CHECK(many{} < some);
  CHECK(many{ints(1, 3)} < some);
  CHECK(codec<many>::type == oids::int4multirange);
  CHECK(codec<tusk::multirange<double>>::type == 0);
  CHECK(encode(tusk::multirange<double>{tusk::range<double>(0.5, 1)}, 0).text() == "{[0.5,1)}");
  CHECK(encode(tusk::multirange<std::string>{strings("1", "2")}, oids::int8multirange).text() ==
        "{[1,2)}");
}

TEST_CASE("a multirange's text is read with what may stand in its bounds") {
  CHECK(canonical_many("{}") == "{}");
  CHECK(canonical_many(" { } ") == "{}");
  CHECK(canonical_many("{ [a,b) , (c,d] }") == "{[a,b),(c,d]}");
  CHECK(canonical_many("{empty,[a,b)}") == "{[a,b)}");
  CHECK(canonical_many("{[\"a)},\",b)}") == "{[\"a)},\",b)}");
  for (const char* wrong : {"", "{", "}", "[1,2)", "{[1,2)", "{[1,2)}x", "{[1,2),}", "{,[1,2)}",
                            "{[1,2)[3,4)}", "{{[1,2)}}", "{[1,2),,[3,4)}", "{[\"1,2)}"})
    CHECK(canonical_many(wrong) == "refused");
}

TEST_CASE("a malformed multirange is refused, and its count allocates nothing") {
  for (const char* wrong :
       {"", "000000", "ffffffff", "7fffffff", "00000001", "00000001 00000000",
        "00000001 ffffffff 00", "00000000 00", "00000001 00000001 01 00", "00000002 00000001 01"})
    CHECK_FALSE(data_error_of([&] {
                  (void)decode<tusk::multirange<int>>(binary(oids::int4multirange, wrong));
                }).empty());
}

TEST_CASE("arrays of ranges quote what the ranges' text has quoted already") {
  const std::vector<std::optional<ints>> some{ints(1, 3), std::nullopt, ints()};
  CHECK(codec<std::vector<std::optional<ints>>>::type == oids::int4range_array);
  CHECK(round_trip(some, oids::int4range_array) == some);
  CHECK(codec<std::vector<std::optional<ints>>>::to_text(some) == "{\"[1,3)\",NULL,empty}");
  const tusk::array<tusk::range<timestamp>> times(
      {tusk::range<timestamp>(timestamp(0), std::nullopt)}, 0);
  CHECK(times.to_string() == "[0:0]={\"[\\\"2000-01-01 00:00:00\\\",)\"}");
  CHECK(tusk::array<tusk::range<timestamp>>::parse(times.to_string()) == times);
  CHECK(round_trip(times) == times);
  const tusk::array<tusk::multirange<int>> many({tusk::multirange<int>{ints(1, 3), ints(5, 6)}});
  CHECK(round_trip(many) == many);
  CHECK(tusk::array<tusk::multirange<int>>::parse(many.to_string()) == many);
}

TEST_CASE("a view of a range's bounds is given where they lie in the row") {
  using views = tusk::range<std::string_view>;
  const sample row = text(oids::tsrange, "[\"2000-01-01 00:00:00\",)");
  CHECK(decode<views>(row).lower() == "2000-01-01 00:00:00");
  CHECK_FALSE(
      data_error_of([] { (void)decode<views>(text(oids::tsrange, "[\"a\"\"b\",)")); }).empty());
}

TEST_CASE("random ranges come back from their binary form and their text") {
  std::mt19937 source(20000105);
  constexpr std::string_view alphabet = "ab\"\\(),[] \t{}";
  const auto bound = [&]() -> std::optional<std::string> {
    if (source() % 4 == 0) return std::nullopt;
    std::string text;
    for (std::uint64_t left = source() % 6; left > 0; --left)
      text.push_back(alphabet[source() % alphabet.size()]);
    return text;
  };
  for (int round = 0; round < 1000; ++round) {
    const strings value(bound(), bound(), static_cast<range_bounds>(source() % 4));
    CAPTURE(value.to_string());
    CHECK(strings::parse(value.to_string()) == value);
    const tusk::multirange<std::string> many{value, strings("x", "y"), value};
    CHECK(tusk::multirange<std::string>::parse(many.to_string()) == many);
    const tusk::range<std::int64_t> numbers(static_cast<std::int64_t>(source()),
                                            static_cast<std::int64_t>(source()) << 20,
                                            static_cast<range_bounds>(source() % 4));
    CHECK(round_trip(numbers) == numbers);
    CHECK(tusk::range<std::int64_t>::parse(numbers.to_string()) == numbers);
  }
}
