// The workloads by a client that only frames and drains: what they cost whoever speaks the protocol
// over a socket. The digest is the number of rows, as it looks at no value.

#include <array>
#include <cstdint>

#include "client.hpp"
#include "floor_connection.hpp"
#include "workloads.hpp"

namespace {

using bench::floor_connection;
using bench::meter;

std::uint64_t ping(std::uint64_t n, meter& cost) {
  floor_connection db;
  db.prepare(bench::sql::ping);
  const floor_connection::request request(0, 1);
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
  floor_connection::request request(1, 4);
  std::uint64_t rows = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    request.parameter(bench::point_id(i));
    rows += db.round_trip(request.bytes());
  }
  cost.stop();
  return rows;
}

std::uint64_t rows_narrow(std::uint64_t n, meter& cost) {
  floor_connection db;
  db.prepare(bench::sql::rows_narrow);
  floor_connection::request request(1, 4);
  request.parameter(static_cast<std::int64_t>(n));
  cost.start();
  const std::uint64_t rows = db.round_trip(request.bytes());
  cost.stop();
  return rows;
}

constexpr std::array jobs{
    bench::job{"ping", "floor", ping},
    bench::job{"point", "floor", point},
    bench::job{"rows_narrow", "floor", rows_narrow},
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_client(argc, argv, jobs);
}
