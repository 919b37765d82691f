#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/codec.hpp"

namespace tusk {
namespace detail {

/// Whether bytes are read from this type: bytea, and what the server keeps for itself and sends as
/// it is: pg_ndistinct, pg_dependencies, pg_mcv_list and BRIN's summaries. Those have a text too,
/// and are never sent, since their input functions refuse everything.
[[nodiscard]] bool reads_bytes(oid from) noexcept;

}  // namespace detail

/// `bytea`; in binary also the server's own statistics and summaries.
template <>
struct codec<std::vector<std::byte>> {
  static constexpr std::string_view name = "std::vector<std::byte>";
  static constexpr oid type = oids::bytea;

  static bool reads(oid from) noexcept { return detail::reads_bytes(from); }
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

  static bool reads(oid from) noexcept { return detail::reads_bytes(from); }
  static bool writes(oid to) noexcept { return to == oids::bytea; }
  static format read_format(oid) noexcept { return format::binary; }
  static bytes_view decode(const field& value);
  static format encode(value_writer& to, bytes_view value);
  static std::string to_text(bytes_view value);
};

}  // namespace tusk
