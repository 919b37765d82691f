#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// What every client asks for: the same SQL on all sides. The tables come from bench/tables.sql.
namespace bench::sql {

inline constexpr const char* ping = "SELECT 1";
/// $1 is the id, a bigint.
inline constexpr const char* point = "select id, name, amount, changed from point where id = $1";
/// $1 is the number of rows, a bigint.
inline constexpr const char* rows_narrow =
    "select id, quantity, price, active from narrow limit $1";
/// $1 is the number of rows, a bigint. The table comes from bench/stream.sql.
inline constexpr const char* stream = "select id, body from streamed limit $1";
/// $1 is the number of rows, a bigint.
inline constexpr const char* rows_text = "select body from texts limit $1";
/// $1 is the number of rows, a bigint. The table comes from bench/wide.sql; `select *` would hide
/// what is read.
inline constexpr const char* rows_wide =
    "select id, quantity, kind, parent, stock, price, ratio, discount, amount, tax, name, street, "
    "city, note, made, changed, removed, key, active, checked from wide limit $1";
/// $1 is the number of rows, a bigint. The table comes from bench/large.sql.
inline constexpr const char* bytea_large = "select body from large limit $1";
/// Where `insert` puts its rows, $1 and $2 of which are a bigint and a text.
inline constexpr const char* create_inserted =
    "create temp table inserted (id bigint not null, name text not null)";
inline constexpr const char* insert = "insert into inserted values ($1, $2)";
/// Changes when a row is missing, is there twice, or has another row's name.
inline constexpr const char* inserted_digest =
    "select count(*) + sum(id * substr(name, 6)::bigint)::bigint from inserted";

/// Where `copy_in_binary` and `copy_in_text` put their rows.
inline constexpr const char* create_copied =
    "create temp table copied (id bigint not null, reading double precision not null, "
    "name text not null, made timestamptz not null)";
inline constexpr const char* copy_in_binary = "copy copied from stdin (format binary)";
inline constexpr const char* copy_in_text = "copy copied from stdin";
/// Changes when a row is missing, is there twice, or has another value.
inline constexpr const char* copied_digest =
    "select count(*) + sum(hashtext(copied::text)::bigint)::bigint from copied";
/// What `copy_out` and `copy_out_typed` copy: the first `n` rows of `rows_narrow`.
inline std::string copied_query(std::uint64_t n) {
  return "select id, quantity, price, active from narrow limit " + std::to_string(n);
}
inline std::string copy_out(std::uint64_t n) {
  return "copy (" + copied_query(n) + ") to stdout";
}

/// $1 is the channel, $2 the payload.
inline constexpr const char* notify = "select pg_catalog.pg_notify($1, $2)";

}  // namespace bench::sql

namespace bench {

/// The id that the unit number `i` of `point` looks up: all over the table, and the same for all.
inline std::int64_t point_id(std::uint64_t i) noexcept {
  constexpr std::uint64_t rows = 10'000;
  return static_cast<std::int64_t>(1 + i * 7919 % rows);
}

inline constexpr const char* notify_channel = "bench";

/// The payload of the notification number `i`; all have the same length.
inline std::string notify_payload(std::uint64_t i) {
  return "payload " + std::to_string(100'000'000 + i);
}

/// So many selects of `pipeline` are on their way at once.
inline constexpr std::size_t pipeline_batch = 100;

/// Throws when `n` selects are no whole number of batches.
inline void require_whole_batches(std::uint64_t n) {
  if (n % pipeline_batch != 0) throw std::runtime_error("N must be a multiple of the batch");
}

/// One row for `insert`. All names have the same length.
using inserted_row = std::tuple<std::int64_t, std::string>;
inline constexpr std::size_t inserted_name_size = 13;

// With few instructions, for `instructions` counts them on all sides.
inline std::vector<inserted_row> rows_to_insert(std::uint64_t n) {
  std::vector<inserted_row> rows;
  rows.reserve(n);
  char name[] = "name-00000000";
  for (std::uint64_t i = 0; i < n; ++i) {
    char* digit = name + inserted_name_size;
    for (std::uint64_t left = i; left != 0 && digit != name + 5; left /= 10)
      *--digit = static_cast<char>('0' + left % 10);
    rows.emplace_back(static_cast<std::int64_t>(i), std::string(name, inserted_name_size));
  }
  return rows;
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
