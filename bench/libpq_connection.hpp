#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>

#include "client.hpp"

/// libpq with owners around what it hands out, and exceptions instead of statuses.
namespace bench {

struct release_libpq {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using connection = std::unique_ptr<PGconn, release_libpq>;
using result = std::unique_ptr<PGresult, release_libpq>;

/// The format of parameters and columns, as libpq's calls number it.
enum class format { text = 0, binary = 1 };

[[nodiscard]] connection connect(route where = route::unix_socket);

/// Takes the result over; throws when it is a failure.
[[nodiscard]] result checked(const connection& db, PGresult* raw);

/// Prepares the one statement of this connection.
void prepare(const connection& db, const char* sql);

/// Runs the prepared statement with one bigint.
[[nodiscard]] result execute(const connection& db, std::int64_t parameter, format in);

}  // namespace bench
