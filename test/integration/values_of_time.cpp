// Dates and times against the server's own text, to the ends of what the server has.

#include <chrono>
#include <string>
#include <vector>

#include "integration/differential.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;

const std::vector<std::string> moments{"'2000-01-01 00:00:00'",
                                       "'2024-02-29 12:30:00.5'",
                                       "'1999-12-31 23:59:59.999999'",
                                       "'0001-01-01 00:00:00'",
                                       "'0001-12-31 23:00:00 BC'",
                                       "'4714-11-24 00:00:00 BC'",
                                       "'294276-12-31 23:59:59.999999'",
                                       "'infinity'",
                                       "'-infinity'",
                                       "'10000-01-01 00:00:00.000001'",
                                       "'1970-01-01 00:00:00'",
                                       "'0044-03-15 12:00:00.10 BC'"};

}  // namespace

TEST_CASE("date goes both ways from 4714 BC to 5874897, and the infinities") {
  compare<tusk::date>("date", {"'2000-01-01'", "'2024-02-29'", "'1970-01-01'", "'0001-01-01'",
                               "'0001-12-31 BC'", "'4714-11-24 BC'", "'5874897-12-31'",
                               "'infinity'", "'-infinity'", "'10000-01-01'", "'1900-02-28'"});
}

TEST_CASE("time goes both ways, 24:00 too") {
  compare<tusk::time>(
      "time", {"'00:00'", "'12:30:05.25'", "'23:59:59.999999'", "'24:00:00'", "'00:00:00.000001'"});
}

TEST_CASE("timestamp goes both ways from 4714 BC to 294276, and the infinities") {
  compare<tusk::timestamp>("timestamp", moments);
}

TEST_CASE("timestamptz goes both ways from 4714 BC to 294276, and the infinities") {
  compare<tusk::timestamptz>("timestamptz", moments);
}

TEST_CASE("timestamptz is the same point of time in every TimeZone and DateStyle") {
  auto db = connect();
  const auto point = db.scalar<tusk::timestamptz>("select '2024-07-01 12:00:00+00'::timestamptz");
  for (const char* zone : {"Europe/Paris", "Asia/Kathmandu", "America/St_Johns"}) {
    CAPTURE(zone);
    db.execute("set time zone '" + std::string(zone) + "'");
    CHECK(db.parameter("TimeZone") == zone);
    CHECK(db.scalar<tusk::timestamptz>("select '2024-07-01 12:00:00+00'::timestamptz") == point);
    CHECK(db.script("select '2024-07-01 12:00:00+00'::timestamptz")[0][0][0]
              .as<tusk::timestamptz>() == point);
    CHECK(db.scalar<bool>("select $1 = '2024-07-01 12:00:00+00'::timestamptz", point));
  }
  // A local mean time, whose offset has seconds.
  db.execute("set time zone 'Europe/Amsterdam'");
  const auto old = db.scalar<tusk::timestamptz>("select '1890-01-01 00:00'::timestamptz");
  CHECK(db.script("select '1890-01-01 00:00'::timestamptz")[0][0][0].as<tusk::timestamptz>() ==
        old);
}

TEST_CASE("chrono's types go both ways where they can hold the value") {
  using std::chrono::local_time;
  using std::chrono::microseconds;
  using std::chrono::sys_time;
  auto db = connect();
  const auto day = std::chrono::year_month_day(std::chrono::year(2024), std::chrono::month(2),
                                               std::chrono::day(29));
  CHECK(db.scalar<std::chrono::year_month_day>("select '2024-02-29'::date") == day);
  CHECK(db.scalar<std::string>("select $1::date", day) == "2024-02-29");
  CHECK(db.scalar<std::chrono::sys_days>("select $1::date", std::chrono::sys_days(day)) == day);
  const sys_time<microseconds> at = std::chrono::sys_days(day) + 12h + 30min + 250ms;
  CHECK(db.scalar<sys_time<microseconds>>("select $1::timestamptz", at) == at);
  CHECK(db.scalar<std::string>("select $1::timestamptz", at) == "2024-02-29 12:30:00.25+00");
  const local_time<microseconds> wall(at.time_since_epoch());
  CHECK(db.scalar<std::string>("select $1::timestamp", wall) == "2024-02-29 12:30:00.25");
  CHECK(db.scalar<local_time<std::chrono::milliseconds>>("select $1::timestamp", wall) == wall);
  CHECK(db.scalar<std::string>("select $1::time", microseconds(90min)) == "01:30:00");
  CHECK(db.scalar<microseconds>("select '24:00'::time") == 24h);
}

TEST_CASE("what chrono cannot hold is refused by the column's name") {
  using sys_micros = std::chrono::sys_time<std::chrono::microseconds>;
  auto db = connect();
  const auto refused = [&]<class T>(std::type_identity<T>, const char* value) {
    const auto rows = db.query<T>("select " + std::string(value) + " as at");
    return message_of<tusk::data_error>([&] { return rows[0]; });
  };
  CHECK(refused(std::type_identity<sys_micros>{}, "'infinity'::timestamptz")
            .find("column \"at\" (timestamp with time zone) cannot be read as std::chrono::") == 0);
  refused(std::type_identity<sys_micros>{}, "'294276-12-31'::timestamptz");
  refused(std::type_identity<std::chrono::year_month_day>{}, "'5874897-12-31'::date");
  refused(std::type_identity<std::chrono::sys_days>{}, "'-infinity'::date");
  refused(std::type_identity<std::chrono::sys_seconds>{}, "'2024-01-01 00:00:00.5'::timestamptz");
}
