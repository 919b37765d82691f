// Dates, times and intervals in the text of every DateStyle, IntervalStyle and TimeZone: what is
// read from text is what binary says, or is refused because the text could mean something else.

#include <string>
#include <string_view>
#include <vector>

#include "integration/differential.hpp"

namespace {

using namespace tusk::test;

const std::vector<std::string> date_styles{
    "ISO, MDY", "ISO, DMY",      "SQL, MDY",      "SQL, DMY",      "SQL, YMD",
    "German",   "Postgres, MDY", "Postgres, DMY", "Postgres, YMD",
};

const std::vector<std::string> zones{"UTC",
                                     "Europe/Paris",
                                     "Europe/London",
                                     "Asia/Kolkata",
                                     "Asia/Kathmandu",
                                     "America/New_York",
                                     "America/St_Johns",
                                     "Pacific/Chatham",
                                     "Africa/Monrovia",
                                     "-3",
                                     "5.5"};

const std::vector<std::string> days{"2024-02-29",    "2024-02-01", "2024-11-12",  "0044-03-15 BC",
                                    "0001-12-11 BC", "0001-01-02", "10000-01-02", "1999-12-31",
                                    "infinity",      "-infinity"};

const std::vector<std::string> moments{"2024-01-02 03:04:05.678901",
                                       "2024-07-08 00:00:00",
                                       "1999-12-31 23:59:59.999999",
                                       "1890-01-02 12:00:00",
                                       "1942-06-05 12:00:00.5",
                                       "0044-03-05 12:00:00 BC",
                                       "4714-11-25 00:00:00 BC",
                                       "294276-12-30 23:59:59.999999",
                                       "99999-03-04 05:06:07",
                                       "infinity",
                                       "-infinity"};

const std::vector<std::string> spans{
    "0",
    "1 mon -2 days 3.5 secs",
    "1 year 2 mons 3 days 04:05:06.7",
    "-1 years -2 mons",
    "14 mons",
    "3 days 04:05:06",
    "-3 days -04:05:06",
    "-3 days +04:05:06",
    "3 days -04:05:06.000001",
    "-00:00:00.5",
    "1 day",
    "1 sec",
    "-1 mons +1 day -00:00:00.000001",
    "-1 year +1 mon",
    "178956970 years 7 mons 2147483647 days",
    "100 years 23:59:59.999999",
    "00:01:00",
    "-00:01:00",
    "1 hour ago",
};

/// With those that servers before PostgreSQL 15 cannot show, or show as `--2147483648`.
std::vector<std::string> spans_of(tusk::session& db) {
  std::vector<std::string> all = spans;
  if (db.scalar<bool>("select current_setting('server_version_num')::int >= 150000"))
    all.insert(all.end(), {"2562047788:00:54.775807", "-2562047788:00:54.775807",
                           "-178956970 years -8 mons -2147483648 days"});
  return all;
}

/// How a session reads one expression from text and from binary.
template <class T>
struct both {
  T binary;
  T text;
  std::string refusal;  ///< of the text; empty when it was read

  both(tusk::session& db, const std::string& expression)
      : binary(db.scalar<T>("select " + expression)) {
    const auto rows = db.script("select " + expression + " as c");
    try {
      text = rows.at(0).at(0)[0].template as<T>();
    } catch (const tusk::data_error& e) {
      refusal = e.message();
    }
  }
};

template <class T>
void check_styles(const std::string& type, const std::vector<std::string>& values) {
  auto db = connect();
  for (const std::string& style : date_styles) {
    db.execute("set datestyle = '" + style + "'");
    for (const std::string& each : values) {
      CAPTURE(style, each);
      const both<T> read(db, "'" + each + "'::" + type);
      CHECK(read.refusal.empty());
      CHECK(read.text == read.binary);
      // tusk's own text is understood by the server under the same style.
      CHECK(db.scalar<T>("select '" + read.binary.to_string() + "'::" + type) == read.binary);
    }
  }
}

}  // namespace

TEST_CASE("date is read from the text of every DateStyle") {
  std::vector<std::string> values = days;
  values.insert(values.end(), {"4714-11-24 BC", "5874897-12-31", "5874897-01-02"});
  check_styles<tusk::date>("date", values);
}

TEST_CASE("timestamp is read from the text of every DateStyle") {
  std::vector<std::string> values = moments;
  values.insert(values.end(), {"4714-11-24 00:00:00 BC", "294276-12-31 23:59:59.999999"});
  check_styles<tusk::timestamp>("timestamp", values);
}

TEST_CASE("an array of dates and timestamps is read from the text of every DateStyle") {
  auto db = connect();
  using timestamps = std::vector<std::optional<tusk::timestamp>>;
  for (const std::string& style : date_styles) {
    CAPTURE(style);
    db.execute("set datestyle = '" + style + "'");
    const std::string array = "array['2024-01-02 03:04:05.5', null, '0044-03-05 BC']::timestamp[]";
    CHECK(db.script("select " + array)[0][0][0].as<timestamps>() ==
          db.scalar<timestamps>("select " + array));
  }
}

