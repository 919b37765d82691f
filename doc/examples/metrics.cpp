// Readings of devices over time: put in by the thousand, read back by the hour. On a server that
// has the extension TimescaleDB they go into a hypertable, by INSERT; on any other into a
// partitioned table, by binary COPY. Give a connection string; without one the environment says
// where the server is. What comes back is compared with what was sent: anything else ends the
// program with 1.
#include <chrono>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/tusk.hpp"

namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

/// A row of the table.
struct metric {
  sys_seconds at{};
  int device = 0;
  double reading = 0;
};

/// What an hour of one device comes to.
struct hour {
  sys_seconds begin{};
  int device = 0;
  double first = 0;
  double last = 0;
  double sum = 0;
  std::int64_t count = 0;
  friend bool operator==(const hour&, const hour&) = default;
};

constexpr int devices = 4;
constexpr sys_seconds first_day = sys_days(2024y / 2 / 28);
constexpr sys_seconds last_day = first_day + 72h;

void expect(bool right, const std::string& what) {
  if (!right) throw std::runtime_error("not as it was sent: " + what);
  std::cout << what << '\n';
}

// Every device once a minute. The readings are quarters, which sums of doubles keep exactly.
std::vector<metric> make_metrics() {
  std::vector<metric> made;
  for (sys_seconds at = first_day; at < last_day; at += 1min)
    for (int device = 0; device < devices; ++device)
      made.push_back({at, device, static_cast<double>((at - first_day) / 1min * device % 97) / 4});
  return made;
}

// The same hours as the server is to find, worked out here.
std::vector<hour> hours_of(const std::vector<metric>& metrics) {
  std::vector<hour> hours;
  for (const metric& each : metrics) {
    const auto number =
        static_cast<std::size_t>((each.at - first_day) / 1h * devices + each.device);
    if (number >= hours.size()) hours.resize(number + 1);
    hour& into = hours[number];
    if (into.count == 0)
      into = {first_day + (each.at - first_day) / 1h * 1h, each.device, each.reading};
    into.last = each.reading;
    into.sum += each.reading;
    ++into.count;
  }
  return hours;
}

// Columns as arrays: one statement with three parameters, whatever the number of rows.
tusk::completion insert_columns(tusk::executor& db, std::span<const metric> metrics) {
  std::vector<sys_seconds> at;
  std::vector<int> device;
  std::vector<double> reading;
  for (const metric& each : metrics) {
    at.push_back(each.at);
    device.push_back(each.device);
    reading.push_back(each.reading);
  }
  return db.execute(
      "insert into metric select * from unnest($1::timestamptz[], $2::int[], $3::float8[])", at,
      device, reading);
}

std::vector<hour> read_buckets(tusk::executor& db) {
  const auto read = db.query<hour>(
      "select time_bucket('1 hour', at) as hour, device, first(reading, at), last(reading, at),"
      " sum(reading), count(*) from metric group by hour, device order by hour, device");
  return {read.begin(), read.end()};
}

void use_hypertable(tusk::session& db, const std::vector<metric>& metrics) {
  db.execute("select create_hypertable('metric', by_range('at', interval '1 day'))");

  // Half of it by INSERT statements of many rows each, which are sent without waiting for answers.
  const std::span<const metric> all(metrics);
  const auto [early, late] = std::pair(all.first(all.size() / 2), all.subspan(all.size() / 2));
  const auto inserted =
      db.insert_many({.table = "metric", .columns = {"at", "device", "reading"}}, early);
  expect(inserted == early.size(), std::to_string(inserted) + " rows by INSERTs of many rows");
  const auto unnested = insert_columns(db, late).rows();
  expect(unnested == late.size(), std::to_string(unnested) + " rows by arrays that are unnested");
  expect(read_buckets(db) == hours_of(metrics), "read by time_bucket, first and last");

  db.execute(
      "alter table metric set (timescaledb.compress, timescaledb.compress_segmentby = 'device')");
  const auto compressed = db.one<std::string>(
      "select compress_chunk(chunk)::text from show_chunks('metric', older_than => $1::timestamptz)"
      " as chunk",
      first_day + 24h);
  expect(read_buckets(db) == hours_of(metrics), "the same after " + compressed + " is compressed");

  db.execute(
      "create materialized view hourly with (timescaledb.continuous) as"
      " select time_bucket('1 hour', at) as hour, device, sum(reading) from metric"
      " group by 1, 2 with no data");
  // The procedure commits by itself, so it may be called only where no transaction is open.
  db.execute("call refresh_continuous_aggregate('hourly', null, null)");
  const auto refreshed = db.scalar<std::size_t>("select count(*) from hourly");
  expect(refreshed == hours_of(metrics).size(),
         std::to_string(refreshed) + " rows in the continuous aggregate, after CALL");
}

void use_partitions(tusk::session& db, const std::vector<metric>& metrics) {
  // Bounds of partitions are no parameters but part of the statement: literals.
  for (sys_seconds day = first_day; day < last_day; day += 24h)
    db.execute(tusk::sql("create table {} partition of metric for values from ({}) to ({})",
                         tusk::ident("metric_" + std::to_string((day - first_day) / 24h)),
                         tusk::literal(day), tusk::literal(day + 24h)));

  tusk::copy_in in = db.copy_in({.table = "metric", .columns = {"at", "device", "reading"}});
  in.rows(metrics);
  const auto copied = in.finish();
  expect(copied == metrics.size(), std::to_string(copied) + " rows by binary COPY");

  // date_bin came with PostgreSQL 14; what it is given as its origin is any full hour.
  const bool has_bins = db.server_version() >= 140000;
  const std::string begin =
      has_bins ? "date_bin('1 hour', at, '2000-01-01 00:00Z')" : "date_trunc('hour', at)";
  const auto read =
      db.query<hour>("select " + begin +
                     " as hour, device, (array_agg(reading order by at))[1],"
                     " (array_agg(reading order by at desc))[1], sum(reading), count(*)"
                     " from metric group by hour, device order by hour, device");
  expect(std::vector<hour>(read.begin(), read.end()) == hours_of(metrics),
         std::string("read by ") + (has_bins ? "date_bin" : "date_trunc"));
}

void run(tusk::session& db) {
  const bool has_timescale = db.scalar<bool>(
      "select exists (select from pg_available_extensions where name = 'timescaledb')");
  if (has_timescale) db.execute("create extension if not exists timescaledb");
  std::cout << (has_timescale ? "a hypertable of TimescaleDB\n" : "a partitioned table\n");

  db.script("drop schema if exists metrics_example cascade; create schema metrics_example");
  db.execute("set search_path = metrics_example, public");
  db.execute(std::string("create table metric (at timestamptz not null, device int not null,"
                         " reading float8 not null)") +
             (has_timescale ? "" : " partition by range (at)"));
  const std::vector<metric> metrics = make_metrics();
  has_timescale ? use_hypertable(db, metrics) : use_partitions(db, metrics);
  db.execute("drop schema metrics_example cascade");
}

}  // namespace

int main(int count, char** arguments) {
  try {
    tusk::session db{count > 1 ? arguments[1] : ""};
    run(db);
    return 0;
  } catch (const tusk::error& failed) {
    std::cerr << failed.report();
  } catch (const std::exception& failed) {
    std::cerr << failed.what() << '\n';
  }
  return 1;
}
