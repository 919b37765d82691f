// The workloads by tusk's public API: `tusk` is the natural verb, `tusk-...` another way to it.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "client.hpp"
#include "tusk/tusk.hpp"
#include "workloads.hpp"

namespace {

using bench::meter;

tusk::session connect() {
  return tusk::session(bench::environment("TUSK_TEST_DSN"));
}

std::uint64_t ping(std::uint64_t n, meter& cost) {
  tusk::session db = connect();
  std::uint64_t sum = 0;
  (void)db.scalar<std::int32_t>(bench::sql::ping);
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    sum += static_cast<std::uint64_t>(db.scalar<std::int32_t>(bench::sql::ping));
  cost.stop();
  return sum;
}

std::uint64_t digest(std::int64_t id, std::string_view name, const tusk::numeric& amount,
                     tusk::timestamptz changed) {
  auto sum = static_cast<std::uint64_t>(id) + static_cast<std::uint64_t>(changed.microseconds());
  for (const char c : name)
    sum += static_cast<unsigned char>(c);
  for (const char16_t d : amount.digits())
    sum += d;
  return sum + static_cast<std::uint64_t>(amount.weight() + amount.scale());
}

// Looks every id up by `find`, which returns the digest of the row.
template <class Find>
std::uint64_t each_point(std::uint64_t n, meter& cost, Find find) {
  tusk::session db = connect();
  std::uint64_t sum = 0;
  (void)find(db, std::int64_t{1});
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    sum += find(db, bench::point_id(i));
  cost.stop();
  return sum;
}

struct account {
  std::int64_t id;
  std::string name;
  tusk::numeric amount;
  tusk::timestamptz changed;
};

std::uint64_t point(std::uint64_t n, meter& cost) {
  return each_point(n, cost, [](tusk::session& db, std::int64_t id) {
    const auto row = db.one<account>(bench::sql::point, id);
    return digest(row.id, row.name, row.amount, row.changed);
  });
}

std::uint64_t point_query(std::uint64_t n, meter& cost) {
  return each_point(n, cost, [](tusk::session& db, std::int64_t id) {
    std::uint64_t sum = 0;
    for (const auto& [found, name, amount, changed] :
         db.query<std::int64_t, std::string_view, tusk::numeric, tusk::timestamptz>(
             bench::sql::point, id))
      sum += digest(found, name, amount, changed);
    return sum;
  });
}

std::uint64_t point_untyped(std::uint64_t n, meter& cost) {
  return each_point(n, cost, [](tusk::session& db, std::int64_t id) {
    std::uint64_t sum = 0;
    for (const tusk::row row : db.query(bench::sql::point, id))
      sum += digest(row["id"].as<std::int64_t>(), row["name"].as<std::string_view>(),
                    row["amount"].as<tusk::numeric>(), row["changed"].as<tusk::timestamptz>());
    return sum;
  });
}

// Sums up what `open` gives: a result or a stream.
template <class Open>
std::uint64_t each_narrow(std::uint64_t n, meter& cost, Open open) {
  tusk::session db = connect();
  std::uint64_t sum = 0;
  double prices = 0;
  (void)db.query<std::int64_t, std::int32_t, double, bool>(bench::sql::rows_narrow, 1);
  cost.start();
  for (const auto& [id, quantity, price, active] : open(db, n)) {
    sum += static_cast<std::uint64_t>(id + quantity) + (active ? 1 : 0);
    prices += price;
  }
  cost.stop();
  return sum + static_cast<std::uint64_t>(prices * 4);
}

std::uint64_t rows_narrow(std::uint64_t n, meter& cost) {
  return each_narrow(n, cost, [](tusk::session& db, std::uint64_t count) {
    return db.query<std::int64_t, std::int32_t, double, bool>(bench::sql::rows_narrow, count);
  });
}

std::uint64_t rows_narrow_stream(std::uint64_t n, meter& cost) {
  return each_narrow(n, cost, [](tusk::session& db, std::uint64_t count) {
    return db.stream<std::int64_t, std::int32_t, double, bool>(bench::sql::rows_narrow, count);
  });
}

constexpr std::array jobs{
    bench::job{"ping", "tusk", ping},
    bench::job{"point", "tusk", point},
    bench::job{"point", "tusk-query", point_query},
    bench::job{"point", "tusk-untyped", point_untyped},
    bench::job{"rows_narrow", "tusk", rows_narrow},
    bench::job{"rows_narrow", "tusk-stream", rows_narrow_stream},
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_client(argc, argv, jobs);
}
