#include "support/catalog_types.hpp"
#include "support/catch.hpp"
#include "tusk/types/array.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/composite.hpp"
#include "tusk/types/integers.hpp"

// Composites and records: both formats as record_send and record_out write them.
namespace {

struct address {
  std::string street;
  std::optional<std::int32_t> zip;
  friend bool operator==(const address&, const address&) = default;
};
struct person {
  std::string name;
  address home;
  std::vector<address> others;
  friend bool operator==(const person&, const person&) = default;
};
struct pair_of {
  std::int32_t first;
  std::optional<std::string> second;
  friend bool operator==(const pair_of&, const pair_of&) = default;
};
struct viewing {
  std::string_view street;
  std::optional<std::int32_t> zip;
};

}  // namespace

template <>
struct tusk::composite_type<address> {
  static constexpr std::string_view name = "address";
};
template <>
struct tusk::composite_type<person> {
  static constexpr std::string_view name = "shop.person";
};
template <>
struct tusk::composite_type<pair_of> {
  static constexpr std::string_view name = "pair_of";
  static constexpr bool by_position = true;
};
template <>
struct tusk::composite_type<viewing> {
  static constexpr std::string_view name = "address";
};

using namespace tusk;
using namespace tusk::test;

namespace {

const known_type catalog_address =
    composite_info(16400, "address", {{"zip", oids::int4, {}}, {"street", oids::text, {}}});
const known_type address_array =
    made_of(16401, "_address", type_kind::array, 16400, catalog_address);
const known_type catalog_person = composite_info(
    16410, "person",
    {{"name", oids::text, {}}, {"home", 16400, catalog_address}, {"others", 16401, address_array}});
const known_type catalog_pair =
    composite_info(16420, "pair_of", {{"a", oids::int4, {}}, {"b", oids::text, {}}});

// zip 7, street "x"
constexpr std::string_view golden = "00000002 00000017 00000004 00000007 00000019 00000001 'x'";

TEST_CASE("a composite's members are found by their names, in binary and text") {
  const address expected{"x", 7};
  CHECK(decode<address>(binary(catalog_address, golden)) == expected);
  CHECK(decode<address>(text(catalog_address, "(7,x)")) == expected);
  CHECK(encode(expected, catalog_address).hex() == hex(wire(golden)));
  CHECK(encode(expected, catalog_address).as == format::binary);
  CHECK(detail::text_of(expected, 1, catalog_address->ref()) == "(7,x)");
  check_damage_refused<address>(catalog_address, golden);
}

TEST_CASE("NULL and the empty text differ in both formats") {
  const address empty{"", std::nullopt};
  CHECK(decode<address>(text(catalog_address, "(,\"\")")) == empty);
  CHECK(detail::text_of(empty, 1, catalog_address->ref()) == "(,\"\")");
  CHECK(round_trip(empty, catalog_address) == empty);
  const std::string said = data_error_of([] { decode<address>(text(catalog_address, "(7,)")); });
  CHECK(said.find("attribute \"street\" (text) is NULL") != std::string::npos);
}

TEST_CASE("quotes, backslashes, commas and parentheses survive a composite's text") {
  for (const std::string street :
       {"b \"c\"", "a\\b", "(", ")", ",", " x ", "\t", "a\"\"b", "é😀"}) {
    CAPTURE(street);
    const address one{street, -1};
    const std::string written = detail::text_of(one, 1, catalog_address->ref());
    CHECK(decode<address>(text(catalog_address, written)) == one);
    CHECK(round_trip(one, catalog_address) == one);
  }
  CHECK(detail::text_of(address{"b \"c\\", 1}, 1, catalog_address->ref()) == "(1,\"b \"\"c\\\\\")");
  // What record_in takes, and record_out never writes.
  CHECK(decode<address>(text(catalog_address, " (7,a\\,b\" c\"\"d\") ")) == address{"a,b c\"d", 7});
}

TEST_CASE("composites nest, also in arrays") {
  const person one{"Zoë", {"a,b", 1}, {{"", std::nullopt}, {"(\"\\", 2}}};
  CHECK(round_trip(one, catalog_person) == one);
  const std::string written = detail::text_of(one, 1, catalog_person->ref());
  CHECK(written ==
        "(Zoë,\"(1,\"\"a,b\"\")\",\"{\"\"(,\\\\\"\"\\\\\"\")\"\","
        "\"\"(2,\\\\\"\"(\\\\\"\"\\\\\"\"\\\\\\\\\\\\\\\\\\\\\"\")\"\"}\")");
  CHECK(decode<person>(text(catalog_person, written)) == one);
  const std::vector<address> list{{"x", 7}, {"y", std::nullopt}};
  CHECK(round_trip(list, address_array) == list);
  CHECK(decode<std::vector<address>>(text(address_array, "{\"(7,x)\",\"(,y)\"}")) == list);
}

TEST_CASE("malformed texts of composites are refused with the column's name") {
  for (const char* bad : {"", "(", ")", "7,x", "(7,x", "(7,x)y", "(7,\"x)", "(7,x\\", "((7),x)",
                          "(7,x)(", "(seven,x)", "(7,(x)"}) {
    CAPTURE(bad);
    const std::string said = data_error_of([&] { decode<address>(text(catalog_address, bad)); });
    CHECK(said.find("column \"c\" (address)") != std::string::npos);
  }
}

TEST_CASE("a struct that does not fit the type is refused, naming type and attribute") {
  const known_type bigger = composite_info(
      16400, "address",
      {{"zip", oids::int4, {}}, {"street", oids::text, {}}, {"city", oids::text, {}}});
  const known_type smaller = composite_info(16400, "address", {{"street", oids::text, {}}});
  const known_type other =
      composite_info(16400, "address", {{"zip", oids::uuid, {}}, {"street", oids::text, {}}});
  const auto reading = [](const known_type& type) {
    return data_error_of([&] { decode<address>(text(type, "(1,2)")); });
  };
  const auto writing = [](const known_type& type) {
    return data_error_of([&] { encode(address{"x", 1}, type); });
  };
  CHECK(reading(bigger).find("attribute \"city\" has no member") != std::string::npos);
  CHECK(reading(smaller).find("no attribute for the struct's member \"zip\"") != std::string::npos);
  CHECK(reading(other).find("attribute \"zip\" (uuid) cannot be read as std::int32_t") !=
        std::string::npos);
  CHECK(writing(bigger).find("attribute \"city\" has no member") != std::string::npos);
  CHECK(writing(smaller).find("no attribute for the struct's member \"zip\"") != std::string::npos);
  CHECK(writing(other).find("attribute \"zip\" (uuid) cannot take") != std::string::npos);
}

TEST_CASE("a value that does not fit what is known of its type marks that as outdated") {
  for (const std::string_view changed :
       {"00000003 00000017 00000004 00000007 00000019 00000001 'x' 00000019 ffffffff",
        "00000002 00000014 00000008 0000000000000007 00000019 00000001 'x'"}) {
    const known_type type =
        composite_info(16400, "address", {{"zip", oids::int4, {}}, {"street", oids::text, {}}});
    const std::string said = data_error_of([&] { decode<address>(binary(type, changed)); });
    CHECK(said.find("run the statement again") != std::string::npos);
    CHECK(type->outdated->load());
  }
  const known_type type =
      composite_info(16400, "address", {{"zip", oids::int4, {}}, {"street", oids::text, {}}});
  CHECK_FALSE(data_error_of([&] { decode<address>(text(type, "(7,x,)")); }).empty());
  CHECK(type->outdated->load());
}

TEST_CASE("an announced number of fields that the bytes cannot hold is refused") {
  for (const std::string_view lie : {"7fffffff", "ffffffff", "00000002", "00000000",
                                     "00000002 00000017 7fffffff 00000019 00000001 'x'",
                                     "00000002 00000017 fffffffe 00000019 00000001 'x'"}) {
    CAPTURE(lie);
    CHECK_FALSE(data_error_of([&] { decode<address>(binary(catalog_address, lie)); }).empty());
  }
}

TEST_CASE("a struct by position goes with a composite's attributes in their order, and records") {
  CHECK(decode<pair_of>(text(catalog_pair, "(1,)")) == pair_of{1, std::nullopt});
  CHECK(round_trip(pair_of{-1, ""}, catalog_pair) == pair_of{-1, ""});
  CHECK(decode<pair_of>(binary(oids::record, golden)) == pair_of{7, "x"});
  CHECK(decode<pair_of>(text(oids::record, "(7,x)")) == pair_of{7, "x"});
  CHECK(detail::text_of(pair_of{1, "a b"}) == "(1,\"a b\")");
  CHECK(encode(pair_of{1, "a b"}, oid{0}).as == format::text);
  CHECK_FALSE(codec<address>::reads(oids::record));
}

TEST_CASE("members by name are not sent where nobody knows the attributes' order") {
  const std::string said = data_error_of([] { encode(address{"x", 1}, oid{0}); });
  CHECK(said.find("by_position") != std::string::npos);
  CHECK_FALSE(data_error_of([] { static_cast<void>(detail::text_of(address{"x", 1})); }).empty());
}

TEST_CASE("an anonymous record is a tuple of what its fields are") {
  using row = record<std::int32_t, std::optional<std::string>>;
  const auto [number, word] = decode<row>(binary(oids::record, golden));
  CHECK(number == 7);
  CHECK(word == "x");
  CHECK(decode<row>(text(oids::record, "(7,)")) == row{7, std::nullopt});
  CHECK(decode<record<>>(text(oids::record, "()")) == record<>{});
  CHECK(decode<record<>>(binary(oids::record, "00000000")) == record<>{});
  using one = record<std::optional<std::int32_t>>;
  CHECK(decode<one>(text(oids::record, "()")) == one{std::nullopt});
  CHECK(decode<row>(text(catalog_pair, "(7,x)")) == row{7, "x"});
  CHECK(round_trip(row{7, "x"}, catalog_pair) == row{7, "x"});
  CHECK(decode<record<std::int64_t, std::string>>(binary(oids::record, golden)) ==
        record<std::int64_t, std::string>{7, "x"});
  CHECK_FALSE(codec<row>::writes(oids::record));
}

TEST_CASE("fields that a record does not have, or has in other types, are refused by number") {
  const auto said = [](auto read) { return data_error_of(read); };
  using three = record<std::int32_t, std::string, std::string>;
  CHECK(said([] { decode<three>(binary(oids::record, golden)); }).find("2 fields, and 3") !=
        std::string::npos);
  CHECK(said([] { decode<three>(text(oids::record, "(1,2)")); }).find("2 fields, and 3") !=
        std::string::npos);
  CHECK(said([] { decode<three>(text(oids::record, "(1,2,3,4)")); }).find("4 fields, and 3") !=
        std::string::npos);
  using wrong = record<std::string, std::int32_t>;
  CHECK(said([] { decode<wrong>(binary(oids::record, golden)); }).find("field 2 (text)") !=
        std::string::npos);
  CHECK(said([] {
          decode<record<std::int32_t, int>>(text(oids::record, "(1,)"));
        }).find("field 2 (integer) is NULL") != std::string::npos);
}

TEST_CASE("views point into the row, and are refused where the text had to be unescaped") {
  const known_sample plain = text(catalog_address, "(7,main street)");
  CHECK(decode<viewing>(plain).street == "main street");
  const std::string said =
      data_error_of([] { decode<viewing>(text(catalog_address, "(7,\"a,b\")")); });
  CHECK(said.find("escaped") != std::string::npos);
  STATIC_REQUIRE(is_view<viewing>);
  STATIC_REQUIRE_FALSE(is_view<address>);
}

TEST_CASE("a composite comes in text when one of its members must") {
  CHECK(codec<address>::read_format(catalog_address->ref()) == format::binary);
  const known_type numbers =
      composite_info(16400, "address", {{"zip", oids::int4, {}}, {"street", oids::int4, {}}});
  CHECK(codec<address>::read_format(numbers->ref()) == format::text);
  CHECK(decode<address>(text(numbers, "(7,8)")) == address{"8", 7});
}

TEST_CASE("domains inside of composites are read and sent as what they are made of") {
  const known_type zip = made_of(16700, "zip_code", type_kind::domain, oids::int4);
  const known_type type =
      composite_info(16400, "address", {{"zip", 16700, zip}, {"street", oids::text, {}}});
  constexpr std::string_view sent = "00000002 0000413c 00000004 00000007 00000019 00000001 'x'";
  CHECK(decode<address>(binary(type, sent)) == address{"x", 7});
  CHECK(encode(address{"x", 7}, type).hex() == hex(wire(sent)));
}

}  // namespace