TEST_CASE("timestamptz is read from text in every DateStyle and zone, or its zone is refused") {
  auto db = connect();
  int read_by_name = 0;
  int refused = 0;
  for (const std::string& zone : zones) {
    db.execute("set time zone " +
               (zone.find('/') == std::string::npos && zone != "UTC" ? zone : "'" + zone + "'"));
    for (const std::string& style : date_styles) {
      db.execute("set datestyle = '" + style + "'");
      const bool numeric = style.starts_with("ISO");
      for (const std::string& each : moments) {
        CAPTURE(style, zone, each);
        const both<tusk::timestamptz> read(db, "'" + each + "'::text::timestamptz");
        if (read.refusal.empty()) {
          CHECK(read.text == read.binary);
          if (!numeric) ++read_by_name;
        } else {
          CAPTURE(read.refusal);
          CHECK_FALSE(numeric);
          CHECK(read.refusal.find("\" does not stand for one offset; set DateStyle to ISO") !=
                std::string::npos);
          ++refused;
        }
        CHECK(db.scalar<tusk::timestamptz>("select '" + read.binary.to_string() +
                                           "'::timestamptz") == read.binary);
      }
    }
  }
  CHECK(read_by_name > refused);
  CHECK(refused > 0);
}

TEST_CASE("a zone abbreviation that several zones have is refused by its name") {
  auto db = connect();
  db.execute("set datestyle = 'SQL, DMY'");
  const auto refusal = [&](const std::string& zone) {
    db.execute("set time zone '" + zone + "'");
    return both<tusk::timestamptz>(db, "'2024-01-01 12:00'::timestamptz").refusal;
  };
  CHECK(refusal("Asia/Kolkata") ==
        "column \"c\" (timestamp with time zone) cannot be read as tusk::timestamptz: the zone "
        "abbreviation \"IST\" does not stand for one offset; set DateStyle to ISO, or ask for it "
        "in binary");
  CHECK(refusal("America/Chicago").find("\"CST\"") != std::string::npos);
  CHECK(refusal("Europe/Paris").empty());
  CHECK(refusal("Asia/Tokyo").empty());
}

TEST_CASE("interval is read from the text of every IntervalStyle") {
  auto db = connect();
  for (const char* style : {"postgres", "postgres_verbose", "sql_standard", "iso_8601"}) {
    for (const std::string& each : spans_of(db)) {
      CAPTURE(style, each);
      db.execute("set intervalstyle = postgres");
      const std::string cast = "'" + each + "'::interval";
      const std::string own = server_text(db, cast);
      const auto value = db.scalar<tusk::interval>("select " + cast);
      CHECK(value.to_string() == own);
      db.execute("set intervalstyle = " + std::string(style));
      const auto rows = db.script("select '" + own + "'::interval, $$" + own + "$$::text");
      CAPTURE(rows[0][0][0].as<std::string>());
      CHECK(rows[0][0][0].as<tusk::interval>().has_same_parts(value));
      CHECK(db.scalar<tusk::interval>("select $1::interval", value).has_same_parts(value));
    }
  }
}

TEST_CASE("interval goes both ways, its infinities too where the server has them") {
  std::vector<std::string> values;
  auto db = connect();
  for (const std::string& each : spans_of(db))
    values.push_back("'" + each + "'");
  if (db.scalar<bool>("select current_setting('server_version_num')::int >= 170000"))
    values.insert(values.end(), {"'infinity'", "'-infinity'"});
  compare<tusk::interval>("interval", values);
}

TEST_CASE("timetz goes both ways, 24:00 and the farthest offsets too") {
  const std::vector<std::string> values{"'00:00+00'",
                                        "'12:30:05.25+05:30'",
                                        "'24:00:00-15:59:59'",
                                        "'23:59:59.999999+15:59:59'",
                                        "'00:00:00.000001-03:30'",
                                        "'12:00-00:30'",
                                        "'12:00:60+00:19:32'"};
  compare<tusk::timetz>("timetz", values);
  auto db = connect();
  for (const std::string& style : date_styles) {
    db.execute("set datestyle = '" + style + "'");
    for (const std::string& each : values) {
      CAPTURE(style, each);
      const both<tusk::timetz> read(db, each + "::timetz");
      CHECK(read.refusal.empty());
      CHECK(read.text == read.binary);
    }
  }
}

TEST_CASE("timetz and interval are ordered as the server orders them") {
  auto db = connect();
  const auto check = [&]<class T>(std::type_identity<T>, const std::string& type,
                                  const std::vector<std::string>& values) {
    for (const std::string& left : values)
      for (const std::string& right : values) {
        CAPTURE(left, right);
        const auto [a, b, less, equal] = db.one<T, T, bool, bool>(
            "with v as (select '" + left + "'::" + type + " as a, '" + right + "'::" + type +
            " as b) select a, b, a < b, a = b from v");
        CHECK((a < b) == less);
        CHECK((a == b) == equal);
        if (equal) CHECK(std::hash<T>{}(a) == std::hash<T>{}(b));
      }
  };
  check(std::type_identity<tusk::timetz>{}, "timetz",
        {"12:00+01", "11:00+00", "10:00-01", "00:00+15", "24:00-01", "23:59:59.999999+15:59:59"});
  std::vector<std::string> some = spans;
  some.insert(some.end(), {"30 days", "1 mon", "720 hours", "2 mons -31 days 24:00:00"});
  check(std::type_identity<tusk::interval>{}, "interval", some);
}
