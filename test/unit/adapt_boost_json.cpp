#include "tusk/adapt/boost_json.hpp"

// Boost.JSON itself, once in this program.
#include <boost/json/src.hpp>
#include <limits>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tusk;
using namespace tusk::test;

namespace bj = boost::json;

TEST_CASE("json and jsonb are read as Boost.JSON's value in both formats") {
  const std::string_view shown = R"({"a": [1, -2, 18446744073709551615, 1.5], "b": null, "c": {}})";
  const bj::value expected = bj::parse(shown);
  CHECK(decode<bj::value>(text(oids::json, shown)) == expected);
  CHECK(decode<bj::value>(text(oids::jsonb, shown)) == expected);
  CHECK(decode<bj::value>(sample(oids::json, format::binary, bytes_of(shown))) == expected);
  std::vector<std::byte> versioned{std::byte{1}};
  versioned.insert(versioned.end(), bytes_of(shown).begin(), bytes_of(shown).end());
  CHECK(decode<bj::value>(sample(oids::jsonb, format::binary, versioned)) == expected);
  CHECK(decode<bj::value>(text(oids::json, R"("caf\u00e9 \ud83d\ude00")")) ==
        "caf\u00e9 \U0001F600");
}

TEST_CASE("a Boost.JSON value is sent as jsonb, and as json where that is wanted") {
  const bj::value sent{{"a", {1, 2.5, nullptr, "x"}}};
  CHECK(encode(sent, oids::jsonb).bytes == wire("01 '{\"a\":[1,2.5E0,null,\"x\"]}'"));
  CHECK(encode(sent, oids::json).text() == R"({"a":[1,2.5E0,null,"x"]})");
  CHECK(encode(sent, 0).bytes == encode(sent, oids::jsonb).bytes);
  for (const oid type : {oids::json, oids::jsonb})
    CHECK(round_trip(sent, type) == sent);
}

TEST_CASE("a number of Boost.JSON's is the nearest double, whatever its parser makes of it") {
  for (const double number : {3.141592653589793, 0.1, 5e-324, 1.7976931348623157e308,
                              9007199254740993.5, 2.2250738585072011e-308}) {
    CAPTURE(number);
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    const auto read =
        decode<bj::value>(text(oids::jsonb, {digits, static_cast<std::size_t>(end - digits)}));
    CHECK((read.is_int64() ? static_cast<double>(read.as_int64()) : read.as_double()) == number);
  }
  const auto many = decode<bj::value>(
      text(oids::json, "[1.25, 7, -0.5, 340282366920938463463374607431768211456]"));
  CHECK(many.at(0) == 1.25);
  CHECK(many.at(1) == 7);
  CHECK(many.at(2) == -0.5);
  CHECK(many.at(3).as_double() == 0x1p128);
}

TEST_CASE("what Boost.JSON cannot hold is refused, and the message says where") {
  CHECK(data_error_of([] {
          (void)decode<bj::value>(text(oids::jsonb, "[1e400]"));
        }).starts_with("column \"c\" (jsonb) cannot be read as boost::json::value: Boost.JSON: "));
  for (const char* wrong : {"", "{", "[1,]", "[1] 2", "nul", "\"\xff\""})
    CHECK_FALSE(data_error_of([&] { (void)decode<bj::value>(text(oids::json, wrong)); }).empty());
  CHECK_FALSE(
      data_error_of([] { (void)decode<bj::value>(binary(oids::jsonb, "02 '1'")); }).empty());
  for (const double number :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    CHECK(data_error_of([&] {
            (void)encode(bj::value{{"a", {number}}}, oids::jsonb);
          }).find("not finite") != std::string::npos);
}

TEST_CASE("Boost.JSON values are read to a thousand levels, and no hostile depth takes the stack") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(decode<bj::value>(text(oids::json, nested(1000))).is_array());
  CHECK_FALSE(
      data_error_of([&] { (void)decode<bj::value>(text(oids::json, nested(1001))); }).empty());
  CHECK_FALSE(data_error_of([&] {
                (void)decode<bj::value>(text(oids::json, std::string(1'000'000, '[')));
              }).empty());
}
