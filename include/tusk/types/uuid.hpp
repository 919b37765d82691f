#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"

namespace tusk {

/// The 16 bytes of a UUID, in the order in which its text shows them.
struct uuid {
  std::array<std::byte, 16> bytes{};

  /// Reads every form the server takes: upper or lower case, in braces, with a hyphen after any
  /// group of four digits or none. nullopt for anything else.
  [[nodiscard]] static std::optional<uuid> parse(std::string_view text) noexcept;
  /// The standard form: 36 characters, lower case.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const uuid&, const uuid&) noexcept = default;
  friend constexpr auto operator<=>(const uuid&, const uuid&) noexcept = default;
};

/// `uuid`.
template <>
struct codec<uuid> {
  static constexpr std::string_view name = "tusk::uuid";
  static constexpr oid type = oids::uuid;

  static bool reads(oid from) noexcept { return from == oids::uuid; }
  static bool writes(oid to) noexcept { return to == oids::uuid; }
  static format read_format(oid) noexcept { return format::binary; }
  static uuid decode(const field& value);
  static format encode(value_writer& to, const uuid& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::uuid> {
  std::size_t operator()(const tusk::uuid& value) const noexcept { return value.hash(); }
};
