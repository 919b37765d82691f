// What the server says of itself: places in its log and tables, transactions, snapshots.
#include <array>
#include <limits>
#include <random>
#include <unordered_set>

#include "support/value_edges.hpp"
#include "tusk/types/pg_lsn.hpp"
#include "tusk/types/pg_snapshot.hpp"
#include "tusk/types/tid.hpp"
#include "tusk/types/xid8.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr std::uint64_t highest = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("pg_lsn goes both ways in binary and as text") {
  check_wire(pg_lsn(0x16B374D848), "00000016b374d848");
  check_text(pg_lsn(0x16B374D848), "16/B374D848");
  check_text(pg_lsn(), "0/0");
  check_text(pg_lsn(highest), "FFFFFFFF/FFFFFFFF");
  check_to_chars(pg_lsn(highest));
  CHECK(pg_lsn::parse("00000001/0000000a") == pg_lsn(0x10000000A));
  check_refused<pg_lsn>(std::array<std::string_view, 10>{"", "/", "1/", "/1", "1", "1/2/3", "1/g",
                                                         "123456789/0", "0/123456789", "-1/0"});
  CHECK(pg_lsn(1) < pg_lsn(highest));
  CHECK(std::unordered_set<pg_lsn>{pg_lsn(1), pg_lsn(1), pg_lsn(2)}.size() == 2);
}

TEST_CASE("xid8 goes both ways in binary and as text, over all 64 bits") {
  check_wire(xid8(42), "000000000000002a");
  check_wire(xid8(highest), "ffffffffffffffff");
  check_text(xid8(0), "0");
  check_text(xid8(highest), "18446744073709551615");
  check_to_chars(xid8(highest));
  check_refused<xid8>(
      std::array<std::string_view, 5>{"", "-1", "18446744073709551616", "1x", "+1"});
  CHECK(xid8(1) < xid8(highest));
  CHECK(std::unordered_set<xid8>{xid8(1), xid8(1), xid8(2)}.size() == 2);
}

TEST_CASE("tid goes both ways in binary and as text") {
  check_wire(tid{1, 2}, "00000001 0002");
  check_text(tid{1, 2}, "(1,2)");
  check_text(tid{4294967295, 65535}, "(4294967295,65535)");
  check_to_chars(tid{4294967295, 65535});
  check_refused<tid>(std::array<std::string_view, 11>{"", "()", "(,)", "1,2", "(1,2", "1,2)", "(1)",
                                                      "(4294967296,0)", "(0,65536)", "(1,2,3)",
                                                      "(-1,2)"});
  CHECK(tid{1, 65535} < tid{2, 0});
  CHECK(std::unordered_set<tid>{tid{1, 2}, tid{1, 2}, tid{2, 1}}.size() == 2);
}

TEST_CASE("pg_snapshot and txid_snapshot go both ways in binary and as text") {
  const pg_snapshot value{xid8(10), xid8(20), {xid8(10), xid8(14), xid8(15)}};
  constexpr std::string_view golden =
      "00000003 000000000000000a 0000000000000014 000000000000000a 000000000000000e "
      "000000000000000f";
  check_wire(value, golden);
  check_wire(value, golden, oids::txid_snapshot);
  check_wire(pg_snapshot{xid8(7), xid8(7), {}}, "00000000 0000000000000007 0000000000000007");
  check_text(value, "10:20:10,14,15");
  check_text(pg_snapshot{xid8(7), xid8(7), {}}, "7:7:");
  CHECK(pg_snapshot::parse("10:20:10,10,14,15") == value);
  check_refused<pg_snapshot>(std::array<std::string_view, 15>{
      "", ":", "::", "0:1:", "1:0:", "2:1:", "1:2", "1:2:3:", "1:2:0", "1:2:3", "1:9:3,2", "1:9:,",
      "1:9:2,", "1:9:2,,3", "a:b:"});
  CHECK(std::unordered_set<pg_snapshot>{value, value, pg_snapshot{}}.size() == 2);
}

TEST_CASE("pg_snapshot says what it sees") {
  const pg_snapshot value{xid8(10), xid8(20), {xid8(10), xid8(14)}};
  CHECK(value.sees(xid8(9)));
  CHECK_FALSE(value.sees(xid8(10)));
  CHECK(value.sees(xid8(11)));
  CHECK_FALSE(value.sees(xid8(14)));
  CHECK(value.sees(xid8(19)));
  CHECK_FALSE(value.sees(xid8(20)));
}

TEST_CASE("pg_snapshot refuses counts its bytes do not hold, and what is out of order") {
  const auto refusal = [](std::string_view literal) {
    return data_error_of([&] { (void)decode<pg_snapshot>(binary(oids::pg_snapshot, literal)); });
  };
  CHECK(refusal("7fffffff 0000000000000001 0000000000000002 0000000000000001")
            .find("it announces more transactions than its bytes can hold") != std::string::npos);
  CHECK_FALSE(refusal("ffffffff 0000000000000001 0000000000000002").empty());
  CHECK(refusal("00000000 0000000000000002 0000000000000001")
            .find("its transactions are out of order") != std::string::npos);
  CHECK_FALSE(refusal("00000000 0000000000000000 0000000000000001").empty());
  CHECK(data_error_of([] { (void)encode(pg_snapshot{xid8(2), xid8(1), {}}, oids::pg_snapshot); }) ==
        "$1 (pg_snapshot) cannot take this tusk::pg_snapshot: its transactions are out of order, "
        "or one is 0");
}

TEST_CASE("random numbers of the system come back from their text and their binary form") {
  std::mt19937_64 source(20000205);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t number = source() >> (source() % 64);
    CHECK(pg_lsn::parse(pg_lsn(number).to_string()) == pg_lsn(number));
    CHECK(round_trip(pg_lsn(number)) == pg_lsn(number));
    CHECK(xid8::parse(xid8(number).to_string()) == xid8(number));
    const tid place{static_cast<std::uint32_t>(number), static_cast<std::uint16_t>(source())};
    CHECK(tid::parse(place.to_string()) == place);
    CHECK(round_trip(place) == place);
    pg_snapshot snapshot{xid8(number / 2 + 1), xid8(number / 2 + 100), {}};
    for (std::uint64_t at = number / 2 + 1; at < number / 2 + 100; at += 1 + source() % 30)
      snapshot.xip.emplace_back(at);
    CHECK(pg_snapshot::parse(snapshot.to_string()) == snapshot);
    CHECK(round_trip(snapshot) == snapshot);
  }
}
