// Dates and timestamps in text under every DateStyle.
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/timestamp.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// Reads a text of a column whose session says this of DateStyle.
template <class T>
T decode_under(date_order order, std::string_view value) {
  const sample plain = text(codec<T>::type, value);
  field styled = plain;
  column origin = *styled.origin;
  origin.dates = order;
  styled.origin = &origin;
  return codec<T>::decode(styled);
}

template <class T>
std::string refusal_under(date_order order, std::string_view value) {
  return data_error_of([&] { (void)decode_under<T>(order, value); });
}

}  // namespace

TEST_CASE("a date is read under every DateStyle that says the order of day and month") {
  const date leap_day(8825);
  const date ides = *date::parse("0044-03-15 BC");
  for (const auto order : {date_order::unknown, date_order::day_first, date_order::month_first}) {
    CHECK(decode_under<date>(order, "2024-02-29") == leap_day);
    CHECK(decode_under<date>(order, "29.02.2024") == leap_day);
    CHECK(decode_under<date>(order, "15.03.0044 BC") == ides);
    CHECK(decode_under<date>(order, "infinity") == date::infinity());
    CHECK(decode_under<date>(order, "01.02.5874897").to_string() == "5874897-02-01");
  }
  for (const char* between : {"/", "-"}) {
    const auto joined = [&](const char* first, const char* second, const char* year) {
      return std::string(first) + between + second + between + year;
    };
    CHECK(decode_under<date>(date_order::day_first, joined("29", "02", "2024")) == leap_day);
    CHECK(decode_under<date>(date_order::month_first, joined("02", "29", "2024")) == leap_day);
    CHECK(decode_under<date>(date_order::day_first, joined("01", "02", "10000")).to_string() ==
          "10000-02-01");
    CHECK(decode_under<date>(date_order::month_first, joined("01", "02", "10000")).to_string() ==
          "10000-01-02");
    CHECK(decode_under<date>(date_order::month_first, joined("03", "15", "0044 BC")) == ides);
    // Only one reading makes a day, or both make the same.
    CHECK(date::parse(joined("29", "02", "2024")) == leap_day);
    CHECK(date::parse(joined("02", "29", "2024")) == leap_day);
    CHECK(date::parse(joined("03", "03", "2024")) == date::parse("2024-03-03"));
    CHECK_FALSE(date::parse(joined("01", "02", "2024")));
    CHECK(date::parse(joined("01", "02", "2024"), date_order::day_first) ==
          date::parse("2024-02-01"));
  }
}

TEST_CASE("a date that could be two is refused when nobody says the order") {
  CHECK(refusal_under<date>(date_order::unknown, "01/02/2024") ==
        "column \"c\" (date) cannot be read as tusk::date: \"01/02/2024\" could be either of two "
        "dates; set DateStyle to ISO, or ask for it in binary");
  CHECK(refusal_under<timestamp>(date_order::unknown, "01-02-2024 00:00:00")
            .find("\"01-02-2024 00:00:00\" could be either of two dates") != std::string::npos);
  CHECK(refusal_under<timestamp>(date_order::day_first, "01/02/2024 00:00:00").empty());
}

TEST_CASE("a date that the order makes no day of is refused") {
  CHECK(refusal_under<date>(date_order::month_first, "29/02/2024") ==
        "column \"c\" (date) cannot be read as tusk::date: \"29/02/2024\" is not a date");
  for (const char* wrong :
       {"30/02/2024", "00/01/2024", "13/13/2024", "29/02/0000", "29/02/2023", "29/2/2024", "29/02",
        "29/02/", "/02/2024", "29.02/2024", "29/02/2024 ", "29/02/2024 AD", "29/02/12345678",
        "02.29.2024", "31.12.5874898", "23.11.4714 BC", "2024-02-29-01", "20240229"})
    for (const auto order : {date_order::unknown, date_order::day_first, date_order::month_first})
      CHECK_FALSE(date::parse(wrong, order));
}

