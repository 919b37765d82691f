#include <vector>

#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("Parse names a statement, its text and its parameters' types", "[proto]") {
  const std::array<std::uint32_t, 2> types{23, 0};
  check_message("'P' 0000001e 's1' 00 'select $1,$2' 00 0002 00000017 00000000",
                parse{"s1", "select $1,$2", types});
  check_message("'P' 00000010 00 'select 1' 00 0000", parse{"", "select 1", {}});
  check_unencodable(parse{{"s\0", 2}, "", {}}, fault::embedded_nul);
  check_unencodable(parse{"s", {"a\0b", 3}, {}}, fault::embedded_nul);
}

TEST_CASE("Bind carries formats, values with NULL, and the result's formats", "[proto]") {
  const std::array<format, 2> formats{format::binary, format::text};
  const std::array<std::optional<bytes_view>, 2> values{bytes_of({"\0\0\0\7", 4}), std::nullopt};
  const std::array<format, 1> results{format::binary};
  check_message(
      "'B' 00000021 'p' 00 's1' 00 0002 0001 0000 0002 00000004 00000007 ffffffff 0001 0001",
      bind{"p", "s1", formats, values, results});
  check_message("'B' 0000000c 00 00 0000 0000 0000", bind{});
}

TEST_CASE("Bind refuses formats that fit no value, in both directions", "[proto]") {
  const std::array<format, 2> two{format::text, format::text};
  const std::array<std::optional<bytes_view>, 3> three{};
  check_unencodable(bind{"", "", two, three, {}}, fault::bad_count);
  check_refused<bind>("00 00 0002 0000 0000 0001 ffffffff 0000", {fault::bad_count, 2});
  check_refused<bind>("00 00 0001 0002 0001 ffffffff 0000", {fault::bad_value, 4});
  check_refused<bind>("00 00 0000 0001 ffffff00 0000", {fault::bad_length, 6});
  check_refused<bind>("00 00 0000 0001 00000003 0000", {fault::truncated, 10});
}

TEST_CASE("Counts are unsigned: 65,535 elements pass and 65,536 are refused", "[proto]") {
  const std::vector<std::uint32_t> types(65536, 23);
  const std::span<const std::uint32_t> most{types.data(), 65535};
  std::vector<std::byte> storage(300000);
  writer out{storage};
  REQUIRE_FALSE(encode(out, parameter_description{most}));
  REQUIRE(out.size() == 262147);
  parameter_description back;
  const exact_block body{out.written().subspan(5)};
  REQUIRE_FALSE(decode(body.view(), back));
  CHECK(back.types.size() == 65535);
  CHECK(back == parameter_description{most});
  check_unencodable(parameter_description{types}, fault::too_many);
  check_unencodable(parse{"", "", types}, fault::too_many);

  const std::vector<std::optional<bytes_view>> values(65536);
  check_unencodable(bind{"", "", {}, values, {}}, fault::too_many);
  check_unencodable(data_row{values}, fault::too_many);
  const std::vector<format> formats(65536);
  check_unencodable(bind{"", "", {}, {}, formats}, fault::too_many);
  check_unencodable(bind{"", "", formats, values, {}}, fault::too_many);
}

TEST_CASE("Describe and Close name a statement or a portal and nothing else", "[proto]") {
  check_message("'D' 00000008 'S' 's1' 00", describe{target::statement, "s1"});
  check_message("'D' 00000006 'P' 00", describe{target::portal, ""});
  check_message("'C' 00000008 'S' 's1' 00", close{target::statement, "s1"});
  check_message("'C' 00000006 'P' 00", close{target::portal, ""});
  check_refused<describe>("'X' 00", {fault::bad_value, 0});
  check_refused<close>("00 00", {fault::bad_value, 0});
  check_unencodable(close{target::portal, {"\0", 1}}, fault::embedded_nul);
}

TEST_CASE("Execute carries the portal and its row limit", "[proto]") {
  check_message("'E' 0000000b 'p1' 00 00000064", execute{"p1", 100});
  check_message("'E' 00000009 00 00000000", execute{});
}

TEST_CASE("Messages of the extended protocol without a body have none", "[proto]") {
  check_message("'H' 00000004", flush{});
  check_message("'S' 00000004", sync{});
  check_message("'1' 00000004", parse_complete{});
  check_message("'2' 00000004", bind_complete{});
  check_message("'3' 00000004", close_complete{});
  check_message("'n' 00000004", no_data{});
  check_message("'s' 00000004", portal_suspended{});
}

TEST_CASE("ParameterDescription lists OIDs beyond 2^31", "[proto]") {
  const std::array<std::uint32_t, 2> types{23, 0xfffffffe};
  check_message("'t' 0000000e 0002 00000017 fffffffe", parameter_description{types});
  check_message("'t' 00000006 0000", parameter_description{});
  check_refused<parameter_description>("ffff 00000017", {fault::truncated, 6});
}

}  // namespace tusk::proto
