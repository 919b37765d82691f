#include "tusk/types/print.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

template <class T>
std::string printed(const T& value, oid type = codec<T>::type) {
  const written sent = encode(value, type);
  return print(sample(type, sent.as, sent.bytes));
}

}  // namespace

TEST_CASE("scalars print as the server prints them") {
  CHECK(printed(true) == "t");
  CHECK(printed(-42) == "-42");
  CHECK(printed(std::uint32_t{4294967295U}, oids::oid) == "4294967295");
  CHECK(printed(numeric("1.00")) == "1.00");
  CHECK(printed(json{"[1]"}, oids::jsonb) == "[1]");
  CHECK(print(binary(oids::name, "'pg_class'")) == "pg_class");
  CHECK(print(text(oids::point, "(1,2)")) == "(1,2)");
}

TEST_CASE("doubles print in the server's shortest form") {
  // Each of these was printed by a server.
  struct known {
    double value;
    const char* text;
  };
  for (const known& one :
       {known{0, "0"}, known{-0.0, "-0"}, known{1e15, "1e+15"}, known{1e14, "100000000000000"},
        known{123456789012345678.0, "1.2345678901234568e+17"}, known{1e-5, "1e-05"},
        known{0.0001, "0.0001"}, known{0.00012345, "0.00012345"}, known{123456.78, "123456.78"},
        known{9007199254740993.0, "9.007199254740992e+15"}, known{5e-324, "5e-324"},
        known{9e22, "9e+22"}, known{1e100, "1e+100"}, known{-1.5, "-1.5"},
        known{999999999999999.0, "999999999999999"}, known{0.1 + 0.2, "0.30000000000000004"}})
    CHECK(printed(one.value) == one.text);
  CHECK(printed(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(printed(-std::numeric_limits<double>::infinity()) == "-Infinity");
}

TEST_CASE("a double never prints as a decimal that is half-way to its neighbour") {
  CHECK(printed(2e23) == "1.9999999999999998e+23");
}

TEST_CASE("reals print in the server's shortest form") {
  CHECK(printed(999999.0F) == "999999");
  CHECK(printed(1e6F) == "1e+06");
  CHECK(printed(1234567.0F) == "1.234567e+06");
  CHECK(printed(0.1F) == "0.1");
}

TEST_CASE("dates and times print in ISO form and UTC, though not exactly whatever the settings") {
  CHECK(printed(date(8825)) == "2024-02-29");
  CHECK(printed(timestamptz(0)) == "2000-01-01 00:00:00+00");
  CHECK(printed(tusk::time()) == "00:00:00");
  CHECK(printed(wire("00 ff")) == "\\x00ff");
  for (const oid type : {oids::date, oids::time, oids::timestamp, oids::timestamptz, oids::bytea,
                         oids::float4, oids::float8, oids::date_array, oids::float8_array}) {
    CAPTURE(type);
    CHECK_FALSE(printable(type));
    CHECK(has_printer(type));
  }
  for (const oid type : {oids::regclass, oids::money, oids::int2vector, oids::point, oid{99999}}) {
    CAPTURE(type);
    CHECK_FALSE(printable(type));
    CHECK_FALSE(has_printer(type));
  }
  for (const oid type : {oids::int4, oids::text, oids::numeric, oids::jsonb, oids::int4_array,
                         oids::text_array, oids::uuid_array}) {
    CAPTURE(type);
    CHECK(printable(type));
  }
}

TEST_CASE("\"char\" prints its byte, escaped beyond ASCII") {
  CHECK(print(binary(oids::char_, "00")).empty());
  CHECK(print(binary(oids::char_, "'r'")) == "r");
  CHECK(print(binary(oids::char_, "c8")) == "\\310");
}

TEST_CASE("arrays print with bounds, dimensions, quotes and NULL") {
  CHECK(print(binary(oids::int4_array,
                     "00000001 00000001 00000017 00000002 00000000 00000004 00000001 ffffffff")) ==
        "[0:1]={1,NULL}");
  CHECK(print(binary(oids::int4_array, "00000000 00000000 00000017")) == "{}");
  CHECK(print(binary(oids::int4_array,
                     "00000002 00000000 00000017 00000002 00000001 00000001 00000001 "
                     "00000004 00000001 00000004 00000002")) == "{{1},{2}}");
  CHECK(printed(std::vector<std::string>{"a", "", "null", "b\"\\", "x y", "{}"},
                oids::text_array) == R"({a,"","null","b\"\\","x y","{}"})");
  CHECK(printed(std::vector<double>{0.5, 1e20}) == "{0.5,1e+20}");
}

TEST_CASE("arrays within arrays are no way to the end of the stack") {
  CHECK_FALSE(data_error_of([] {
                (void)print(binary(oids::int4_array,
                                   "00000001 00000000 000003ef 00000001 00000001 0000000c "
                                   "00000000 00000000 00000017"));
              }).empty());
}
