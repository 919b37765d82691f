// The workloads by tusk's public API: `tusk` is the natural verb, `tusk-...` another way to it.

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "client.hpp"
#include "tusk/tusk.hpp"
#include "tusk_copy.hpp"
#include "tusk_notify.hpp"
#include "tusk_rows.hpp"
#include "workloads.hpp"

namespace {

using bench::meter;
using bench::route;

tusk::session connect(route where = route::unix_socket, const tusk::session_options& options = {}) {
  return tusk::session(bench::data_source(where), options);
}

// Asks the server, who knows best.
void require_tls(tusk::session& db, bool wanted) {
  if (db.scalar<bool>("select ssl from pg_stat_ssl where pid = pg_backend_pid()") != wanted)
    throw std::runtime_error(wanted ? "tusk does not use TLS" : "tusk uses TLS unasked");
}

enum class keys { derived, kept };

template <route where, keys scram = keys::derived>
std::uint64_t logins(std::uint64_t n, meter& cost) {
  tusk::session_options options;
  if (scram == keys::kept) options.scram_keys = std::make_shared<tusk::scram_key_cache>(8);
  tusk::session first = connect(where, options);  // what is done once is not a login's cost
  require_tls(first, where == route::tls);
  first.close();
  std::uint64_t sum = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    sum += bench::text_digest(connect(where, options).parameter("server_version"));
  cost.stop();
  return sum;
}

template <route where>
std::uint64_t ping(std::uint64_t n, meter& cost) {
  tusk::session db = connect(where);
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

// The rows of `point` by a pipeline of selects, a batch at a time.
std::uint64_t pipeline(std::uint64_t n, meter& cost) {
  using row = std::tuple<std::int64_t, std::string_view, tusk::numeric, tusk::timestamptz>;
  bench::require_whole_batches(n);
  tusk::session db = connect();
  const tusk::statement find = db.prepare(bench::sql::point);
  std::uint64_t sum = 0;
  tusk::pipeline line = db.pipeline();
  std::vector<tusk::pending<tusk::result<row>>> answers;
  answers.reserve(bench::pipeline_batch);
  cost.start();
  for (std::uint64_t i = 0; i < n; i += bench::pipeline_batch) {
    for (std::size_t k = 0; k < bench::pipeline_batch; ++k)
      answers.push_back(line.query<row>(find, bench::point_id(i + k)));
    line.sync();
    for (auto& each : answers) {
      for (const auto& [id, name, amount, changed] : each.get())
        sum += digest(id, name, amount, changed);
    }
    answers.clear();
  }
  cost.stop();
  line.finish();
  return sum;
}

std::uint64_t insert_batch(std::uint64_t n, meter& cost) {
  tusk::session db = connect();
  db.execute(bench::sql::create_inserted);
  const tusk::statement insert = db.prepare(bench::sql::insert);
  const std::vector<bench::inserted_row> rows = bench::rows_to_insert(n);
  cost.start();
  db.execute_many(insert, rows);
  cost.stop();
  return static_cast<std::uint64_t>(db.scalar<std::int64_t>(bench::sql::inserted_digest));
}

// The same rows by INSERTs of many rows each.
std::uint64_t insert_many(std::uint64_t n, meter& cost) {
  tusk::session db = connect();
  db.execute(bench::sql::create_inserted);
  const std::vector<bench::inserted_row> rows = bench::rows_to_insert(n);
  cost.start();
  db.insert_many({.table = "inserted", .columns = {"id", "name"}}, rows);
  cost.stop();
  return static_cast<std::uint64_t>(db.scalar<std::int64_t>(bench::sql::inserted_digest));
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

std::uint64_t stream(std::uint64_t n, meter& cost) {
  tusk::session db = connect();
  std::uint64_t sum = 0;
  (void)db.query<std::int64_t, std::string_view>(bench::sql::stream, 1);
  cost.start();
  for (const auto& [id, body] : db.stream<std::int64_t, std::string_view>(bench::sql::stream, n))
    sum += static_cast<std::uint64_t>(id) + bench::text_digest(body);
  cost.stop();
  return sum;
}

constexpr std::array jobs{
    bench::job{"ping", "tusk", ping<route::unix_socket>},
    bench::job{"point", "tusk", point},
    bench::job{"point", "tusk-query", point_query},
    bench::job{"point", "tusk-untyped", point_untyped},
    bench::job{"pipeline", "tusk", pipeline},
    bench::job{"insert_batch", "tusk", insert_batch},
    bench::job{"insert_batch", "tusk-insert-many", insert_many},
    bench::job{"rows_narrow", "tusk", rows_narrow},
    bench::job{"rows_narrow", "tusk-stream", rows_narrow_stream},
    bench::job{"rows_wide", "tusk", bench::rows_wide},
    bench::job{"rows_wide", "tusk-stream", bench::rows_wide_stream},
    bench::job{"rows_text", "tusk", bench::rows_text},
    bench::job{"rows_text", "tusk-stream", bench::rows_text_stream},
    bench::job{"bytea_large", "tusk", bench::bytea_large},
    bench::job{"bytea_large", "tusk-stream", bench::bytea_large_stream},
    bench::job{"stream", "tusk", stream},
    bench::job{"copy_in_binary", "tusk", bench::tusk_copy_in_binary},
    bench::job{"copy_in_binary", "tusk-range", bench::tusk_copy_in_binary_range},
    bench::job{"copy_in_text", "tusk", bench::tusk_copy_in_text},
    bench::job{"copy_in_text", "tusk-range", bench::tusk_copy_in_text_range},
    bench::job{"copy_out", "tusk", bench::tusk_copy_out},
    bench::job{"copy_out_typed", "tusk", bench::tusk_copy_out_typed},
    bench::job{"copy_out_typed", "tusk-text", bench::tusk_copy_out_typed_text},
    bench::job{"notify", "tusk", bench::notify},
    bench::job{"notify", "tusk-wakeable", bench::notify_wakeable},
    bench::job{"notify", "tusk-listener", bench::notify_listener},
    bench::job{"connect_unix", "tusk", logins<route::unix_socket>},
    bench::job{"connect_tcp", "tusk", logins<route::tcp>},
    bench::job{"connect_tcp", "tusk-keys", logins<route::tcp, keys::kept>},
    bench::job{"connect_tls", "tusk", logins<route::tls>},
    bench::job{"connect_tls", "tusk-keys", logins<route::tls, keys::kept>},
    bench::job{"ping_tls", "tusk", ping<route::tls>},
    bench::job{"rows_text_tls", "tusk", bench::rows_text_tls},
    bench::job{"rows_text_tls", "tusk-stream", bench::rows_text_tls_stream},
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_client(argc, argv, jobs);
}
