#include "tusk/types/value.hpp"

#include <utility>

#include "support/catch.hpp"
#include "support/known_type.hpp"
#include "support/values.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

value read(oid type, std::string_view shown) {
  return decode<value>(text(type, shown));
}

/// Read as text, its text is the same again; sent in binary or text, it is read again as equal.
void check_both_ways(oid type, std::string_view shown) {
  CAPTURE(type, shown);
  const value held = read(type, shown);
  CHECK(held.to_string() == shown);
  CHECK(held.type() == type);
  const written sent = encode(held, type);
  const value again = decode<value>(sample(type, sent.as, sent.bytes));
  CHECK(again.to_string() == shown);
  CHECK(again == held);
}

}  // namespace

TEST_CASE("a value of every family is read, sent and printed without loss") {
  check_both_ways(oids::bool_, "t");
  check_both_ways(oids::int2, "-32768");
  check_both_ways(oids::oid, "4294967295");
  check_both_ways(oids::float4, "0.1");
  check_both_ways(oids::float8, "0.30000000000000004");
  check_both_ways(oids::numeric, "1.10");
  check_both_ways(oids::text, "a \"b\" {c}");
  check_both_ways(oids::bytea, "\\x00ff");
  check_both_ways(oids::jsonb, "{\"a\": [1.0]}");
  check_both_ways(oids::uuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
  check_both_ways(oids::date, "4713-01-01 BC");
  check_both_ways(oids::time, "24:00:00");
  check_both_ways(oids::timetz, "12:00:00+05:30");
  check_both_ways(oids::timestamp, "infinity");
  check_both_ways(oids::timestamptz, "2024-02-29 12:34:56.000001+00");
  check_both_ways(oids::interval, "1 mon -2 days +00:00:03.5");
  check_both_ways(oids::inet, "10.0.0.1/8");
  check_both_ways(oids::cidr, "10.0.0.0/8");
  check_both_ways(oids::varbit, "101");
  check_both_ways(oids::int4_array, "[0:1][1:2]={{1,NULL},{3,4}}");
  check_both_ways(oids::text_array, R"({a,"",NULL,"null","q\"\\"})");
  check_both_ways(oids::box_array, "{(2,2),(1,1);(4,4),(3,3)}");
  check_both_ways(oids::int2vector, "1 2 3");
  check_both_ways(oids::int4range, "[1,5)");
  check_both_ways(oids::numrange, "(,1.50]");
  check_both_ways(oids::tsrange, "[\"2024-02-29 00:00:00\",infinity)");
  check_both_ways(oids::int4range, "empty");
  check_both_ways(oids::int8multirange, "{[1,5),[7,)}");
  check_both_ways(oids::int4range_array, "{empty,\"[1,5)\"}");
  check_both_ways(oids::point, "(1,2.5)");
  check_both_ways(oids::money, "$1,234.56");
  check_both_ways(oids::pg_lsn, "16/B374D848");
  check_both_ways(oids::regclass, "pg_class");
}

TEST_CASE("a value says which family it is of, and of which type") {
  CHECK(read(oids::int4, "7").get<std::int64_t>() == 7);
  CHECK(read(oids::int4, "7").type_name() == "integer");
  CHECK(read(oids::varchar, "x").get<std::string>() == "x");
  CHECK(read(oids::point, "(1,2)").get<other_text>().text == "(1,2)");
  const value array = read(oids::int4_array, "[2:3]={1,NULL}");
  const auto& held = array.get<value_array>();
  REQUIRE(held.dimensions.size() == 1);
  CHECK(held.dimensions[0].lower == 2);
  CHECK(held.elements.at(0) == value(1));
  CHECK(held.elements.at(1).is_null());
  CHECK(held.elements.at(1).type() == oids::int4);
  const value range = read(oids::daterange, "[2024-02-29,)");
  CHECK(range.get<value_range>().lower.at(0).get<date>() == date(8825));
  CHECK(range.get<value_range>().upper.empty());
  CHECK(range.get<value_range>().lower_inclusive);
  CHECK(data_error_of([] { (void)read(oids::int4, "7").get<double>(); }).find("integer") !=
        std::string::npos);
  CHECK(read(oids::int4, "7").visit([](const auto& one) { return sizeof one; }) == 8);
}

TEST_CASE("NULL is a value of its type, and has no text") {
  field none;
  none.type = oids::date;
  const value held = codec<value>::decode(none);
  CHECK(held.is_null());
  CHECK(held.type() == oids::date);
  CHECK(held == value());
  CHECK(codec<value>::is_null(held));
  CHECK_FALSE(data_error_of([&] { (void)held.to_string(); }).empty());
}

