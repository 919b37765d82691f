#pragma once

#include <string_view>

#include "tusk/types/codec.hpp"

namespace tusk {

/// `boolean`.
template <>
struct codec<bool> {
  static constexpr std::string_view name = "bool";
  static constexpr oid type = oids::bool_;

  static bool reads(oid from) noexcept { return from == oids::bool_; }
  static bool writes(oid to) noexcept { return to == oids::bool_; }
  static format read_format(oid) noexcept { return format::binary; }

  static constexpr std::uint32_t native_size = 1;
  /// Any byte but 0 is true, as the server reads it too.
  static bool from_native(const std::byte* bytes) noexcept { return *bytes != std::byte{0}; }
  static void to_native(std::byte* to, bool value) noexcept {
    *to = value ? std::byte{1} : std::byte{0};
  }

  [[gnu::always_inline]] static bool decode(const field& value) {
    if (value.format == format::binary && value.size == 1 && value.type == oids::bool_) [[likely]]
      return from_native(value.data);
    return decode_slowly(value.copy());
  }
  static format encode(value_writer& to, bool value);
  static std::string to_text(bool value) { return value ? "t" : "f"; }

 private:
  static bool decode_slowly(const field& value);
};

}  // namespace tusk
