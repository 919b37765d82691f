#include "auth/scram.hpp"

#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

#include "auth/base64.hpp"
#include "auth/scram_key_store.hpp"

namespace tusk::auth {
namespace {

// libcrypto counts iterations in an int.
constexpr std::uint32_t most_iterations = std::numeric_limits<std::int32_t>::max();

// RFC 5802, section 7, `printable`: ASCII from 21 to 7E without the comma.
bool is_nonce(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return c > ' ' && c < 0x7F && c != ','; });
}

// RFC 5802, section 5.1: what would end a name or begin an escape is escaped.
std::string saslname(std::string_view user) {
  std::string name;
  for (const char c : user) {
    if (c == '=') {
      name += "=3D";
    } else if (c == ',') {
      name += "=2C";
    } else {
      name += c;
    }
  }
  return name;
}

// Cuts the next attribute off `rest` and gives its value, when it is the one named.
bool take(std::string_view& rest, char name, std::string_view& value) {
  if (rest.size() < 2 || rest[0] != name || rest[1] != '=') return false;
  const std::size_t end = std::min(rest.find(','), rest.size());
  value = rest.substr(2, end - 2);
  rest.remove_prefix(end);
  return true;
}

bool take_comma(std::string_view& rest) {
  if (!rest.starts_with(',')) return false;
  rest.remove_prefix(1);
  return true;
}

// Extensions may follow and mean nothing to us, except m=, which a client must not ignore.
bool only_extensions(std::string_view rest) {
  std::string_view value;
  while (!rest.empty()) {
    if (!take_comma(rest) || rest.empty()) return false;
    const char name = rest[0];
    const bool is_letter = (name >= 'a' && name <= 'z') || (name >= 'A' && name <= 'Z');
    if (!is_letter || name == 'm' || !take(rest, name, value) || value.empty()) return false;
  }
  return true;
}

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

}  // namespace

std::string_view describe(scram_fault what) noexcept {
  switch (what) {
    case scram_fault::none: return "no fault";
    case scram_fault::malformed: return "the server's SCRAM message is malformed";
    case scram_fault::bad_nonce: return "the server's SCRAM nonce does not extend the client's";
    case scram_fault::bad_salt: return "the server's SCRAM salt is empty or not base64";
    case scram_fault::bad_iterations: return "the server's SCRAM iteration count is not a number";
    case scram_fault::too_many_iterations:
      return "the server asks for more SCRAM iterations than are allowed";
    case scram_fault::server_error: return "the server ended the SCRAM exchange with an error";
    case scram_fault::bad_signature:
      return "the server's SCRAM signature is wrong: it does not know the password";
    case scram_fault::missing_server_key:
      return "a client key was given without the server key, and so the server cannot prove itself";
    case scram_fault::crypto: return "libcrypto refused to compute SHA-256, HMAC or PBKDF2";
  }
  return "unknown SCRAM fault";
}

scram_client::scram_client(const scram_options& options)
    : password_(prepare_password(options.password)),
      client_key_(options.client_key.begin(), options.client_key.end()),
      server_key_(options.server_key.begin(), options.server_key.end()),
      store_(options.store),
      nonce_(options.nonce),
      channel_binding_(base64_encode(bytes_of(options.gs2_header + options.channel_binding_data))),
      client_first_(options.gs2_header + "n=" + saslname(options.user) + ",r=" + nonce_),
      bare_offset_(options.gs2_header.size()),
      max_iterations_(std::min(options.max_iterations, most_iterations)) {}

scram_fault scram_client::fail(scram_fault why) {
  step_ = step::failed;
  forget();
  return why;
}

void scram_client::forget() noexcept {
  secret_text{}.swap(password_);
  secret_vector<unsigned char>{}.swap(client_key_);
  secret_vector<unsigned char>{}.swap(server_key_);
  server_signature_.wipe();
  fresh_.client.wipe();
  fresh_.stored.wipe();
  fresh_.server.wipe();
  keeps_fresh_ = false;
}

// server-first-message = [m=... ","] r=nonce "," s=salt "," i=iteration-count ["," extensions]
bool scram_client::parse(std::string_view message, challenge& to) {
  return take(message, 'r', to.nonce) && take_comma(message) && take(message, 's', to.salt) &&
         take_comma(message) && take(message, 'i', to.iterations) && only_extensions(message);
}

