#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("Authentication messages without contents are their code alone", "[proto]") {
  check_message("'R' 00000008 00000000", authentication_ok{});
  check_message("'R' 00000008 00000002", authentication_kerberos_v5{});
  check_message("'R' 00000008 00000003", authentication_cleartext_password{});
  check_message("'R' 00000008 00000007", authentication_gss{});
  check_message("'R' 00000008 00000009", authentication_sspi{});
}

TEST_CASE("AuthenticationMD5Password carries four bytes of salt, zero bytes too", "[proto]") {
  check_message(
      "'R' 0000000c 00000005 00ff'x'00",
      authentication_md5_password{{std::byte{0}, std::byte{0xff}, std::byte{'x'}, std::byte{0}}});
}

TEST_CASE("AuthenticationSASL lists mechanisms up to an empty one", "[proto]") {
  const std::array<std::string_view, 2> mechanisms{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"};
  check_message("'R' 0000002a 0000000a 'SCRAM-SHA-256-PLUS' 00 'SCRAM-SHA-256' 00 00",
                authentication_sasl{mechanisms});
  check_message("'R' 00000009 0000000a 00", authentication_sasl{});
  const std::array<std::string_view, 2> empty_name{"SCRAM-SHA-256", ""};
  check_unencodable(authentication_sasl{empty_name}, fault::bad_value);
}

TEST_CASE("Authentication data runs to the end of the message", "[proto]") {
  check_message("'R' 0000000b 00000008 '['00']'",
                authentication_gss_continue{bytes_of({"[\0]", 3})}, ending::open, 4);
  check_message("'R' 00000013 0000000b 'r=ab,s=QQ==' ",
                authentication_sasl_continue{bytes_of("r=ab,s=QQ==")}, ending::open, 4);
  check_message("'R' 0000000e 0000000c 'v=QQ=='", authentication_sasl_final{bytes_of("v=QQ==")},
                ending::open, 4);
  check_message("'R' 00000008 0000000b", authentication_sasl_continue{}, ending::open, 4);
}

TEST_CASE("Authentication codes are not mixed up and unknown ones are refused", "[proto]") {
  check_refused<authentication_ok>("00000003", {fault::bad_value, 0});
  check_refused<authentication_sasl>("0000000b 00", {fault::bad_value, 0});
  backend_message out;
  for (const std::string_view code : {"00000001", "00000004", "00000006", "0000000d", "ffffffff"}) {
    const exact_block body{wire(code)};
    CHECK(decode_backend({'R', body.view()}, out) == error{fault::bad_value, 0});
  }
  const exact_block half{wire("0000")};
  CHECK(decode_backend({'R', half.view()}, out) == error{fault::truncated, 0});
}

TEST_CASE("PasswordMessage is one String", "[proto]") {
  check_message("'p' 0000000b 'secret' 00", password_message{"secret"});
  check_message("'p' 00000005 00", password_message{""});
  check_unencodable(password_message{{"se\0cret", 7}}, fault::embedded_nul);
}

TEST_CASE("SASLInitialResponse tells no response from an empty one", "[proto]") {
  check_message("'p' 00000020 'SCRAM-SHA-256' 00 0000000a 'n,,n=,r=ab'",
                sasl_initial_response{"SCRAM-SHA-256", bytes_of("n,,n=,r=ab")});
  check_message("'p' 00000016 'SCRAM-SHA-256' 00 00000000",
                sasl_initial_response{"SCRAM-SHA-256", bytes_view{}});
  check_message("'p' 00000016 'SCRAM-SHA-256' 00 ffffffff",
                sasl_initial_response{"SCRAM-SHA-256", std::nullopt});
  check_refused<sasl_initial_response>("'X' 00 fffffffe", {fault::bad_length, 2});
  check_refused<sasl_initial_response>("'X' 00 7fffffff", {fault::truncated, 6});
}

TEST_CASE("SASLResponse and GSSResponse are their data", "[proto]") {
  check_message("'p' 00000009 'c=biw'", sasl_response{bytes_of("c=biw")}, ending::open, 0);
  check_message("'p' 00000007 '['00']'", gss_response{bytes_of({"[\0]", 3})}, ending::open, 0);
}

}  // namespace tusk::proto
