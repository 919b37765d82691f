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

bool hash(const scram_key& of, scram_key& to) {
  return EVP_Digest(of.data(), scram_key::size(), to.data(), nullptr, EVP_sha256(), nullptr) == 1;
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
         hash(client, stored);
}

bool scram_keys::assign(std::span<const unsigned char, sha256_size> client_key,
                        std::span<const unsigned char, sha256_size> server_key) {
  client.assign(client_key);
  server.assign(server_key);
  return hash(client, stored);
}

void scram_keys::copy_to(scram_keys& other) const noexcept {
  other.client.assign(client.bytes());
  other.stored.assign(stored.bytes());
  other.server.assign(server.bytes());
}

secret_text prepare_password(std::string_view password) {
  if (auto prepared = saslprep(password)) return *std::move(prepared);
  return to_secret(password);
}

}  // namespace tusk::auth
