#include "tusk/types/floats.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tusk;
using namespace tusk::test;

TEST_CASE("floats are read from both formats") {
  CHECK(decode<double>(binary(oids::float8, "3ff8000000000000")) == 1.5);
  CHECK(decode<double>(text(oids::float8, "-1e-05")) == -1e-5);
  CHECK(decode<float>(binary(oids::float4, "3dcccccd")) == 0.1F);
  CHECK(decode<float>(text(oids::float4, "0.1")) == 0.1F);
  CHECK(std::isnan(decode<double>(text(oids::float8, "NaN"))));
  CHECK(decode<double>(text(oids::float8, "-Infinity")) ==
        -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(decode<float>(binary(oids::float4, "7fc00000"))));
}

TEST_CASE("a real read as double is the same number in both formats") {
  CHECK(decode<double>(binary(oids::float4, "3dcccccd")) == static_cast<double>(0.1F));
  CHECK(decode<double>(text(oids::float4, "0.1")) == static_cast<double>(0.1F));
}

TEST_CASE("floats do not silently take what would change") {
  CHECK_FALSE(codec<float>::reads(oids::float8));
  CHECK_FALSE(codec<double>::reads(oids::numeric));
  CHECK_FALSE(codec<double>::reads(oids::int8));
}

TEST_CASE("malformed floats are refused") {
  CHECK(data_error_of([] { (void)decode<double>(binary(oids::float8, "00")); }) ==
        "column \"c\" (double precision) cannot be read as double: 1 byte is not the binary form "
        "of double precision");
  CHECK_FALSE(
      data_error_of([] { (void)decode<float>(binary(oids::float4, "0000000000")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<double>(text(oids::float8, "1.5x")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<double>(text(oids::float8, "")); }).empty());
}

TEST_CASE("a double is rounded into a real, but never to infinity or zero") {
  CHECK(encode(0.1, oids::float4).hex() == "3dcccccd");
  CHECK(encode(std::numeric_limits<double>::infinity(), oids::float4).hex() == "7f800000");
  CHECK(data_error_of([] { encode(1e39, oids::float4); }) ==
        "$1 (real) cannot take this double: 1e+39 is out of range");
  CHECK(data_error_of([] { encode(1e-60, oids::float4); }) ==
        "$1 (real) cannot take this double: 1e-60 is out of range");
  CHECK(encode(-0.0, oids::float4).hex() == "80000000");
}

TEST_CASE("a float sent as numeric is the decimal that a reader sees") {
  CHECK(encode(0.1, oids::numeric).bytes == wire("0001 ffff 0000 0001 03e8"));
  CHECK(encode(0.1F, oids::numeric).bytes == wire("0001 ffff 0000 0001 03e8"));
  CHECK(encode(std::nan(""), oids::numeric).bytes == wire("0000 0000 c000 0000"));
  CHECK(encode(-std::numeric_limits<double>::infinity(), oids::numeric).bytes ==
        wire("0000 0000 f000 0020"));
}

TEST_CASE("floats survive the way there and back bit by bit") {
  for (const double value : {0.0, 0.1, -1e308, 5e-324, std::numeric_limits<double>::max()})
    CHECK(round_trip(value) == value);
  CHECK(std::signbit(round_trip(-0.0)));
  for (const float value : {0.0F, 0.1F, -3.4e38F, 1e-45F})
    CHECK(round_trip(value) == value);
}
