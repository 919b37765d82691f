#include <algorithm>
#include <random>
#include <unordered_set>
#include <vector>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/timetz.hpp"

using namespace tusk;
using namespace tusk::test;
using namespace std::chrono_literals;

namespace {

timetz at(std::chrono::microseconds clock, std::chrono::seconds offset) {
  return timetz(tusk::time(clock), offset);
}

}  // namespace

TEST_CASE("a timetz has its offset inverted on the wire") {
  const timetz noon = at(12h, 5h + 30min);
  CHECK(encode(noon, oids::timetz).hex() == "0000000a0eebb000ffffb2a8");
  CHECK(decode<timetz>(binary(oids::timetz, "0000000a0eebb000ffffb2a8")) == noon);
  CHECK(encode(noon, 0).as == format::binary);
  CHECK(decode<timetz>(binary(oids::timetz, "000000141dd76000 0000e0ff")) ==
        at(24h, -15h - 59min - 59s));
}

TEST_CASE("a timetz's text and its value agree") {
  struct known {
    std::chrono::microseconds clock;
    std::chrono::seconds offset;
    const char* text;
  };
  for (const known& one :
       {known{0us, 0s, "00:00:00+00"}, known{24h, 0s, "24:00:00+00"},
        known{12h + 30min + 5s + 250ms, 5h + 30min, "12:30:05.25+05:30"},
        known{1us, -3h - 30min, "00:00:00.000001-03:30"}, known{12h, -30min, "12:00:00-00:30"},
        known{86'399'999'999us, -57'599s, "23:59:59.999999-15:59:59"},
        known{12h, 1172s, "12:00:00+00:19:32"}}) {
    const timetz value = at(one.clock, one.offset);
    CHECK(value.to_string() == one.text);
    CHECK(timetz::parse(one.text) == value);
    CHECK(decode<timetz>(text(oids::timetz, one.text)) == value);
    CHECK(round_trip(value) == value);
  }
  CHECK(timetz::parse("12:30Z")->to_string() == "12:30:00+00");
  CHECK(timetz::parse("12:30:60 CEST")->to_string() == "12:31:00+02");
}

TEST_CASE("a timetz's longest text fits max_chars exactly") {
  const timetz value = at(86'399'999'999us, -57'599s);
  std::array<char, timetz::max_chars> room;
  const auto done = value.to_chars(room.data(), room.data() + room.size());
  CHECK(done.ec == std::errc());
  CHECK(done.ptr == room.data() + room.size());
  CHECK(value.to_chars(room.data(), room.data() + room.size() - 1).ec ==
        std::errc::value_too_large);
}

TEST_CASE("text that is no timetz is refused") {
  for (const char* wrong : {"", "12:00", "12:00:00", "12:00:00+1", "12:00:00+16", "24:00:01+00",
                            "12:00:00+00 ", "12:00:00+00:60", "12:00:00+00 BC", "+01"})
    CHECK_FALSE(timetz::parse(wrong));
  CHECK(data_error_of([] { (void)decode<timetz>(text(oids::timetz, "12:00:00")); }) ==
        "column \"c\" (time with time zone) cannot be read as tusk::timetz: \"12:00:00\" is not a "
        "time with time zone");
  CHECK(data_error_of([] {
          (void)decode<timetz>(text(oids::timetz, "12:00 CST"));
        }).find("the zone abbreviation \"CST\" does not stand for one offset") !=
        std::string::npos);
}

TEST_CASE("binary that is no timetz is refused") {
  const std::string_view whole = "0000000a0eebb000ffffb2a8";
  for (std::size_t size = 0; size < whole.size(); size += 2)
    CHECK(data_error_of([&] {
            (void)decode<timetz>(binary(oids::timetz, whole.substr(0, size)));
          }).find("column \"c\" (time with time zone) cannot be read as tusk::timetz") == 0);
  for (const char* wrong : {"0000000a0eebb000ffffb2a800",  // a byte too many
                            "ffffffffffffffff00000000",    // before midnight
                            "000000141dd7600100000000",    // past 24:00
                            "00000000000000000000e100",    // 16 hours
                            "0000000000000000ffff1f00",    // 16 hours on the other side
                            "000000000000000080000000"})   // a number without an opposite
    CHECK_FALSE(data_error_of([&] { (void)decode<timetz>(binary(oids::timetz, wrong)); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<timetz>(binary(oids::time, "00")); }).empty());
  CHECK_FALSE(data_error_of([] { encode(timetz(), oids::time); }).empty());
  CHECK(data_error_of([] { at(0us, 16h); }) ==
        "std::chrono::seconds to tusk::timetz: its offset is not less than 16 hours");
}

TEST_CASE("timetz is ordered by its time in UTC, then from east to west") {
  const std::vector<timetz> ascending{at(0h, 15h), at(12h, 1h), at(11h, 0h), at(10h, -1h),
                                      at(12h, 0h), at(24h, 0h), at(24h, -1h)};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t k = 0; k < ascending.size(); ++k)
      CHECK((ascending[i] <=> ascending[k]) == (i <=> k));
  CHECK(std::unordered_set<timetz>(ascending.begin(), ascending.end()).size() == ascending.size());
  CHECK(at(12h, 1h).since_utc_midnight() == 11h);
}

TEST_CASE("random timetz values come back from both forms") {
  std::mt19937_64 source(20000103);
  for (int i = 0; i < 2000; ++i) {
    const timetz value =
        at(std::chrono::microseconds(static_cast<std::int64_t>(source() % 86'400'000'001U)),
           std::chrono::seconds(static_cast<std::int64_t>(source() % 115'199U) - 57'599));
    CHECK(round_trip(value) == value);
    CHECK(timetz::parse(value.to_string()) == value);
  }
}
