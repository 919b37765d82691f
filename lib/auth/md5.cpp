#include "auth/md5.hpp"

#include <openssl/evp.h>

#include "auth/secret.hpp"

namespace tusk::auth {
namespace {

constexpr std::size_t md5_size = 16;

// Appends the digest of `input` in hexadecimal digits; false where there is no MD5.
bool append_md5(const secret_text& input, secret_text& to) {
  secret_key<md5_size> digest;
  if (EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_md5(), nullptr) != 1) {
    return false;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  for (const unsigned char byte : digest.bytes()) {
    to.push_back(digits[byte >> 4U]);
    to.push_back(digits[byte & 0x0FU]);
  }
  return true;
}

}  // namespace

secret_text md5_password(std::string_view user, std::string_view password,
                         std::array<std::byte, 4> salt) {
  secret_text input;
  input.reserve(password.size() + user.size());
  input.insert(input.end(), password.begin(), password.end());
  input.insert(input.end(), user.begin(), user.end());

  // What the server stores: with this alone one could log in, so it is wiped like the password.
  secret_text stored;
  stored.reserve(2 * md5_size + salt.size());
  if (!append_md5(input, stored)) return {};
  for (const std::byte byte : salt)
    stored.push_back(static_cast<char>(byte));

  secret_text answer;
  answer.reserve(3 + 2 * md5_size);
  append(answer, "md5");
  if (!append_md5(stored, answer)) return {};
  return answer;
}

}  // namespace tusk::auth
