// COMMITs that are cut off at every place: what is known, what is found out, and what is in doubt.

#include <chrono>
#include <string>
#include <thread>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/fault_proxy.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using status = tusk::session_status;

// The whole of them: COMMIT's own message, and its answer: CommandComplete, ReadyForQuery.
constexpr std::uint64_t question_size = 5 + 7;
constexpr std::uint64_t complete_size = 5 + 7;
constexpr std::uint64_t answer_size = complete_size + 6;

/// A session through a proxy with a row that waits for its COMMIT. Connection 0 is the session's.
class lossy_commit {
 public:
  explicit lossy_commit(bool know_outcome, tusk::session_options options = {.drain_timeout = 60s})
      : know_outcome_(know_outcome),
        proxy_({variable("TUSK_TEST_HOST"),
                static_cast<std::uint16_t>(std::stoi(variable("TUSK_TEST_PORT")))}),
        db_("host=127.0.0.1 dbname=postgres user=postgres sslmode=disable port=" +
                std::to_string(proxy_.port()),
            options) {
    looker_.script(
        "drop table if exists committed; create table committed(id int unique "
        "deferrable initially deferred)");
  }

  [[nodiscard]] tusk::session& db() { return db_; }
  [[nodiscard]] fault_proxy& proxy() { return proxy_; }

  tusk::transaction begin(std::optional<std::chrono::milliseconds> timeout = {}) {
    auto tx = db_.begin({.know_outcome = know_outcome_, .timeout = timeout});
    tx.execute("insert into committed values (1)");
    return tx;
  }
  /// Bytes of a good commit, each way.
  passed_bytes good() {
    auto tx = begin();
    proxy_.mark(0);
    tx.commit();
    const passed_bytes size = proxy_.passed(0);
    looker_.execute("truncate committed");
    return size;
  }
  /// Waits for the outcome, which the server may come to only after the client was told of the cut.
  bool is_committed() {
    for (int i = 0; i < 3000; ++i) {
      const auto open = looker_.scalar<bool>(
          "select exists(select from pg_stat_activity where pid = $1)", process_);
      if (!open) break;
      std::this_thread::sleep_for(10ms);
    }
    return looker_.scalar<bool>("select exists(select from committed)");
  }
  void plan(fault what) {
    process_ = db_.process_id();
    proxy_.mark(0);
    proxy_.plan(0, std::move(what));
  }

 private:
  bool know_outcome_;
  tusk::session looker_ = connect();
  fault_proxy proxy_;
  tusk::session db_;
  int process_ = 0;
};

void check_in_doubt(const tusk::error& failed, tusk::session& db) {
  CHECK(failed.kind() == tusk::error_kind::in_doubt);
  CHECK(failed.sqlstate() == tusk::sqlstate::transaction_resolution_unknown);
  CHECK_FALSE(failed.session_usable());
  CHECK_FALSE(failed.safe_to_retry());
  CHECK(failed.statement() == "commit");
  CHECK(db.status() == status::broken);
}

void check_rolled_back(const tusk::error& failed, tusk::session& db) {
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.safe_to_retry());
  CHECK_FALSE(failed.session_usable());
  CHECK(std::string(failed.message()).find("was rolled back") != std::string::npos);
  CHECK(db.status() == status::broken);
}

}  // namespace

TEST_CASE("a commit that never reaches the server is in doubt, or found to be rolled back") {
  const bool know_outcome = GENERATE(false, true);
  const auto what = GENERATE(fault_kind::close, fault_kind::reset);
  const std::uint64_t of_commit = GENERATE(0U, 1U, 7U, 11U);  // bytes of it that arrive
  CAPTURE(know_outcome, name_of(what), of_commit);
  lossy_commit through(know_outcome);
  const passed_bytes size = through.good();
  auto tx = through.begin();
  through.plan({.what = what,
                .way = direction::to_server,
                .after = size.to_server - question_size + of_commit});
  const auto failed = error_of<tusk::operational_error>([&] {
    tx.commit();
    return 0;
  });
  INFO(failed.what());
  CHECK(through.proxy().happened(0));
  CHECK_FALSE(tx.is_open());
  if (know_outcome) {
    check_rolled_back(failed, through.db());
  } else {
    check_in_doubt(failed, through.db());
    CHECK(message_of<tusk::programming_error>([&] {
            tx.commit();
            return 0;
          }) == "the transaction is over: whether its COMMIT took effect is not known");
  }
  CHECK_FALSE(through.is_committed());
  through.db().reset();
  CHECK(through.db().scalar<int>("select 1") == 1);
}

TEST_CASE("a commit whose answer is lost is in doubt, or found to have taken effect") {
  const bool know_outcome = GENERATE(false, true);
  const auto what = GENERATE(fault_kind::close, fault_kind::reset);
  const std::uint64_t of_answer =
      GENERATE(std::uint64_t{0}, std::uint64_t{1}, complete_size - 1);  // bytes of it that arrive
  CAPTURE(know_outcome, name_of(what), of_answer);
  lossy_commit through(know_outcome);
  const passed_bytes size = through.good();
  auto tx = through.begin();
  through.plan({.what = what,
                .way = direction::to_client,
                .after = size.to_client - answer_size + of_answer});
  if (know_outcome) {
    tx.commit();
    CHECK(through.db().status() == status::broken);
  } else {
    const auto failed = error_of<tusk::in_doubt_error>([&] {
      tx.commit();
      return 0;
    });
    check_in_doubt(failed, through.db());
    CHECK(std::string(failed.details().hint).find("know_outcome") != std::string::npos);
  }
  CHECK(through.proxy().happened(0));
  CHECK_FALSE(tx.is_open());
  CHECK(through.is_committed());
}

