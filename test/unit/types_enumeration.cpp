#include "support/catalog_types.hpp"
#include "support/catch.hpp"
#include "tusk/types/array.hpp"
#include "tusk/types/enumeration.hpp"

namespace {
enum class mood : std::uint8_t { sad = 1, happy = 5, lost = 200 };
}

template <>
struct tusk::enum_type<mood> {
  static constexpr std::string_view name = "mood";
  static constexpr std::pair<mood, std::string_view> labels[] = {{mood::sad, "sad"},
                                                                 {mood::happy, "über glücklich"}};
};

using namespace tusk;
using namespace tusk::test;

namespace {

const known_type catalog_mood = enum_info(16400, "mood", {"sad", "über glücklich", "ok"});

TEST_CASE("a mapped enum is read from its label in both formats") {
  CHECK(decode<mood>(text(catalog_mood, "sad")) == mood::sad);
  CHECK(decode<mood>(binary(catalog_mood, "'sad'")) == mood::sad);
  CHECK(decode<mood>(text(catalog_mood, "über glücklich")) == mood::happy);
}

TEST_CASE("a label without a value is refused with label, column and type") {
  const std::string said = data_error_of([] { decode<mood>(text(catalog_mood, "ok")); });
  CHECK(said.find("\"ok\"") != std::string::npos);
  CHECK(said.find("column \"c\" (mood)") != std::string::npos);
  CHECK_FALSE(data_error_of([] { decode<mood>(text(catalog_mood, "")); }).empty());
  CHECK_FALSE(data_error_of([] { decode<mood>(text(catalog_mood, "sa")); }).empty());
  CHECK_FALSE(data_error_of([] { decode<mood>(text(catalog_mood, "SAD")); }).empty());
}

TEST_CASE("a mapped enum is sent as its label, as text where nobody was asked") {
  const written known = encode(mood::happy, catalog_mood);
  CHECK(known.as == format::binary);
  CHECK(known.text() == "über glücklich");
  const written unknown = encode(mood::sad, oid{0});
  CHECK(unknown.as == format::text);
  CHECK(unknown.text() == "sad");
  CHECK(detail::text_of(mood::sad) == "sad");
}

TEST_CASE("a value without a label is refused with the parameter's place and its number") {
  const std::string said = data_error_of([] { encode(mood::lost, catalog_mood); });
  CHECK(said == "$1 (mood) cannot take this mood: its value 200 has no label in tusk::enum_type");
  CHECK_FALSE(data_error_of([] { static_cast<void>(detail::text_of(mood::lost)); }).empty());
}

TEST_CASE("a mapped enum goes with the type of its name only, in any schema") {
  CHECK(codec<mood>::reads(catalog_mood->ref()));
  CHECK(codec<mood>::writes(catalog_mood->ref()));
  CHECK_FALSE(codec<mood>::reads(enum_info(16401, "weather", {"sad"})->ref()));
  CHECK_FALSE(codec<mood>::reads(oids::text));
  CHECK_FALSE(codec<mood>::reads(oid{16400}));
  const type_info nowhere = named_type(16400, "", type_kind::unknown);
  CHECK(codec<mood>::reads(nowhere.ref()));
}

TEST_CASE("domains over enums and arrays of them are read and sent as the enum") {
  const known_type domain = made_of(16500, "current_mood", type_kind::domain, 16400, catalog_mood);
  const auto as = detail::read_as<mood>(domain->ref());
  REQUIRE(as.has_value());
  CHECK(*as == oid{16400});
  const known_type array = made_of(16600, "_mood", type_kind::array, 16400, catalog_mood);
  const std::vector<mood> both{mood::sad, mood::happy};
  CHECK(codec<std::vector<mood>>::reads(array->ref()));
  CHECK(round_trip(both, array) == both);
  CHECK(decode<std::vector<mood>>(text(array, "{sad,\"über glücklich\"}")) == both);
}

TEST_CASE("labels and values are found at compile time") {
  STATIC_REQUIRE(enum_label(mood::sad) == "sad");
  STATIC_REQUIRE_FALSE(enum_label(mood::lost).has_value());
  STATIC_REQUIRE(enum_value<mood>("sad") == mood::sad);
  STATIC_REQUIRE_FALSE(enum_value<mood>("ok").has_value());
}

}  // namespace
