#include "auth/scram_key_store.hpp"

#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <string>

namespace tusk::auth {
namespace {

using key_bytes = std::span<const unsigned char, sha256_size>;

void copy(const scram_key& from, unsigned char* to) {
  std::copy_n(from.data(), sha256_size, to);
}

}  // namespace

scram_key_store::scram_key_store(std::size_t capacity)
    : capacity_(capacity), usable_(::getentropy(own_key_.data(), own_key_.size()) == 0) {}

bool scram_key_store::identify(std::string_view password, std::span<const unsigned char> salt,
                               std::uint32_t iterations, scram_key& identity) const {
  if (!usable_ || capacity_ == 0) return false;
  // The lengths keep a password's end apart from a salt's beginning.
  const std::string numbers =
      std::to_string(password.size()) + ' ' + std::to_string(iterations) + ' ';
  secret_text all;
  all.reserve(numbers.size() + password.size() + salt.size());
  append(all, numbers);
  append(all, password);
  all.insert(all.end(), salt.begin(), salt.end());
  return hmac(own_key_, view(all), identity);
}

scram_key_store::entry* scram_key_store::look_up(const scram_key& identity) noexcept {
  for (entry& each : entries_) {
    if (CRYPTO_memcmp(each.identity, identity.data(), sha256_size) == 0) {
      each.used = ++uses_;
      return &each;
    }
  }
  return nullptr;
}

bool scram_key_store::find(const scram_key& identity, scram_keys& to) {
  const std::lock_guard lock(mutex_);
  const entry* const found = look_up(identity);
  if (found == nullptr) return false;
  to.client.assign(key_bytes(found->client));
  to.stored.assign(key_bytes(found->stored));
  to.server.assign(key_bytes(found->server));
  return true;
}

scram_key_store::entry* scram_key_store::place_for_one() {
  if (entries_.size() < capacity_) return &entries_.emplace_back();
  return &*std::min_element(entries_.begin(), entries_.end(),
                            [](const entry& a, const entry& b) { return a.used < b.used; });
}

void scram_key_store::keep(const scram_key& identity, const scram_keys& keys) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    if (!usable_ || capacity_ == 0 || look_up(identity) != nullptr) return;
    entry& place = *place_for_one();
    copy(identity, place.identity);
    copy(keys.client, place.client);
    copy(keys.stored, place.stored);
    copy(keys.server, place.server);
    place.used = ++uses_;
  } catch (const std::bad_alloc&) {  // the next login is a slow one, then
  }
}

void scram_key_store::clear() noexcept {
  const std::lock_guard lock(mutex_);
  secret_vector<entry>().swap(entries_);
}

std::size_t scram_key_store::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace tusk::auth
