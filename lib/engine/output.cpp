#include "engine/output.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "auth/secret.hpp"

namespace tusk::engine {

namespace {
constexpr std::size_t first_capacity = std::size_t{8} << 10;
// A buffer that one large parameter made is not kept for ever.
constexpr std::size_t kept_capacity = std::size_t{1} << 20;
}  // namespace

output::output(std::pmr::memory_resource* memory)
    : memory_(memory),
      storage_(static_cast<std::byte*>(memory->allocate(first_capacity, 1))),
      capacity_(first_capacity),
      writer_({storage_, capacity_}, 0, &output::grow, this) {}

std::byte* output::allocate(std::size_t size) const noexcept {
  try {
    return static_cast<std::byte*>(memory_->allocate(size, 1));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// All of it is overwritten, not only what is written now: an encoder that refuses takes back its
// message, but not its bytes.
void output::release() noexcept {
  if (secrecy_ != secrecy::nothing) auth::wipe(storage_, capacity_);
  memory_->deallocate(storage_, capacity_, 1);
}

void output::sent(std::size_t count) noexcept {
  if (secrecy_ != secrecy::nothing) [[unlikely]]
    auth::wipe(storage_ + sent_, count);
  sent_ += count;
  if (sent_ == writer_.size()) restart();
}

// Nothing is pending any more.
void output::restart() noexcept {
  sent_ = 0;
  writer_.truncate(0);
  if (secrecy_ == secrecy::fading) [[unlikely]] {
    auth::wipe(storage_, capacity_);
    secrecy_ = secrecy::nothing;
  }
  if (capacity_ <= kept_capacity) return;
  std::byte* const smaller = allocate(first_capacity);
  if (smaller == nullptr) return;
  release();
  storage_ = smaller;
  capacity_ = first_capacity;
  writer_ = proto::writer({storage_, capacity_}, 0, &output::grow, this);
}

void output::end_secrets() noexcept {
  if (secrecy_ == secrecy::secret) secrecy_ = secrecy::fading;
  if (empty()) restart();
}

void output::drop() noexcept {
  if (secrecy_ != secrecy::nothing) auth::wipe(storage_, capacity_);
  restart();
}

std::span<std::byte> output::grow(void* owner, std::size_t used, std::size_t wanted) noexcept {
  output& self = *static_cast<output*>(owner);
  const std::size_t capacity = std::max(wanted, self.capacity_ * 2);
  std::byte* const larger = self.allocate(capacity);
  if (larger == nullptr) return {};
  std::memcpy(larger, self.storage_, used);
  self.release();
  self.storage_ = larger;
  self.capacity_ = capacity;
  return {self.storage_, capacity};
}

}  // namespace tusk::engine
