// Values in binary, both ways, each against the server's own text of it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "integration/differential.hpp"

namespace {

using namespace tusk::test;

// Every byte that a bytea may hold.
constexpr const char* all_bytes =
    "select string_agg(decode(lpad(to_hex(i), 2, '0'), 'hex'), ''::bytea order by i) "
    "from generate_series(0, 255) as i";

}  // namespace

TEST_CASE("boolean goes both ways") {
  compare<bool>("bool", {"true", "false"});
}

TEST_CASE("integers go both ways to the ends of their ranges") {
  compare<std::int16_t>("int2", {"0", "-1", "32767", "-32768"});
  compare<std::int32_t>("int4", {"0", "1", "-1", "2147483647", "-2147483648"});
  compare<std::int64_t>("int8",
                        {"0", "-1", "9223372036854775807", "'-9223372036854775808'", "4294967296"});
  compare<tusk::oid>("oid", {"0", "23", "2147483648", "4294967295"});
}

TEST_CASE("floats go both ways, infinities, NaN and subnormals too") {
  compare<float>("float4", {"0", "'-0'", "1", "0.1", "-1.5e10", "3.4028235e38", "1.1754944e-38",
                            "1e-45", "'NaN'", "'Infinity'", "'-Infinity'", "16777216", "123456.7"});
  compare<double>("float8", {"0", "'-0'", "1", "0.1", "1.0/3", "1e15", "1e16", "123456789012345.6",
                             "1.7976931348623157e308", "2.2250738585072014e-308", "5e-324", "'NaN'",
                             "'Infinity'", "'-Infinity'", "-1e-5", "1e-4"});
}

TEST_CASE("numeric goes both ways, exact, with its scale") {
  compare<tusk::numeric>(
      "numeric",
      {"0", "0.00", "1", "-1", "1.0", "1.00", "10000", "9999", "9999.9999", "0.0001", "0.00001",
       "-0.000000000000001", "100000000", "123456789012345678901234567890.012345678901234567890",
       "1e30", "'NaN'", "0.1000", "1e-30", "-12345.678"});
}

TEST_CASE("numeric holds the largest and the finest that the server has") {
  compare<tusk::numeric>("numeric", {"repeat('9', 131072)", "'1e131071'", "'1e-16383'",
                                     "repeat('9', 131072) || '.' || repeat('9', 16383)",
                                     "'-0.' || repeat('0', 16382) || '1'"});
}

TEST_CASE("numeric infinities go both ways where the server has them") {
  if (major_version(connect()) < 14) {
    WARN("skipped: numeric has no infinities before PostgreSQL 14");
    return;
  }
  compare<tusk::numeric>("numeric", {"'Infinity'", "'-Infinity'"});
}

TEST_CASE("the text types go both ways, in every character") {
  const std::vector<std::string> texts{"''",
                                       "'a'",
                                       "' '",
                                       "'NULL'",
                                       "'{}'",
                                       "E'tab\\tline\\nquote\\'\"back\\\\slash'",
                                       "'Zoë €uro 😀 \u0301'",
                                       "repeat('long ', 2000)"};
  compare<std::string>("text", texts);
  compare<std::string>("varchar", texts);
  compare<std::string>("name", {"'relname'", "''", "'Ünïcode'"});
  compare<std::string>("bpchar", {"'abc'", "'trailing  '"});
  compare<std::string>("char(5)", {"'abc'", "''", "'12345'"});
  compare<char>("\"char\"", {"'a'", "'~'", "''"});
}

TEST_CASE("bytea goes both ways, every byte of it") {
  auto db = connect();
  const auto all = db.scalar<std::vector<std::byte>>(all_bytes);
  REQUIRE(all.size() == 256);
  for (std::size_t i = 0; i < all.size(); ++i)
    REQUIRE(all[i] == static_cast<std::byte>(i));
  CHECK(db.scalar<bool>("select $1 = (" + std::string(all_bytes) + ")", all));
  CHECK(db.scalar<bool>("select $1 = ''::bytea", std::vector<std::byte>()));
  CHECK(db.scalar<std::int32_t>("select length($1::bytea)", tusk::bytes_view(all)) == 256);
  const auto rows = db.query<tusk::bytes_view>(all_bytes);
  CHECK(std::vector<std::byte>(rows[0].begin(), rows[0].end()) == all);
  for (const char* form : {"hex", "escape"}) {
    CAPTURE(form);
    db.execute(std::string("set bytea_output = ") + form);
    const auto text = db.script(all_bytes);
    CHECK(text[0][0][0].as<std::vector<std::byte>>() == all);
    CHECK(db.scalar<std::vector<std::byte>>(all_bytes) == all);
  }
  CHECK(db.scalar<std::optional<std::vector<std::byte>>>("select null::bytea") == std::nullopt);
  using blobs = std::vector<std::optional<std::vector<std::byte>>>;
  const blobs several{all, std::nullopt, std::vector<std::byte>()};
  CHECK(db.scalar<blobs>("select $1::bytea[]", several) == several);
}

TEST_CASE("uuid goes both ways") {
  compare<tusk::uuid>(
      "uuid", {"'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
               "'{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}'"});
}

TEST_CASE("json and jsonb go both ways as their text") {
  const std::vector<std::string> values{"'null'", "'1.50'", "'\"Zoë \\\"\"'", "'[1, {\"a\": []}]'",
                                        "'{\"b\" :  1, \"a\": null}'"};
  compare<tusk::json>("json", values);
  compare<tusk::json>("jsonb", values);
}

TEST_CASE("arrays: bounds and quoting are no matter, more dimensions are read as text") {
  auto db = connect();
  CHECK(db.scalar<std::vector<int>>("select '[0:2]={1,2,3}'::int[]") == std::vector{1, 2, 3});
  const std::vector<std::string> awkward{"", "NULL", "null", "{", "a,b", "\"", "\\", " x ", "€"};
  CHECK(db.scalar<std::vector<std::string>>("select $1::text[]", awkward) == awkward);
  CHECK(
      db.script("select array['', 'NULL', 'null', '{', 'a,b', '\"', E'\\\\', ' x ', '€']")[0][0][0]
          .as<std::vector<std::string>>() == awkward);
  CHECK(db.scalar<std::string>("select '{{1,2},{3,4}}'::int[]") == "{{1,2},{3,4}}");
  const auto square = db.query<std::vector<int>>("select '{{1,2},{3,4}}'::int[] as grid");
  const std::string message = message_of<tusk::data_error>([&] { return square[0]; });
  CHECK(message.find("column \"grid\" (integer[]) cannot be read as std::vector<std::int32_t>") ==
        0);
  const auto holes = db.query<std::vector<int>>("select array[1, null] as holes");
  CHECK(message_of<tusk::data_error>([&] { return holes[0]; }) ==
        "column \"holes\" (integer[]) cannot be read as std::vector<std::int32_t>: element 2 is "
        "NULL; read std::optional");
  CHECK(db.scalar<std::vector<std::int16_t>>("select '{1,2}'::int8[]") ==
        std::vector<std::int16_t>{1, 2});
  const auto wide = db.query<std::vector<std::int16_t>>("select '{1,70000}'::int8[] as big");
  CHECK(message_of<tusk::data_error>([&] { return wide[0]; }).find("70000 is out of range") !=
        std::string::npos);
}
