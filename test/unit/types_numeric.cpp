#include "tusk/types/numeric.hpp"

#include <climits>
#include <cmath>
#include <unordered_set>
#include <utility>
#include <vector>

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
  for (const char* wrong : {"", ".", "-", "1e", "1e+-2", "1 2", "--1", "1.2.3", "0y10", "1e999999",
                            "1e-16384", "abc", "+-1"})
    CHECK_FALSE(numeric::parse(wrong));
}

TEST_CASE("numeric reads the forms that PostgreSQL 16 added, where that takes them") {
  CHECK(numeric("0xff").to_string() == "255");
  CHECK(numeric("-0X_fF").to_string() == "-255");
  CHECK(numeric(" 0x1e3 ").to_string() == "483");
  CHECK(numeric("0o17").to_string() == "15");
  CHECK(numeric("+0b1_01").to_string() == "5");
  CHECK(numeric("0x0").to_string() == "0");
  CHECK(numeric("0xFFFF_FFFF_FFFF_FFFF").to_string() == "18446744073709551615");
  CHECK(numeric("0xde0b6b3a7640000").to_string() == "1000000000000000000");
  CHECK(numeric("0b1" + std::string(200, '0')).to_string() ==
        "1606938044258990275541962092341162602522202993782792835301376");
  CHECK(numeric("1_000.5_5").to_string() == "1000.55");
  CHECK(numeric("1e1_0").to_string() == "10000000000");
  CHECK(numeric("+inf") == numeric::infinity());
  for (const char* wrong :
       {"0x",  "0x1_",  "0xf__f", "1._5", "1_.5", "_1",   "1e_1", "+nan", "-nan", "0b102", "0o8",
        "0xg", "0X1.5", "1__0",   "1_",   "._5",  "0x-1", "-0x",  "0b_",  "1e1_", "1_e1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(numeric::parse(wrong));
  }
  // 9 * 16^108852 has 131072 decimal digits, and 16^108853 one more.
  CHECK(numeric("0x9" + std::string(108852, '0')).to_string().size() == 131072);
  CHECK_FALSE(numeric::parse("0x1" + std::string(108853, '0')));
}

TEST_CASE("numeric is written into a buffer that is just large enough, and into no smaller one") {
  for (const std::string_view same : {"0", "-12.50", "10000.0001", "0.00001", "99999999", "NaN",
                                      "-Infinity", "1.00000000000000000000", "-0.1"}) {
    const numeric value(same);
    CHECK(value.text_size() == same.size());
    std::vector<char> room(same.size());
    const auto done = value.to_chars(room.data(), room.data() + room.size());
    CHECK(done.ec == std::errc{});
    CHECK(done.ptr == room.data() + room.size());
    CHECK(std::string_view(room.data(), room.size()) == same);
    for (std::size_t size = 0; size < same.size(); ++size) {
      std::vector<char> less(size);
      char* const end = less.data() + size;
      CHECK(value.to_chars(less.data(), end).ec == std::errc::value_too_large);
    }
  }
}

TEST_CASE("numbers are copied, moved and assigned, on both sides of the room that they have") {
  const std::string digits =
      "123456789012345678901234567890123456789012345678";  // 12 of base 10000
  const std::vector<std::string> texts{"0.0", "-1.5", digits, digits + "9",
                                       digits + digits + ".25"};
  for (const std::string& from : texts) {
    for (const std::string& to : texts) {
      CAPTURE(from, to);
      const numeric source(from);
      numeric copied(to);
      copied = source;
      CHECK(copied.to_string() == from);
      CHECK(source.to_string() == from);
      numeric moved(to);
      moved = std::move(copied);
      CHECK(moved.to_string() == from);
      CHECK(copied.to_string() == "0");  // NOLINT(bugprone-use-after-move): it says what is left
      numeric& self = moved;
      moved = self;
      moved = std::move(self);
      CHECK(moved.to_string() == from);
    }
    const numeric once(from);
    const numeric twice(once);
    CHECK(twice == once);
    CHECK(twice.hash() == once.hash());
  }
}

TEST_CASE("numeric is made of its parts, whatever zeros are around them") {
  const auto made = [](int weight, int scale, std::u16string_view digits) {
    const std::optional<numeric> value = numeric::from_parts(true, weight, scale, digits);
    return value ? value->to_string() : "none";
  };
  constexpr char16_t digits[] = {0, 0, 12, 3400, 0};
  CHECK(made(2, 2, {digits, 5}) == "-12.34");
  CHECK(made(2, 1, {digits, 5}) == "none");
  CHECK(made(0, 16383, {digits, 0}).size() == 16385);
  CHECK(made(INT_MIN, 3, {digits, 2}) == "0.000");
  CHECK(made(INT_MIN, 3, {digits, 5}) == "none");
  CHECK(made(INT_MAX, 3, {digits, 5}) == "none");
  CHECK(made(0, 16384, {}) == "none");
  CHECK(made(0, -1, {}) == "none");
  CHECK(made(0, 0, u"\u2710") == "none");
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

TEST_CASE("a number's binary form is read alike with any number of digits") {
  for (int digits = 0; digits <= 40; ++digits) {
    std::string text = digits == 0 ? "0" : "-";
    for (int i = 0; i < digits; ++i)
      text += i % 3 == 1 ? "1200" : "9876";
    const numeric value(text);
    const written sent = encode(value, oids::numeric);
    CHECK(decode<numeric>(sample(oids::numeric, sent.as, sent.bytes)).to_string() == text);
    for (std::size_t size = 0; size < sent.bytes.size(); ++size) {
      const bytes_view prefix = bytes_view(sent.bytes).first(size);
      CHECK_FALSE(data_error_of([&] {
                    (void)decode<numeric>(sample(oids::numeric, format::binary, prefix));
                  }).empty());
    }
    std::vector<std::byte> longer = sent.bytes;
    longer.push_back(std::byte{1});
    CHECK_FALSE(data_error_of([&] {
                  (void)decode<numeric>(sample(oids::numeric, format::binary, longer));
                }).empty());
  }
}

TEST_CASE("zeros around a number's digits, which no server sends, do not count") {
  CHECK(printed("0002 0001 0000 0002 0000 0001") == "1.00");
  CHECK(printed("0003 0001 4000 0001 0000 000c 1388") == "-12.5");
  CHECK(printed("0002 0000 0000 0000 000c 0000") == "12");
  CHECK(printed("0001 0007 4000 0000 0000") == "0");
}

TEST_CASE("a number with digits behind its scale is refused, wherever they end") {
  CHECK(printed("0001 ffff 0000 0003 03e8") == "0.100");
  CHECK(printed("0001 ffff 0000 0001 03e8") == "0.1");
  CHECK(printed("0001 ffff 0000 0002 0064") == "0.01");
  CHECK(printed("0001 ffff 0000 0003 000a") == "0.001");
  for (const char* wrong :
       {"0001 ffff 0000 0000 03e8", "0001 ffff 0000 0001 0064", "0001 ffff 0000 0002 000a",
        "0001 ffff 0000 0003 0001", "0001 fffe 0000 0004 0001"}) {
    CAPTURE(wrong);
    CHECK_FALSE(
        data_error_of([&] { (void)decode<numeric>(binary(oids::numeric, wrong)); }).empty());
  }
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
