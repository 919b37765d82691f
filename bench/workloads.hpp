#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

/// What every client asks for: the same SQL on all sides. The tables come from bench/tables.sql.
namespace bench::sql {

inline constexpr const char* ping = "SELECT 1";
/// $1 is the id, a bigint.
inline constexpr const char* point = "select id, name, amount, changed from point where id = $1";
/// $1 is the number of rows, a bigint.
inline constexpr const char* rows_narrow =
    "select id, quantity, price, active from narrow limit $1";
/// $1 is the number of rows, a bigint.
inline constexpr const char* rows_text = "select body from texts limit $1";

}  // namespace bench::sql

namespace bench {

/// The id that the unit number `i` of `point` looks up: all over the table, and the same for all.
inline std::int64_t point_id(std::uint64_t i) noexcept {
  constexpr std::uint64_t rows = 10'000;
  return static_cast<std::int64_t>(1 + i * 7919 % rows);
}

/// What a text adds to the digest: its length and its ends. Looking at every byte would cost all
/// clients the same and hide what differs.
inline std::uint64_t text_digest(std::string_view text) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (text.size() < sizeof first) return text.size();
  std::memcpy(&first, text.data(), sizeof first);
  std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
  return text.size() + first + 3 * last;
}

}  // namespace bench
