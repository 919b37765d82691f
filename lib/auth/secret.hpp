#pragma once

#include <string.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::auth {

/// Overwrites memory, in a way that the compiler does not optimise away.
inline void wipe(void* at, std::size_t size) noexcept {
  ::explicit_bzero(at, size);
}

/// Overwrites memory before it gives it back, so that a container of secrets leaves no copy behind
/// when it grows, when it is destroyed, and when an exception unwinds.
template <typename T>
struct wiping_allocator {
  using value_type = T;

  wiping_allocator() noexcept = default;
  template <typename U>
  explicit wiping_allocator(const wiping_allocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* at, std::size_t count) noexcept {
    wipe(at, count * sizeof(T));
    std::allocator<T>{}.deallocate(at, count);
  }
  friend bool operator==(const wiping_allocator&, const wiping_allocator&) noexcept = default;
};

/// A sequence that holds a secret. (Not a std::string: its short form would not be wiped.)
template <typename T>
using secret_vector = std::vector<T, wiping_allocator<T>>;

using secret_text = secret_vector<char>;

/// The text as a view, which lives as long as `text` is left alone.
inline std::string_view view(const secret_text& text) noexcept {
  return {text.data(), text.size()};
}

/// Appends `text` to `to`, whatever kind of text that is.
template <typename Text>
void append(Text& to, std::string_view text) {
  to.insert(to.end(), text.begin(), text.end());
}

inline secret_text to_secret(std::string_view text) {
  return {text.begin(), text.end()};
}

/// A digest or key of `Size` bytes; wiped when destroyed, and never copied.
template <std::size_t Size>
class secret_key {
 public:
  secret_key() noexcept = default;
  secret_key(const secret_key&) = delete;
  secret_key& operator=(const secret_key&) = delete;
  ~secret_key() { wipe(); }

  void wipe() noexcept { auth::wipe(bytes_.data(), Size); }
  void assign(std::span<const unsigned char, Size> bytes) noexcept {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }

  static constexpr std::size_t size() noexcept { return Size; }
  unsigned char* data() noexcept { return bytes_.data(); }
  const unsigned char* data() const noexcept { return bytes_.data(); }
  unsigned char operator[](std::size_t at) const noexcept { return bytes_[at]; }
  std::span<const unsigned char, Size> bytes() const noexcept { return bytes_; }

 private:
  std::array<unsigned char, Size> bytes_{};
};

}  // namespace tusk::auth
