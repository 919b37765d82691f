#include <array>
#include <random>
#include <unordered_set>
#include <vector>

#include "support/value_edges.hpp"
#include "tusk/types/inet.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

inet address(std::string_view text) {
  const std::optional<inet> parsed = inet::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

cidr network(std::string_view text) {
  const std::optional<cidr> parsed = cidr::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

inet draw(std::mt19937_64& source) {
  inet::v6_bytes bytes{};
  // Many zeros, so that every kind of compression comes up.
  for (std::byte& one : bytes)
    one = source() % 3 == 0 ? static_cast<std::byte>(source() % 256) : std::byte{};
  if (source() % 2 == 0) return inet(bytes, static_cast<int>(source() % 129));
  const inet::v4_bytes four{bytes[0], bytes[1], bytes[2], bytes[3]};
  return inet(four, static_cast<int>(source() % 33));
}

}  // namespace

TEST_CASE("inet and cidr have the server's binary form") {
  check_wire(address("192.168.1.5/24"), "02 18 00 04 c0a80105");
  check_wire(address("0.0.0.0"), "02 20 00 04 00000000");
  check_wire(address("::1"), "03 80 00 10 00000000000000000000000000000001");
  check_wire(network("10.0.0.0/8"), "02 08 01 04 0a000000");
  check_wire(network("2001:db8::/32"), "03 20 01 10 20010db8000000000000000000000000");
  CHECK(decode<inet>(binary(oids::cidr, "02 08 01 04 0a000000")) == address("10.0.0.0/8"));
  CHECK(encode(network("10.0.0.0/8"), oids::inet).hex() == "020801040a000000");
}

TEST_CASE("inet and cidr refuse binary forms that no server sends") {
  const auto refusal = [](std::string_view literal) {
    return data_error_of([&] { (void)decode<inet>(binary(oids::inet, literal)); });
  };
  CHECK(refusal("04 18 00 04 c0a80105").find("its address family is neither 2 nor 3") !=
        std::string::npos);
  CHECK(refusal("02 18 00 10 c0a80105").find("does not have the length of its family") !=
        std::string::npos);
  CHECK(refusal("02 21 00 04 c0a80105").find("its prefix is longer than its address") !=
        std::string::npos);
  CHECK(refusal("03 81 00 10 00000000000000000000000000000000").find("its prefix is longer") !=
        std::string::npos);
  CHECK(data_error_of([] { (void)decode<cidr>(binary(oids::cidr, "02 08 01 04 0a000001")); }) ==
        "column \"c\" (cidr) cannot be read as tusk::cidr: it has bits set behind its prefix");
  CHECK_FALSE(data_error_of([] { (void)decode<cidr>(text(oids::inet, "10.0.0.0/8")); }).empty());
}

TEST_CASE("inet prints addresses as the server does") {
  for (const char* same : {"192.168.1.5",
                           "192.168.1.5/24",
                           "0.0.0.0/0",
                           "::",
                           "::1",
                           "1::",
                           "::/0",
                           "::1/64",
                           "::1.2.3.4",
                           "::ffff:1.2.3.4",
                           "::ffff:0.0.0.0",
                           "2001:db8::1:0:0:1",
                           "0:1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:0",
                           "1:0:2:0:3:0:4:0",
                           "1::2:3:4:5:6",
                           "::1:2:3",
                           "::5",
                           "::0.1.0.0",
                           "::ffff",
                           "::fffe:102:304",
                           "64:ff9b::102:304",
                           "fe80::/10",
                           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127"}) {
    check_text(address(same), same);
    check_to_chars(address(same));
  }
  CHECK(address("::FFFF:0:0").to_string() == "::ffff:0.0.0.0");
  CHECK(address("0:0:0:0:0:0:0:0/128").to_string() == "::");
}

TEST_CASE("inet reads the shorter and odder forms that the server reads") {
  CHECK(address("10/8").to_string() == "10.0.0.0/8");
  CHECK(address("10.1/9").to_string() == "10.1.0.0/9");
  CHECK(address("192.168.1/24").to_string() == "192.168.1.0/24");
  CHECK(address("1.2.3./24").to_string() == "1.2.3.0/24");
  CHECK(address("001.2.3.4/08").to_string() == "1.2.3.4/8");
  CHECK(address("::1.2.3").to_string() == "::1.2.3.0");
  CHECK(address("1:2:3:4:5:6:1.2.3.4").to_string() == "1:2:3:4:5:6:102:304");
  CHECK(address("::1.2.3.4/128") == address("::1.2.3.4"));
}

TEST_CASE("inet refuses what is no address") {
  check_refused<inet>(std::array<std::string_view, 36>{"",
                                                       " ",
                                                       "1",
                                                       "1.2.3",
                                                       "1.2.3.4.5",
                                                       "256.2.3.4",
                                                       "1.2.3.4/33",
                                                       "1.2.3.4/",
                                                       "1.2.3.4/a",
                                                       "1.2.3.4/8 ",
                                                       " 1.2.3.4",
                                                       "1.2.3.4 ",
                                                       "a.2.3.4",
                                                       "10.0.1/32",
                                                       "-1.2.3.4",
                                                       "0x0a/8",
                                                       ":",
                                                       ":::",
                                                       ":1::2",
                                                       "1::2::3",
                                                       "1:",
                                                       "1:2:3:4:5:6:7",
                                                       "1:2:3:4:5:6:7:8:9",
                                                       "1:2:3:4:5:6:7:8::",
                                                       "12345::",
                                                       "::00001",
                                                       "::g",
                                                       "::1/129",
                                                       "::1/01",
                                                       "::1/",
                                                       "::1%eth0",
                                                       "::01.2.3.4",
                                                       "::256.2.3.4",
                                                       "1:2:3:4:5:6:7:1.2.3.4",
                                                       "::1.2.3.4.5",
                                                       std::string_view("1.2.3.4\0", 8)});
}

TEST_CASE("cidr always prints its prefix, and finds one where there is none") {
  for (const char* same : {"10.0.0.0/8", "1.2.3.4/32", "::1/128", "2001:db8::/32", "0.0.0.0/0"}) {
    check_text(network(same), same);
    check_to_chars(network(same));
  }
  CHECK(network("10").to_string() == "10.0.0.0/8");
  CHECK(network("10.1").to_string() == "10.1.0.0/16");
  CHECK(network("128").to_string() == "128.0.0.0/16");
  CHECK(network("192.168").to_string() == "192.168.0.0/24");
  CHECK(network("224").to_string() == "224.0.0.0/4");
  CHECK(network("240").to_string() == "240.0.0.0/32");
  CHECK(network("0x0a").to_string() == "10.0.0.0/8");
  CHECK(network("0xC0A8f/20").to_string() == "192.168.240.0/20");
  check_refused<cidr>(std::array<std::string_view, 8>{"", "10.1.0.1/16", "::1/64", "1.", "0x",
                                                      "0xg", "224.1", "0x0102030405"});
}

TEST_CASE("cidr cannot have bits set behind its prefix") {
  CHECK(data_error_of([] { (void)cidr(address("10.1.2.3/8")); }) ==
        "tusk::cidr: 10.1.2.3/8 has bits set behind its prefix");
  CHECK(cidr(address("10.0.0.0/8")) == network("10/8"));
  CHECK(address("10.1.2.3/12").network() == network("10.0.0.0/12"));
  CHECK(address("ffff::1/9").network().to_string() == "ff80::/9");
  CHECK(address("10.0.0.0/8").is_network());
  CHECK_FALSE(address("10.0.0.1/8").is_network());
}

TEST_CASE("inet tells what it is made of") {
  const inet value = address("10.1.2.3/8");
  CHECK(value.family() == ip_family::v4);
  CHECK(value.prefix() == 8);
  CHECK(hex(value.address()) == "0a010203");
  CHECK(value.with_prefix(32).to_string() == "10.1.2.3");
  CHECK(address("::1").address().size() == 16);
  CHECK(data_error_of([&] { (void)value.with_prefix(33); }) ==
        "tusk::inet: an address of 32 bits cannot have a prefix of 33");
  CHECK_FALSE(data_error_of([&] { (void)value.with_prefix(-1); }).empty());
  CHECK(address("10/8").contains(value));
  CHECK(value.contains(address("10.255.0.0")));
  CHECK_FALSE(value.contains(address("11.0.0.0")));
  CHECK_FALSE(value.contains(address("0.0.0.0/0")));
  CHECK_FALSE(address("0.0.0.0/0").contains(address("::1")));
}

TEST_CASE("inet is sorted by network, then by length, then by address") {
  const std::array<inet, 8> sorted{
      address("0.0.0.0/0"), address("10.0.0.0/8"),  address("10.1.0.0/8"),  address("10.0.0.0/16"),
      address("10.0.0.0"),  address("10.1.0.0/16"), address("255.0.0.0/8"), address("::")};
  for (std::size_t i = 0; i < sorted.size(); ++i)
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      CAPTURE(sorted[i].to_string(), sorted[j].to_string());
      CHECK((sorted[i] < sorted[j]) == (i < j));
      CHECK((sorted[i] == sorted[j]) == (i == j));
    }
  CHECK(std::unordered_set<inet>{sorted.begin(), sorted.end()}.size() == sorted.size());
  CHECK(std::unordered_set<cidr>{network("10"), network("10/8")}.size() == 1);
}

TEST_CASE("random addresses come back from their text and their binary form") {
  std::mt19937_64 source(20000201);
  for (int i = 0; i < 3000; ++i) {
    const inet value = draw(source);
    CAPTURE(value.to_string());
    CHECK(inet::parse(value.to_string()) == value);
    CHECK(round_trip(value) == value);
    const cidr whole = value.network();
    CHECK(cidr::parse(whole.to_string()) == whole);
    CHECK(round_trip(whole) == whole);
    CHECK(whole.contains(value));
  }
}
