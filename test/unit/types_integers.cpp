#include "tusk/types/integers.hpp"

#include <cstdint>
#include <limits>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tusk;
using namespace tusk::test;

TEST_CASE("an integer column of any width is read into any integer that holds the value") {
  CHECK(decode<std::int64_t>(binary(oids::int8, "0000000000000007")) == 7);
  CHECK(decode<std::int64_t>(binary(oids::int4, "ffffffff")) == -1);
  CHECK(decode<std::int64_t>(binary(oids::int2, "8000")) == -32768);
  CHECK(decode<std::int32_t>(binary(oids::int8, "000000007fffffff")) == 2147483647);
  CHECK(decode<std::int32_t>(binary(oids::int8, "ffffffff80000000")) == -2147483647 - 1);
  CHECK(decode<std::int16_t>(binary(oids::int4, "00007fff")) == 32767);
  CHECK(decode<std::uint8_t>(binary(oids::int2, "00ff")) == 255);
  CHECK(decode<signed char>(binary(oids::int4, "ffffff80")) == -128);
  CHECK(decode<std::uint64_t>(binary(oids::int8, "7fffffffffffffff")) == 0x7fffffffffffffffU);
  CHECK(decode<long long>(text(oids::int8, "-9223372036854775808")) ==
        std::numeric_limits<long long>::min());
}

TEST_CASE("the types that are an oid on the wire have no sign") {
  CHECK(decode<std::uint32_t>(binary(oids::oid, "fffffffe")) == 4294967294U);
  CHECK(decode<std::int64_t>(binary(oids::xid, "ffffffff")) == 4294967295);
  CHECK(decode<oid>(binary(oids::regclass, "000004eb")) == 1259);
  CHECK(data_error_of([] { (void)decode<std::int32_t>(binary(oids::oid, "80000000")); }) ==
        "column \"c\" (oid) cannot be read as std::int32_t: 2147483648 is out of range");
}

TEST_CASE("an integer that does not fit is named with its column and both types") {
  CHECK(data_error_of([] { (void)decode<std::int16_t>(binary(oids::int8, "0000000000011170")); }) ==
        "column \"c\" (bigint) cannot be read as std::int16_t: 70000 is out of range");
  CHECK(data_error_of([] {
          (void)decode<std::uint64_t>(binary(oids::int8, "ffffffffffffffff"));
        }) == "column \"c\" (bigint) cannot be read as std::uint64_t: -1 is out of range");
  CHECK(data_error_of([] { (void)decode<std::uint32_t>(binary(oids::int4, "ffffffff")); }) ==
        "column \"c\" (integer) cannot be read as std::uint32_t: -1 is out of range");
  CHECK(data_error_of([] { (void)decode<std::int32_t>(binary(oids::int8, "8000000000000000")); }) ==
        "column \"c\" (bigint) cannot be read as std::int32_t: -9223372036854775808 is out of "
        "range");
  CHECK(data_error_of([] { (void)decode<std::int8_t>(text(oids::int2, "128")); }) ==
        "column \"c\" (smallint) cannot be read as std::int8_t: 128 is out of range");
}

TEST_CASE("a malformed integer is refused") {
  CHECK(data_error_of([] { (void)decode<std::int64_t>(binary(oids::int8, "00000000000000")); }) ==
        "column \"c\" (bigint) cannot be read as std::int64_t: 7 bytes are not the binary form of "
        "bigint");
  CHECK_FALSE(data_error_of([] {
                (void)decode<std::int64_t>(binary(oids::int4, "0000000000000001"));
              }).empty());
  CHECK(data_error_of([] { (void)decode<int>(text(oids::int4, "12x")); }) ==
        "column \"c\" (integer) cannot be read as std::int32_t: \"12x\" is not an integer");
  CHECK_FALSE(data_error_of([] { (void)decode<int>(text(oids::int4, "")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<int>(text(oids::int4, "--1")); }).empty());
  CHECK_FALSE(data_error_of([] {
                (void)decode<std::int64_t>(text(oids::int8, "99999999999999999999"));
              }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<int>(binary(oids::float4, "3f800000")); }).empty());
}

TEST_CASE("a NULL integer is refused with the way out") {
  CHECK(data_error_of([] { (void)decode<int>(field{nullptr, -1, oids::int4, format::binary}); }) ==
        "value (integer) cannot be read as std::int32_t: it is NULL; read a std::optional");
}

