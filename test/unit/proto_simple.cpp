#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("Query is one String", "[proto]") {
  check_message("'Q' 0000000d 'select 1' 00", query{"select 1"});
  check_message("'Q' 00000005 00", query{""});
  check_unencodable(query{{"select 1\0; drop table t", 23}}, fault::embedded_nul);
}

TEST_CASE("Messages without a body have none", "[proto]") {
  check_message("'X' 00000004", terminate{});
  check_message("'I' 00000004", empty_query_response{});
}

TEST_CASE("FunctionCall carries formats, arguments with NULL, and the result's format", "[proto]") {
  const std::array<format, 1> formats{format::binary};
  const std::array<std::optional<bytes_view>, 3> arguments{bytes_of("ab"), std::nullopt,
                                                           bytes_view{}};
  check_message("'F' 0000001e 00000539 0001 0001 0003 00000002 'ab' ffffffff 00000000 0001",
                function_call{1337, formats, arguments, format::binary});
  check_message("'F' 0000000e 00000539 0000 0000 0000", function_call{1337, {}, {}, format::text});
}

TEST_CASE("FunctionCall refuses formats that fit no argument", "[proto]") {
  const std::array<format, 2> two{format::text, format::text};
  const std::array<std::optional<bytes_view>, 3> three{};
  check_unencodable(function_call{1, two, three, format::text}, fault::bad_count);
  check_refused<function_call>("00000001 0002 0000 0000 0001 ffffffff 0000", {fault::bad_count, 4});
  check_refused<function_call>("00000001 0001 0002 0000 0000", {fault::bad_value, 6});
  check_refused<function_call>("00000001 0000 0001 fffffffe 0000", {fault::bad_length, 8});
}

TEST_CASE("FunctionCallResponse tells NULL from empty", "[proto]") {
  check_message("'V' 0000000a 00000002 'ab'", function_call_response{bytes_of("ab")});
  check_message("'V' 00000008 00000000", function_call_response{bytes_view{}});
  check_message("'V' 00000008 ffffffff", function_call_response{std::nullopt});
  CHECK_FALSE(function_call_response{bytes_view{}} == function_call_response{std::nullopt});
}

TEST_CASE("CommandComplete is its tag", "[proto]") {
  check_message("'C' 0000000f 'INSERT 0 1' 00", command_complete{"INSERT 0 1"});
  check_unencodable(command_complete{{"A\0B", 3}}, fault::embedded_nul);
}

TEST_CASE("ReadyForQuery knows three states and no other", "[proto]") {
  check_message("'Z' 00000005 'I'", ready_for_query{transaction_status::idle});
  check_message("'Z' 00000005 'T'", ready_for_query{transaction_status::in_block});
  check_message("'Z' 00000005 'E'", ready_for_query{transaction_status::failed});
  check_refused<ready_for_query>("'i'", {fault::bad_value, 0});
  check_refused<ready_for_query>("00", {fault::bad_value, 0});
}

}  // namespace tusk::proto
