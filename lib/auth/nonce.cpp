#include "auth/nonce.hpp"

#include <unistd.h>

#include <array>

#include "auth/base64.hpp"

namespace tusk::auth {

// Straight from the system: OpenSSL's generator would cost milliseconds to set up, on every
// connection that needs no SCRAM too.
std::string make_nonce() {
  std::array<unsigned char, 18> random{};
  if (::getentropy(random.data(), random.size()) != 0) return {};
  return base64_encode(random);
}

}  // namespace tusk::auth
