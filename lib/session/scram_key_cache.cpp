#include "tusk/scram_key_cache.hpp"

#include "auth/scram_key_store.hpp"

namespace tusk {

scram_key_cache::scram_key_cache(std::size_t entries)
    : store_(std::make_unique<auth::scram_key_store>(entries)) {}
scram_key_cache::~scram_key_cache() = default;

std::size_t scram_key_cache::size() const {
  return store_->size();
}

void scram_key_cache::clear() {
  store_->clear();
}

}  // namespace tusk