TEST_CASE("an integer is sent in the width that the server wants") {
  CHECK(encode(7, oids::int2).hex() == "0007");
  CHECK(encode(-7, oids::int4).hex() == "fffffff9");
  CHECK(encode(std::int8_t{-1}, oids::int8).hex() == "ffffffffffffffff");
  CHECK(encode(std::int64_t{4294967295}, oids::oid).hex() == "ffffffff");
  CHECK(encode(std::uint64_t{9223372036854775807U}, oids::int8).hex() == "7fffffffffffffff");
  CHECK(encode(3, oids::float8).hex() == "4008000000000000");
  CHECK(encode(-16777216, oids::float4).hex() == "cb800000");
  CHECK(encode(10000, oids::numeric).bytes == wire("0001 0001 0000 0000 0001"));
  CHECK(encode(70001, oids::numeric).bytes == wire("0002 0001 0000 0000 0007 0001"));
  CHECK(encode(-5, oids::numeric).bytes == wire("0001 0000 4000 0000 0005"));
  CHECK(encode(0, oids::numeric).bytes == wire("0000 0000 0000 0000"));
  CHECK(encode(std::numeric_limits<std::int64_t>::min(), oids::numeric).bytes ==
        wire("0005 0004 4000 0000 039a 0d2c 0170 1565 16b0"));
}

TEST_CASE("a parameter that does not fit is named with its number and both types") {
  CHECK(data_error_of([] { encode(70000, oids::int2); }) ==
        "$1 (smallint) cannot take this std::int32_t: 70000 is out of range");
  CHECK(data_error_of([] { encode(-1, oids::oid); }) ==
        "$1 (oid) cannot take this std::int32_t: -1 is out of range");
  CHECK(data_error_of([] { encode(std::numeric_limits<std::uint64_t>::max(), oids::int8); }) ==
        "$1 (bigint) cannot take this std::uint64_t: 18446744073709551615 is out of range");
  CHECK(data_error_of([] { encode(std::int64_t{9007199254740993}, oids::float8); }) ==
        "$1 (double precision) cannot take this std::int64_t: 9007199254740993 cannot be held "
        "exactly");
  CHECK(data_error_of([] { encode(16777217, oids::float4); }) ==
        "$1 (real) cannot take this std::int32_t: 16777217 cannot be held exactly");
}

TEST_CASE("an integer sent to a server that was not asked has the narrowest type that holds it") {
  CHECK(codec<std::int8_t>::type == oids::int2);
  CHECK(codec<std::uint8_t>::type == oids::int2);
  CHECK(codec<std::uint16_t>::type == oids::int4);
  CHECK(codec<int>::type == oids::int4);
  CHECK(codec<std::uint32_t>::type == oids::int8);
  CHECK(codec<long>::type == oids::int8);
  CHECK(codec<std::uint64_t>::type == oids::numeric);
  CHECK(encode(std::uint32_t{1}, 0).hex() == "0000000000000001");
}

TEMPLATE_TEST_CASE("the ends of each integer type survive every type that holds them", "",
                   std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                   std::uint32_t, std::int64_t) {
  using limits = std::numeric_limits<TestType>;
  for (const TestType value : {limits::min(), limits::max(), TestType{0}, TestType{1}}) {
    CHECK(round_trip(value, oids::int8) == value);
    CHECK(round_trip(value, codec<TestType>::type) == value);
  }
}

TEST_CASE("bool and the character types are no integers") {
  CHECK_FALSE(whole_number<bool>);
  CHECK_FALSE(whole_number<char>);
  CHECK_FALSE(whole_number<wchar_t>);
  CHECK_FALSE(whole_number<char8_t>);
  CHECK(whole_number<unsigned char>);
}

TEST_CASE("integers refuse columns of another family") {
  CHECK(codec<int>::reads(oids::int2));
  CHECK(codec<int>::reads(oids::regtype));
  CHECK_FALSE(codec<int>::reads(oids::numeric));
  CHECK_FALSE(codec<int>::reads(oids::text));
  CHECK_FALSE(codec<int>::writes(oids::text));
  CHECK(codec<int>::writes(oids::numeric));
}
