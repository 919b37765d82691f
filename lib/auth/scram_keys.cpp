#include "auth/scram_keys.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits>
#include <utility>

#include "auth/saslprep.hpp"

namespace tusk::auth {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

bool hmac(const scram_key& key, std::string_view text, scram_key& to) {
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(scram_key::size()), bytes_of(text),
              text.size(), to.data(), nullptr) != nullptr;
}

bool scram_keys::derive(std::string_view password, std::span<const unsigned char> salt,
                        std::uint32_t iterations) {
  constexpr std::size_t longest = std::numeric_limits<int>::max();
  if (password.size() > longest || salt.size() > longest) return false;
  // SaltedPassword. One call for all iterations: a loop of single HMACs takes nearly three times as
  // long.
  scram_key salted;
  return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                           static_cast<int>(salt.size()), static_cast<int>(iterations),
                           EVP_sha256(), static_cast<int>(scram_key::size()), salted.data()) == 1 &&
         hmac(salted, "Client Key", client) && hmac(salted, "Server Key", server) &&
         EVP_Digest(client.data(), scram_key::size(), stored.data(), nullptr, EVP_sha256(),
                    nullptr) == 1;
}

secret_text prepare_password(std::string_view password) {
  if (auto prepared = saslprep(password)) return *std::move(prepared);
  return to_secret(password);
}

}  // namespace tusk::auth