TEST_CASE("values made by hand go to whatever the server wants") {
  CHECK(encode(value(7), oids::int2).bytes == wire("0007"));
  CHECK(encode(value(7), oids::text).text() == "7");
  CHECK(encode(value(true), oids::bool_).bytes == wire("01"));
  CHECK(encode(value("x"), oids::int4).text() == "x");
  CHECK(encode(value(numeric("1.5")), 0).as == format::text);
  CHECK_FALSE(data_error_of([] { (void)encode(value(40000), oids::int2); }).empty());
  CHECK_FALSE(
      data_error_of([] { (void)encode(value(std::string("a\0b", 3)), oids::text); }).empty());
  value_array array;
  array.dimensions = {{2, 1}};
  array.elements = {value(1), value()};
  CHECK(encode(value(value::family(array)), oids::int4_array).text() == "{1,NULL}");
  array.dimensions = {{2, 1}, {2000000000, 1}, {2000000000, 1}, {2000000000, 1}};
  CHECK_FALSE(data_error_of([&] { (void)value(value::family(array)).to_string(); }).empty());
  CHECK(value("1") != value(1));
  CHECK(value(1) == value(std::int64_t{1}));
}

TEST_CASE("a composite has its attributes' names, and an anonymous record has texts") {
  type_info pair = known(90003, "s.pair", type_kind::composite);
  pair.attributes = {{"a", oids::int4, nullptr}, {"b", oids::text_array, nullptr}};
  for (const bool as_text : {true, false}) {
    const sample shown = as_text ? text(0, "(7,\"{x,\"\"y z\"\"}\")")
                                 : binary(0,
                                          "00000002 00000017 00000004 00000007 000003f1 00000020 "
                                          "00000001 00000000 00000019 00000002 00000001 "
                                          "00000001 'x' 00000003 'y z'");
    field seen = shown;
    seen.type = pair.ref();
    const value held = codec<value>::decode(seen);
    const auto& record = held.get<value_record>();
    CHECK(record.names == std::vector<std::string>{"a", "b"});
    CHECK(record.fields.at(0) == value(7));
    CHECK(record.fields.at(1).get<value_array>().elements.at(1) == value("y z"));
    CHECK(held.to_string() == "(7,\"{x,\"\"y z\"\"}\")");
    CHECK(held.type_name() == "s.pair");
  }
  const value anonymous = read(oids::record, "(1,,\"\",\"a\"\"b\")");
  const auto& record = anonymous.get<value_record>();
  CHECK(record.names.empty());
  REQUIRE(record.fields.size() == 4);
  CHECK(record.fields[0] == value("1"));
  CHECK(record.fields[1].is_null());
  CHECK(record.fields[3] == value("a\"b"));
  CHECK(anonymous.to_string() == "(1,,\"\",\"a\"\"b\")");
  CHECK_FALSE(data_error_of([] { (void)read(oids::record, "(1,2"); }).empty());
}

TEST_CASE("an enum's label is its text, and a domain's value is its base's") {
  const type_info mood = known(90001, "mood", type_kind::enumeration);
  type_info count = known(90004, "count", type_kind::domain);
  count.part = oids::int4;
  for (const format as : {format::binary, format::text}) {
    const sample label(0, as, bytes_of("sad"));
    field seen = label;
    seen.type = mood.ref();
    CHECK(codec<value>::decode(seen) == value("sad"));
  }
  const sample number = binary(0, "00000007");
  field seen = number;
  seen.type = count.ref();
  CHECK(codec<value>::decode(seen) == value(7));
  CHECK(codec<value>::decode(seen).type_name() == "count");
}

TEST_CASE("a value within values within values is refused before the stack ends") {
  std::vector<std::byte> bytes = wire("00000000");
  for (int i = 0; i < 500; ++i) {
    std::vector<std::byte> outer = wire("00000001 000008c9");
    for (int shift = 24; shift >= 0; shift -= 8)
      outer.push_back(static_cast<std::byte>(bytes.size() >> shift));
    outer.insert(outer.end(), bytes.begin(), bytes.end());
    bytes = std::move(outer);
  }
  const sample deep(oids::record, format::binary, bytes);
  CHECK(data_error_of([&] { (void)decode<value>(deep); }).find("100 values") != std::string::npos);
}

TEST_CASE("what came in binary and is not known is refused by name") {
  CHECK(data_error_of([] {
          (void)decode<value>(binary(oids::money, "0000000000000001"));
        }).find("ask for it as text") != std::string::npos);
}
