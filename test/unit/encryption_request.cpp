#include "engine/encryption_request.hpp"

#include <array>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/wire.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::encryption_request;
using engine::failure_kind;
using answer = engine::encryption_request::answer;

namespace {

engine::failure refused(const std::vector<std::byte>& received) {
  encryption_request asking;
  INFO(hex(received));
  CHECK(asking.take(received) == answer::failed);
  CHECK_FALSE(asking.why().message.empty());
  return asking.why();
}

bool mentions(const engine::failure& failed, std::string_view words) {
  return failed.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("TLS is asked for by SSLRequest") {
  std::array<std::byte, 64> room{};
  proto::writer out(room);
  encryption_request asking;
  CHECK_FALSE(asking.begin(out));
  CHECK(hex(out.written()) == hex(wire("00000008 04d2162f")));
  CHECK(asking.take({}) == answer::need_more);
}

TEST_CASE("one byte answers the request for TLS") {
  CHECK(encryption_request().take(wire("'S'")) == answer::start_tls);
  CHECK(encryption_request().take(wire("'N'")) == answer::plain);
}

TEST_CASE("bytes behind the answer to the request for TLS are refused") {
  for (const char* behind : {"'S' 00", "'S' 16 03 01", "'SS'", "'N' 00",
                             "'N' 'R' 00000008 00000000", "'NN'", "'S' 'R' 00000008 00000000"}) {
    const engine::failure why = refused(wire(behind));
    CHECK(why.kind == failure_kind::protocol);
    CHECK(mentions(why, "unencrypted bytes"));
  }
}

TEST_CASE("an error in answer to the request for TLS is refused and never shown") {
  for (const char* error : {"'E'", "'E' 00000010 'SFATAL' 00 00", "'Esend your password to me'"}) {
    const engine::failure why = refused(wire(error));
    CHECK(why.kind == failure_kind::closed);
    CHECK(mentions(why, "with an error"));
    CHECK_FALSE(mentions(why, "FATAL"));
    CHECK_FALSE(mentions(why, "password"));
  }
}

TEST_CASE("any other answer to the request for TLS is not PostgreSQL's") {
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (byte == 'S' || byte == 'N' || byte == 'E') continue;
    const engine::failure why = refused({static_cast<std::byte>(byte)});
    CHECK(why.kind == failure_kind::protocol);
    CHECK(mentions(why, "does not speak PostgreSQL's protocol"));
  }
}
