// TimescaleDB, where the server has it (tools/timescale): what its functions take and give, and
// what its procedures, which commit by themselves, leave behind.

#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds noon = sys_days(2024y / 3 / 1) + 12h;

// A table of readings, one every half hour but for a gap of two hours.
struct hypertable {
  hypertable() {
    there = db.scalar<bool>(
        "select exists (select from pg_available_extensions where name = 'timescaledb')");
    if (!there) {
      WARN("this server does not have TimescaleDB");
      return;
    }
    db.script(
        "create extension if not exists timescaledb; drop table if exists gauge cascade;"
        " create table gauge (at timestamptz not null, device int, reading float8,"
        " unique (at, device))");
    created = db.one<std::int32_t, bool>(
        "select hypertable_id, created from create_hypertable($1::regclass, by_range('at', "
        "$2::interval))",
        "gauge", tusk::interval(std::chrono::days(1)));
    std::vector<std::tuple<sys_seconds, int, double>> rows;
    for (const auto after : {0min, 30min, 60min, 210min, 240min})
      rows.emplace_back(noon + after, 1, static_cast<double>(after / 1min));
    db.insert_many({.table = "gauge"}, rows);
  }

  tusk::session db = connect();
  bool there = false;
  std::tuple<std::int32_t, bool> created{};
};

}  // namespace

TEST_CASE_METHOD(hypertable, "a hypertable takes intervals and times, and gives gaps as NULL") {
  if (!there) return;
  CHECK(std::get<1>(created));
  CHECK(std::get<0>(created) > 0);

  const auto filled = db.query<sys_seconds, std::optional<double>>(
      "select time_bucket_gapfill($1, at, $2::timestamptz, $3::timestamptz), sum(reading)"
      " from gauge where at >= $2 and at < $3 group by 1 order by 1",
      tusk::interval(1h), noon, noon + 5h);
  REQUIRE(filled.size() == 5);
  CHECK(filled[0] == std::tuple(noon, std::optional(30.0)));
  CHECK_FALSE(std::get<1>(filled[2]));
  CHECK(filled[3] == std::tuple(noon + 3h, std::optional(210.0)));

  CHECK(db.scalar<std::vector<int>>("select histogram(reading, 0.0, 300.0, 3) from gauge") ==
        std::vector<int>{0, 3, 0, 2, 0});
  const auto returned = db.one<sys_seconds, double>(
      "insert into gauge values ($1, $2, $3) on conflict (at, device)"
      " do update set reading = gauge.reading + excluded.reading returning at, reading",
      noon, 1, 7.5);
  CHECK(returned == std::tuple(noon, 7.5));
}

TEST_CASE_METHOD(hypertable, "a CALL that commits is refused in a transaction, and nowhere else") {
  if (!there) return;
  db.execute(
      "create materialized view gauge_by_hour with (timescaledb.continuous) as"
      " select time_bucket('1 hour', at) as hour, sum(reading) from gauge group by 1 with no data");
  const std::string call = "call refresh_continuous_aggregate('gauge_by_hour', null, null)";
  {
    auto tx = db.begin();
    CHECK(error_of([&] { return tx.execute(call); }).sqlstate() ==
          tusk::sqlstate::active_sql_transaction);
  }
  CHECK(db.status() == tusk::session_status::open);
  {
    auto p = db.pipeline();
    auto first = p.execute("insert into gauge values ($1, 2, 1.0)", noon);
    auto second = p.execute(call);
    CHECK(error_of([&] { p.finish(); }).sqlstate() == tusk::sqlstate::active_sql_transaction);
  }
  CHECK(db.scalar<int>("select count(*) from gauge where device = 2") == 0);

  // By any way that leaves it the only statement of its Sync.
  for (const auto mode : {tusk::statement_mode::prepared, tusk::statement_mode::unnamed,
                          tusk::statement_mode::simple}) {
    db.execute(tusk::call_options{.mode = mode}, call);
    CHECK(db.scalar<int>("select count(*) from gauge_by_hour") == 4);
  }
}

TEST_CASE_METHOD(hypertable, "a prepared statement reads on when chunks come and are compressed") {
  if (!there) return;
  const auto all = db.prepare("select count(*), sum(reading) from gauge where device = $1");
  using counted = std::tuple<std::int64_t, double>;
  CHECK(db.one<std::int64_t, double>(all, 1) == counted(5, 540));
  db.execute("insert into gauge values ($1, 1, 60)", noon + 48h);
  CHECK(db.one<std::int64_t, double>(all, 1) == counted(6, 600));

  db.execute(
      "alter table gauge set (timescaledb.compress, timescaledb.compress_segmentby = 'device')");
  const auto job =
      db.scalar<std::int32_t>("select add_compression_policy($1::regclass, $2::interval)", "gauge",
                              tusk::interval(std::chrono::days(7)));
  db.execute("call run_job($1)", job);
  CHECK(db.scalar<int>("select count(*) from timescaledb_information.chunks"
                       " where hypertable_name = 'gauge' and is_compressed") == 2);
  CHECK(db.one<std::int64_t, double>(all, 1) == counted(6, 600));
}
