#include <algorithm>
#include <array>
#include <unordered_set>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/time.hpp"
#include "tusk/types/timestamp.hpp"

using namespace tusk;
using namespace tusk::test;

TEST_CASE("a date's text and its count of days agree over the server's whole range") {
  struct known {
    std::int32_t days;
    const char* text;
  };
  for (const known& one :
       {known{0, "2000-01-01"}, known{8825, "2024-02-29"}, known{-10957, "1970-01-01"},
        known{-730119, "0001-01-01"}, known{-730120, "0001-12-31 BC"},
        known{-730425, "0001-03-01 BC"}, known{-730426, "0001-02-29 BC"},
        known{-2451545, "4714-11-24 BC"}, known{2145031948, "5874897-12-31"},
        known{2921939, "9999-12-31"}, known{2921940, "10000-01-01"}}) {
    CHECK(date(one.days).to_string() == one.text);
    CHECK(date::parse(one.text) == date(one.days));
    CHECK(decode<date>(text(oids::date, one.text)) == date(one.days));
    CHECK(round_trip(date(one.days)) == date(one.days));
  }
}

TEST_CASE("a date's infinities are the ends of its wire form") {
  CHECK(decode<date>(binary(oids::date, "80000000")) == date::minus_infinity());
  CHECK(decode<date>(binary(oids::date, "7fffffff")).to_string() == "infinity");
  CHECK(decode<date>(text(oids::date, "-infinity")) == date::minus_infinity());
  CHECK(encode(date::infinity(), oids::date).hex() == "7fffffff");
  CHECK_FALSE(date::infinity().is_finite());
  CHECK(date::minus_infinity() < date(-2451545));
}

TEST_CASE("text that is no date is refused") {
  for (const char* wrong :
       {"", "2024", "2024-2-29", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00",
        "0000-01-01", "29/02-2024", "2024-02-29 AD", "2024-02-29 ", "5874898-01-01",
        "4714-11-23 BC", "0002-02-29 BC", "12345678-01-01", "1900-02-29"})
    CHECK_FALSE(date::parse(wrong));
  CHECK(data_error_of([] { (void)decode<date>(text(oids::date, "29/02/24")); }) ==
        "column \"c\" (date) cannot be read as tusk::date: \"29/02/24\" is not a date");
  CHECK_FALSE(data_error_of([] { (void)decode<date>(binary(oids::date, "000000")); }).empty());
}

