#include <array>
#include <limits>
#include <random>
#include <unordered_set>

#include "support/value_edges.hpp"
#include "tusk/types/money.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

std::int64_t units(std::string_view text) {
  CAPTURE(text);
  const std::optional<money> parsed = money::parse(text);
  REQUIRE(parsed.has_value());
  return parsed->minor_units;
}

}  // namespace

TEST_CASE("money has the server's binary form") {
  check_wire(money(1234), "00000000000004d2");
  check_wire(money(-1), "ffffffffffffffff");
  check_wire(money(lowest), "8000000000000000");
}

TEST_CASE("money is read from the text of every locale") {
  CHECK(units("$1,234.56") == 123456);
  CHECK(units("-$1,234.56") == -123456);
  CHECK(units("($0.05)") == -5);
  CHECK(units("-1.234,56 \u20ac") == -123456);
  CHECK(units("1\u202f234,56 \u20ac") == 123456);
  CHECK(units("12,34-") == -1234);
  CHECK(units("\u22121 234,56 kr") == -123456);
  CHECK(units("\uffe51,234") == 1234);
  CHECK(units("BHD 1,234.567") == 1234567);
  CHECK(units("$92,233,720,368,547,758.07") == highest);
  CHECK(units("-$92,233,720,368,547,758.08") == lowest);
  CHECK(decode<money>(text(oids::money, "$0.01")) == money(1));
}

TEST_CASE("money refuses texts that are no amount, and never guesses") {
  check_refused<money>(std::array<std::string_view, 6>{"", "$", "kr.", "$92,233,720,368,547,758.08",
                                                       "-$92,233,720,368,547,758.09",
                                                       "$184,467,440,737,095,516.16"});
  // A narrow no-break space in GB18030 has the digits 6 and 5 in it.
  CHECK_FALSE(money::parse("1\x81\x36\xa6\x35"
                           "234,56")
                  .has_value());
  CHECK_FALSE(money::parse("\xa3"
                           "5.00")
                  .has_value());
}

TEST_CASE("money is not sent as text, since the server's locale would scale it") {
  const std::string message = data_error_of([] { (void)detail::text_of(money(1)); });
  CHECK(message.find("tusk::money: no text of it is read alike under every lc_monetary") == 0);
}

TEST_CASE("money prints with the digits it is told to") {
  CHECK(money(-1234).to_string(2) == "-12.34");
  CHECK(money(5).to_string(2) == "0.05");
  CHECK(money(1234).to_string(0) == "1234");
  CHECK(money(1234).to_string(3) == "1.234");
  CHECK(money(lowest).to_string(2) == "-92233720368547758.08");
  CHECK(money(0).to_string(18) == "0.000000000000000000");
  CHECK_FALSE(data_error_of([] { (void)money(1).to_string(19); }).empty());
  CHECK_FALSE(data_error_of([] { (void)money(1).to_string(-1); }).empty());
}

TEST_CASE("random amounts of money come back") {
  std::mt19937_64 source(20000204);
  for (int i = 0; i < 1000; ++i) {
    const money value(static_cast<std::int64_t>(source()) >> (source() % 64));
    CHECK(round_trip(value) == value);
    CHECK(money::parse(value.to_string(2)) == value);
  }
  CHECK(money(-1) < money(0));
  CHECK(std::unordered_set<money>{money(1), money(1), money(2)}.size() == 2);
}
