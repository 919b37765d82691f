#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("ErrorResponse and NoticeResponse list fields up to a zero byte", "[proto]") {
  const std::array<error_field, 4> fields{
      {{'S', "ERROR"}, {'V', "ERROR"}, {'C', "42601"}, {'M', "syntax error"}}};
  check_message("'E' 00000028 'SERROR' 00 'VERROR' 00 'C42601' 00 'Msyntax error' 00 00",
                error_response{fields});
  check_message("'N' 00000028 'SERROR' 00 'VERROR' 00 'C42601' 00 'Msyntax error' 00 00",
                notice_response{fields});
  check_message("'E' 00000005 00", error_response{});
}

TEST_CASE("ErrorResponse carries all 18 fields and keeps those it does not know", "[proto]") {
  std::vector<error_field> fields;
  std::string literal;
  for (const char code : std::string_view{"SVCMDHPpqWstcdnFLR?"}) {
    fields.push_back({code, "x"});
    literal += std::string("'") + code + "x' 00 ";
  }
  check_message("'E' 0000003e " + literal + "00", error_response{fields});
  const exact_block body{wire(literal + "00")};
  error_response out;
  REQUIRE_FALSE(decode(body.view(), out));
  CHECK(out.fields.size() == 19);
  CHECK(find(out.fields, '?') == "x");
  CHECK(find(out.fields, field_code::sqlstate) == "x");
}

TEST_CASE("find gives the first field of a code, and nothing for none", "[proto]") {
  const std::array<error_field, 2> fields{{{'M', "first"}, {'M', "second"}}};
  const list<error_field> all{fields};
  CHECK(find(all, field_code::message) == "first");
  CHECK(find(all, field_code::hint).data() == nullptr);
}

TEST_CASE("ErrorResponse refuses fields that would end the list, and NULs", "[proto]") {
  const std::array<error_field, 1> zero{{{'\0', "x"}}};
  check_unencodable(error_response{zero}, fault::bad_value);
  const std::array<error_field, 1> nul{{{'M', {"a\0b", 3}}}};
  check_unencodable(notice_response{nul}, fault::embedded_nul);
  check_refused<error_response>("'Mx' 00", {fault::truncated, 3});
  check_refused<error_response>("'Mx'", {fault::unterminated_string, 1});
  check_refused<error_response>("", {fault::truncated, 0});
}

TEST_CASE("ParameterStatus is a name and a value", "[proto]") {
  check_message("'S' 00000019 'client_encoding' 00 'UTF8' 00",
                parameter_status{"client_encoding", "UTF8"});
  check_message("'S' 00000016 'application_name' 00 00", parameter_status{"application_name", ""});
  check_unencodable(parameter_status{"a", {"\0", 1}}, fault::embedded_nul);
}

TEST_CASE("NotificationResponse is a process, a channel and a payload", "[proto]") {
  check_message("'A' 00000010 00002a01 'jobs' 00 '17' 00",
                notification_response{0x2a01, "jobs", "17"}, ending::exact);
  check_message("'A' 0000000c ffffffff 'ch' 00 00", notification_response{-1, "ch", ""});
}

}  // namespace tusk::proto
