#include <random>

#include "support/catalog_types.hpp"
#include "support/catch.hpp"
#include "tusk/types/hstore.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

const known_type catalog_hstore =
    std::make_shared<const type_info>(named_type(16400, "hstore", type_kind::base));

// "b"=>NULL, "aa"=>"1"
constexpr std::string_view golden = "00000002 00000001 'b' ffffffff 00000002 'aa' 00000001 '1'";

TEST_CASE("hstore keeps its entries in the server's order, each key once") {
  const hstore one{{"aa", "1"}, {"b", std::nullopt}, {"aa", "2"}};
  REQUIRE(one.size() == 2);
  CHECK(one.to_string() == R"("b"=>NULL, "aa"=>"1")");
  CHECK(one == hstore{{"b", std::nullopt}, {"aa", "1"}});
  CHECK(std::hash<hstore>{}(one) == std::hash<hstore>{}(hstore{{"b", {}}, {"aa", "1"}}));
  REQUIRE(one.find("aa") != nullptr);
  CHECK(*one.find("aa") == "1");
  REQUIRE(one.contains("b"));
  CHECK_FALSE(one.find("b")->has_value());
  CHECK(one.find("a") == nullptr);
}

TEST_CASE("hstore is changed by key") {
  hstore one;
  CHECK(one.empty());
  one.set("b", "1");
  one.set("a", std::nullopt);
  one.set("b", "2");
  CHECK(one.to_string() == R"("a"=>NULL, "b"=>"2")");
  CHECK(one.erase("a"));
  CHECK_FALSE(one.erase("a"));
  CHECK(one == hstore{{"b", "2"}});
}

TEST_CASE("hstore goes both ways in both formats") {
  const hstore one{{"aa", "1"}, {"b", std::nullopt}};
  CHECK(decode<hstore>(binary(catalog_hstore, golden)) == one);
  CHECK(encode(one, catalog_hstore).hex() == hex(wire(golden)));
  CHECK(decode<hstore>(text(catalog_hstore, one.to_string())) == one);
  CHECK(encode(one, oid{0}).text() == one.to_string());
  CHECK(encode(one, oid{0}).as == format::text);
  CHECK(decode<hstore>(binary(catalog_hstore, "00000000")).empty());
  CHECK(decode<hstore>(text(catalog_hstore, "")).empty());
  check_damage_refused<hstore>(catalog_hstore, golden);
}

TEST_CASE("hstore's text is read as hstore_in reads it") {
  const auto is = [](std::string_view text, const hstore& expected) {
    CAPTURE(std::string(text));
    const auto parsed = hstore::parse(text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->to_string() == expected.to_string());
  };
  is(" a => 1 , \"b c\"=>null, ", {{"a", "1"}, {"b c", {}}});
  is(R"(a=>"NULL", b=>NuLL, c=>nulls)", {{"a", "NULL"}, {"b", {}}, {"c", "nulls"}});
  is(R"("a\"b\\"=>x\,y)", {{"a\"b\\", "x,y"}});
  is(R"(a,b=>c=d)", {{"a,b", "c=d"}});
  is(R"(""=>"")", {{"", ""}});
  for (const char* bad : {"a", "a=", "a=>", "=>1", "a=>1 b=>2", "a=>\"1", "\"a", "a\\", "a=>1\\",
                          "a b=>1", "\"a\"b=>1", "a=1", "a=>1 2"}) {
    CAPTURE(bad);
    CHECK_FALSE(hstore::parse(bad).has_value());
  }
  CHECK(data_error_of([] { decode<hstore>(text(catalog_hstore, "a")); }) ==
        "column \"c\" (hstore) cannot be read as tusk::hstore: \"a\" is not an hstore");
}

TEST_CASE("lies in a binary hstore are refused") {
  for (const char* bad :
       {"7fffffff", "ffffffff", "00000001 ffffffff ffffffff", "00000001 fffffffe ffffffff",
        "00000001 00000001 'a' fffffffe", "00000001 7fffffff 'a' 00000000"}) {
    CAPTURE(bad);
    CHECK_FALSE(data_error_of([&] { decode<hstore>(binary(catalog_hstore, bad)); }).empty());
  }
  CHECK_FALSE(data_error_of([] { encode(hstore{{std::string(1, '\0'), "x"}}, oid{0}); }).empty());
  CHECK_FALSE(
      data_error_of([] { encode(hstore{{"x", std::string(1, '\0')}}, catalog_hstore); }).empty());
}

TEST_CASE("hstore goes with the type of its name only") {
  CHECK(codec<hstore>::reads(catalog_hstore->ref()));
  CHECK_FALSE(codec<hstore>::reads(oids::text));
  CHECK_FALSE(codec<hstore>::reads(enum_info(16400, "hstore", {})->ref()));
}

TEST_CASE("random hstores come back from both formats") {
  std::mt19937_64 source(20261122);
  const std::vector<std::string> pieces{"a", "\"", "\\", ",", "=>", "=", " ", "NULL", "é", "", "b"};
  const auto draw = [&] {
    std::string text;
    for (auto left = source() % 4; left > 0; --left)
      text += pieces[source() % pieces.size()];
    return text;
  };
  for (int i = 0; i < 500; ++i) {
    std::vector<hstore::entry> entries;
    for (auto left = source() % 6; left > 0; --left) {
      std::optional<std::string> value;
      if (source() % 4 != 0) value = draw();
      entries.emplace_back(draw(), std::move(value));
    }
    const hstore one(std::move(entries));
    CAPTURE(one.to_string());
    CHECK(hstore::parse(one.to_string()) == one);
    CHECK(round_trip(one, catalog_hstore) == one);
  }
}

}  // namespace
