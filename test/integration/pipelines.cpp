// Pipelines: order, errors, groups, and what becomes of them when they are left.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {
using namespace tusk::test;
using mode = tusk::statement_mode;
using status = tusk::session_status;
using request = tusk::request_status;

/// A table of its own, of which the server knows nothing before.
tusk::session with_table(const tusk::session_options& options = {}) {
  auto db = connect(options);
  db.execute("create temp table kept(id int primary key)");
  return db;
}

std::vector<int> kept(tusk::session& db) {
  std::vector<int> ids;
  for (const int id : db.query<int>("select id from kept order by id"))
    ids.push_back(id);
  return ids;
}

constexpr std::string_view keep = "insert into kept values ($1)";
}  // namespace

TEST_CASE("answers come in the order of their requests, each as its own type") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  for (int round = 0; round < 3; ++round) {
    auto p = db.pipeline();
    auto number = p.query<int>("select $1::int", 7);
    auto text = p.query<std::string, double>("select $1, $2", std::string_view("x"), 0.5);
    auto added = p.execute(keep, round);
    auto untyped = p.query("select 1 as one, 'b' as two");
    auto none = p.query<int>("select 1 where false");
    auto end = p.sync();
    CHECK(number.status() == request::waiting);
    CHECK(untyped.get()[0]["two"].as<std::string>() == "b");
    CHECK(number.status() == request::done);
    CHECK(number.get().front() == 7);
    CHECK(text.get().front() == std::tuple<std::string, double>("x", 0.5));
    CHECK(added.get().rows() == 1);
    CHECK(none.get().empty());
    end.get();
    p.finish();
    CHECK(db.status() == status::open);
  }
  CHECK(kept(db) == std::vector{0, 1, 2});
}

TEST_CASE("a hundred times the same statement, and a statement prepared by hand") {
  auto db = connect();
  const auto by_hand = db.prepare("select $1 * 2");
  auto p = db.pipeline();
  std::vector<tusk::pending<tusk::result<int>>> answers;
  for (int i = 0; i < 100; ++i) {
    answers.push_back(p.query<int>(by_hand, i));
    answers.push_back(p.query<int>("select $1::int * 2", i));
  }
  p.finish();
  for (std::size_t i = 0; i < answers.size(); ++i)
    CHECK(answers[i].get().front() == static_cast<int>(i / 2) * 2);
  CHECK(prepared_count(db) == 2);
}

TEST_CASE("what ran, what failed and what was skipped are told apart, group by group") {
  auto db = with_table();
  auto p = db.pipeline();
  auto before = p.execute(keep, 1);
  auto wrong = p.query<int>("select 1 / $1::int", 0);
  auto behind = p.execute(keep, 2);
  auto first = p.sync();
  auto next = p.execute(keep, 3);
  auto second = p.sync();
  auto last = p.query<int>("select 5");
  p.sync();

  second.get();
  CHECK(before.status() == request::done);
  CHECK(wrong.status() == request::failed);
  CHECK(behind.status() == request::skipped);
  CHECK(first.status() == request::failed);
  CHECK(next.status() == request::done);
  CHECK(last.get().front() == 5);
  CHECK(before.get().rows() == 1);
  CHECK(error_of<tusk::data_error>([&] { return wrong.get(); }).statement() ==
        "select 1 / $1::int");
  const auto skipped = error_of<tusk::operational_error>([&] { return behind.get(); });
  CHECK(skipped.kind() == tusk::error_kind::skipped);
  CHECK(skipped.sqlstate().text() == "22012");
  CHECK(skipped.statement() == keep);
  CHECK(error_of([&] {
          first.get();
          return 0;
        })
            .sqlstate()
            .text() == "22012");
  p.finish();
  CHECK(kept(db) == std::vector{3});
}

TEST_CASE("requests behind a failure that is known already are skipped without being sent") {
  auto db = with_table();
  auto p = db.pipeline();
  auto wrong = p.execute("select 1 / $1::int", 0);
  auto first_behind = p.execute(keep, 1);
  error_of([&] { return wrong.get(); });  // now it is known
  CHECK(first_behind.status() == request::skipped);
  auto second_behind = p.execute(keep, 2);
  CHECK(second_behind.status() == request::skipped);
  error_of([&] { return second_behind.get(); });
  auto end = p.sync();
  auto fresh = p.execute(keep, 3);
  CHECK(fresh.get().rows() == 1);
  error_of([&] {
    end.get();
    return 0;
  });
  p.finish();
  CHECK(kept(db) == std::vector{3});
}

