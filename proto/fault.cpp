#include "tusk/proto/fault.hpp"

namespace tusk::proto {

std::string_view explain(fault what) noexcept {
  switch (what) {
    case fault::none: return "nothing is wrong";
    case fault::truncated: return "the message ends before its contents do";
    case fault::trailing_bytes: return "bytes are left over behind the message's contents";
    case fault::unterminated_string: return "a string has no NUL at its end";
    case fault::bad_length: return "a length is out of range";
    case fault::bad_count: return "a count disagrees with what it counts";
    case fault::bad_value: return "a value is none that the protocol defines here";
    case fault::unknown_type: return "the protocol has no message of this type";
    case fault::embedded_nul: return "a NUL byte stands inside a string";
    case fault::too_many: return "there are more elements than the 65,535 a message can count";
    case fault::too_long: return "the message would be 2^31 bytes or longer, or over the limit";
    case fault::no_room: return "the output buffer is full";
  }
  return "an unknown fault";
}

}  // namespace tusk::proto
