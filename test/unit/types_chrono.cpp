#include <chrono>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/timestamp.hpp"

using namespace tusk;
using namespace tusk::test;
using namespace std::chrono;

namespace {

const year_month_day leap_day{year(2024), month(2), day(29)};

template <class Duration>
using local = local_time<Duration>;

}  // namespace

TEST_CASE("a date goes to the calendar of std::chrono and back") {
  CHECK(decode<year_month_day>(binary(oids::date, "00002279")) == leap_day);
  CHECK(decode<sys_days>(binary(oids::date, "00002279")) == sys_days(leap_day));
  CHECK(encode(leap_day, oids::date).hex() == "00002279");
  CHECK(encode(sys_days(leap_day), oids::date).hex() == "00002279");
  CHECK(date(leap_day).to_string() == "2024-02-29");
  CHECK(date(leap_day).to_year_month_day() == leap_day);
  CHECK(date(sys_days(leap_day)).to_sys_days() == sys_days(leap_day));
  CHECK(date::parse("0001-12-31 BC")->to_year_month_day() ==
        year_month_day(year(0), month(12), day(31)));
}

TEST_CASE("std::chrono's calendar refuses what it cannot hold") {
  CHECK(data_error_of([] { (void)decode<year_month_day>(binary(oids::date, "7fffffff")); }) ==
        "column \"c\" (date) cannot be read as std::chrono::year_month_day: infinity does not fit");
  CHECK(data_error_of([] { (void)decode<sys_days>(text(oids::date, "-infinity")); }) ==
        "column \"c\" (date) cannot be read as std::chrono::sys_days: -infinity does not fit");
  CHECK(data_error_of([] { (void)decode<year_month_day>(text(oids::date, "32768-01-01")); }) ==
        "column \"c\" (date) cannot be read as std::chrono::year_month_day: 32768-01-01: its year "
        "does not fit std::chrono::year");
  CHECK(decode<sys_days>(text(oids::date, "5874897-12-31")) == sys_days(days(2145042905)));
  CHECK(data_error_of([] { encode(year_month_day(year(2023), month(2), day(29)), oids::date); }) ==
        "$1 (date) cannot take this std::chrono::year_month_day: there is no such day");
  CHECK_FALSE(data_error_of([] { encode(sys_days(days(2145042906)), oids::date); }).empty());
  CHECK_FALSE(data_error_of([] {
                encode(year_month_day(year(-4713), month(11), day(23)), oids::date);
              }).empty());
  CHECK_FALSE(data_error_of([] { (void)date::infinity().to_sys_days(); }).empty());
  CHECK_FALSE(data_error_of([] { (void)date(2'000'000'000).to_year_month_day(); }).empty());
  CHECK_FALSE(data_error_of([] { date(sys_days(days(2145042906))); }).empty());
}

TEST_CASE("time points of every precision go both ways") {
  const auto point = sys_days(leap_day) + hours(12) + minutes(30) + seconds(5);
  CHECK(round_trip(sys_time<seconds>(point)) == point);
  CHECK(round_trip(sys_time<milliseconds>(point + milliseconds(250))) == point + milliseconds(250));
  CHECK(round_trip(sys_time<microseconds>(point + microseconds(1))) == point + microseconds(1));
  CHECK(round_trip(sys_time<nanoseconds>(point + microseconds(1))) == point + microseconds(1));
  CHECK(encode(sys_time<seconds>(point), oids::timestamptz).bytes ==
        encode(*timestamptz::parse("2024-02-29 12:30:05+00"), oids::timestamptz).bytes);
  const local<seconds> wall(point.time_since_epoch());
  CHECK(round_trip(wall) == wall);
  CHECK(encode(wall, oids::timestamp).bytes ==
        encode(*timestamp::parse("2024-02-29 12:30:05"), oids::timestamp).bytes);
}

TEST_CASE("what is finer than microseconds is rounded down when sent") {
  CHECK(encode(sys_time<nanoseconds>(nanoseconds(-1)), oids::timestamptz).bytes ==
        encode(sys_time<microseconds>(microseconds(-1)), oids::timestamptz).bytes);
  CHECK(encode(sys_time<nanoseconds>(nanoseconds(1999)), oids::timestamptz).bytes ==
        encode(sys_time<microseconds>(microseconds(1)), oids::timestamptz).bytes);
}

TEST_CASE("a time point of std::chrono refuses what it cannot hold") {
  const auto read = [](auto point, std::string_view value) {
    return data_error_of([&] { (void)decode<decltype(point)>(text(oids::timestamptz, value)); });
  };
  CHECK(read(sys_time<seconds>(), "2024-02-29 12:00:00.5+00") ==
        "column \"c\" (timestamp with time zone) cannot be read as "
        "std::chrono::sys_time<std::chrono::seconds>: 2024-02-29 12:00:00.5 is finer than that");
  CHECK(read(sys_time<microseconds>(), "infinity") ==
        "column \"c\" (timestamp with time zone) cannot be read as "
        "std::chrono::sys_time<std::chrono::microseconds>: infinity does not fit");
  CHECK(read(sys_time<microseconds>(), "294276-12-31 00:00:00+00").find("out of range") !=
        std::string::npos);
  CHECK(read(sys_time<microseconds>(), "4714-11-24 00:00:00+00 BC").empty());
  CHECK(read(sys_time<seconds>(), "294276-12-31 00:00:00+00").empty());
  CHECK(read(sys_time<nanoseconds>(), "1677-09-21 00:12:44+00").empty());
  CHECK(read(sys_time<nanoseconds>(), "2262-04-12 00:00:00+00").find("out of range") !=
        std::string::npos);
}

TEST_CASE("a time point outside of the server's range is not sent") {
  CHECK_FALSE(data_error_of([] { encode(sys_time<seconds>::max(), oids::timestamptz); }).empty());
  CHECK_FALSE(
      data_error_of([] { encode(sys_time<microseconds>::min(), oids::timestamptz); }).empty());
  CHECK(data_error_of([] { encode(sys_time<microseconds>::max(), oids::timestamptz); }).empty());
  CHECK_FALSE(data_error_of([] { encode(local<milliseconds>::min(), oids::timestamp); }).empty());
}

TEST_CASE("timestamps convert to std::chrono and back, checked") {
  const sys_time<microseconds> point = sys_days(leap_day) + microseconds(1);
  CHECK(timestamptz(point).to_chrono() == point);
  CHECK(timestamptz(point).to_string() == "2024-02-29 00:00:00.000001+00");
  CHECK(timestamp::parse("1970-01-01 00:00:00")->to_chrono() == local<microseconds>());
  CHECK_FALSE(data_error_of([] { (void)timestamptz::infinity().to_chrono(); }).empty());
  CHECK_FALSE(data_error_of([] {
                (void)timestamptz::parse("294276-12-31 00:00:00Z")->to_chrono();
              }).empty());
  CHECK_FALSE(data_error_of([] { (void)timestamptz{sys_time<microseconds>::min()}; }).empty());
}
