#include <array>
#include <random>
#include <unordered_set>

#include "support/value_edges.hpp"
#include "tusk/types/macaddr.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

const macaddr six = *macaddr::parse("08:00:2b:01:02:03");
const macaddr8 eight = *macaddr8::parse("08:00:2b:01:02:03:04:05");

}  // namespace

TEST_CASE("macaddr and macaddr8 have the server's binary form") {
  check_wire(six, "08002b010203");
  check_wire(eight, "08002b0102030405");
}

TEST_CASE("macaddr reads every form that the server takes") {
  for (const char* form :
       {"08:00:2b:01:02:03", "8:0:2B:1:2:3", "08-00-2b-01-02-03", "8-0-2b-1-2-3", "08002b:010203",
        "08002b-010203", "0800.2b01.0203", "0800-2b01-0203", "08002b010203", " 08002B010203\t"}) {
    CAPTURE(form);
    CHECK(macaddr::parse(form) == six);
  }
  check_text(six, "08:00:2b:01:02:03");
  check_to_chars(six);
  check_refused<macaddr>(std::array<std::string_view, 16>{
      "", "08:00:2b:01:02", "08:00:2b:01:02:03:04", "08:00:2b:01:02:103",
      "08:00:2b:01:02:", "08:00-2b:01:02:03", "08002b01020", "08002b0102033", "0800:2b01:0203",
      "08.00.2b.01.02.03", "08002b.010203", "0x8:0:2b:1:2:3", "-8:0:2b:1:2:3", "08 00:2b:01:02:03",
      "g8:00:2b:01:02:03", "08:00:2b:01:02:03 x"});
}

TEST_CASE("macaddr8 reads every form that the server takes") {
  for (const char* form :
       {"08:00:2b:01:02:03:04:05", "08-00-2b-01-02-03-04-05", "08002b:0102030405",
        "08002b-0102030405", "0800.2b01.0203.0405", "0800-2b01-0203-0405", "08002b01:02030405",
        "08002B0102030405", " 08002b0102030405 "}) {
    CAPTURE(form);
    CHECK(macaddr8::parse(form) == eight);
  }
  check_text(eight, "08:00:2b:01:02:03:04:05");
  check_to_chars(eight);
  CHECK(macaddr8::parse("08:00:2b:01:02:03") == macaddr8(six));
  CHECK(macaddr8(six).to_string() == "08:00:2b:ff:fe:01:02:03");
  CHECK(macaddr8(six).to_macaddr() == six);
  CHECK_FALSE(eight.to_macaddr().has_value());
  check_refused<macaddr8>(std::array<std::string_view, 12>{
      "", "08", "08:00:2b:01:02", "08:00:2b:01:02:03:04", "08:00:2b:01:02:03:04:05:06",
      "08:00-2b:01:02:03:04:05", "8:00:2b:01:02:03:04:05", "08::00:2b:01:02:03:04:05",
      ":08:00:2b:01:02:03:04:05", "08002b010203040", "08002b01020304g5", "08002b010203 04 05"});
}

TEST_CASE("MAC addresses are sorted by their bytes, and hash") {
  CHECK(macaddr{} < six);
  CHECK(macaddr8{} < eight);
  CHECK(*macaddr::parse("7f:ff:ff:ff:ff:ff") < *macaddr::parse("80:00:00:00:00:00"));
  CHECK(std::unordered_set<macaddr>{six, six, macaddr{}}.size() == 2);
  CHECK(std::unordered_set<macaddr8>{eight, eight, macaddr8{}}.size() == 2);
}

TEST_CASE("random MAC addresses come back from their text and their binary form") {
  std::mt19937_64 source(20000202);
  for (int i = 0; i < 1000; ++i) {
    macaddr8 value;
    for (std::byte& one : value.bytes)
      one = static_cast<std::byte>(source() % 256);
    CHECK(macaddr8::parse(value.to_string()) == value);
    CHECK(round_trip(value) == value);
    macaddr shorter;
    std::copy(value.bytes.begin(), value.bytes.begin() + 6, shorter.bytes.begin());
    CHECK(macaddr::parse(shorter.to_string()) == shorter);
    CHECK(round_trip(shorter) == shorter);
    CHECK(macaddr8(shorter).to_macaddr() == shorter);
  }
}
