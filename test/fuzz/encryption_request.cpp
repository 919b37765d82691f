// Any bytes as what came behind SSLRequest. Nothing but a single S begins TLS, nothing but a single
// N goes on in plain text, and nothing of what came is told.
#include <cstdint>
#include <vector>

#include "engine/encryption_request.hpp"
#include "fuzz/proto_check.hpp"

using namespace tusk;
using namespace tusk::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using answer = engine::encryption_request::answer;
  const exact_block received({reinterpret_cast<const std::byte*>(data), size});
  engine::encryption_request asking;
  const answer said = asking.take(received.view());
  const bool alone = size == 1;
  require((said == answer::need_more) == (size == 0), "one byte is enough, and needed");
  require((said == answer::start_tls) == (alone && data[0] == 'S'), "only S begins TLS");
  require((said == answer::plain) == (alone && data[0] == 'N'), "only N goes on in plain text");
  require((said == answer::failed) == static_cast<bool>(asking.why()), "a failure says why");
  // Other bytes behind the first one are told of in the same words.
  if (said == answer::failed && size > 1) {
    std::vector<std::byte> other(size, std::byte{'x'});
    other.front() = received.view().front();
    engine::encryption_request again;
    static_cast<void>(again.take(other));
    require(again.why().message == asking.why().message, "what came is not told");
  }
  return 0;
}
