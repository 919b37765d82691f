#include <array>
#include <bitset>
#include <random>
#include <unordered_set>

#include "support/value_edges.hpp"
#include "tusk/types/bit_string.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

bit_string bits(std::string_view text) {
  const std::optional<bit_string> parsed = bit_string::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

}  // namespace

TEST_CASE("bit strings have the server's binary form") {
  check_wire(bits("101"), "00000003 a0", oids::bit);
  check_wire(bits("101"), "00000003 a0", oids::varbit);
  check_wire(bits(""), "00000000");
  check_wire(bits("111111111"), "00000009 ff80");
  check_wire(bits("00011111"), "00000008 1f");
}

TEST_CASE("bit strings refuse binary forms that no server sends") {
  const auto refusal = [](std::string_view literal) {
    return data_error_of([&] { (void)decode<bit_string>(binary(oids::bit, literal)); });
  };
  CHECK(refusal("ffffffff").find("its length is negative") != std::string::npos);
  CHECK(refusal("00000003 a1") ==
        "column \"c\" (bit) cannot be read as tusk::bit_string: it has bits set behind its last");
  // No allocation by an announced length: these would be a quarter of a gigabyte.
  CHECK_FALSE(refusal("7fffffff a0").empty());
}

TEST_CASE("bit strings print and read the server's text") {
  for (const char* same : {"", "0", "1", "101", "00011111", "1010101010101"})
    check_text(bits(same), same);
  CHECK(bits("b101").to_string() == "101");
  CHECK(bits("B").empty());
  CHECK(bits("x1F").to_string() == "00011111");
  CHECK(bits("XaB").to_string() == "10101011");
  check_refused<bit_string>(std::array<std::string_view, 6>{"2", " 1", "1 ", "xg", "bb1", "0b1"});
}

TEST_CASE("bit strings are sequences of bits, the first the leftmost") {
  bit_string value = bits("1000000001");
  CHECK(value.size() == 10);
  CHECK(value[0]);
  CHECK_FALSE(value[1]);
  CHECK(value[9]);
  value.set(1);
  value.set(0, false);
  value.push_back(true);
  CHECK(value.to_string() == "01000000011");
  CHECK(hex(value.bytes()) == "4060");
  CHECK(bit_string(11, true).to_string() == "11111111111");
  CHECK(bit_string(3).to_string() == "000");
  CHECK(bit_string(wire("ffff"), 11) == bit_string(11, true));
  CHECK(data_error_of([] { (void)bit_string(wire("ff"), 9); }) ==
        "tusk::bit_string: 1 bytes do not hold 9 bits");
}

TEST_CASE("bit strings come from and go to the standard library's, with the same text") {
  const std::bitset<12> set("101100000001");
  CHECK(bit_string(set).to_string() == set.to_string());
  CHECK(bits("101100000001").to_bitset<std::bitset<12>>() == set);
  CHECK_FALSE(bits("1").to_bitset<std::bitset<12>>().has_value());
  const std::vector<bool> sequence{true, false, true};
  CHECK(bit_string(sequence).to_string() == "101");
  CHECK(bits("101").to_vector() == sequence);
}

TEST_CASE("bit strings are sorted as the server sorts them") {
  const std::array<bit_string, 6> sorted{bits(""),   bits("0"), bits("00"),
                                         bits("01"), bits("1"), bits("10")};
  for (std::size_t i = 0; i < sorted.size(); ++i)
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      CAPTURE(i, j);
      CHECK((sorted[i] < sorted[j]) == (i < j));
    }
  CHECK(bits("000000001") > bits("00000000"));
  CHECK(bits("00000000000") < bits("1"));
  CHECK(std::unordered_set<bit_string>{sorted.begin(), sorted.end()}.size() == sorted.size());
}

TEST_CASE("random bit strings come back from their text and their binary form") {
  std::mt19937_64 source(20000203);
  for (int i = 0; i < 1000; ++i) {
    bit_string value;
    for (std::uint64_t left = source() % 70; left > 0; --left)
      value.push_back(source() % 2 == 0);
    CHECK(bit_string::parse(value.to_string()) == value);
    CHECK(round_trip(value) == value);
    CHECK(bit_string(value.to_vector()) == value);
    CHECK(bit_string(value.bytes(), value.size()) == value);
  }
}
