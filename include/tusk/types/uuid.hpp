#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"

namespace tusk {

/// The 16 bytes of a UUID, in the order in which its text shows them.
struct uuid {
  /// The length of every UUID's text.
  static constexpr std::size_t max_chars = 36;

  std::array<std::byte, 16> bytes{};

  /// Reads every form the server takes: upper or lower case, in braces, with a hyphen after any
  /// group of four digits or none. nullopt for anything else.
  [[nodiscard]] static std::optional<uuid> parse(std::string_view text) noexcept;
  /// The standard form: 36 characters, lower case.
  [[nodiscard]] std::string to_string() const;
  /// The same text into `[first, last)`, as `std::to_chars` does: `value_too_large`, and nothing
  /// written, when there is room for less than `max_chars`.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
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

  static constexpr std::uint32_t native_size = 16;
  static uuid from_native(const std::byte* bytes) noexcept {
    uuid result;
    std::memcpy(result.bytes.data(), bytes, native_size);
    return result;
  }
  static void to_native(std::byte* to, const uuid& value) noexcept {
    std::memcpy(to, value.bytes.data(), native_size);
  }

  static uuid decode(const field& value) {
    if (value.format == format::binary && value.size == 16 && value.type == oids::uuid) [[likely]]
      return from_native(value.data);
    return decode_slowly(value.copy());
  }
  static format encode(value_writer& to, const uuid& value);

 private:
  static uuid decode_slowly(const field& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::uuid> {
  std::size_t operator()(const tusk::uuid& value) const noexcept { return value.hash(); }
};
