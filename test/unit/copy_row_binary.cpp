// Rows of a binary COPY: documentation of COPY, "Binary Format".
#include <chrono>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/copied_rows.hpp"
#include "tusk/types/types.hpp"

namespace {
enum class weather : std::uint8_t { rain, sun, fog };
}

template <>
struct tusk::enum_type<weather> {
  static constexpr std::string_view name = "weather";
  static constexpr std::pair<weather, std::string_view> labels[] = {{weather::rain, "rain"},
                                                                    {weather::sun, "sun"}};
};

namespace {
/// Takes no number but 1.
struct moody {
  int number;
};
}  // namespace

template <>
struct tusk::codec<moody> {
  static constexpr std::string_view name = "moody";
  static constexpr oid type = oids::int4;
  static bool writes(type_ref to) { return to == oids::int4; }
  static format encode(value_writer& to, const moody& value) {
    to.out().u8(0);
    if (value.number != 1) throw std::overflow_error("not in the mood");
    to.out().u8(0);
    to.out().u16(1);
    return format::binary;
  }
};

using namespace tusk;
using namespace tusk::test;

namespace {

const known_type catalog_weather = enum_info(16400, "weather", {"rain", "sun"});
const known_type citext = made_of(16500, "citext", type_kind::base, {});

copied_rows into(std::vector<column> columns) {
  return {copy_format::binary, std::move(columns)};
}

/// One value in a row of its own, without the number of values: length and bytes. The second row
/// may take another way than the first, and must be the same.
template <class T, class Type>
std::string written_to(const Type& type, const T& value) {
  copied_rows rows = into({column_of("c", type)});
  rows.row(value);
  const std::string first = rows.hex();
  rows.clear();
  rows.row(value);
  CHECK(rows.hex() == first);
  rows.clear();
  rows.put(value);
  CHECK(rows.hex() == first);
  CHECK(rows.count() == 3);
  return first.substr(4);
}

std::string as_hex(std::string_view literal) {
  return hex(wire(literal));
}

TEST_CASE("a binary COPY begins with the signature and ends with the trailer") {
  copied_rows rows = into({column_of("a", oids::int4), column_of("b", oids::text)});
  rows.begin();
  CHECK(rows.hex() == as_hex("'PGCOPY' 0a ff 0d 0a 00 00000000 00000000"));
  rows.clear();
  rows.row(1, "x");
  CHECK(rows.hex() == as_hex("0002 00000004 00000001 00000001 'x'"));
  rows.clear();
  rows.end();
  CHECK(rows.hex() == as_hex("ffff"));
}

TEST_CASE("a table without columns has rows of no values in binary") {
  copied_rows rows = into({});
  rows.row().row();
  CHECK(rows.hex() == as_hex("0000 0000"));
  CHECK(rows.count() == 2);
}

TEST_CASE("values of fixed size go in binary as their type has them") {
  CHECK(written_to(oids::bool_, true) == as_hex("00000001 01"));
  CHECK(written_to(oids::int2, std::int16_t{-2}) == as_hex("00000002 fffe"));
  CHECK(written_to(oids::int4, 7) == as_hex("00000004 00000007"));
  CHECK(written_to(oids::int8, std::int64_t{-1}) == as_hex("00000008 ffffffffffffffff"));
  CHECK(written_to(oids::float4, 1.0F) == as_hex("00000004 3f800000"));
  CHECK(written_to(oids::float8, 1.0) == as_hex("00000008 3ff0000000000000"));
  CHECK(written_to(oids::date, date(1)) == as_hex("00000004 00000001"));
  CHECK(written_to(oids::timestamp, timestamp(2)) == as_hex("00000008 0000000000000002"));
  CHECK(written_to(oids::timestamptz, timestamptz(2)) == as_hex("00000008 0000000000000002"));
  CHECK(written_to(oids::interval, interval(1, 2, 3)) ==
        as_hex("00000010 0000000000000003 00000002 00000001"));
  const auto id = uuid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f");
  CHECK(written_to(oids::uuid, *id) == as_hex("00000010 000102030405060708090a0b0c0d0e0f"));
  CHECK(written_to(oids::oid, 5U) == as_hex("00000004 00000005"));
  CHECK(written_to(oids::char_, 'c') == as_hex("00000001 'c'"));
}

TEST_CASE("points of time of std::chrono go to timestamps, finer ones rounded down") {
  const std::chrono::sys_seconds start{std::chrono::seconds(946'684'800)};
  CHECK(written_to(oids::timestamptz, start) == as_hex("00000008 0000000000000000"));
  const std::chrono::sys_time<std::chrono::nanoseconds> fine = start - std::chrono::nanoseconds(1);
  CHECK(written_to(oids::timestamptz, fine) == as_hex("00000008 ffffffffffffffff"));
  const std::chrono::local_time<std::chrono::milliseconds> local{start.time_since_epoch() +
                                                                 std::chrono::milliseconds(1)};
  CHECK(written_to(oids::timestamp, local) == as_hex("00000008 00000000000003e8"));
}

TEST_CASE("integers go to columns of every width that holds them") {
  CHECK(written_to(oids::int8, 7) == as_hex("00000008 0000000000000007"));
  CHECK(written_to(oids::int8, std::int8_t{-7}) == as_hex("00000008 fffffffffffffff9"));
  CHECK(written_to(oids::int4, std::int64_t{-7}) == as_hex("00000004 fffffff9"));
  CHECK(written_to(oids::int2, std::uint64_t{65}) == as_hex("00000002 0041"));
  CHECK(written_to(oids::float8, 2) == as_hex("00000008 4000000000000000"));
  CHECK(written_to(oids::numeric, 5) == as_hex("0000000a 0001 0000 0000 0000 0005"));
}

TEST_CASE("strings of every kind go to types whose binary form is text") {
  CHECK(written_to(oids::text, std::string("ab")) == as_hex("00000002 'ab'"));
  CHECK(written_to(oids::varchar, std::string_view("ab")) == as_hex("00000002 'ab'"));
  CHECK(written_to(oids::bpchar, "ab") == as_hex("00000002 'ab'"));
  CHECK(written_to(oids::name, static_cast<const char*>("ab")) == as_hex("00000002 'ab'"));
  CHECK(written_to(oids::json, "{}") == as_hex("00000002 '{}'"));
  CHECK(written_to(oids::text, std::string_view()) == as_hex("00000000"));
  CHECK(written_to(oids::text, std::optional<std::string>("")) == as_hex("00000000"));
  CHECK(written_to(catalog_weather, "sun") == as_hex("00000003 'sun'"));
  CHECK(written_to(citext, "ab") == as_hex("00000002 'ab'"));
}

TEST_CASE("jsonb and jsonpath get the version of their binary form, of a string too") {
  CHECK(written_to(oids::jsonb, std::string("{}")) == as_hex("00000003 01 '{}'"));
  CHECK(written_to(oids::jsonb, jsonb{"{}"}) == as_hex("00000003 01 '{}'"));
  CHECK(written_to(oids::jsonb, json{"{}"}) == as_hex("00000003 01 '{}'"));
  CHECK(written_to(oids::jsonpath, "$") == as_hex("00000002 01 '$'"));
}

TEST_CASE("xml goes in binary unless it declares an encoding, which would be believed there") {
  CHECK(written_to(oids::xml, xml{"<a/>"}) == as_hex("00000004 '<a/>'"));
  CHECK(written_to(oids::xml, "<a b=\"encoding\"/>") == as_hex("00000011 '<a b=\"encoding\"/>'"));
  const std::string said = misuse_of(
      [] { written_to(oids::xml, xml{"<?xml version=\"1.0\" encoding=\"latin1\"?><a/>"}); });
  CHECK(said.find("column \"c\" (xml) cannot take this tusk::xml in COPY's binary format") !=
        std::string::npos);
}

TEST_CASE("bytes go to a bytea as they are") {
  const std::vector<std::byte> some{std::byte{0}, std::byte{255}};
  CHECK(written_to(oids::bytea, some) == as_hex("00000002 00ff"));
  CHECK(written_to(oids::bytea, bytes_view(some)) == as_hex("00000002 00ff"));
  CHECK(written_to(oids::bytea, bytes_view()) == as_hex("00000000"));
}

TEST_CASE("NULL of every kind is a length of -1") {
  CHECK(written_to(oids::int4, std::optional<int>()) == "ffffffff");
  CHECK(written_to(oids::text, std::optional<std::string>()) == "ffffffff");
  CHECK(written_to(oids::text, static_cast<const char*>(nullptr)) == "ffffffff");
  CHECK(written_to(oids::uuid, std::nullopt) == "ffffffff");
  CHECK(written_to(oids::numeric, std::optional<numeric>()) == "ffffffff");
  CHECK(written_to(oids::bytea, std::optional<bytes_view>()) == "ffffffff");
}

TEST_CASE("domains take what the type below takes, in its form") {
  const known_type price = made_of(16600, "price", type_kind::domain, oids::int8);
  const known_type cheap =
      made_of(16601, "cheap", type_kind::domain, {price->number, price.get()}, price);
  const known_type word = made_of(16602, "word", type_kind::domain, oids::text);
  CHECK(written_to(cheap, 7) == as_hex("00000008 0000000000000007"));
  CHECK(written_to(word, "ab") == as_hex("00000002 'ab'"));
  const known_type words = made_of(16603, "word[]", type_kind::array, word->ref(), word);
  CHECK(written_to(words, std::vector<std::string>{"ab"}) ==
        as_hex("0000001a 00000001 00000000 000040da 00000001 00000001 00000002 'ab'"));
}

TEST_CASE("enums go as their labels, and an empty array of them in binary as well") {
  CHECK(written_to(catalog_weather, weather::sun) == as_hex("00000003 'sun'"));
  const known_type list =
      made_of(16401, "weather[]", type_kind::array, catalog_weather->ref(), catalog_weather);
  CHECK(written_to(list, std::vector<weather>{}) == as_hex("0000000c 00000000 00000000 00004010"));
  CHECK(written_to(list, std::vector<weather>{weather::sun}) ==
        as_hex("0000001b 00000001 00000000 00004010 00000001 00000001 00000003 'sun'"));
}

TEST_CASE("arrays, ranges and numerics go by their codecs") {
  CHECK(written_to(oids::int4_array, std::vector<int>{5}) ==
        as_hex("0000001c 00000001 00000000 00000017 00000001 00000001 00000004 00000005"));
  CHECK(written_to(oids::int4range, range<std::int32_t>(1, 3)) ==
        as_hex("00000011 02 00000004 00000001 00000004 00000003"));
  CHECK(written_to(oids::numeric, *numeric::parse("1.5")) ==
        as_hex("0000000c 0002 0000 0000 0001 0001 1388"));
}

TEST_CASE("without known columns each value goes as its C++ type stands for") {
  copied_rows rows(copy_format::binary, 4);
  for (int i = 0; i < 2; ++i) {
    rows.clear();
    rows.row(7, "x", 1.0, std::optional<bool>());
    CHECK(rows.hex() == as_hex("0004 00000004 00000007 00000001 'x' 00000008 3ff0000000000000 "
                               "ffffffff"));
  }
  const std::string said = misuse_of([&] { rows.row(weather::sun, "x", 1.0, true); });
  CHECK(said ==
        "row 3 of COPY: column 1 cannot take this weather in COPY's binary format: what type it "
        "has only the table's columns tell, so name the table and not SQL, or use "
        "tusk::copy_format::text");
}

TEST_CASE(
    "a string goes to no type that has another binary form, and the next row can be written") {
  copied_rows rows = into({column_of("id", oids::int4)});
  rows.row(1);
  const std::string before = rows.hex();
  const std::string said = misuse_of([&] { rows.row("2"); });
  CHECK(said ==
        "row 2 of COPY into \"t\": column \"id\" (integer) cannot take this std::string_view in "
        "COPY's binary format: it goes as text only, and nothing is cast; give a value of that "
        "type, or use tusk::copy_format::text");
  CHECK(rows.hex() == before);
  rows.row(3);
  CHECK(rows.hex() == before + as_hex("0001 00000004 00000003"));
}

TEST_CASE("values of the wrong family or number are refused before anything is written") {
  copied_rows rows = into({column_of("price", oids::int2), column_of("name", oids::text)});
  CHECK(misuse_of([&] { rows.row(true, "x"); }) ==
        "COPY into \"t\": column \"price\" (smallint) cannot take this bool: give a value of that "
        "family, for COPY casts nothing");
  CHECK(misuse_of([&] { rows.row(1); }) == "COPY into \"t\" takes 2 columns, and 1 value is given");
  CHECK(misuse_of([&] { rows.row(); }) ==
        "COPY into \"t\" takes 2 columns, and 0 values are given");
  CHECK(rows.bytes().empty());
  rows.row(1, "x");
  CHECK(misuse_of([&] { rows.row(true, "x"); }).find("price") != std::string::npos);
  rows.clear();
  rows.row(1, "x");
  CHECK(rows.hex() == as_hex("0002 00000002 0001 00000001 'x'"));
}

template <class... V>
error_details refusal_of(copied_rows& rows, const V&... values) {
  const std::string before = rows.hex();
  try {
    rows.row(values...);
  } catch (const data_error& e) {
    CHECK(rows.hex() == before);
    return e.details();
  }
  FAIL("the row was taken");
  return {};
}

TEST_CASE("a row that cannot be encoded is taken back, and the error names its column and row") {
  copied_rows rows = into({column_of("name", oids::text), column_of("price", oids::int2)});
  rows.row("a", 1).row("b", 2);
  const error_details said = refusal_of(rows, "c", 70000);
  CHECK(said.message ==
        "row 3 of COPY into \"t\": column \"price\" (smallint) cannot take this std::int32_t: "
        "70000 is out of range");
  CHECK(said.column == "price");
  CHECK(said.copy_line == 3U);
  CHECK(said.kind == error_kind::conversion);
  // The refused one was counted, so that the number is that of the caller's row.
  CHECK(refusal_of(rows, std::string_view("a\0b", 3), 1).message ==
        "row 4 of COPY into \"t\": column \"name\" (text) cannot take this std::string_view: its "
        "byte 2 is NUL, which no PostgreSQL text can hold; bytea can");
  CHECK(rows.count() == 2);
  rows.row("c", 3);
  CHECK(rows.count() == 3);
  CHECK(refusal_of(rows, "d", 1 << 20).copy_line == 6U);
}

TEST_CASE("every integer out of a column's range is refused by the direct way too") {
  copied_rows rows = into({column_of("c", oids::int2)});
  rows.row(std::int64_t{1}).row(std::int64_t{-32768}).row(std::int64_t{32767});
  CHECK(refusal_of(rows, std::int64_t{32768}).copy_line == 4U);
  CHECK(refusal_of(rows, std::int64_t{-32769}).copy_line == 5U);
  copied_rows wide = into({column_of("c", oids::int8)});
  wide.row(std::uint64_t{1}).row(std::uint64_t{INT64_MAX});
  CHECK(refusal_of(wide, std::uint64_t{1} << 63).copy_line == 3U);
}

TEST_CASE("a point of time that the server does not have is refused in any row") {
  copied_rows rows = into({column_of("c", oids::timestamptz)});
  const std::chrono::sys_seconds fine{};
  const std::chrono::sys_seconds far{
      std::chrono::seconds(std::numeric_limits<std::int64_t>::max())};
  CHECK(refusal_of(rows, far).message.find("is outside of PostgreSQL's timestamps") !=
        std::string::npos);
  rows.row(fine).row(fine);
  CHECK(refusal_of(rows, far).copy_line == 4U);
}

TEST_CASE("an enum's value without a label is refused") {
  copied_rows rows = into({column_of("c", catalog_weather)});
  rows.row(weather::sun);
  const error_details said = refusal_of(rows, weather::fog);
  CHECK(said.message ==
        "row 2 of COPY into \"t\": column \"c\" (weather) cannot take this weather: its value 2 "
        "has no label in tusk::enum_type");
}

TEST_CASE("what a codec of the user's throws comes out as it is, and leaves nothing behind") {
  copied_rows rows = into({column_of("a", oids::text), column_of("b", oids::int4)});
  rows.row("x", moody{1});
  const std::string before = rows.hex();
  CHECK_THROWS_AS(rows.row("x", moody{0}), std::overflow_error);
  CHECK(rows.hex() == before);
  CHECK(rows.count() == 1);
}

TEST_CASE("lists of types may take turns, each with its own checks") {
  copied_rows rows = into({column_of("a", oids::int8), column_of("b", oids::text)});
  std::string expected;
  for (int i = 0; i < 3; ++i) {
    rows.row(1, "x").row(std::int64_t{1}, std::string("x")).put(std::optional<int>(), "x");
    const std::string one = as_hex("0002 00000008 0000000000000001 00000001 'x'");
    expected += one + one + as_hex("0002 ffffffff 00000001 'x'");
  }
  CHECK(rows.hex() == expected);
}

TEST_CASE("when memory ends the row is taken back, whatever way it goes") {
  detail::copy_row_writer rows(copy_format::binary, {},
                               {column_of("a", oids::int4), column_of("b", oids::text)}, 2, "t");
  std::vector<std::byte> room(40);
  proto::writer out(room);
  rows.row(out, 1, "x");
  for (const std::string& text : {std::string(100, 'x'), std::string(25, 'x')})
    CHECK_THROWS_AS(rows.row(out, 1, text), std::bad_alloc);
  CHECK(out.size() == 15);
  CHECK_FALSE(out.status());
  rows.row(out, 2, "y");
  CHECK(out.size() == 30);
  CHECK(rows.rows() == 2);
}

TEST_CASE("a binary COPY takes no style") {
  CHECK(misuse_of([] {
          copied_rows(copy_format::binary, {column_of("a", oids::int4)}, {.delimiter = ';'});
        }) == "COPY's style has no meaning in the binary format: leave it out");
}

}  // namespace
