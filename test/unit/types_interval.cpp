#include <random>
#include <unordered_set>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/interval.hpp"

using namespace tusk;
using namespace tusk::test;
using namespace std::chrono_literals;

namespace {

bool is(const std::optional<interval>& found, const interval& expected) {
  return found.has_value() && found->has_same_parts(expected);
}

/// A value and its text under the four IntervalStyles, as a server wrote them.
struct known {
  interval value;
  const char* postgres;
  const char* verbose;
  const char* sql_standard;
  const char* iso_8601;
};

const known styles[] = {
    {{0, 0, 0}, "00:00:00", "@ 0", "0", "PT0S"},
    {{1, -2, 3'500'000},
     "1 mon -2 days +00:00:03.5",
     "@ 1 mon -2 days 3.5 secs",
     "+0-1 -2 +0:00:03.5",
     "P1M-2DT3.5S"},
    {{14, 3, 14'706'700'000},
     "1 year 2 mons 3 days 04:05:06.7",
     "@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs",
     "+1-2 +3 +4:05:06.7",
     "P1Y2M3DT4H5M6.7S"},
    {{-14, 0, 0}, "-1 years -2 mons", "@ 1 year 2 mons ago", "-1-2", "P-1Y-2M"},
    {{14, 0, 0}, "1 year 2 mons", "@ 1 year 2 mons", "1-2", "P1Y2M"},
    {{0, 3, 14'706'000'000},
     "3 days 04:05:06",
     "@ 3 days 4 hours 5 mins 6 secs",
     "3 4:05:06",
     "P3DT4H5M6S"},
    {{0, -3, -14'706'000'000},
     "-3 days -04:05:06",
     "@ 3 days 4 hours 5 mins 6 secs ago",
     "-3 4:05:06",
     "P-3DT-4H-5M-6S"},
    {{0, -3, 14'706'000'000},
     "-3 days +04:05:06",
     "@ 3 days -4 hours -5 mins -6 secs ago",
     "+0-0 -3 +4:05:06",
     "P-3DT4H5M6S"},
    {{0, 0, -500'000}, "-00:00:00.5", "@ 0.5 secs ago", "-0:00:00.5", "PT-0.5S"},
    {{0, 1, 0}, "1 day", "@ 1 day", "1 0:00:00", "P1D"},
    {{-1, 1, -1},
     "-1 mons +1 day -00:00:00.000001",
     "@ 1 mon -1 days 0.000001 secs ago",
     "-0-1 +1 -0:00:00.000001",
     "P-1M1DT-0.000001S"},
    {{2147483646, 2147483647, INT64_MAX},
     "178956970 years 6 mons 2147483647 days 2562047788:00:54.775807",
     "@ 178956970 years 6 mons 2147483647 days 2562047788 hours 54.775807 secs",
     "+178956970-6 +2147483647 +2562047788:00:54.775807",
     "P178956970Y6M2147483647DT2562047788H54.775807S"},
    {{INT32_MIN, INT32_MIN, INT64_MIN + 1},
     "-178956970 years -8 mons -2147483648 days -2562047788:00:54.775807",
     "@ 178956970 years 8 mons 2147483648 days 2562047788 hours 54.775807 secs ago",
     "-178956970-8 -2147483648 -2562047788:00:54.775807",
     "P-178956970Y-8M-2147483648DT-2562047788H-54.775807S"},
    {{0, 0, INT64_MIN},
     "-2562047788:00:54.775808",
     "@ 2562047788 hours 54.775808 secs ago",
     "-2562047788:00:54.775808",
     "PT-2562047788H-54.775808S"},
};

}  // namespace

TEST_CASE("an interval's wire form is microseconds, days, months") {
  const interval value(1, -2, 3'500'000);
  CHECK(encode(value, oids::interval).hex() == "00000000003567e0fffffffe00000001");
  CHECK(decode<interval>(binary(oids::interval, "00000000003567e0 fffffffe 00000001"))
            .has_same_parts(value));
  const sample wire = binary(oids::interval, "00000000003567e0 fffffffe 00000001");
  CHECK(codec<interval>::from_native(static_cast<const field&>(wire).data).has_same_parts(value));
}

TEST_CASE("an interval is read from its text under every IntervalStyle") {
  for (const known& one : styles) {
    CAPTURE(one.postgres);
    CHECK(one.value.to_string() == one.postgres);
    for (const char* each : {one.postgres, one.verbose, one.sql_standard, one.iso_8601}) {
      CAPTURE(each);
      CHECK(is(interval::parse(each), one.value));
      CHECK(decode<interval>(text(oids::interval, each)).has_same_parts(one.value));
    }
    CHECK(round_trip(one.value).has_same_parts(one.value));
  }
}

TEST_CASE("an interval's infinities are the ends of all three parts") {
  CHECK(encode(interval::infinity(), oids::interval).hex() == "7fffffffffffffff7fffffff7fffffff");
  CHECK(
      decode<interval>(binary(oids::interval, "8000000000000000 80000000 80000000")).to_string() ==
      "-infinity");
  CHECK(is(interval::parse("infinity"), interval::infinity()));
  CHECK(is(interval::parse("-infinity"), interval::minus_infinity()));
  CHECK_FALSE(interval::infinity().is_finite());
  CHECK(interval(2147483647, 2147483647, INT64_MAX - 1).is_finite());
  CHECK(interval::infinity() > interval(2147483647, 2147483647, INT64_MAX - 1));
  CHECK(interval::minus_infinity() < interval(INT32_MIN, INT32_MIN, INT64_MIN + 1));
  // What servers without infinities write of the same numbers.
  CHECK(is(interval::parse("178956970 years 7 mons 2147483647 days 2562047788:00:54.775807"),
           interval::infinity()));
}

TEST_CASE("intervals in the units that the server knows are read") {
  const interval expected(0, 8, 5'400'000'000);
  for (const char* same :
       {"1 week 1 day 1 hour 30 minutes", "1w1d1h30m", "8 days 90 min", "8 DAYS 01:30",
        " 8 days 01:30:00 ", "P1W1DT1H30M", "8 01:30", "8 days 5400 s", "8 days 5400000 ms",
        "8 days 5400000000 us", "@ -8 days -90 mins ago", "8days 5400.000000sec"})
    CHECK(is(interval::parse(same), expected));
  CHECK(is(interval::parse("1 millennium 2 centuries 3 decades 4 years"), {14'808, 0, 0}));
  CHECK(is(interval::parse("-1 day 02:00"), {0, -1, 7'200'000'000}));
  CHECK(is(interval::parse("-1 02:00"), {0, -1, -7'200'000'000}));
  CHECK(is(interval::parse("1 day 5"), {0, 1, 5'000'000}));
  CHECK(is(interval::parse("5"), {0, 0, 5'000'000}));
  CHECK(is(interval::parse("-5.25"), {0, 0, -5'250'000}));
}

TEST_CASE("text that is no interval, or would have to be rounded, is refused") {
  for (const char* wrong : {"",
                            " ",
                            "@",
                            "ago",
                            "@ ago",
                            "P",
                            "PT",
                            "P1",
                            "P1H",
                            "PT1D",
                            "PT1HT1M",
                            "P1.5D",
                            "PT1.S",
                            "P1S",
                            "1.5 days",
                            "1 fortnight",

                            "1 2",
                            "1 2 03:00",
                            "1-12",
                            "1-",
                            "1-2-3",
                            "1:60",
                            "1:2",
                            "1:00:61",
                            "1:00:00.",
                            "1:00:00.1234567",
                            "1.0000001 secs",
                            "1:00x",
                            "days",
                            "1 day ago ago",
                            "--1 day",
                            "+ 1 day",
                            "1 day,",
                            "178956971 years",
                            "2147483648 days",
                            "-2147483649 days",
                            "2562047788:00:54.775808",
                            "9999999999999999999 secs",
                            "2562047789 hours",
                            "1 day\xc3",
                            "infinity days",
                            "0x10 days"}) {
    CAPTURE(wrong);
    CHECK_FALSE(interval::parse(wrong));
  }
  CHECK(data_error_of([] { (void)decode<interval>(text(oids::interval, "1 fortnight")); }) ==
        "column \"c\" (interval) cannot be read as tusk::interval: \"1 fortnight\" is not an "
        "interval");
}

TEST_CASE("binary that is no interval is refused") {
  const std::string_view whole = "00000000003567e0fffffffe00000001";
  for (std::size_t size = 0; size < whole.size(); size += 2)
    CHECK(data_error_of([&] {
            (void)decode<interval>(binary(oids::interval, whole.substr(0, size)));
          }).find("column \"c\" (interval) cannot be read as tusk::interval") == 0);
  CHECK_FALSE(data_error_of([&] {
                (void)decode<interval>(binary(oids::interval, std::string(whole) + "00"));
              }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<interval>(text(oids::text, "1 day")); }).empty());
  CHECK_FALSE(data_error_of([] { encode(interval(), oids::time); }).empty());
}

TEST_CASE("intervals compare as the server's do, and equal ones have equal hashes") {
  const interval month(1, 0, 0);
  const interval days(0, 30, 0);
  const interval hours(0, 0, 720 * 3'600'000'000);
  const interval mixed(2, -31, 86'400'000'000);
  CHECK(month == days);
  CHECK(days == hours);
  CHECK(mixed == month);
  CHECK_FALSE(month.has_same_parts(days));
  CHECK(std::unordered_set<interval>{month, days, hours, mixed}.size() == 1);
  CHECK(interval(0, -1, 0) == interval(0, 0, -86'400'000'000));
  CHECK(interval(0, 0, -1) < interval());
  CHECK(interval(0, -1, 1) < interval(0, 0, -1));
  CHECK(interval(0, 1, -1) < interval(0, 1, 0));
  CHECK(interval(12, 0, 0) < interval(0, 365, 0));
  // Sums that 64 bits of microseconds could not hold.
  CHECK(interval(2147483647, 0, 0) > interval(0, 2147483647, INT64_MAX));
  CHECK(interval(INT32_MIN, 0, 0) < interval(0, 0, INT64_MIN));
}

TEST_CASE("durations of std::chrono become the part that they are made of") {
  CHECK(interval(std::chrono::years(2)).has_same_parts({24, 0, 0}));
  CHECK(interval(std::chrono::months(-5)).has_same_parts({-5, 0, 0}));
  CHECK(interval(std::chrono::weeks(2)).has_same_parts({0, 14, 0}));
  CHECK(interval(std::chrono::days(3)).has_same_parts({0, 3, 0}));
  CHECK(interval(25h).has_same_parts({0, 0, 90'000'000'000}));
  CHECK(interval(-1us).has_same_parts({0, 0, -1}));
  STATIC_REQUIRE_FALSE(std::is_constructible_v<interval, std::chrono::nanoseconds>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<interval, std::chrono::duration<double>>);
  CHECK(data_error_of([] { interval{std::chrono::years(178'956'971)}; }) ==
        "std::chrono::duration to tusk::interval: 2147483652 does not fit 32 bits of months or "
        "days");
  CHECK_FALSE(data_error_of([] { interval{std::chrono::hours::max()}; }).empty());
}

TEST_CASE("an interval becomes a duration when nothing in it varies, and days when asked") {
  CHECK(interval(0, 0, 5).to_duration() == 5us);
  CHECK(interval(0, 2, -5).to_duration_of_24_hour_days() == 48h - 5us);
  CHECK(data_error_of([] { (void)interval(0, 1, 0).to_duration(); }) ==
        "tusk::interval to std::chrono::microseconds: 1 day has months or days, whose length "
        "varies");
  CHECK_FALSE(data_error_of([] { (void)interval(1, 0, 0).to_duration(); }).empty());
  CHECK_FALSE(data_error_of([] { (void)interval(1, 0, 0).to_duration_of_24_hour_days(); }).empty());
  CHECK_FALSE(
      data_error_of([] { (void)interval(0, 1, INT64_MAX).to_duration_of_24_hour_days(); }).empty());
  CHECK_FALSE(data_error_of([] { (void)interval::infinity().to_duration(); }).empty());
}

TEST_CASE("an interval's longest text fits max_chars exactly") {
  const interval value(-2147483639, INT32_MIN, INT64_MIN);
  std::array<char, interval::max_chars> room;
  const auto done = value.to_chars(room.data(), room.data() + room.size());
  CHECK(done.ec == std::errc());
  CHECK(done.ptr == room.data() + room.size());
  CHECK(std::string_view(room.data(), room.size()) ==
        "-178956969 years -11 mons -2147483648 days -2562047788:00:54.775808");
  CHECK(value.to_chars(room.data(), room.data() + room.size() - 1).ec ==
        std::errc::value_too_large);
}

TEST_CASE("random intervals come back from both forms") {
  std::mt19937_64 source(20000104);
  const auto draw = [&](int bits) {
    return static_cast<std::int64_t>(source()) >>
           (64U - static_cast<unsigned>(bits) + source() % static_cast<unsigned>(bits));
  };
  for (int i = 0; i < 5000; ++i) {
    const interval value(static_cast<std::int32_t>(draw(32)), static_cast<std::int32_t>(draw(32)),
                         draw(64));
    CAPTURE(value.to_string());
    CHECK(round_trip(value).has_same_parts(value));
    CHECK(is(interval::parse(value.to_string()), value));
  }
}