TEST_CASE("a timestamp is read under every DateStyle") {
  const timestamp expected = *timestamp::parse("2024-02-29 12:30:05.25");
  for (const char* same :
       {"2024-02-29T12:30:05.25", "02/29/2024 12:30:05.25", "29/02/2024 12:30:05.25",
        "29.02.2024 12:30:05.25", "Thu Feb 29 12:30:05.25 2024", "Thu 29 Feb 12:30:05.25 2024"})
    CHECK(timestamp::parse(same) == expected);
  CHECK(timestamp::parse("Fri Mar 15 00:00:00 0044 BC") ==
        timestamp::parse("0044-03-15 00:00:00 BC"));
  CHECK(timestamp::parse("Sun Dec 31 23:59:59.999999 294276") ==
        timestamp::parse("294276-12-31 23:59:59.999999"));
  CHECK(decode_under<timestamp>(date_order::unknown, "Thu 01 Feb 00:00:00 2024").to_string() ==
        "2024-02-01 00:00:00");
}

TEST_CASE("a zone is read as an offset or as an abbreviation of one meaning") {
  const timestamptz noon = *timestamptz::parse("2024-07-01 12:00:00+00");
  for (const char* same :
       {"07/01/2024 14:00:00 CEST", "01/07/2024 14:00:00 CEST", "01.07.2024 14:00:00 CEST",
        "Mon Jul 01 14:00:00 2024 CEST", "Mon 01 Jul 14:00:00 2024 CEST", "2024-07-01 12:00:00 UTC",
        "2024-07-01 12:00:00 GMT", "2024-07-01 12:00:00Z", "01.07.2024 17:45:00 +0545",
        "01.07.2024 17:45:00 +05:45", "01.07.2024 09:00:00 -03", "01.07.2024 11:46:30-00:13:30",
        "01.07.2024 12:00:00 -00", "01.07.2024 22:00:00 ChST"})
    CHECK(timestamptz::parse(same, date_order::month_first).value_or(timestamptz()) ==
          (std::string_view(same).starts_with("01/") ? *timestamptz::parse("2024-01-07 12:00:00Z")
                                                     : noon));
  CHECK(timestamptz::parse("Fri Mar 15 12:00:00 0044 UTC BC")->to_string() ==
        "0044-03-15 12:00:00+00 BC");
}

TEST_CASE("a zone abbreviation of several meanings is refused by name") {
  CHECK(refusal_under<timestamptz>(date_order::unknown, "Thu Feb 29 12:00:00 2024 IST") ==
        "column \"c\" (timestamp with time zone) cannot be read as tusk::timestamptz: the zone "
        "abbreviation \"IST\" does not stand for one offset; set DateStyle to ISO, or ask for it "
        "in binary");
  // Among them those that one zone alone has today, but others or itself had otherwise.
  for (const std::string zone : {"IST", "CST", "EST", "BST", "AST", "MSK", "PST", "HST", "LMT",
                                 "KST", "NST", "SAST", "WET", "NZST", "XYZ"})
    CHECK(refusal_under<timestamptz>(date_order::day_first, "29.02.2024 12:00:00 " + zone)
              .find('"' + zone + '"') != std::string::npos);
}

TEST_CASE("text that no DateStyle writes is no timestamp") {
  for (const char* wrong :
       {"Fri Feb 29 12:00:00 2024", "Thu Feb 29 12:00:00", "Thu Feb 30 12:00:00 2024",
        "Thu Foo 29 12:00:00 2024", "Thu Feb 29 2024 12:00:00", "Thu 29 12:00:00 2024",
        "Thu Feb 29 12:00:00 2024 UTC", "Thu Feb 29 12:00:00 24", "Thu  Feb 29 12:00:00 2024",
        "Th Feb 29 12:00:00 2024", "Thu", "Thu Feb", "Thu 29 Feb", "29.02.2024", "29.02.2024 12",
        "29.02.2024T12:00:00.", "29.02.2024 12:00:00.1234567"})
    CHECK_FALSE(timestamp::parse(wrong));
  for (const char* wrong : {"29.02.2024 12:00:00", "29.02.2024 12:00:00 ", "29.02.2024 12:00:00 +",
                            "29.02.2024 12:00:00 +5", "29.02.2024 12:00:00 +16",
                            "29.02.2024 12:00:00 UTCUTCUTCUTC", "29.02.2024 12:00:00 UTC2"})
    CHECK_FALSE(timestamptz::parse(wrong));
}

TEST_CASE("no proper prefix of a dated text reads as the whole") {
  for (const std::string_view whole :
       {"Sun Dec 31 23:59:59.999999 294276 CEST", "31.12.2024 23:59:59.999999 CEST",
        "12/31/2024 23:59:59 +05:30:15", "2024-12-31 23:59:59.5+00"})
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK(timestamptz::parse(whole.substr(0, size)) != timestamptz::parse(whole));
}
