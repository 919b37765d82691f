#pragma once

#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/value_codec.hpp"

namespace tusk {

/// Where a row version is in its table, as the system column `ctid` says: a block, and an item in
/// that, counted from 1.
struct tid {
  static constexpr std::size_t max_chars = 18;

  std::uint32_t block = 0;
  std::uint16_t offset = 0;

  /// Reads `(7,3)`, as the server writes it. nullopt for anything else.
  [[nodiscard]] static std::optional<tid> parse(std::string_view text) noexcept;
  /// As tidout prints it: `(7,3)`.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(tid, tid) noexcept = default;
  friend constexpr auto operator<=>(tid, tid) noexcept = default;
};

/// `tid`.
template <>
struct codec<tid> : detail::value_codec<tid, oids::tid, oids::tid_array> {
  static constexpr std::string_view name = "tusk::tid";
};

}  // namespace tusk

template <>
struct std::hash<tusk::tid> {
  std::size_t operator()(tusk::tid value) const noexcept { return value.hash(); }
};
