// Any bytes as a password: refused, or prepared into text that preparing leaves as it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "auth/saslprep.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tusk::auth::saslprep;
  const auto once = saslprep({reinterpret_cast<const char*>(data), size});
  if (!once) return 0;
  if (once->empty() != (size == 0)) std::abort();
  // The second time it may be refused: bidirectional text is judged before it is normalised.
  const auto twice = saslprep(view(*once));
  if (twice && *twice != *once) std::abort();
  return 0;
}
