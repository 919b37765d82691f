#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>

namespace tusk {

/// A view of bytes that somebody else owns.
using bytes_view = std::span<const std::byte>;

/// True when both hold the same bytes, wherever those lie.
[[nodiscard]] inline bool same_bytes(bytes_view a, bytes_view b) noexcept {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}
/// The same for bytes that may be absent; absent and empty differ.
[[nodiscard]] inline bool same_bytes(const std::optional<bytes_view>& a,
                                     const std::optional<bytes_view>& b) noexcept {
  return a.has_value() == b.has_value() && (!a || same_bytes(*a, *b));
}

}  // namespace tusk