TEST_CASE("a statement whose Parse was skipped is parsed by the groups behind it") {
  const bool by_hand = GENERATE(false, true);
  const auto how = GENERATE(mode::declared, mode::unnamed);
  auto db = with_table({.mode = how});
  std::optional<tusk::statement> prepared;
  if (by_hand) {
    prepared = db.prepare(keep);
    db.script("deallocate all");
  }
  const auto what = [&]() -> tusk::statement_ref {
    return by_hand ? tusk::statement_ref(*prepared) : tusk::statement_ref(keep);
  };
  for (int round = 0; round < 2; ++round) {
    auto p = db.pipeline();
    auto wrong = p.execute("select 1 / $1::int", 0);
    auto skipped = p.execute(what(), 10 * round + 1);
    p.sync();
    auto second = p.execute(what(), 10 * round + 2);
    p.sync();
    auto third = p.execute(what(), 10 * round + 3);
    auto fourth = p.execute(what(), 10 * round + 4);
    p.sync();
    CHECK(fourth.get().rows() == 1);
    CHECK(skipped.status() == request::skipped);
    CHECK(second.get().rows() == 1);
    CHECK(third.get().rows() == 1);
    error_of([&] { return wrong.get(); });
    p.finish();
  }
  CHECK(kept(db) == std::vector{2, 3, 4, 12, 13, 14});
  CHECK(prepared_count(db) <= 4);  // a Close that was skipped is sent again
}

TEST_CASE("a constraint that is deferred fails the Sync, after its statements were done") {
  auto db = connect();
  db.execute("create temp table late(id int unique deferrable initially deferred)");
  auto p = db.pipeline();
  auto one = p.execute("insert into late values (1)");
  auto two = p.execute("insert into late values (1)");
  auto end = p.sync();
  CHECK(one.get().rows() == 1);
  CHECK(two.get().rows() == 1);
  const auto failed = error_of<tusk::integrity_error>([&] {
    end.get();
    return 0;
  });
  CHECK(failed.constraint() == "late_id_key");
  p.finish();
  CHECK(db.query("select 1 from late").empty());
}

TEST_CASE("a group is one transaction, and no Sync is sent but the caller's") {
  const auto how = GENERATE(mode::prepared, mode::declared, mode::unnamed);
  auto db = connect({.mode = how});
  auto p = db.pipeline();
  std::vector<tusk::pending<tusk::result<std::int64_t>>> ids;
  // Many enough for several pieces, with texts that are new and texts that are not, with flushes
  // and waits in between.
  for (int i = 0; i < 3000; ++i) {
    ids.push_back(p.query<std::int64_t>(i % 3 == 0 ? std::string("select txid_current()")
                                                   : "select txid_current() + 0 * " +
                                                         std::to_string(i % 400)));
    if (i == 10) p.flush();
    if (i == 20) CHECK(ids.front().get().size() == 1);
  }
  p.sync();
  auto other = p.query<std::int64_t>("select txid_current()");
  p.finish();
  const std::int64_t first = ids.front().get().front();
  std::size_t same = 0;
  for (auto& each : ids)
    same += each.get().front() == first ? 1U : 0U;
  CHECK(same == ids.size());
  CHECK(other.get().front() != first);
}

TEST_CASE("flush brings the answers without ending the group") {
  auto db = with_table();
  {
    auto p = db.pipeline();
    auto added = p.execute(keep, 1);
    p.flush();
    CHECK(added.get().rows() == 1);
    auto seen = p.query<int>("select id from kept");
    CHECK(seen.get().front() == 1);
  }
  CHECK(kept(db).empty());
}

