#pragma once

#include <cstddef>
#include <memory>

namespace tusk::auth {
class scram_key_store;
}

namespace tusk {

/// Keeps the keys that SCRAM derives from a password, so that the next login with the same
/// password, salt and iteration count saves the derivation: at PostgreSQL's 4,096 iterations nearly
/// all of a login's processor time. Share one among the sessions that log in often:
///
///     options.scram_keys = std::make_shared<tusk::scram_key_cache>(16);
///
/// It holds no password; but with its keys one could log in, so that it is opt-in, bounded, and
/// wiped on eviction and destruction. It may be used from several threads.
class scram_key_cache {
 public:
  /// At most `entries` logins' keys, 136 bytes each; the least recently used go first.
  explicit scram_key_cache(std::size_t entries = 64);
  ~scram_key_cache();
  scram_key_cache(const scram_key_cache&) = delete;
  scram_key_cache& operator=(const scram_key_cache&) = delete;

  /// How many logins' keys it holds.
  [[nodiscard]] std::size_t size() const;
  /// Wipes them all.
  void clear();

  /// For tusk itself.
  [[nodiscard]] auth::scram_key_store& store() noexcept { return *store_; }

 private:
  std::unique_ptr<auth::scram_key_store> store_;
};

}  // namespace tusk
