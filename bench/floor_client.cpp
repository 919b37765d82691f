// The workloads by a client that only frames and drains: what they cost whoever speaks the protocol
// over a socket. The digest is the number of rows, as it looks at no value.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "client.hpp"
#include "floor_connection.hpp"
#include "floor_copy.hpp"
#include "floor_request.hpp"
#include "workloads.hpp"

namespace {

using bench::floor_connection;
using bench::floor_request;
using bench::meter;
using bench::route;

template <route where>
std::uint64_t logins(std::uint64_t n, meter& cost) {
  {
    const floor_connection once(where);
  }  // as OpenSSL's own preparations are not a login's cost
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    const floor_connection db(where);
  cost.stop();
  return 0;
}

template <route where>
std::uint64_t ping(std::uint64_t n, meter& cost) {
  floor_connection db(where);
  db.prepare(bench::sql::ping);
  const floor_request request({.columns = 1});
  std::uint64_t rows = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    rows += db.round_trip(request.bytes());
  cost.stop();
  return rows;
}

std::uint64_t point(std::uint64_t n, meter& cost) {
  floor_connection db;
  db.prepare(bench::sql::point);
  floor_request request({.id = true, .columns = 4});
  std::uint64_t rows = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    request.set(0, bench::point_id(i));
    rows += db.round_trip(request.bytes());
  }
  cost.stop();
  return rows;
}

std::uint64_t pipeline(std::uint64_t n, meter& cost) {
  floor_connection db;
  db.prepare(bench::sql::point);
  floor_request request({.id = true, .columns = 4, .statements = bench::pipeline_batch});
  std::uint64_t rows = 0;
  bench::require_whole_batches(n);
  cost.start();
  for (std::uint64_t i = 0; i < n; i += bench::pipeline_batch) {
    for (std::size_t k = 0; k < bench::pipeline_batch; ++k)
      request.set(k, bench::point_id(i + k));
    rows += db.round_trip(request.bytes());
  }
  cost.stop();
  return rows;
}

std::uint64_t insert_batch(std::uint64_t n, meter& cost) {
  constexpr std::size_t sent_at_once = 1000;
  floor_connection db;
  db.run(bench::sql::create_inserted);
  db.prepare(bench::sql::insert);
  floor_request request(
      {.id = true, .text_size = bench::inserted_name_size, .statements = sent_at_once});
  const std::vector<bench::inserted_row> rows = bench::rows_to_insert(n);
  std::size_t filled = 0;
  cost.start();
  for (const auto& [id, name] : rows) {
    request.set(filled, id, name);
    if (++filled < sent_at_once) continue;
    db.send_ahead(request.statements(filled));
    filled = 0;
  }
  db.send_ahead(request.statements(filled));
  (void)db.round_trip(request.sync());
  cost.stop();
  return n;
}

std::uint64_t rows(route where, const char* sql, std::size_t columns, std::uint64_t n,
                   meter& cost) {
  floor_connection db(where);
  db.prepare(sql);
  floor_request request({.id = true, .columns = columns});
  request.set(0, static_cast<std::int64_t>(n));
  cost.start();
  const std::uint64_t count = db.round_trip(request.bytes());
  cost.stop();
  return count;
}

std::uint64_t rows_narrow(std::uint64_t n, meter& cost) {
  return rows(route::unix_socket, bench::sql::rows_narrow, 4, n, cost);
}
std::uint64_t rows_wide(std::uint64_t n, meter& cost) {
  return rows(route::unix_socket, bench::sql::rows_wide, 20, n, cost);
}
std::uint64_t rows_text(std::uint64_t n, meter& cost) {
  return rows(route::unix_socket, bench::sql::rows_text, 1, n, cost);
}
std::uint64_t bytea_large(std::uint64_t n, meter& cost) {
  return rows(route::unix_socket, bench::sql::bytea_large, 1, n, cost);
}
std::uint64_t stream(std::uint64_t n, meter& cost) {
  return rows(route::unix_socket, bench::sql::stream, 2, n, cost);
}
std::uint64_t rows_text_tls(std::uint64_t n, meter& cost) {
  return rows(route::tls, bench::sql::rows_text, 1, n, cost);
}

constexpr std::array jobs{
    bench::job{"ping", "floor", ping<route::unix_socket>},
    bench::job{"point", "floor", point},
    bench::job{"pipeline", "floor", pipeline},
    bench::job{"insert_batch", "floor", insert_batch},
    bench::job{"rows_narrow", "floor", rows_narrow},
    bench::job{"rows_wide", "floor", rows_wide},
    bench::job{"rows_text", "floor", rows_text},
    bench::job{"bytea_large", "floor", bytea_large},
    bench::job{"stream", "floor", stream},
    bench::job{"copy_in_binary", "floor", bench::floor_copy_in_binary},
    bench::job{"copy_in_text", "floor", bench::floor_copy_in_text},
    bench::job{"copy_out", "floor", bench::floor_copy_out},
    bench::job{"copy_out_typed", "floor", bench::floor_copy_out_typed},
    bench::job{"connect_unix", "floor", logins<route::unix_socket>},
    bench::job{"connect_tcp", "floor", logins<route::tcp>},
    bench::job{"connect_tls", "floor", logins<route::tls>},
    bench::job{"ping_tls", "floor", ping<route::tls>},
    bench::job{"rows_text_tls", "floor", rows_text_tls},
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_client(argc, argv, jobs);
}
