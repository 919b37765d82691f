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

/// A place in the write-ahead log: a byte's number (Log Sequence Number).
struct pg_lsn {
  static constexpr std::size_t max_chars = 17;

  std::uint64_t position = 0;

  constexpr pg_lsn() noexcept = default;
  constexpr explicit pg_lsn(std::uint64_t byte) noexcept : position(byte) {}

  /// Reads two hexadecimal numbers of up to eight digits each, as pg_lsn_in does: `16/B374D848`.
  /// nullopt for anything else.
  [[nodiscard]] static std::optional<pg_lsn> parse(std::string_view text) noexcept;
  /// As pg_lsn_out prints it up to PostgreSQL 18: upper case, no leading zeros.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept { return static_cast<std::size_t>(position); }

  friend constexpr bool operator==(pg_lsn, pg_lsn) noexcept = default;
  friend constexpr auto operator<=>(pg_lsn, pg_lsn) noexcept = default;
};

/// `pg_lsn`.
template <>
struct codec<pg_lsn> : detail::value_codec<pg_lsn, oids::pg_lsn, oids::pg_lsn_array> {
  static constexpr std::string_view name = "tusk::pg_lsn";
};

}  // namespace tusk

template <>
struct std::hash<tusk::pg_lsn> {
  std::size_t operator()(tusk::pg_lsn value) const noexcept { return value.hash(); }
};
