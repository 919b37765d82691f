#include "engine/output.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace tusk::engine {

namespace {
constexpr std::size_t first_capacity = std::size_t{8} << 10;
// A buffer that one large parameter made is not kept for ever.
constexpr std::size_t kept_capacity = std::size_t{1} << 20;
}  // namespace

output::output()
    : storage_(std::make_unique_for_overwrite<std::byte[]>(first_capacity)),
      capacity_(first_capacity),
      writer_({storage_.get(), capacity_}, 0, &output::grow, this) {}

void output::sent(std::size_t count) noexcept {
  sent_ += count;
  if (sent_ != writer_.size()) return;
  sent_ = 0;
  writer_.truncate(0);
  if (capacity_ <= kept_capacity) return;
  std::unique_ptr<std::byte[]> smaller(new (std::nothrow) std::byte[first_capacity]);
  if (smaller == nullptr) return;
  storage_ = std::move(smaller);
  capacity_ = first_capacity;
  writer_ = proto::writer({storage_.get(), capacity_}, 0, &output::grow, this);
}

std::span<std::byte> output::grow(void* owner, std::size_t used, std::size_t wanted) noexcept {
  output& self = *static_cast<output*>(owner);
  const std::size_t capacity = std::max(wanted, self.capacity_ * 2);
  std::unique_ptr<std::byte[]> larger(new (std::nothrow) std::byte[capacity]);
  if (larger == nullptr) return {};
  std::memcpy(larger.get(), self.storage_.get(), used);
  self.storage_ = std::move(larger);
  self.capacity_ = capacity;
  return {self.storage_.get(), capacity};
}

}  // namespace tusk::engine
