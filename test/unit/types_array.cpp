#include "tusk/types/array.hpp"

#include <optional>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using ints = std::vector<int>;
using maybe_ints = std::vector<std::optional<int>>;
using strings = std::vector<std::string>;
using maybe_strings = std::vector<std::optional<std::string>>;

constexpr auto zero_based =
    "00000001 00000001 00000017 00000002 00000000 00000004 00000001 ffffffff";

}  // namespace

TEST_CASE("an array is read from binary, whatever its lower bound") {
  CHECK(decode<maybe_ints>(binary(oids::int4_array, zero_based)) == maybe_ints{1, std::nullopt});
  CHECK(decode<ints>(binary(oids::int4_array, "00000000 00000000 00000017")).empty());
  // An empty int2vector or oidvector has a dimension, of no elements.
  CHECK(decode<ints>(binary(oids::oidvector, "00000001 00000000 0000001a 00000000 00000000"))
            .empty());
}

TEST_CASE("an array is read from text with quotes, escapes and NULL") {
  CHECK(decode<maybe_strings>(text(oids::text_array, R"({a,"b\"c","NULL",NULL,"","x y","\\"})")) ==
        maybe_strings{"a", "b\"c", "NULL", std::nullopt, "", "x y", "\\"});
  CHECK(decode<maybe_ints>(text(oids::int4_array, "[0:1]={1,NULL}")) ==
        maybe_ints{1, std::nullopt});
  CHECK(decode<ints>(text(oids::int4_array, "{}")).empty());
  CHECK(decode<strings>(text(oids::box_array, "{(1,1),(0,0);(3,3),(2,2)}")) ==
        strings{"(1,1),(0,0)", "(3,3),(2,2)"});
  CHECK(decode<std::vector<std::int16_t>>(text(oids::int2vector, "1 2 3")) ==
        std::vector<std::int16_t>{1, 2, 3});
  CHECK(decode<std::vector<std::int16_t>>(text(oids::int2vector, "")).empty());
}

TEST_CASE("malformed array text is refused with its column and type") {
  for (const char* wrong : {"", "{", "}", "{1", "{1,", "{1,}", "{,1}", "{1}2", "x{1}", "{\"1}",
                            "{1 ", "{\"1\"x}", "{1\\", "{\"\\", "{1\"2\"}", "{1,,2}", "{1}}"})
    CHECK(data_error_of([&] {
            (void)decode<strings>(text(oids::int4_array, wrong));
          }).find("column \"c\" (integer[]) cannot be read as std::vector<std::string>: ") == 0);
}

TEST_CASE("white space around elements, and escapes outside of quotes, are read as by the server") {
  CHECK(decode<maybe_strings>(text(oids::text_array, "  { a b , \"c \" ,null, N\\ULL, d\\  } ")) ==
        maybe_strings{"a b", "c ", std::nullopt, "NULL", "d "});
}

TEST_CASE("a NULL element read into a type that has none is named") {
  CHECK(data_error_of([] { (void)decode<ints>(binary(oids::int4_array, zero_based)); }) ==
        "column \"c\" (integer[]) cannot be read as std::vector<std::int32_t>: element 2 is NULL; "
        "read std::optional");
  CHECK_FALSE(data_error_of([] { (void)decode<ints>(text(oids::int4_array, "{NULL}")); }).empty());
}

TEST_CASE("an array of more dimensions is refused with their number") {
  CHECK(data_error_of([] {
          (void)decode<ints>(binary(oids::int4_array,
                                    "00000002 00000000 00000017 00000001 00000001 00000001 "
                                    "00000001 00000004 00000001"));
        }) ==
        "column \"c\" (integer[]) cannot be read as std::vector<std::int32_t>: it has 2 "
        "dimensions, not 1; read tusk::array, or vectors in vectors");
  CHECK_FALSE(data_error_of([] { (void)decode<ints>(text(oids::int4_array, "{{1}}")); }).empty());
}

TEST_CASE("a malformed binary array is refused, and its counts allocate nothing") {
  for (const char* wrong :
       {"", "00000001", "00000001 00000000 00000017", "00000007 00000000 00000017",
        "ffffffff 00000000 00000017", "00000001 00000002 00000017 00000001 00000001 ffffffff",
        "00000001 00000000 00000017 7fffffff 00000001 00000004 00000001",
        "00000001 00000000 00000017 00000001 7fffffff 00000004 00000001",
        "00000001 00000000 00000017 00000000 00000001 00",
        "00000001 00000000 00000017 ffffffff 00000001",
        "00000001 00000000 00000017 00000001 00000001 00000005 00000001",
        "00000001 00000000 00000017 00000001 00000001 fffffffe",
        "00000001 00000000 00000017 00000001 00000001 00000004 00000001 00",
        "00000000 00000000 00000017 00",
        "00000006 00000000 00000017 00010000 00000001 00010000 00000001 00010000 00000001 "
        "00010000 00000001 00010000 00000001 00010000 00000001"}) {
    CHECK_FALSE(
        data_error_of([&] { (void)decode<maybe_ints>(binary(oids::int4_array, wrong)); }).empty());
    CHECK_FALSE(
        data_error_of([&] { (void)decode<std::string>(binary(oids::int4_array, wrong)); }).empty());
  }
}

