#include <unordered_set>
#include <vector>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/json.hpp"
#include "tusk/types/uuid.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr std::string_view standard = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

}  // namespace

TEST_CASE("uuid reads every form that the server takes") {
  for (const char* form :
       {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}", "a0eebc999c0b4ef8bb6d6bb9bd380a11",
        "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11"}) {
    const std::optional<uuid> parsed = uuid::parse(form);
    REQUIRE(parsed);
    CHECK(parsed->to_string() == standard);
  }
  for (const char* wrong :
       {"", "{}", "{", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a112", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0e-ebc999c0b4ef8bb6d6bb9bd380a11",
        "a0eebc99--9c0b4ef8bb6d6bb9bd380a11", "a0eebc999c0b4ef8bb6d6bb9bd380a11-"})
    CHECK_FALSE(uuid::parse(wrong));
}

TEST_CASE("uuid goes both ways in binary and is read from text") {
  const uuid value = *uuid::parse(standard);
  CHECK(encode(value, oids::uuid).bytes == wire("a0eebc999c0b4ef8bb6d6bb9bd380a11"));
  CHECK(round_trip(value) == value);
  CHECK(decode<uuid>(text(oids::uuid, standard)) == value);
  CHECK(uuid{} < value);
  CHECK(std::unordered_set<uuid>{value, value, uuid{}}.size() == 2);
  CHECK(
      data_error_of([] { (void)decode<uuid>(binary(oids::uuid, "a0ee")); }) ==
      "column \"c\" (uuid) cannot be read as tusk::uuid: 2 bytes are not the binary form of uuid");
  CHECK_FALSE(data_error_of([] { (void)decode<uuid>(text(oids::uuid, "a0ee")); }).empty());
}

TEST_CASE("a uuid is 16 bytes and 36 characters, no fewer and no more") {
  const std::vector<std::byte> bytes = wire("a0eebc999c0b4ef8bb6d6bb9bd380a11 00");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const sample part(oids::uuid, format::binary, bytes_view(bytes).first(size));
    CHECK(data_error_of([&] { (void)decode<uuid>(part); }).empty() == (size == 16));
  }
  for (std::size_t size = 0; size <= standard.size(); ++size) {
    std::vector<char> room(size);
    const auto done = uuid::parse(standard)->to_chars(room.data(), room.data() + size);
    CHECK((done.ec == std::errc{}) == (size == uuid::max_chars));
    CHECK(done.ptr == room.data() + size);
    const sample part = text(oids::uuid, standard.substr(0, size));
    CHECK(data_error_of([&] { (void)decode<uuid>(part); }).empty() == (size == standard.size()));
  }
}

TEST_CASE("json is its text, and jsonb has a version before it") {
  CHECK(decode<json>(binary(oids::json, "'[1]'")).text == "[1]");
  CHECK(decode<json>(binary(oids::jsonb, "01 '1'")).text == "1");
  CHECK(decode<json>(text(oids::jsonb, "{}")).text == "{}");
  CHECK(encode(json{"1"}, oids::jsonb).hex() == "0131");
  CHECK(encode(json{"1"}, oids::json).hex() == "31");
  CHECK(round_trip(json{R"({"a":1})"}, oids::jsonb).text == R"({"a":1})");
  CHECK(data_error_of([] { (void)decode<json>(binary(oids::jsonb, "02 '1'")); }) ==
        "column \"c\" (jsonb) cannot be read as tusk::json: the version of its binary form is not "
        "1");
  CHECK_FALSE(data_error_of([] { (void)decode<json>(binary(oids::jsonb, "")); }).empty());
  CHECK_FALSE(data_error_of([] { encode(json{std::string(1, '\0')}, oids::jsonb); }).empty());
}
