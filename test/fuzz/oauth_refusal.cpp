// Any bytes as the JSON by which a server refuses a token. What is read of it can be printed, and
// is short.
#include <algorithm>
#include <cstdint>
#include <string>

#include "auth/oauthbearer.hpp"
#include "fuzz/proto_check.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

void check(const std::string& text) {
  require(text.size() <= 200, "what is told is short");
  require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; }),
          "what is told is printable");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const exact_block bytes({reinterpret_cast<const std::byte*>(data), size});
  const std::string_view json(reinterpret_cast<const char*>(bytes.view().data()), size);
  const auth::oauth_refusal found = auth::read_oauth_refusal(json);
  check(found.status);
  check(found.scope);
  check(found.configuration);
  return 0;
}