TEST_CASE(
    "what is not synced when the pipeline is destroyed is rolled back, what is synced stays") {
  const bool waits = GENERATE(false, true);
  auto db = with_table();
  std::optional<tusk::pending<tusk::completion>> left;
  {
    auto p = db.pipeline();
    p.execute(keep, 1);
    p.sync();
    left = p.execute(keep, 2);
    if (waits) CHECK(left->get().rows() == 1);
  }
  CHECK(db.status() == status::open);
  CHECK(kept(db) == std::vector{1});
  if (!waits) {
    CHECK(left->status() == request::abandoned);
    CHECK(message_of<tusk::programming_error>([&] { return left->get(); }) ==
          "the pipeline was destroyed before this request's answer had come");
  }
}

TEST_CASE("a pipeline that is moved goes on, and its old object is of no use") {
  auto db = connect();
  auto p = db.pipeline();
  auto one = p.query<int>("select 1");
  tusk::pipeline moved = std::move(p);
  CHECK(one.get().front() == 1);
  error_of<tusk::programming_error>([&] { return p.query<int>("select 1"); });  // NOLINT
  moved.finish();
  error_of<tusk::programming_error>([&] { return moved.query<int>("select 1"); });
  CHECK(db.scalar<int>("select 2") == 2);
}

TEST_CASE("finish throws the first error that no handle has thrown") {
  auto db = connect();
  auto p = db.pipeline();
  auto first = p.execute("select 1 / 0");
  p.sync();
  p.execute("select * from nowhere");
  p.sync();
  SECTION("the very first") {
    CHECK(error_of([&] {
            p.finish();
            return 0;
          })
              .sqlstate()
              .text() == "22012");
  }
  SECTION("or the one that was not seen") {
    error_of([&] { return first.get(); });
    CHECK(error_of([&] {
            p.finish();
            return 0;
          })
              .sqlstate()
              .text() == "42P01");
  }
  CHECK(db.status() == status::open);
}

TEST_CASE("inside a transaction block Sync commits nothing, and an error aborts the block") {
  auto db = with_table();
  db.execute("begin");
  {
    auto p = db.pipeline();
    p.execute(keep, 1);
    p.sync();
    p.execute(keep, 2);
    p.finish();
  }
  CHECK(db.status() == status::in_transaction);
  SECTION("rolled back with the block") {
    db.execute("rollback");
    CHECK(kept(db).empty());
  }
  SECTION("committed with the block") {
    db.execute("commit");
    CHECK(kept(db) == std::vector{1, 2});
  }
  SECTION("aborted") {
    auto p = db.pipeline();
    auto wrong = p.execute(keep, 1);
    auto end = p.sync();
    auto behind = p.execute(keep, 3);
    auto sync = p.sync();
    CHECK_FALSE(error_of([&] { return wrong.get(); }).transaction_usable());
    CHECK(error_of([&] { return behind.get(); }).sqlstate().text() == "25P02");
    p.finish();
    CHECK(db.status() == status::failed_transaction);
    db.execute("rollback");
    CHECK(kept(db).empty());
  }
}

