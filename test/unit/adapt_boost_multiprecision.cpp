#include "tusk/adapt/boost_multiprecision.hpp"

#include <random>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tusk;
using namespace tusk::test;

namespace mp = boost::multiprecision;

namespace {

template <class T>
std::string refusal(std::string_view number) {
  return data_error_of([&] { (void)decode<T>(text(oids::numeric, number)); });
}

template <class T>
T through_binary(std::string_view number) {
  const written sent = encode(numeric(number), oids::numeric);
  return decode<T>(sample(oids::numeric, sent.as, sent.bytes));
}

std::string random_digits(std::mt19937& random, std::size_t most) {
  std::string digits(1 + random() % most, '0');
  for (char& each : digits)
    each = static_cast<char>('0' + random() % 10);
  return digits;
}

}  // namespace

TEST_CASE("numeric and the integers are read as cpp_int, whatever their size") {
  const std::string long_number = "-1" + std::string(2000, '7');
  CHECK(through_binary<mp::cpp_int>(long_number).str() == long_number);
  CHECK(through_binary<mp::cpp_int>("12.000") == 12);
  CHECK(decode<mp::cpp_int>(binary(oids::int8, "8000000000000000")) ==
        mp::cpp_int("-9223372036854775808"));
  for (const char* none : {"1.5", "NaN", "Infinity", "-Infinity"})
    CHECK(refusal<mp::cpp_int>(none) ==
          "column \"c\" (numeric) cannot be read as boost::multiprecision::cpp_int: it does not "
          "hold this number exactly");
}

TEST_CASE("an integer of fixed size holds what fits, and nothing wraps") {
  CHECK(through_binary<mp::int128_t>("340282366920938463463374607431768211455").str() ==
        "340282366920938463463374607431768211455");
  CHECK_FALSE(refusal<mp::int128_t>("340282366920938463463374607431768211456").empty());
  CHECK(through_binary<mp::uint128_t>("340282366920938463463374607431768211455") ==
        ~mp::uint128_t(0));
  CHECK_FALSE(refusal<mp::uint128_t>("340282366920938463463374607431768211456").empty());
  CHECK_FALSE(refusal<mp::uint128_t>("-1").empty());
  CHECK_FALSE(refusal<mp::checked_uint128_t>("-1").empty());
  CHECK_FALSE(refusal<mp::checked_int128_t>("340282366920938463463374607431768211456").empty());
}

TEST_CASE("cpp_int is sent as numeric, and to the integer columns that it fits into") {
  CHECK(encode(mp::cpp_int(10000), 0).bytes == encode(numeric("10000"), oids::numeric).bytes);
  CHECK(encode(mp::cpp_int(-2), oids::int4).bytes == wire("fffffffe"));
  CHECK_FALSE(data_error_of([] { (void)encode(mp::cpp_int(32768), oids::int2); }).empty());
  CHECK_FALSE(data_error_of([] { (void)encode(mp::cpp_int(1) << 63, oids::int8); }).empty());
  CHECK_FALSE(codec<mp::cpp_dec_float_50>::writes(oids::int8));
  const mp::cpp_int large = mp::pow(mp::cpp_int(10), 131071);
  CHECK(round_trip(large) == large);
  CHECK(data_error_of([&] {
          (void)encode(mp::cpp_int(large * 10), oids::numeric);
        }).find("no room") != std::string::npos);
}

TEST_CASE("numeric is read as cpp_dec_float exactly, or refused when it has more digits") {
  CHECK(through_binary<mp::cpp_dec_float_50>("1.00") == 1);
  CHECK(through_binary<mp::cpp_dec_float_50>("-0.1") == mp::cpp_dec_float_50("-0.1"));
  CHECK(through_binary<mp::cpp_dec_float_50>("1e100").str() == "1e+100");
  CHECK_FALSE(refusal<mp::cpp_dec_float_50>("1." + std::string(99, '0') + "1").empty());
  CHECK_FALSE(refusal<mp::cpp_dec_float_50>(std::string(120, '7')).empty());
  CHECK(mp::isnan(through_binary<mp::cpp_dec_float_50>("NaN")));
  CHECK(mp::isinf(through_binary<mp::cpp_dec_float_50>("Infinity")));
  CHECK(through_binary<mp::cpp_dec_float_50>("-Infinity") < 0);
}

TEST_CASE("cpp_dec_float is sent with every digit it has, and no scale but theirs") {
  const auto sent = [](const mp::cpp_dec_float_50& value) {
    const written bytes = encode(value, oids::numeric);
    return codec<numeric>::decode(sample(oids::numeric, bytes.as, bytes.bytes)).to_string();
  };
  CHECK(sent(0) == "0");
  CHECK(sent(-1.5) == "-1.5");
  CHECK(sent(1200) == "1200");
  CHECK(sent(mp::cpp_dec_float_50("1e-20")) == "0.00000000000000000001");
  CHECK(sent(std::numeric_limits<mp::cpp_dec_float_50>::quiet_NaN()) == "NaN");
  CHECK(sent(-std::numeric_limits<mp::cpp_dec_float_50>::infinity()) == "-Infinity");
  const mp::cpp_dec_float_50 third = mp::cpp_dec_float_50(1) / 3;
  CHECK(round_trip(third) == third);
  CHECK_FALSE(
      data_error_of([] { (void)encode(mp::cpp_dec_float_50("1e-20000"), oids::numeric); }).empty());
}

TEST_CASE("random decimals come back as they went, or are refused; never rounded") {
  std::mt19937 random(20240229);
  std::size_t held = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string number = random() % 2 == 0 ? "-" : "";
    number += random_digits(random, 40);
    if (random() % 4 != 0) number += "." + random_digits(random, 50);
    CAPTURE(number);
    const std::optional<mp::cpp_dec_float_50> read =
        detail::exact_number<mp::cpp_dec_float_50>(numeric(number));
    if (!read) continue;
    ++held;
    CHECK(*detail::numeric_of(*read) == numeric(number));
    const auto whole = detail::exact_number<mp::cpp_int>(numeric(number));
    CHECK(whole.has_value() == (mp::trunc(*read) == *read));
  }
  CHECK(held > 1000);
}
