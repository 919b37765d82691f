#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/xid8.hpp"

namespace tusk {

/// Which transactions a snapshot sees, as pg_current_snapshot() tells.
struct pg_snapshot {
  xid8 xmin{1};           ///< the first that was still active: all before it are over
  xid8 xmax{1};           ///< the first that had not begun yet: it and all after it are not seen
  std::vector<xid8> xip;  ///< those between that were in progress, in ascending order

  /// Reads `10:20:10,14,15`, as the server writes it. nullopt for anything else, and for what
  /// `is_valid` refuses.
  [[nodiscard]] static std::optional<pg_snapshot> parse(std::string_view text);
  /// As pg_snapshot_out prints it: `10:20:10,14,15`.
  [[nodiscard]] std::string to_string() const;
  /// What the server wants of one: no number is 0, xmin is not behind xmax, and xip ascends between
  /// them.
  [[nodiscard]] bool is_valid() const noexcept;
  /// Whether the snapshot sees what this transaction has done (pg_visible_in_snapshot), provided
  /// that it committed.
  [[nodiscard]] bool sees(xid8 transaction) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend bool operator==(const pg_snapshot&, const pg_snapshot&) noexcept = default;
};

/// `pg_snapshot` (PostgreSQL 13 and later) and `txid_snapshot`, which are the same but for the
/// name.
template <>
struct codec<pg_snapshot>
    : detail::value_codec<pg_snapshot, oids::pg_snapshot, oids::pg_snapshot_array> {
  static constexpr std::string_view name = "tusk::pg_snapshot";
  static bool reads(oid from) noexcept {
    return from == oids::pg_snapshot || from == oids::txid_snapshot;
  }
  static bool writes(oid to) noexcept { return reads(to); }
};

}  // namespace tusk

template <>
struct std::hash<tusk::pg_snapshot> {
  std::size_t operator()(const tusk::pg_snapshot& value) const noexcept { return value.hash(); }
};