TEST_CASE("a time has microseconds and may be 24:00:00") {
  struct known {
    std::int64_t microseconds;
    const char* text;
  };
  for (const known& one : {known{0, "00:00:00"}, known{86'400'000'000, "24:00:00"},
                           known{45'005'250'000, "12:30:05.25"}, known{1, "00:00:00.000001"},
                           known{86'399'999'999, "23:59:59.999999"}}) {
    const tusk::time value{std::chrono::microseconds(one.microseconds)};
    CHECK(value.to_string() == one.text);
    CHECK(tusk::time::parse(one.text) == value);
    CHECK(round_trip(value) == value);
    CHECK(decode<std::chrono::microseconds>(text(oids::time, one.text)).count() ==
          one.microseconds);
  }
  CHECK(tusk::time::parse("12:30")->to_string() == "12:30:00");
  CHECK(tusk::time::parse("12:30:60")->to_string() == "12:31:00");
  for (const char* wrong : {"", "1:00", "24:00:01", "25:00", "12:60", "12:00:61", "12:00:00.",
                            "12:00:00.1234567", "12:00:00+01", "24:00:00.000001"})
    CHECK_FALSE(tusk::time::parse(wrong));
}

TEST_CASE("a time outside of the day is refused both ways") {
  CHECK(data_error_of([] { (void)decode<tusk::time>(binary(oids::time, "ffffffffffffffff")); }) ==
        "column \"c\" (time without time zone) cannot be read as tusk::time: it is not within "
        "00:00:00 and 24:00:00");
  CHECK_FALSE(data_error_of([] { encode(std::chrono::microseconds(-1), oids::time); }).empty());
  CHECK_FALSE(data_error_of([] { tusk::time{std::chrono::hours(25)}; }).empty());
}

TEST_CASE("a timestamp's text and its count agree over the server's whole range") {
  struct known {
    std::int64_t microseconds;
    const char* text;
  };
  for (const known& one : {known{0, "2000-01-01 00:00:00"}, known{-1, "1999-12-31 23:59:59.999999"},
                           known{762'525'005'250'000, "2024-02-29 12:30:05.25"},
                           known{-211'813'488'000'000'000, "4714-11-24 00:00:00 BC"},
                           known{9'223'371'331'199'999'999, "294276-12-31 23:59:59.999999"},
                           known{INT64_MAX, "infinity"}, known{INT64_MIN, "-infinity"}}) {
    CHECK(timestamp(one.microseconds).to_string() == one.text);
    CHECK(timestamp::parse(one.text) == timestamp(one.microseconds));
    CHECK(decode<timestamp>(text(oids::timestamp, one.text)) == timestamp(one.microseconds));
    CHECK(round_trip(timestamp(one.microseconds)) == timestamp(one.microseconds));
    CHECK(round_trip(timestamptz(one.microseconds)) == timestamptz(one.microseconds));
  }
  CHECK(encode(timestamptz::infinity(), oids::timestamptz).hex() == "7fffffffffffffff");
}

TEST_CASE("a timestamp with time zone is shown in UTC and read at any offset") {
  const auto noon = timestamptz(762'523'200'000'000);
  CHECK(noon.to_string() == "2024-02-29 12:00:00+00");
  CHECK(timestamptz(-211'813'488'000'000'000).to_string() == "4714-11-24 00:00:00+00 BC");
  for (const char* same :
       {"2024-02-29 12:00:00+00", "2024-02-29T12:00:00Z", "2024-02-29 17:30:00+05:30",
        "2024-02-29 08:30:00-03:30", "2024-02-29 12:53:28+00:53:28", "2024-02-28 24:00:00-12",
        "2024-02-29 11:59:60+00"})
    CHECK(timestamptz::parse(same) == noon);
  CHECK(timestamptz::parse("0044-03-15 12:00:00+00 BC")->to_string() ==
        "0044-03-15 12:00:00+00 BC");
  // The day alone is out of range; the offset brings it back.
  CHECK(timestamptz::parse("294277-01-01 05:00:00+06"));
  CHECK(timestamptz::parse("4714-11-23 23:00:00-02 BC"));
}

TEST_CASE("text that is no timestamp is refused") {
  for (const char* wrong :
       {"", "2024-02-29", "2024-02-29 12:00:00+00", "2024-02-30 12:00:00", "294277-01-01 00:00:00",
        "4714-11-23 23:59:59 BC", "29/02/24 12:00:00", "2024-02-29  12:00:00",
        "2024-02-29 12:00:00 AD", "5874897-12-31 00:00:00"})
    CHECK_FALSE(timestamp::parse(wrong));
  for (const char* wrong :
       {"2024-02-29 12:00:00", "2024-02-29 12:00:00+1", "2024-02-29 12:00:00+16",
        "2024-02-29 12:00:00+00:60", "2024-02-29 12:00:00+00 BCE"})
    CHECK_FALSE(timestamptz::parse(wrong));
  CHECK(data_error_of([] { (void)decode<timestamptz>(text(oids::timestamptz, "29/02/2024")); }) ==
        "column \"c\" (timestamp with time zone) cannot be read as tusk::timestamptz: "
        "\"29/02/2024\" is not a timestamp");
  CHECK_FALSE(
      data_error_of([] { (void)decode<timestamp>(binary(oids::timestamp, "00")); }).empty());
}

TEST_CASE("the text of dates and times goes into any room that is large enough") {
  const auto check = [](auto value, std::string_view expected) {
    std::array<char, 64> room;
    for (const std::size_t size : {expected.size(), value.max_chars, room.size()}) {
      room.fill('?');
      const auto [end, error] = value.to_chars(room.data(), room.data() + size);
      CHECK(error == std::errc());
      CHECK(std::string_view(room.data(), end) == expected);
      CHECK(std::count(room.begin() + static_cast<std::ptrdiff_t>(size), room.end(), '?') ==
            static_cast<std::ptrdiff_t>(room.size() - size));
    }
    const auto [end, error] = value.to_chars(room.data(), room.data() + expected.size() - 1);
    CHECK(error == std::errc::value_too_large);
    CHECK(end == room.data() + expected.size() - 1);
  };
  // The longest of each; the first and last are outside of the server's range, as bytes may be.
  check(date(INT32_MIN + 1), "5877612-06-23 BC");
  check(tusk::time(std::chrono::microseconds(86'399'999'999)), "23:59:59.999999");
  check(timestamp(INT64_MIN + 1), "290279-12-22 19:59:05.224193 BC");
  check(timestamptz(INT64_MIN + 1), "290279-12-22 19:59:05.224193+00 BC");
  check(timestamptz::minus_infinity(), "-infinity");
  check(date(), "2000-01-01");
}

TEST_CASE("dates and times have hashes and orders") {
  CHECK(std::unordered_set<date>{date(1), date(1), date(2)}.size() == 2);
  CHECK(std::unordered_set<timestamp>{timestamp(1), timestamp(1)}.size() == 1);
  CHECK(std::unordered_set<tusk::time>{tusk::time{}, tusk::time{}}.size() == 1);
  CHECK(timestamptz(1) < timestamptz(2));
}
