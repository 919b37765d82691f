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

/// The number of a transaction, with its epoch, so that it never comes again (PostgreSQL 13 and
/// later). The `xid` of 32 bits, which does, is read as an integer.
struct xid8 {
  static constexpr std::size_t max_chars = 20;

  std::uint64_t number = 0;

  constexpr xid8() noexcept = default;
  constexpr explicit xid8(std::uint64_t value) noexcept : number(value) {}

  /// Reads a decimal number, as the server writes it. nullopt for anything else.
  [[nodiscard]] static std::optional<xid8> parse(std::string_view text) noexcept;
  /// As xid8out prints it.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept { return static_cast<std::size_t>(number); }

  friend constexpr bool operator==(xid8, xid8) noexcept = default;
  friend constexpr auto operator<=>(xid8, xid8) noexcept = default;
};

/// `xid8`. (Integers read and write it, too.)
template <>
struct codec<xid8> : detail::value_codec<xid8, oids::xid8, oids::xid8_array> {
  static constexpr std::string_view name = "tusk::xid8";
};

}  // namespace tusk

template <>
struct std::hash<tusk::xid8> {
  std::size_t operator()(tusk::xid8 value) const noexcept { return value.hash(); }
};
