#include "tusk/adapt/nlohmann_json.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tusk;
using namespace tusk::test;

TEST_CASE("json and jsonb are read as nlohmann's value in both formats") {
  const std::string_view shown = R"({"b": [1, -2, 18446744073709551615, 1.5], "a": null})";
  const auto expected = nlohmann::json::parse(shown);
  CHECK(decode<nlohmann::json>(text(oids::json, shown)) == expected);
  CHECK(decode<nlohmann::json>(sample(oids::json, format::binary, bytes_of(shown))) == expected);
  CHECK(decode<nlohmann::json>(binary(oids::jsonb, "01 '[1.5,\"x\"]'")) ==
        nlohmann::json{1.5, "x"});
  CHECK(decode<nlohmann::ordered_json>(text(oids::json, shown)).begin().key() == "b");
}

TEST_CASE("nlohmann's value is sent as jsonb, and as json where that is wanted") {
  const nlohmann::json sent{{"a", {1, 2.5, nullptr, "x"}}};
  CHECK(encode(sent, oids::jsonb).bytes == wire("01 '{\"a\":[1,2.5,null,\"x\"]}'"));
  CHECK(encode(sent, oids::json).text() == R"({"a":[1,2.5,null,"x"]})");
  CHECK(encode(sent, 0).bytes == encode(sent, oids::jsonb).bytes);
  for (const oid type : {oids::json, oids::jsonb})
    CHECK(round_trip(sent, type) == sent);
}

TEST_CASE("what nlohmann's value cannot hold or say is refused") {
  CHECK(data_error_of([] {
          (void)decode<nlohmann::json>(text(oids::jsonb, "[1e400]"));
        }).starts_with("column \"c\" (jsonb) cannot be read as nlohmann::json: "));
  for (const char* wrong : {"", "{", "[1,]", "[1] 2", "nul", "\"\xff\""})
    CHECK_FALSE(
        data_error_of([&] { (void)decode<nlohmann::json>(text(oids::json, wrong)); }).empty());
  CHECK_FALSE(
      data_error_of([] { (void)decode<nlohmann::json>(binary(oids::jsonb, "02 '1'")); }).empty());
  const nlohmann::json infinite{1, {2, std::numeric_limits<double>::infinity()}};
  CHECK(data_error_of([&] { (void)encode(infinite, oids::json); }).find("not finite") !=
        std::string::npos);
  CHECK(data_error_of([&] { (void)encode(nlohmann::json("\xff"), oids::json); }).find("UTF-8") !=
        std::string::npos);
}
