#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/value_codec.hpp"

namespace tusk {

/// The 6 bytes of a MAC address (EUI-48), in the order in which its text shows them.
struct macaddr {
  static constexpr std::size_t max_chars = 17;

  std::array<std::byte, 6> bytes{};

  /// Reads the forms that the server reads as `macaddr`, in either case: `08:00:2b:01:02:03`,
  /// `8:0:2b:1:2:3`, `08-00-2b-01-02-03`, `08002b:010203`, `08002b-010203`, `0800.2b01.0203`,
  /// `0800-2b01-0203`, `08002b010203`, with white space around. nullopt for anything else, such as
  /// the signs and the `0x` that the server takes because scanf() does.
  [[nodiscard]] static std::optional<macaddr> parse(std::string_view text) noexcept;
  /// As macaddr_out prints it: `08:00:2b:01:02:03`.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const macaddr&, const macaddr&) noexcept = default;
  friend constexpr auto operator<=>(const macaddr&, const macaddr&) noexcept = default;
};

/// The 8 bytes of a MAC address (EUI-64).
struct macaddr8 {
  static constexpr std::size_t max_chars = 23;

  std::array<std::byte, 8> bytes{};

  constexpr macaddr8() noexcept = default;
  constexpr explicit macaddr8(const std::array<std::byte, 8>& all) noexcept : bytes(all) {}
  /// With ff:fe put in the middle, as the server's cast does.
  constexpr explicit macaddr8(const macaddr& shorter) noexcept
      : bytes{shorter.bytes[0], shorter.bytes[1], shorter.bytes[2], std::byte{0xFF},
              std::byte{0xFE},  shorter.bytes[3], shorter.bytes[4], shorter.bytes[5]} {}

  /// Reads the forms that the server reads as `macaddr8`, in either case: 8 bytes of two digits
  /// each, or the 6 of a `macaddr`, with one of `:`, `-` and `.` behind any of them, always the
  /// same, and white space around. nullopt for anything else.
  [[nodiscard]] static std::optional<macaddr8> parse(std::string_view text) noexcept;
  /// As macaddr8_out prints it: `08:00:2b:ff:fe:01:02:03`.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  /// The shorter address that it was made of; nullopt when there is no ff:fe in its middle.
  [[nodiscard]] constexpr std::optional<macaddr> to_macaddr() const noexcept {
    if (bytes[3] != std::byte{0xFF} || bytes[4] != std::byte{0xFE}) return std::nullopt;
    return macaddr{{bytes[0], bytes[1], bytes[2], bytes[5], bytes[6], bytes[7]}};
  }
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const macaddr8&, const macaddr8&) noexcept = default;
  friend constexpr auto operator<=>(const macaddr8&, const macaddr8&) noexcept = default;
};

/// `macaddr`.
template <>
struct codec<macaddr> : detail::value_codec<macaddr, oids::macaddr, oids::macaddr_array> {
  static constexpr std::string_view name = "tusk::macaddr";
};

/// `macaddr8`.
template <>
struct codec<macaddr8> : detail::value_codec<macaddr8, oids::macaddr8, oids::macaddr8_array> {
  static constexpr std::string_view name = "tusk::macaddr8";
};

}  // namespace tusk

template <>
struct std::hash<tusk::macaddr> {
  std::size_t operator()(const tusk::macaddr& value) const noexcept { return value.hash(); }
};

template <>
struct std::hash<tusk::macaddr8> {
  std::size_t operator()(const tusk::macaddr8& value) const noexcept { return value.hash(); }
};
