#include <string>

#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("StartupMessage carries its version and parameters up to a zero byte", "[proto]") {
  const std::array<startup_parameter, 2> parameters{{{"user", "ada"}, {"database", "shop"}}};
  check_message("00000020 00030000 'user' 00 'ada' 00 'database' 00 'shop' 00 00",
                startup_message{protocol_3_0, parameters});
  check_message("00000009 00030002 00", startup_message{protocol_3_2, {}});
}

TEST_CASE("StartupMessage keeps versions that nobody speaks yet", "[proto]") {
  const std::array<startup_parameter, 2> parameters{{{"user", "ada"}, {"_pq_.x", ""}}};
  check_message("0000001a 0003270f 'user' 00 'ada' 00 '_pq_.x' 00 00 00",
                startup_message{0x0003270f, parameters});
  check_message("00000009 00040000 00", startup_message{0x00040000, {}});
}

TEST_CASE("StartupMessage refuses what a server would read otherwise", "[proto]") {
  const std::array<startup_parameter, 1> nul_in_value{{{"user", {"ada\0admin", 9}}}};
  check_unencodable(startup_message{protocol_3_0, nul_in_value}, fault::embedded_nul);
  const std::array<startup_parameter, 1> nul_in_name{{{{"us\0er", 5}, "ada"}}};
  check_unencodable(startup_message{protocol_3_0, nul_in_name}, fault::embedded_nul);
  const std::array<startup_parameter, 1> no_name{{{"", "ada"}}};
  check_unencodable(startup_message{protocol_3_0, no_name}, fault::bad_value);
  check_unencodable(startup_message{ssl_request::code, {}}, fault::bad_value);
  check_refused<startup_message>("04d2162f 00", {fault::bad_value, 0});
  check_refused<startup_message>("00030000 'user' 00 'ada' 00", {fault::truncated, 13});
  check_refused<startup_message>("00030000 'user' 00 'ada'", {fault::unterminated_string, 9});
}

TEST_CASE("SSLRequest and GSSENCRequest are their code alone", "[proto]") {
  check_message("00000008 04d2162f", ssl_request{});
  check_message("00000008 04d21630", gssenc_request{});
  check_refused<ssl_request>("04d21630", {fault::bad_value, 0});
}

TEST_CASE("CancelRequest carries keys of 4 to 256 bytes", "[proto]") {
  check_message("00000010 04d2162e 00002a01 deadbeef",
                cancel_request{0x2a01, bytes_of("\xde\xad\xbe\xef")}, ending::open, 12);
  const std::string longest(256, 'k');
  check_message("0000010c 04d2162e ffffffff '" + longest + "'",
                cancel_request{-1, bytes_of(longest)}, ending::open, 12);
  const std::string too_long(257, 'k');
  check_unencodable(cancel_request{1, bytes_of("abc")}, fault::bad_length);
  check_unencodable(cancel_request{1, bytes_of(too_long)}, fault::bad_length);
  check_refused<cancel_request>("04d2162e 00000001 '" + too_long + "'", {fault::bad_length, 8});
}

TEST_CASE("The first packet is told by its code", "[proto]") {
  first_packet out;
  CHECK(decode_first_packet(exact_block{wire("04d2162e 000000")}.view(), out).what ==
        fault::truncated);
  CHECK(decode_first_packet(exact_block{wire("04d216")}.view(), out).what == fault::truncated);
  CHECK(decode_first_packet(exact_block{wire("04d2162f 00")}.view(), out) ==
        error{fault::trailing_bytes, 4});
}

TEST_CASE("NegotiateProtocolVersion names the options that the server does not know", "[proto]") {
  const std::array<std::string_view, 2> options{"_pq_.one", "_pq_.two"};
  check_message("'v' 0000001e 00030000 00000002 '_pq_.one' 00 '_pq_.two' 00",
                negotiate_protocol_version{protocol_3_0, options});
  check_message("'v' 0000000c 00030002 00000000", negotiate_protocol_version{protocol_3_2, {}});
  check_refused<negotiate_protocol_version>("00030000 ffffffff", {fault::bad_count, 4});
  check_refused<negotiate_protocol_version>("00030000 7fffffff", {fault::unterminated_string, 8});
}

TEST_CASE("BackendKeyData carries keys of 4 to 256 bytes", "[proto]") {
  check_message("'K' 0000000c 00002a01 'key!'", backend_key_data{0x2a01, bytes_of("key!")},
                ending::open, 8);
  const std::string longest(256, 'k');
  check_message("'K' 00000108 00000001 '" + longest + "'", backend_key_data{1, bytes_of(longest)},
                ending::open, 8);
  check_unencodable(backend_key_data{1, bytes_of("key")}, fault::bad_length);
  check_refused<backend_key_data>("00000001 '" + longest + "k'", {fault::bad_length, 4});
}

}  // namespace tusk::proto
