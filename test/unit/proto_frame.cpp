#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

namespace {

frame_result framed_in(std::string_view literal, std::uint32_t max_length = INT32_MAX) {
  // The block dies, so only the numbers of the result may be looked at.
  return next_frame(exact_block{wire(literal)}.view(), max_length);
}

}  // namespace

TEST_CASE("A frame is complete with its last byte and says before how much it needs", "[proto]") {
  const std::vector<std::byte> whole = wire("'Q' 0000000d 'select 1' 00 'S'");
  for (std::size_t length = 0; length < 14; ++length) {
    const exact_block part{bytes_view{whole}.first(length)};
    const frame_result found = next_frame(part.view(), INT32_MAX);
    CHECK(found.state == framing::incomplete);
    CHECK(found.needed == (length < 5 ? 5 : 14));
    CHECK(found.message.type == (length == 0 ? '\0' : 'Q'));
  }
  const exact_block all{whole};
  const frame_result found = next_frame(all.view(), INT32_MAX);
  CHECK(found.state == framing::complete);
  CHECK(found.needed == 14);
  CHECK(found.message.size() == 14);
  CHECK(hex(found.message.body) == hex(wire("'select 1' 00")));
}

TEST_CASE("A length below 4 or above 2^31 - 1 is never right", "[proto]") {
  for (const std::string_view length : {"00000000", "00000003", "80000000", "ffffffff"}) {
    INFO(length);
    CHECK(framed_in("'D'" + std::string(length)).state == framing::bad_length);
  }
  CHECK(framed_in("'D' 00000004").state == framing::complete);
  CHECK(framed_in("'D' 7fffffff").state == framing::incomplete);
  CHECK(framed_in("'D' 7fffffff").needed == std::size_t{1} + INT32_MAX);
}

TEST_CASE("A limit refuses a message as soon as its length is known", "[proto]") {
  CHECK(framed_in("'D' 00000064", 100).state == framing::incomplete);
  const frame_result over = framed_in("'D' 00000065", 100);
  CHECK(over.state == framing::too_long);
  CHECK(over.needed == 102);
  CHECK(over.message.type == 'D');
}

TEST_CASE("A first packet is framed without a type byte", "[proto]") {
  const std::vector<std::byte> whole = wire("00000008 04d2162f");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const exact_block part{bytes_view{whole}.first(length)};
    const frame_result found = next_untyped_frame(part.view(), 10000);
    CHECK(found.state == framing::incomplete);
    CHECK(found.needed == (length < 4 ? 4 : 8));
  }
  const exact_block all{whole};
  const frame_result found = next_untyped_frame(all.view(), 10000);
  CHECK(found.state == framing::complete);
  CHECK(found.message.size() == 8);
  CHECK(hex(found.message.body) == "04d2162f");
  for (const std::string_view length : {"00000007", "00000000", "ffffffff", "80000000"}) {
    CHECK(next_untyped_frame(exact_block{wire(length)}.view(), 10000).state == framing::bad_length);
  }
  CHECK(next_untyped_frame(exact_block{wire("00002711")}.view(), 10000).state == framing::too_long);
}

TEST_CASE("Types that a direction does not have are refused and have no name", "[proto]") {
  backend_message from_server;
  frontend_message from_client;
  std::size_t backend_types = 0;
  std::size_t frontend_types = 0;
  for (int code = 0; code < 256; ++code) {
    const char type = static_cast<char>(code);
    INFO("type " << code);
    const bool backend_knows =
        decode_backend({type, {}}, from_server) != error{fault::unknown_type, 0};
    const bool frontend_knows = decode_frontend({type, {}}, frontend_state::password,
                                                from_client) != error{fault::unknown_type, 0};
    CHECK(backend_knows == !name_of(sender::backend, type).empty());
    CHECK(frontend_knows == !name_of(sender::frontend, type).empty());
    backend_types += backend_knows ? 1u : 0u;
    frontend_types += frontend_knows ? 1u : 0u;
  }
  CHECK(backend_types == 24);
  CHECK(frontend_types == 14);
}

TEST_CASE("A type byte names different messages in the two directions", "[proto]") {
  CHECK(name_of(sender::backend, 'D') == "DataRow");
  CHECK(name_of(sender::frontend, 'D') == "Describe");
  CHECK(name_of(sender::backend, 'R') == "Authentication");
  CHECK(name_of(sender::frontend, 'p') == "PasswordMessage");
  CHECK(name_of(sender::backend, 'p').empty());
}

}  // namespace tusk::proto
