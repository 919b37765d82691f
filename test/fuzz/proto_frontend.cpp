// Any bytes as a client's stream: a first packet without a type byte, then messages. The first byte
// of the input says what messages of type 'p' mean. Each is refused at an offset inside it, or
// decoded into a message that encodes to the very same bytes.
#include <cstdint>

#include "fuzz/proto_check.hpp"
#include "tusk/proto/frontend.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

void check_first_packet(const proto::frame& found, bytes_view whole) {
  const exact_block body{found.body};
  proto::first_packet message;
  const proto::error failed = decode_first_packet(body.view(), message);
  if (failed) {
    require(failed.offset <= body.view().size(), "the offset lies inside the body");
    return;
  }
  require_same_bytes(message, whole);
}

void check_frame(const proto::frame& found, proto::frontend_state state, bytes_view whole) {
  const exact_block body{found.body};
  proto::frontend_message message;
  const proto::error failed = decode_frontend({found.type, body.view()}, state, message);
  if (failed) {
    require(failed.offset <= body.view().size(), "the offset lies inside the body");
    return;
  }
  require(message == message, "a message equals itself, element by element");
  require_same_bytes(message, whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto state = static_cast<proto::frontend_state>(data[0] % 4);
  bytes_view in{reinterpret_cast<const std::byte*>(data) + 1, size - 1};
  proto::frame_result found = proto::next_untyped_frame(in, 10000);
  if (found.state != proto::framing::complete) return 0;
  check_first_packet(found.message, in.first(found.needed));
  for (;;) {
    in = in.subspan(found.needed);
    found = proto::next_frame(in, 1 << 20);
    if (found.state != proto::framing::complete) return 0;
    check_frame(found.message, state, in.first(found.needed));
  }
}
