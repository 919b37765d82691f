#include "auth/nonce.hpp"

#include <openssl/rand.h>

#include <array>

#include "auth/base64.hpp"

namespace tusk::auth {

std::string make_nonce() {
  std::array<unsigned char, 18> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return {};
  return base64_encode(random);
}

}  // namespace tusk::auth
