// Values drawn from a fixed seed: each must come back from its binary form and from its text.
#include <bit>
#include <cstring>
#include <random>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr int rounds = 2000;

/// Numbers of every size alike, not mostly of the largest.
template <class T>
T draw(std::mt19937_64& source) {
  const auto bits = static_cast<std::int64_t>(source());
  return static_cast<T>(bits >> (source() % 64));
}

std::string draw_numeric(std::mt19937_64& source) {
  std::string digits = source() % 2 == 0 ? "-" : "";
  digits.push_back(static_cast<char>('1' + source() % 9));
  for (std::uint64_t count = source() % 60; count > 0; --count)
    digits.push_back(source() % 3 == 0 ? '0' : static_cast<char>('0' + source() % 10));
  const std::size_t whole = digits.size();
  for (std::uint64_t count = source() % 30; count > 0; --count)
    digits.push_back(source() % 2 == 0 ? '0' : static_cast<char>('0' + source() % 10));
  if (digits.size() > whole) digits.insert(whole, 1, '.');
  return digits;
}

std::string draw_text(std::mt19937_64& source) {
  constexpr std::string_view alphabet = "ab\"\\{}, \tNULnul;=[]";
  std::string text;
  for (std::uint64_t count = source() % 8; count > 0; --count)
    text.push_back(alphabet[source() % alphabet.size()]);
  return text;
}

/// Through the binary form, and through the text that `print` makes of it.
template <class T>
void check_both_ways(const T& value) {
  constexpr oid type = codec<T>::type;
  const written sent = encode(value, type);
  const sample wire(type, sent.as, sent.bytes);
  CHECK(decode<T>(wire) == value);
  const std::string printed = print(wire);
  CAPTURE(printed);
  CHECK(decode<T>(text(type, printed)) == value);
}

}  // namespace

TEST_CASE("random values come back from their binary form and from their text") {
  std::mt19937_64 source(20000101);
  for (int i = 0; i < rounds; ++i) {
    check_both_ways(draw<std::int16_t>(source));
    check_both_ways(draw<std::int32_t>(source));
    check_both_ways(draw<std::int64_t>(source));
    check_both_ways(numeric(draw_numeric(source)));
    check_both_ways(date(
        static_cast<std::int32_t>(static_cast<std::int64_t>(source() % 2147483494U) - 2451545)));
    check_both_ways(tusk::time(
        std::chrono::microseconds(static_cast<std::int64_t>(source() % 86'400'000'001U))));
    // From 4713 BC to 294276; unsigned, since the width of that range is no signed number.
    const auto instant =
        static_cast<std::int64_t>(source() % 9'435'184'819'200'000'000U - 211'813'488'000'000'000U);
    check_both_ways(timestamp(instant));
    check_both_ways(timestamptz(instant));
    check_both_ways(std::vector<std::int32_t>{draw<std::int32_t>(source), 0});
  }
}

TEST_CASE("random bit patterns of floats come back from their text") {
  std::mt19937_64 source(20000102);
  for (int i = 0; i < rounds; ++i) {
    const auto wide = std::bit_cast<double>(source());
    if (wide == wide) check_both_ways(wide);
    const auto narrow = std::bit_cast<float>(static_cast<std::uint32_t>(source()));
    if (narrow == narrow) check_both_ways(narrow);
    check_both_ways(static_cast<double>(draw<std::int64_t>(source)));
  }
}

TEST_CASE("random numerics keep their text") {
  std::mt19937_64 source(20000103);
  for (int i = 0; i < rounds; ++i) {
    const std::string text = draw_numeric(source);
    CHECK(round_trip(numeric(text)).to_string() == text);
  }
}

TEST_CASE("random numerics are ordered as their doubles are") {
  std::mt19937_64 source(20000104);
  for (int i = 0; i < rounds; ++i) {
    const numeric left(draw_numeric(source));
    const numeric right(draw_numeric(source));
    if (left.to_double() < right.to_double()) CHECK(left < right);
    if (left < right) CHECK(left.to_double() <= right.to_double());
    CHECK((left < right) == (right > left));
  }
}

TEST_CASE("random texts come back from arrays in text and in binary") {
  std::mt19937_64 source(20000105);
  for (int i = 0; i < rounds; ++i) {
    std::vector<std::optional<std::string>> value;
    for (std::uint64_t count = source() % 5; count > 0; --count) {
      value.push_back(draw_text(source));
      if (source() % 4 == 0) value.push_back(std::nullopt);
    }
    using texts = std::vector<std::optional<std::string>>;
    const written as_text = encode(value, 0);
    CHECK(decode<texts>(text(oids::text_array, as_text.text())) == value);
    const written as_binary = encode(value, oids::text_array);
    const sample binary(oids::text_array, as_binary.as, as_binary.bytes);
    CHECK(decode<texts>(binary) == value);
    CHECK(print(binary) == as_text.text());
  }
}
