#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/codec.hpp"

namespace tusk {

/// `bytea`.
template <>
struct codec<std::vector<std::byte>> {
  static constexpr std::string_view name = "std::vector<std::byte>";
  static constexpr oid type = oids::bytea;

  static bool reads(oid from) noexcept { return from == oids::bytea; }
  static bool writes(oid to) noexcept { return to == oids::bytea; }
  static format read_format(oid) noexcept { return format::binary; }
  /// Understands both text forms, hex and escape.
  static std::vector<std::byte> decode(const field& value);
  static format encode(value_writer& to, const std::vector<std::byte>& value);
  /// In hex, as `\x00ff`.
  static std::string to_text(const std::vector<std::byte>& value);
};

/// A view of a `bytea` in the row: it lives as long as the row's bytes. Binary only: throws
/// `data_error` when the value came as text.
template <>
struct codec<bytes_view> {
  static constexpr std::string_view name = "tusk::bytes_view";
  static constexpr bool is_view = true;
  static constexpr oid type = oids::bytea;

  static bool reads(oid from) noexcept { return from == oids::bytea; }
  static bool writes(oid to) noexcept { return to == oids::bytea; }
  static format read_format(oid) noexcept { return format::binary; }
  static bytes_view decode(const field& value);
  static format encode(value_writer& to, bytes_view value);
  static std::string to_text(bytes_view value);
};

}  // namespace tusk
