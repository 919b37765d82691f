// Statements through PgBouncer, in transaction mode: which server a transaction gets is its choice.

#include <string>
#include <vector>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using tusk::statement_mode;

struct pooler {
  std::string port;
  std::string version;

  /// From 1.21 on PgBouncer follows named statements from server to server.
  [[nodiscard]] bool keeps_statements() const {
    const std::size_t dot = version.find('.');
    return std::stoi(version.substr(dot + 1)) >= 21;
  }
  [[nodiscard]] tusk::session connect(statement_mode mode = statement_mode::prepared,
                                      const std::string& database = "postgres") const {
    tusk::session_options options;
    options.mode = mode;
    return tusk::session(trusting_login("u_scram") + " port=" + port + " dbname=" + database +
                             " sslmode=disable password=" + variable("TUSK_TEST_PASSWORD"),
                         options);
  }
};

std::optional<pooler> find_pooler() {
  const auto port = optional_variable("TUSK_TEST_PGBOUNCER_PORT", "--pgbouncer");
  if (!port) return std::nullopt;
  return pooler{*port, variable("TUSK_TEST_PGBOUNCER_VERSION")};
}

std::int32_t server_of(tusk::session& db) {
  return db.scalar<std::int32_t>(tusk::call_options{.mode = statement_mode::unnamed},
                                 "select pg_backend_pid()");
}

/// Takes the server that `db` had last away, until it is destroyed.
class other_client {
 public:
  other_client(const pooler& through, tusk::session& db) {
    const std::int32_t wanted = server_of(db);
    for (;;) {
      tusk::session& one = clients_.emplace_back(through.connect(statement_mode::simple));
      one.execute("begin");
      if (server_of(one) == wanted) return;
    }
  }

 private:
  std::vector<tusk::session> clients_;
};

int sum_of(tusk::session& db, int a, int b) {
  return db.scalar<int>("select $1::int + $2::int", a, b);
}

}  // namespace

TEST_CASE("PgBouncer in transaction mode: what is parsed in its own Sync group always works") {
  const auto through = find_pooler();
  if (!through) return;
  for (const statement_mode mode : {statement_mode::unnamed, statement_mode::simple}) {
    CAPTURE(static_cast<int>(mode));
    tusk::session db = through->connect(mode);
    CHECK(sum_of(db, 1, 2) == 3);
    const std::int32_t before = server_of(db);
    const other_client busy(*through, db);
    CHECK(server_of(db) != before);
    CHECK(sum_of(db, 3, 4) == 7);
    CHECK(db.one<std::string>("select $1::text || $2", "it's \\ ", "-- $1") == "it's \\ -- $1");
    int rows = 0;
    for (const int i : db.stream<int>("select generate_series(1, $1::int)", 1000))
      rows += i > 0 ? 1 : 0;
    CHECK(rows == 1000);
  }
}

TEST_CASE("PgBouncer in transaction mode: pipelines of unnamed statements work") {
  const auto through = find_pooler();
  if (!through) return;
  tusk::session db = through->connect(statement_mode::unnamed);
  for (int round = 0; round < 3; ++round) {
    tusk::pipeline p = db.pipeline();
    std::vector<tusk::pending<tusk::result<int>>> sums;
    for (int i = 0; i < 100; ++i)
      sums.push_back(p.query<int>("select $1::int + $2::int", i, round));
    p.finish();
    for (int i = 0; i < 100; ++i)
      CHECK(sums[static_cast<std::size_t>(i)].get().front() == i + round);
    const other_client busy(*through, db);
    CHECK(sum_of(db, 1, 1) == 2);
  }
}

TEST_CASE("PgBouncer in transaction mode: named statements of two clients do not meet") {
  const auto through = find_pooler();
  if (!through) return;
  tusk::session a = through->connect();
  tusk::session b = through->connect();
  // The server's own name for a statement would be the same for both, were it only counted up.
  for (int i = 0; i < 20; ++i) {
    CHECK(sum_of(a, i, 1) == i + 1);
    CHECK(b.scalar<std::string>("select $1::text", std::to_string(i)) == std::to_string(i));
  }
}

TEST_CASE("PgBouncer in transaction mode: a named statement on another server") {
  const auto through = find_pooler();
  if (!through) return;
  tusk::session db = through->connect();
  const tusk::statement held = db.prepare("select $1::int * 2");
  CHECK(sum_of(db, 1, 2) == 3);
  CHECK(db.scalar<int>(held, 21) == 42);
  const other_client busy(*through, db);
  // Outside a transaction it is prepared anew, whether PgBouncer does so or tusk.
  CHECK(sum_of(db, 3, 4) == 7);
  CHECK(db.scalar<int>(held, 4) == 8);
  {
    const other_client busy_too(*through, db);
    db.script("begin");
    if (through->keeps_statements()) {
      CHECK(sum_of(db, 5, 6) == 11);
    } else {
      const auto lost = error_of([&] { return sum_of(db, 5, 6); });
      CHECK(lost.sqlstate() == tusk::sqlstate::invalid_sql_statement_name);
      CHECK_FALSE(lost.transaction_usable());
    }
    db.script("rollback");
  }
  CHECK(sum_of(db, 7, 8) == 15);
}

TEST_CASE("PgBouncer in session mode keeps everything that a session has") {
  const auto through = find_pooler();
  if (!through) return;
  tusk::session db = through->connect(statement_mode::prepared, "by_session");
  const tusk::statement held = db.prepare("select $1::int * 2");
  const std::int32_t server = server_of(db);
  tusk::session other = through->connect(statement_mode::prepared, "by_session");
  other.execute("begin");
  for (int i = 0; i < 10; ++i) {
    CHECK(sum_of(db, i, i) == 2 * i);
    CHECK(db.scalar<int>(held, i) == 2 * i);
    CHECK(server_of(db) == server);
  }
}