scram_fault scram_client::check(const challenge& asked) {
  // A nonce that is ours alone would let a recorded exchange be played back.
  if (!is_nonce(nonce_) || !is_nonce(asked.nonce) || !asked.nonce.starts_with(nonce_) ||
      asked.nonce.size() == nonce_.size()) {
    return scram_fault::bad_nonce;
  }
  const std::string_view count = asked.iterations;
  if (count.empty() || count.front() == '0' ||
      !std::all_of(count.begin(), count.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return scram_fault::bad_iterations;
  }
  if (std::from_chars(count.data(), count.data() + count.size(), iterations_).ec != std::errc{}) {
    iterations_ = std::numeric_limits<std::uint32_t>::max();
  }
  return iterations_ > max_iterations_ ? scram_fault::too_many_iterations : scram_fault::none;
}

// The password's keys: kept ones, or new ones that may be kept when the server proves them right.
bool scram_client::derive_keys(std::span<const unsigned char> salt, scram_keys& keys) {
  const bool identified =
      store_ != nullptr && store_->identify(view(password_), salt, iterations_, identity_);
  if (identified && store_->find(identity_, keys)) return true;
  if (!keys.derive(view(password_), salt, iterations_)) return false;
  keeps_fresh_ = identified;
  if (keeps_fresh_) keys.copy_to(fresh_);
  return true;
}

scram_fault scram_client::find_keys(const challenge& asked, scram_keys& keys) {
  const auto salt = base64_decode(asked.salt);
  if (!salt || salt->empty()) return scram_fault::bad_salt;
  using fixed = std::span<const unsigned char, sha256_size>;
  const bool has_server_key = server_key_.size() == sha256_size;
  if (!client_key_.empty()) {
    if (!has_server_key) return scram_fault::missing_server_key;
    const bool sound =
        client_key_.size() == sha256_size &&
        keys.assign(fixed(client_key_.data(), sha256_size), fixed(server_key_.data(), sha256_size));
    return sound ? scram_fault::none : scram_fault::crypto;
  }
  if (!derive_keys(*salt, keys)) return scram_fault::crypto;
  if (has_server_key) keys.server.assign(fixed(server_key_.data(), sha256_size));
  return scram_fault::none;
}

scram_fault scram_client::prove(const challenge& asked, std::string_view message,
                                secret_text& client_final) {
  scram_keys keys;
  if (const scram_fault fault = find_keys(asked, keys); fault != scram_fault::none) return fault;

  std::string answer = "c=" + channel_binding_ + ",r=";
  answer += asked.nonce;
  std::string auth_message = client_first_.substr(bare_offset_) + ',';
  auth_message += message;
  auth_message += ',' + answer;

  scram_key proof;  // first ClientSignature, then ClientProof
  if (!hmac(keys.stored, auth_message, proof) ||
      !hmac(keys.server, auth_message, server_signature_)) {
    return scram_fault::crypto;
  }
  for (std::size_t i = 0; i < scram_key::size(); ++i)
    proof.data()[i] ^= keys.client[i];
  client_final.reserve(answer.size() + 3 + (sha256_size + 2) / 3 * 4);
  append(client_final, answer);
  append(client_final, ",p=");
  append_base64(proof.bytes(), client_final);
  return scram_fault::none;
}

scram_fault scram_client::server_first(std::string_view message, secret_text& client_final) {
  client_final.clear();
  challenge asked;
  if (step_ != step::server_first || !parse(message, asked)) return fail(scram_fault::malformed);
  scram_fault fault = check(asked);
  if (fault == scram_fault::none) fault = prove(asked, message, client_final);
  if (fault != scram_fault::none) return fail(fault);
  secret_text{}.swap(password_);
  secret_vector<unsigned char>{}.swap(client_key_);
  step_ = step::server_final;
  return scram_fault::none;
}

scram_fault scram_client::server_final(std::string_view message) {
  std::string_view value;
  if (step_ != step::server_final) return fail(scram_fault::malformed);
  if (take(message, 'e', value)) {
    for (const char c : value.substr(0, 100))
      server_error_ += c >= ' ' && c < 0x7F ? c : '?';
    return fail(scram_fault::server_error);
  }
  if (!take(message, 'v', value) || !only_extensions(message)) {
    return fail(scram_fault::malformed);
  }
  const auto signature = base64_decode(value);
  if (!signature) return fail(scram_fault::malformed);
  if (signature->size() != scram_key::size() ||
      CRYPTO_memcmp(signature->data(), server_signature_.data(), scram_key::size()) != 0) {
    return fail(scram_fault::bad_signature);
  }
  if (keeps_fresh_) store_->keep(identity_, fresh_);
  forget();
  step_ = step::finished;
  return scram_fault::none;
}

std::string make_scram_verifier(std::string_view password, std::span<const std::byte> salt,
                                std::uint32_t iterations) {
  const std::span<const unsigned char> salt_bytes{
      reinterpret_cast<const unsigned char*>(salt.data()), salt.size()};
  scram_keys keys;
  if (iterations == 0 || iterations > most_iterations ||
      !keys.derive(view(prepare_password(password)), salt_bytes, iterations)) {
    return {};
  }
  return "SCRAM-SHA-256$" + std::to_string(iterations) + ':' + base64_encode(salt_bytes) + '$' +
         base64_encode(keys.stored.bytes()) + ':' + base64_encode(keys.server.bytes());
}

std::string make_scram_verifier(std::string_view password, std::uint32_t iterations) {
  std::array<std::byte, 16> salt{};
  if (::getentropy(salt.data(), salt.size()) != 0) return {};
  return make_scram_verifier(password, salt, iterations);
}

}  // namespace tusk::auth
