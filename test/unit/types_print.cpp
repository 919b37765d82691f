#include "tusk/types/print.hpp"

#include <limits>
#include <memory>
#include <utility>

#include "support/catch.hpp"
#include "support/known_type.hpp"
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
  for (const oid type :
       {oids::date, oids::timestamp, oids::timestamptz, oids::interval, oids::bytea, oids::float4,
        oids::float8, oids::point, oids::polygon, oids::char_, oids::date_array, oids::float8_array,
        oids::tsrange, oids::datemultirange, oids::box_array}) {
    CAPTURE(type);
    CHECK_FALSE(printable(type));
    CHECK(has_printer(type));
  }
  for (const oid type : {oids::regclass, oids::money, oids::xml, oids::record, oids::aclitem,
                         oids::record_array, oids::money_array, oids::pg_ndistinct, oid{99999}}) {
    CAPTURE(type);
    CHECK_FALSE(printable(type));
    CHECK_FALSE(has_printer(type));
  }
  for (const oid type : {oids::int4, oids::text, oids::numeric, oids::jsonb, oids::int4_array,
                         oids::text_array, oids::uuid_array, oids::time, oids::timetz, oids::inet,
                         oids::varbit, oids::tsvector, oids::pg_lsn, oids::int2vector,
                         oids::int4range, oids::nummultirange, oids::int8range_array}) {
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

// A domain over an array type can be the element of an array.
TEST_CASE("arrays within arrays print, and are no way to the end of the stack") {
  const auto nested = [](std::size_t depth) {
    std::vector<std::byte> bytes = wire("00000000 00000000 00000017");
    for (std::size_t i = 0; i < depth; ++i) {
      std::vector<std::byte> outer = wire("00000001 00000000 000003ef 00000001 00000001");
      for (int shift = 24; shift >= 0; shift -= 8)
        outer.push_back(static_cast<std::byte>(bytes.size() >> shift));
      outer.insert(outer.end(), bytes.begin(), bytes.end());
      bytes = std::move(outer);
    }
    return print(sample(oids::int4_array, format::binary, bytes));
  };
  CHECK(nested(1) == "{\"{}\"}");
  CHECK_FALSE(data_error_of([&] { (void)nested(2000); }).empty());
}

TEST_CASE("what has no form of its own for scalars prints as its parts do") {
  CHECK(print(binary(oids::int2vector,
                     "00000001 00000000 00000015 00000002 00000000 00000002 0007 00000002 ffff")) ==
        "7 -1");
  CHECK(print(binary(oids::int4range, "02 00000004 00000001 00000004 00000005")) == "[1,5)");
  CHECK(print(binary(oids::int4range, "01")) == "empty");
  CHECK(print(binary(oids::numrange, "18")) == "(,)");
  CHECK(print(binary(oids::int4multirange,
                     "00000002 00000011 02 00000004 00000001 00000004 00000005 "
                     "00000009 08 00000004 00000000")) == "{[1,5),(,0)}");
  CHECK(print(binary(oids::int4multirange, "00000000")) == "{}");
  CHECK(print(binary(oids::tsrange, "02 00000008 0000000000000000 00000008 7fffffffffffffff")) ==
        "[\"2000-01-01 00:00:00\",infinity)");
  CHECK(print(binary(oids::record,
                     "00000004 00000017 00000004 00000001 00000019 ffffffff "
                     "00000019 00000000 00000019 00000003 'a\"b'")) == "(1,,\"\",\"a\"\"b\")");
  CHECK(print(binary(oids::record, "00000000")) == "()");
  CHECK(print(binary(oids::void_, "")).empty());
}

TEST_CASE("what the catalogs know prints by what they say of it") {
  const auto mood = std::make_shared<const type_info>(known(90001, "mood", type_kind::enumeration));
  type_info moods = known(90002, "_mood", type_kind::array);
  moods.part = 90001;
  moods.part_info = mood;
  type_info pair = known(90003, "pair", type_kind::composite);
  pair.attributes = {{"a", oids::int4, nullptr}, {"b", 90001, mood}};
  const auto value = [](const type_info& type, std::string_view literal) {
    const sample bytes = binary(0, literal);
    field seen = bytes;
    seen.type = type.ref();
    return print(seen);
  };
  CHECK(value(*mood, "'sad'") == "sad");
  CHECK(value(moods, "00000001 00000000 00015f91 00000001 00000001 00000003 'sad'") == "{sad}");
  CHECK(value(pair, "00000002 00000017 00000004 00000007 00015f91 00000003 'sad'") == "(7,sad)");
  CHECK(printable(moods.ref()));
  CHECK(has_printer(pair.ref()));
  CHECK_FALSE(printable(pair.ref()));
  CHECK(data_error_of([&] {
          (void)value(pair, "00000001 00000017 00000004 00000007");
        }).find("run the statement again") != std::string::npos);
}

TEST_CASE("records within records are no way to the end of the stack") {
  const auto nested = [](std::size_t depth) {
    std::vector<std::byte> bytes = wire("00000000");
    for (std::size_t i = 0; i < depth; ++i) {
      std::vector<std::byte> outer = wire("00000001 000008c9");
      for (int shift = 24; shift >= 0; shift -= 8)
        outer.push_back(static_cast<std::byte>(bytes.size() >> shift));
      outer.insert(outer.end(), bytes.begin(), bytes.end());
      bytes = std::move(outer);
    }
    return print(sample(oids::record, format::binary, bytes));
  };
  CHECK(nested(1) == "(\"()\")");
  CHECK(data_error_of([&] { (void)nested(2000); }).find("100 values within each other") !=
        std::string::npos);
}

TEST_CASE("every prefix of what is made of parts is refused, and what is one byte too long") {
  for (const auto& [type, literal] :
       {std::pair{oids::record, "00000002 00000017 00000004 00000001 00000019 00000001 'a'"},
        std::pair{oids::int4range, "02 00000004 00000001 00000004 00000005"},
        std::pair{oids::int4multirange, "00000001 00000011 02 00000004 00000001 00000004 00000005"},
        std::pair{oids::int2vector,
                  "00000001 00000000 00000015 00000001 00000000 00000002 0007"}}) {
    const std::vector<std::byte> whole = wire(literal);
    CAPTURE(type);
    CHECK_FALSE(print(sample(type, format::binary, whole)).empty());
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK_FALSE(data_error_of([&] {
                    (void)print(sample(type, format::binary, bytes_view(whole).first(size)));
                  }).empty());
    std::vector<std::byte> more = whole;
    more.push_back({});
    CHECK_FALSE(data_error_of([&] { (void)print(sample(type, format::binary, more)); }).empty());
  }
}
