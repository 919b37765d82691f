#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "auth/secret.hpp"

namespace tusk::auth {

inline constexpr std::size_t sha256_size = 32;
using scram_key = secret_key<sha256_size>;

/// The keys of RFC 5802, section 3, with SHA-256.
struct scram_keys {
  scram_key client;
  scram_key stored;
  scram_key server;

  /// Derives all three; false when libcrypto refuses. `iterations` is 1 to 2^31 - 1, `password` as
  /// prepare_password left it.
  bool derive(std::string_view password, std::span<const unsigned char> salt,
              std::uint32_t iterations);
  /// Takes keys that were derived elsewhere; false when libcrypto refuses.
  bool assign(std::span<const unsigned char, sha256_size> client_key,
              std::span<const unsigned char, sha256_size> server_key);
  /// The same keys once more.
  void copy_to(scram_keys& other) const noexcept;
};

/// HMAC-SHA-256 of `text`; false when libcrypto refuses.
bool hmac(const scram_key& key, std::string_view text, scram_key& to);

/// SASLprep, or the bytes as they are where it refuses: PostgreSQL's rule on both sides.
secret_text prepare_password(std::string_view password);

}  // namespace tusk::auth
