// Any bytes as a server's stream: each frame is refused at an offset inside it, or decoded into a
// message that encodes to the very same bytes.
#include <cstdint>

#include "fuzz/proto_check.hpp"
#include "tusk/proto/backend.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

void check_row(bytes_view body, proto::error decoded) {
  if (body.size() < 2) return;
  const std::size_t count = proto::reader{body}.u16();
  require(proto::check_data_row(body, count) == decoded, "check_data_row says what decoding says");
  require(static_cast<bool>(proto::check_data_row(body, count + 1)), "one column too few");
}

void check_frame(const proto::frame& found, bytes_view whole) {
  const exact_block body{found.body};
  proto::backend_message message;
  const proto::error failed = decode_backend({found.type, body.view()}, message);
  if (found.type == proto::data_row::type) check_row(body.view(), failed);
  if (failed) {
    require(failed.offset <= body.view().size(), "the offset lies inside the body");
    return;
  }
  require(message == message, "a message equals itself, element by element");
  require_same_bytes(message, whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{reinterpret_cast<const std::byte*>(data), size};
  for (;;) {
    const proto::frame_result found = proto::next_frame(in, 1 << 20);
    if (found.state != proto::framing::complete) {
      require(found.state != proto::framing::incomplete || found.needed > in.size(),
              "what is incomplete needs more than is there");
      return 0;
    }
    check_frame(found.message, in.first(found.needed));
    in = in.subspan(found.needed);
  }
}
