#pragma once

#include <cstdint>

#include "client.hpp"
#include "libpq_connection.hpp"
#include "wide_sums.hpp"
#include "workloads.hpp"

namespace bench {

/// The sums over the rows of `rows_wide`, in either format.
struct wide_rows {
  static constexpr const char* sql = sql::rows_wide;
  static constexpr route where = route::unix_socket;
  wide_sums sums;

  void add(const PGresult* rows, int row, format in);
  [[nodiscard]] std::uint64_t digest() const { return sums.digest(); }
};

/// What `text_digest` says of the bytes of a `bytea` that came as text. Throws when they are none.
[[nodiscard]] std::uint64_t bytea_digest_in_text(const char* text);

}  // namespace bench
