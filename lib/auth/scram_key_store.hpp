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
/// over password, salt and iterations. The keys it holds are worth as much as the password to this
/// server's users of that role, though; they are overwritten when they leave. Thread-safe.
class scram_key_store {
 public:
  /// Holds at most `capacity` entries; the one that was longest unused goes first.
  explicit scram_key_store(std::size_t capacity = 64);
  scram_key_store(const scram_key_store&) = delete;
  scram_key_store& operator=(const scram_key_store&) = delete;

  /// Fills `to` and returns true when the keys are known. `password` as prepare_password left it.
  bool find(std::string_view password, std::span<const unsigned char> salt,
            std::uint32_t iterations, scram_keys& to);
  /// Keeps the keys. Does nothing when libcrypto refuses, or memory is short.
  void keep(std::string_view password, std::span<const unsigned char> salt,
            std::uint32_t iterations, const scram_keys& keys) noexcept;
  /// Overwrites and forgets all.
  void clear() noexcept;
  [[nodiscard]] std::size_t size() const;

 private:
  struct entry {
    unsigned char identity[sha256_size];
    unsigned char client[sha256_size];
    unsigned char stored[sha256_size];
    unsigned char server[sha256_size];
    std::uint64_t used;  // when it was used last, in uses of the store
  };

  bool identify(std::string_view password, std::span<const unsigned char> salt,
                std::uint32_t iterations, scram_key& to) const;
  entry* look_up(const scram_key& identity) noexcept;

  mutable std::mutex mutex_;
  std::size_t capacity_;
  scram_key own_key_;
  bool usable_;
  secret_vector<entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace tusk::auth