TEST_CASE("a commit that was answered has taken effect, though the connection is lost behind it") {
  lossy_commit through(false);
  const passed_bytes size = through.good();
  auto tx = through.begin();
  const std::uint64_t of_ready = GENERATE(0U, 5U);
  through.plan({.what = fault_kind::close,
                .way = direction::to_client,
                .after = size.to_client - answer_size + complete_size + of_ready});
  tx.commit();
  CHECK(through.db().status() == status::broken);
  CHECK(through.is_committed());
}

TEST_CASE("a commit that was refused is known to be, though the connection is lost behind it") {
  lossy_commit through(false);
  auto doubled = through.begin();
  doubled.execute("insert into committed values (1)");
  through.plan({});
  error_of<tusk::integrity_error>([&] {
    doubled.commit();
    return 0;
  });
  const std::uint64_t size = through.proxy().passed(0).to_client;
  auto tx = through.begin();
  tx.execute("insert into committed values (1)");
  through.plan({.what = fault_kind::close, .way = direction::to_client, .after = size - 1});
  const auto failed = error_of<tusk::integrity_error>([&] {
    tx.commit();
    return 0;
  });
  CHECK(failed.sqlstate() == tusk::sqlstate::unique_violation);
  CHECK_FALSE(failed.session_usable());
  CHECK_FALSE(through.is_committed());
}

TEST_CASE("a transaction that has written nothing has nothing to lose in its commit") {
  lossy_commit through(true);
  const passed_bytes size = through.good();
  auto tx = through.db().begin({.know_outcome = true});
  CHECK(tx.scalar<int>("select 1") == 1);
  // The answer to the question is shorter, for it is NULL; so it is cut on the way there.
  through.plan({.what = fault_kind::close,
                .way = direction::to_server,
                .after = size.to_server - question_size});
  const auto failed = error_of<tusk::operational_error>([&] {
    tx.commit();
    return 0;
  });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(std::string(failed.message()).find("nothing had been written") != std::string::npos);
  CHECK(through.proxy().connections() == 1);
}

TEST_CASE("a commit whose answer is late has taken effect, and the session goes on") {
  lossy_commit through(false);
  auto tx = through.begin(2s);
  through.plan({.what = fault_kind::delay, .way = direction::to_client, .pause = 3s});
  const auto start = std::chrono::steady_clock::now();
  tx.commit();
  CHECK(std::chrono::steady_clock::now() - start >= 2900ms);
  CHECK(through.db().status() == status::open);
  CHECK(through.db().scalar<bool>({.timeout = 60s}, "select exists(select from committed)"));
}

TEST_CASE("a commit that the network swallows is in doubt when time is up") {
  lossy_commit through(false, {.drain_timeout = 300ms});
  auto tx = through.begin(2s);
  through.plan({.what = fault_kind::stall, .way = direction::to_server});
  const auto failed = error_of<tusk::in_doubt_error>([&] {
    tx.commit();
    return 0;
  });
  check_in_doubt(failed, through.db());
}

TEST_CASE(
    "a commit that the network swallows is found to be rolled back, once its holder is ended") {
  lossy_commit through(true, {.drain_timeout = 10s});
  const passed_bytes size = through.good();
  auto tx = through.begin(4s);
  through.plan({.what = fault_kind::stall,
                .way = direction::to_server,
                .after = size.to_server - question_size});
  const auto failed = error_of<tusk::operational_error>([&] {
    tx.commit();
    return 0;
  });
  INFO(failed.what());
  check_rolled_back(failed, through.db());
  CHECK_FALSE(through.is_committed());
}

TEST_CASE("a server process that was ended before its commit is no proof, but can be asked about") {
  const bool know_outcome = GENERATE(false, true);
  lossy_commit through(know_outcome);
  auto other = connect();
  auto tx = through.begin();
  other.execute("select pg_terminate_backend($1)", through.db().process_id());
  const auto failed = error_of<tusk::operational_error>([&] {
    tx.commit();
    return 0;
  });
  INFO(failed.what());
  CHECK(std::string(failed.message()).find("terminating connection due to administrator command") !=
        std::string::npos);
  // With know_outcome it is the question before COMMIT that fails.
  CHECK(failed.kind() ==
        (know_outcome ? tusk::error_kind::connection_lost : tusk::error_kind::in_doubt));
  CHECK(through.db().status() == status::broken);
}

TEST_CASE("a commit on a session that was broken before is refused, not in doubt") {
  lossy_commit through(false);
  auto tx = through.begin();
  through.plan({.what = fault_kind::close});
  error_of<tusk::operational_error>([&] { return tx.query("select 1"); });
  const auto failed = error_of<tusk::operational_error>([&] {
    tx.commit();
    return 0;
  });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(failed.safe_to_retry());
  CHECK_FALSE(through.is_committed());
}