TEST_CASE("an array whose elements are of another type is refused") {
  CHECK(data_error_of([] {
          (void)decode<ints>(binary(oids::int4_array,
                                    "00000001 00000000 00000019 00000001 00000001 00000001 '1'"));
        }) ==
        "column \"c\" (integer[]) cannot be read as std::vector<std::int32_t>: its elements are of "
        "text");
  CHECK_FALSE(codec<ints>::reads(oids::int4));
  CHECK_FALSE(codec<ints>::reads(oids::text_array));
  CHECK(codec<ints>::reads(oids::int8_array));
  CHECK(codec<strings>::reads(oids::int8_array));
  CHECK_FALSE(codec<strings>::reads(oids::text));
}

TEST_CASE("an element that does not fit is refused with its column") {
  CHECK(data_error_of([] {
          (void)decode<std::vector<std::int8_t>>(text(oids::int4_array, "{1,200}"));
        }) == "column \"c\" (integer[]) cannot be read as std::int8_t: 200 is out of range");
}

TEST_CASE("an array is sent in binary with its NULLs") {
  CHECK(encode(maybe_ints{1, std::nullopt}, oids::int4_array).bytes ==
        wire("00000001 00000001 00000017 00000002 00000001 00000004 00000001 ffffffff"));
  CHECK(encode(ints{}, oids::int4_array).bytes == wire("00000000 00000000 00000017"));
  CHECK(encode(ints{5}, oids::int8_array).bytes ==
        wire("00000001 00000000 00000014 00000001 00000001 00000008 0000000000000005"));
  CHECK(encode(std::array<std::int16_t, 1>{5}, 0).bytes ==
        wire("00000001 00000000 00000015 00000001 00000001 00000002 0005"));
  const ints some{5};
  CHECK(encode(std::span<const int>(some), 0).bytes == encode(some, 0).bytes);
  CHECK(codec<ints>::type == oids::int4_array);
}

TEST_CASE("strings are sent in binary to arrays of text, and as text to all others") {
  const strings some{"a", "b\"c", "", "null", "x,y", "\\"};
  const written as_text = encode(some, oids::varchar_array);
  CHECK(as_text.as == format::binary);
  const written as_dates = encode(maybe_strings{"2024-02-29", std::nullopt}, oids::date_array);
  CHECK(as_dates.as == format::text);
  CHECK(as_dates.text() == "{2024-02-29,NULL}");
  const written unknown = encode(some, 0);
  CHECK(unknown.as == format::text);
  CHECK(unknown.text() == R"({a,"b\"c","","null","x,y","\\"})");
  CHECK(decode<strings>(text(oids::text_array, unknown.text())) == some);
  CHECK(encode(strings{"(1,1),(0,0)", "(2,2),(0,0)"}, oids::box_array).text() ==
        "{(1,1),(0,0);(2,2),(0,0)}");
  CHECK(encode(strings{}, 0).text() == "{}");
}

TEST_CASE("an array is refused where the server wants none, or an element does not fit") {
  CHECK(data_error_of([] { encode(ints{1}, oids::int4); }) ==
        "$1 (integer) cannot take this std::vector<std::int32_t>: it is an array, and the "
        "parameter is not");
  CHECK(data_error_of([] { encode(ints{70000}, oids::int2_array); }) ==
        "$1 (smallint) cannot take this std::int32_t: 70000 is out of range");
  CHECK_FALSE(data_error_of([] { encode(strings{std::string(1, '\0')}, 0); }).empty());
}

TEST_CASE("views of an array's elements are given where they lie in the row") {
  using views = std::vector<std::string_view>;
  const sample row = text(oids::text_array, R"({a,"b c"})");
  CHECK(decode<views>(row) == views{"a", "b c"});
  CHECK(is_view<views>);
  CHECK_FALSE(
      data_error_of([] { (void)decode<views>(text(oids::text_array, R"({"\""})")); }).empty());
}

TEMPLATE_TEST_CASE("arrays of every type come back as they went", "", bool, std::int16_t, int,
                   std::int64_t, float, double, char, numeric, uuid, json, date, tusk::time,
                   timestamp, timestamptz, std::vector<std::byte>) {
  const std::vector<TestType> two(2);
  CHECK(round_trip(two, codec<std::vector<TestType>>::type).size() == 2);
  const std::vector<std::optional<TestType>> gap{TestType{}, std::nullopt};
  const auto back = round_trip(gap, codec<std::vector<TestType>>::type);
  REQUIRE(back.size() == 2);
  CHECK(back[0].has_value());
  CHECK_FALSE(back[1].has_value());
}

TEST_CASE("a buffer without room faults and does not write behind its end") {
  for (std::size_t room = 0; room < 40; ++room) {
    std::vector<std::byte> block(room);
    proto::writer out(block);
    value_writer to(out, oids::date_array, 1);
    (void)codec<strings>::encode(to, {"a b", "c\"d", "2024-02-29", "2024-02-28"});
    CHECK(out.written().size() <= room);
    CHECK(bool(out.status()) == (out.size() > room));
  }
}