TEST_CASE("nothing else runs on the session while a pipeline is open") {
  auto db = connect();
  auto p = db.pipeline();
  const std::string_view why =
      "a pipeline is open on this session: finish it, or destroy it, first";
  CHECK(db.status() == status::busy);
  CHECK(message_of<tusk::programming_error>([&] { return db.query("select 1"); }) == why);
  CHECK(message_of<tusk::programming_error>([&] { return db.script("select 1"); }) == why);
  CHECK(message_of<tusk::programming_error>([&] { return db.pipeline(); }) == why);
  CHECK(message_of<tusk::programming_error>(
            [&] { return db.execute_many("select $1::int", std::vector{1}); }) == why);
  CHECK(message_of<tusk::programming_error>([&] { return db.prepare("select 1"); }) == why);
  p.finish();
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE(
    "the simple protocol, COPY and parameters that do not fit are refused, not the pipeline") {
  auto db = connect();
  error_of<tusk::programming_error>([&] { return db.pipeline({.mode = mode::simple}); });
  const auto by_hand = db.prepare("select $1::int2");
  auto p = db.pipeline();
  auto good = p.query<int>("select 1");
  CHECK(message_of<tusk::programming_error>([&] { return p.execute("copy t from stdin"); }) ==
        "COPY cannot be pipelined: finish the pipeline first");
  error_of<tusk::data_error>([&] { return p.query<int>(by_hand, 70'000); });
  error_of<tusk::programming_error>([&] { return p.query<int>(by_hand); });
  auto after = p.query<int>(by_hand, 5);
  p.finish();
  CHECK(good.get().front() == 1);
  CHECK(after.get().front() == 5);
}

TEST_CASE("a row type that does not fit fails its own request, when the answer is there") {
  auto db = connect();
  auto p = db.pipeline();
  auto wrong = p.query<int, int>("select 1");
  auto behind = p.query<int>("select 2");
  p.sync();
  CHECK(behind.get().front() == 2);
  CHECK(message_of<tusk::programming_error>([&] { return wrong.get(); }) ==
        "the statement returns 1 column and 2 are to be read");
  p.finish();
}

TEST_CASE("when a wait's time is up the pipeline ends, and the session goes on") {
  auto db = with_table();
  auto p = db.pipeline({.timeout = std::chrono::seconds(2)});
  auto kept_before = p.execute(keep, 1);
  p.sync();
  p.execute(keep, 2);
  auto slow = p.query("select pg_sleep(60)");
  auto behind = p.execute(keep, 3);
  const bool synced = GENERATE(true, false);
  if (synced) p.sync();
  const auto failed = error_of<tusk::operational_error>([&] { return slow.get(); });
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(failed.session_usable());
  CHECK(kept_before.status() == request::done);
  CHECK(behind.status() == request::abandoned);
  error_of<tusk::operational_error>([&] { return behind.get(); });
  error_of<tusk::programming_error>([&] { return p.query<int>("select 1"); });
  CHECK(db.status() == status::open);
  CHECK(kept(db) == std::vector{1});
}

TEST_CASE("when the server goes away every handle ends with an error that says so") {
  auto db = with_table();
  auto other = connect();
  auto p = db.pipeline();
  auto done = p.execute(keep, 1);
  CHECK(done.get().rows() == 1);
  std::vector<tusk::pending<tusk::result<int>>> answers;
  answers.push_back(p.query<int>("select 1 from pg_sleep(60)"));
  for (int i = 0; i < 100; ++i)
    answers.push_back(p.query<int>("select $1::int", i));
  auto end = p.sync();
  CHECK(other.scalar<bool>("select pg_terminate_backend($1)", db.process_id()));
  for (auto& each : answers) {
    const auto failed = error_of<tusk::operational_error>([&] { return each.get(); });
    CHECK(failed.sqlstate().text() == "57P01");
    CHECK_FALSE(failed.session_usable());
  }
  error_of<tusk::operational_error>([&] {
    end.get();
    return 0;
  });
  CHECK(done.get().rows() == 1);
  CHECK(db.status() == status::broken);
  db.reset();
  CHECK(db.scalar<int>("select 3") == 3);
}

TEST_CASE("handles outlive the pipeline and the session") {
  std::optional<tusk::pending<tusk::result<std::string_view>>> text;
  std::optional<tusk::pending<tusk::result<int>>> wrong;
  {
    auto db = connect();
    auto p = db.pipeline();
    text = p.query<std::string_view>("select repeat('x', 100000)");
    p.sync();
    wrong = p.query<int>("select 1 / 0");
    CHECK(text->get().front().size() == 100'000);
    error_of([&] { return wrong->get(); });
  }
  CHECK(text->get().front().size() == 100'000);
  CHECK(error_of([&] { return wrong->get(); }).statement() == "select 1 / 0");
}

TEST_CASE(
    "a statement that the server has lost fails its request, and is prepared anew behind it") {
  const auto how = GENERATE(mode::declared, mode::prepared);
  auto db = connect({.mode = how});
  const auto run = [&] {
    auto p = db.pipeline();
    auto answer = p.query<int>("select $1::int", 5);
    auto end = p.sync();
    return std::pair(answer.get().front(), 0);
  };
  CHECK(run().first == 5);
  db.script("do $$ begin execute 'deallocate all'; end $$");
  CHECK(error_of(run).sqlstate().text() == "26000");
  CHECK(run().first == 5);
}
