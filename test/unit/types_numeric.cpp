#include "tusk/types/numeric.hpp"

#include <cmath>
#include <unordered_set>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

std::string printed(std::string_view literal) {
  return decode<numeric>(binary(oids::numeric, literal)).to_string();
}

}  // namespace

TEST_CASE("numeric prints as the server does from its binary form") {
  CHECK(printed("0000 0000 0000 0000") == "0");
  CHECK(printed("0000 0000 0000 0003") == "0.000");
  CHECK(printed("0001 0000 0000 0002 0001") == "1.00");
  CHECK(printed("0002 0000 4000 0002 000c 0d48") == "-12.34");
  CHECK(printed("0001 0001 0000 0000 0001") == "10000");
  CHECK(printed("0001 ffff 0000 0004 0001") == "0.0001");
  CHECK(printed("0001 fffe 0000 0008 0001") == "0.00000001");
  CHECK(printed("0003 0001 0000 0006 0001 0000 0064") == "10000.010000");
  CHECK(printed("0000 0000 c000 0000") == "NaN");
  CHECK(printed("0000 0000 f000 0020") == "-Infinity");
  CHECK(printed("0000 0000 d000 0020") == "Infinity");
}

TEST_CASE("numeric's text gives the same number and the same scale") {
  for (const std::string_view same :
       {"0", "0.00", "1", "-1.50", "12345678901234567890.123456789", "0.000000000000001", "10000",
        "100000000", "99999999", "-0.1", "NaN", "Infinity", "-Infinity"}) {
    CHECK(numeric(same).to_string() == same);
    CHECK(round_trip(numeric(same)).to_string() == same);
    CHECK(decode<numeric>(text(oids::numeric, same)).to_string() == same);
  }
}

TEST_CASE("numeric reads what the server's decimal input takes") {
  CHECK(numeric("  +1.5 ").to_string() == "1.5");
  CHECK(numeric("1e3").to_string() == "1000");
  CHECK(numeric("1.5e-3").to_string() == "0.0015");
  CHECK(numeric("15E2").to_string() == "1500");
  CHECK(numeric(".5").to_string() == "0.5");
  CHECK(numeric("5.").to_string() == "5");
  CHECK(numeric("-0").to_string() == "0");
  CHECK(numeric("0e-5").to_string() == "0.00000");
  CHECK(numeric("-inf") == numeric::minus_infinity());
  CHECK(numeric("nan").is_nan());
  for (const char* wrong : {"", ".", "-", "1e", "1e+-2", "1 2", "--1", "1.2.3", "0x10", "1e999999",
                            "1e-16384", "abc", "+-1"})
    CHECK_FALSE(numeric::parse(wrong));
}

TEST_CASE("numeric holds the longest numbers the server holds") {
  const std::string whole(131072, '9');
  const std::string fraction(16383, '7');
  CHECK(numeric(whole).to_string() == whole);
  CHECK(round_trip(numeric(whole + '.' + fraction)).to_string() == whole + '.' + fraction);
  CHECK(numeric("1e131071").to_string() == '1' + std::string(131071, '0'));
  CHECK_FALSE(numeric::parse('1' + std::string(131072, '0')));
  CHECK_FALSE(numeric::parse("0." + std::string(16384, '1')));
}

TEST_CASE("numeric is compared as the server compares") {
  CHECK(numeric("1.00") == numeric(1));
  CHECK(numeric("1.00").to_string() != numeric(1).to_string());
  CHECK(numeric("-0.5") < numeric(0));
  CHECK(numeric("9999") < numeric("10000"));
  CHECK(numeric("-10000") < numeric("-9999"));
  CHECK(numeric("0.0001") < numeric("0.001"));
  CHECK(numeric("1.5") > numeric("1.4999999999"));
  CHECK(numeric("12345") < numeric("12345.1"));
  CHECK(numeric::nan() == numeric::nan());
  CHECK(numeric::nan() > numeric::infinity());
  CHECK(numeric::infinity() > numeric("1e131071"));
  CHECK(numeric::minus_infinity() < numeric("-1e131071"));
  const std::unordered_set<numeric> seen{numeric("1.0"), numeric("1.00"), numeric(1)};
  CHECK(seen.size() == 1);
}

TEST_CASE("numeric becomes an integer only when it is one that fits") {
  CHECK(numeric("-9223372036854775808").to_integer<std::int64_t>() == INT64_MIN);
  CHECK(numeric("18446744073709551615").to_integer<std::uint64_t>() == UINT64_MAX);
  CHECK(numeric("100000000.00").to_integer<int>() == 100000000);
  CHECK(numeric(0).to_integer<unsigned char>() == 0);
  CHECK(numeric(std::uint64_t{UINT64_MAX}).to_string() == "18446744073709551615");
  CHECK(numeric(INT64_MIN).to_string() == "-9223372036854775808");
  for (const char* wrong : {"9223372036854775808", "0.5", "NaN", "Infinity", "1e40", "1.5"})
    CHECK_FALSE(data_error_of([&] { (void)numeric(wrong).to_integer<std::int64_t>(); }).empty());
  CHECK_FALSE(data_error_of([] { (void)numeric(-1).to_integer<std::uint64_t>(); }).empty());
  CHECK_FALSE(data_error_of([] { (void)numeric(128).to_integer<std::int8_t>(); }).empty());
  CHECK(numeric(-128).to_integer<std::int8_t>() == -128);
}

TEST_CASE("numeric becomes the nearest double") {
  CHECK(numeric("0.1").to_double() == 0.1);
  CHECK(numeric("-123456789.125").to_double() == -123456789.125);
  CHECK(std::isnan(numeric::nan().to_double()));
  CHECK(std::isinf(numeric("1e400").to_double()));
  CHECK(numeric("-1e-400").to_double() == 0.0);
}

TEST_CASE("numeric reads integer columns") {
  CHECK(decode<numeric>(binary(oids::int4, "ffffffff")) == numeric(-1));
  CHECK(decode<numeric>(text(oids::int8, "12")) == numeric(12));
}

TEST_CASE("a malformed numeric is refused") {
  for (const char* wrong :
       {"", "0001 0000 0000 00", "0002 0000 0000 0000 0001", "0001 0000 0000 0000 0001 0001",
        "0001 0000 0000 0000 2710", "0000 0000 8000 0000", "0000 0000 0000 4000",
        "ffff 0000 0000 0000", "0001 ffff 0000 0001 0001", "0001 8000 0000 0000 0001"}) {
    CAPTURE(wrong);
    CHECK_FALSE(
        data_error_of([&] { (void)decode<numeric>(binary(oids::numeric, wrong)); }).empty());
  }
}
