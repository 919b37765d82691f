#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>

#include "auth/scram_keys.hpp"
#include "auth/secret.hpp"

namespace tusk::auth {

/// Keeps the keys that earlier SCRAM logins derived, so that a later one with the same password,
/// salt and iteration count skips PBKDF2, which is nearly all the time of a login.
///
/// No password is kept: an entry is found by an HMAC, under a key that this object made for itself,
/// over password, salt and iterations. But for the server that they belong to the keys are as good
/// as the password, so they are overwritten when they leave. Thread-safe.
class scram_key_store {
 public:
  /// Holds at most `capacity` entries; the one that was longest unused goes first.
  explicit scram_key_store(std::size_t capacity = 64);
  scram_key_store(const scram_key_store&) = delete;
  scram_key_store& operator=(const scram_key_store&) = delete;

  /// What an entry is found by; false when libcrypto or the system's randomness refuse. `password`
  /// as prepare_password left it.
  bool identify(std::string_view password, std::span<const unsigned char> salt,
                std::uint32_t iterations, scram_key& identity) const;
  /// Fills `to` and returns true when the keys are known.
  bool find(const scram_key& identity, scram_keys& to);
  /// Keeps the keys, unless there is no memory for them.
  void keep(const scram_key& identity, const scram_keys& keys) noexcept;
  /// Overwrites and forgets all.
  void clear() noexcept;
  [[nodiscard]] std::size_t size() const;

 private:
  struct entry {
    unsigned char identity[sha256_size];
    unsigned char client[sha256_size];
    unsigned char stored[sha256_size];
    unsigned char server[sha256_size];
    std::uint64_t used;  // the store's count of uses at its last one
  };

  entry* look_up(const scram_key& identity) noexcept;
  entry* place_for_one();

  mutable std::mutex mutex_;
  std::size_t capacity_;
  scram_key own_key_;
  bool usable_;
  secret_vector<entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace tusk::auth
