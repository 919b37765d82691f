// Addresses, networks and bit strings, each against the server's own text of it, and what their
// parsers take against what the server's take.
#include <algorithm>
#include <random>

#include "integration/differential.hpp"
#include "integration/input_oracle.hpp"

namespace {

using namespace tusk::test;

/// Sorted by the server, and again by the client.
template <class T>
void compare_order(const std::string& type, const std::vector<std::string>& expressions) {
  tusk::session db = connect();
  std::string list;
  for (const std::string& each : expressions)
    list += (list.empty() ? "" : ", ") + ("(" + each + ")::" + type);
  const auto sorted = db.scalar<std::vector<T>>(
      "select array_agg(v order by v) from unnest(array[" + list + "]) as v");
  REQUIRE(sorted.size() == expressions.size());
  std::vector<T> own = sorted;
  std::shuffle(own.begin(), own.end(), std::mt19937_64(20000206));
  std::sort(own.begin(), own.end());
  CHECK(own == sorted);
}

/// What T reads the server reads as the same value; the server may read more.
template <class T>
void compare_subset(const std::string& type, const std::vector<std::string>& seeds,
                    const std::vector<std::string>& pieces) {
  tusk::session db = connect();
  const std::vector<std::string> texts = mangle(seeds, pieces, 3000);
  const auto expected = read_by_server(db, type, texts);
  REQUIRE(expected.size() == texts.size());
  std::size_t taken = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::optional<T> own = T::parse(texts[i]);
    if (!own) continue;
    ++taken;
    if (expected[i] == own->to_string()) continue;
    CAPTURE(type, texts[i]);
    CHECK(expected[i] == own->to_string());
  }
  CHECK(taken >= seeds.size());
}

const std::vector<std::string> addresses{"'0.0.0.0'",
                                         "'255.255.255.255'",
                                         "'192.168.1.5/24'",
                                         "'10.1.2.3/0'",
                                         "'::'",
                                         "'::1'",
                                         "'::1/64'",
                                         "'::/0'",
                                         "'1::'",
                                         "'::1.2.3.4'",
                                         "'::ffff:1.2.3.4/120'",
                                         "'::ffff:0:0'",
                                         "'2001:db8::1:0:0:1'",
                                         "'1:2:3:4:5:6:7:0'",
                                         "'1:0:0:2:0:0:0:3'",
                                         "'::5'",
                                         "'::1:0'",
                                         "'64:ff9b::1.2.3.4'",
                                         "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127'",
                                         "'10/8'"};

const std::vector<std::string> networks{
    "'10'",           "'192.168'",   "'128.1/17'", "'1.2.3.4'", "'::/0'", "'2001:db8::/32'",
    "'::1'",          "'0.0.0.0/0'", "'0x0a'",     "'224'",     "'240'",  "'fe80::/10'",
    "'::1.2.3.4/127'"};

const std::vector<std::string> hardware_addresses{"'08:00:2b:01:02:03'", "'ff-ff-ff-ff-ff-ff'",
                                                  "'0000.0000.0000'", "'08002b:010203'"};

const std::vector<std::string> bits{"''",   "'0'",   "'1'",         "'101'",
                                    "'00'", "'x1F'", "'000000001'", "repeat('10', 5000)"};

}  // namespace

TEST_CASE("inet and cidr go both ways") {
  compare<tusk::inet>("inet", addresses);
  compare<tusk::cidr>("cidr", networks);
  auto db = connect();
  CHECK(db.scalar<bool>("select $1::inet = '10.0.0.0/8'", *tusk::cidr::parse("10")));
  CHECK(db.scalar<tusk::inet>("select '10'::cidr").to_string() == "10.0.0.0/8");
}

TEST_CASE("inet and cidr are ordered as the server orders them") {
  compare_order<tusk::inet>("inet", addresses);
  compare_order<tusk::cidr>("cidr", networks);
}

TEST_CASE("inet and cidr read what the server reads, and refuse what it refuses") {
  const std::vector<std::string> pieces{".", ":", "::", "/", "0", "1", "00", "8",   "12",
                                        "a", "F", "0x", "x", " ", "-", "%",  "255", ".1"};
  const std::vector<std::string> seeds{"1.2.3.4",
                                       "10.1/16",
                                       "1.2.3.4/8",
                                       "::1",
                                       "1::2/64",
                                       "::1.2.3.4",
                                       "::ffff:1.2.3.4/120",
                                       "1:2:3:4:5:6:7:8",
                                       "1:2:3:4:5:6:1.2.3.4"};
  compare_input<tusk::inet>("inet", seeds, pieces);
  compare_input<tusk::cidr>("cidr",
                            {"10", "192.168", "0x0a0B", "128.1/17", "1.2.3.4", "::/0",
                             "2001:db8::/32", "::1", "1:2:3:4:5:6:7:8", "::1.2.3.4"},
                            pieces);
}

TEST_CASE("macaddr and macaddr8 go both ways") {
  compare<tusk::macaddr>("macaddr", hardware_addresses);
  compare<tusk::macaddr8>("macaddr8", hardware_addresses);
  compare<tusk::macaddr8>("macaddr8", {"'08:00:2b:01:02:03:04:05'", "'0102.0304.0506.0708'"});
  compare_order<tusk::macaddr>("macaddr", hardware_addresses);
  compare_order<tusk::macaddr8>("macaddr8", hardware_addresses);
}

TEST_CASE("what is read as a MAC address the server reads alike") {
  const std::vector<std::string> pieces{":", "-", ".", "0", "1", "a", "F", " ", "08", "g"};
  compare_subset<tusk::macaddr>(
      "macaddr",
      {"08:00:2b:01:02:03", "8-0-2b-1-2-3", "08002b:010203", "08002b-010203", "0800.2b01.0203",
       "0800-2b01-0203", "08002b010203"},
      pieces);
  compare_subset<tusk::macaddr8>("macaddr8",
                                 {"08:00:2b:01:02:03:04:05", "08-00-2b-01-02-03",
                                  "08002b0102030405", "0800.2b01.0203.0405", "08002b:0102030405"},
                                 pieces);
}

TEST_CASE("bit and bit varying go both ways") {
  compare<tusk::bit_string>("varbit", bits);
  compare<tusk::bit_string>("bit(3)", {"'101'", "'000'", "'1'", "'1111'"});
  compare<tusk::bit_string>("varbit(3)", {"'101'", "''", "'11'"});
  compare_order<tusk::bit_string>("varbit", bits);
  compare_input<tusk::bit_string>("varbit", {"", "101", "b01", "B1", "x1F", "Xab"},
                                  {"0", "1", "b", "x", "f", "G", " ", "2"});
}
