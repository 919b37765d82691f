// What a session tells the function that observes its statements.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;

/// An event, with copies of what lives only as long as the call.
struct told {
  bool ended = false;
  std::uint64_t number = 0;
  tusk::statement_kind kind{};
  std::string sql;
  std::size_t parameter_count = 0;
  std::vector<std::optional<std::string>> parameters;
  std::chrono::nanoseconds duration{};
  std::uint64_t rows = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  bool failed = false;
  std::string code;
  tusk::error_kind why{};
};

using events = std::vector<told>;

/// Notes down everything in `into`, which must outlive the session.
auto note_in(events& into) {
  return [&into](const tusk::statement_event& e) {
    told one{e.ended,    e.number, e.kind,       std::string(e.sql), e.parameter_count,   {},
             e.duration, e.rows,   e.bytes_sent, e.bytes_received,   e.failed != nullptr, {},
             {}};
    one.parameters.assign(e.parameters.begin(), e.parameters.end());
    if (e.failed != nullptr) {
      one.code = e.failed->sqlstate().text();
      one.why = e.failed->kind();
    }
    into.push_back(std::move(one));
  };
}

tusk::session observed(events& into, bool parameters = false) {
  tusk::session_options options;
  options.on_statement = note_in(into);
  options.observe_parameters = parameters;
  return connect(options);
}

}  // namespace

TEST_CASE("each statement is told of when it begins and when it has ended") {
  events seen;
  auto db = observed(seen);
  CHECK(seen.empty());  // connecting is no statement
  CHECK(db.query<int>("select generate_series(1, $1::int)", 7).size() == 7);
  REQUIRE(seen.size() == 2);
  CHECK_FALSE(seen[0].ended);
  CHECK(seen[0].number == 1);
  CHECK(seen[0].kind == tusk::statement_kind::statement);
  CHECK(seen[0].sql == "select generate_series(1, $1::int)");
  CHECK(seen[0].parameter_count == 1);
  CHECK(seen[1].ended);
  CHECK(seen[1].number == 1);
  CHECK(seen[1].sql == seen[0].sql);
  CHECK(seen[1].rows == 7);
  CHECK_FALSE(seen[1].failed);
  CHECK(seen[1].duration > 0ns);
  db.execute("create temp table t as select generate_series(1, 5) as id");
  db.execute("delete from t where id < $1", 3);
  REQUIRE(seen.size() == 6);
  CHECK(seen[5].number == 3);
  CHECK(seen[5].rows == 2);
}

TEST_CASE("the duration is that of the statement, on a steady clock") {
  events seen;
  auto db = observed(seen);
  db.execute("select pg_sleep(0.2)");
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].duration >= 200ms);
}

TEST_CASE("bytes are those of the statement's own messages") {
  events seen;
  auto db = observed(seen);
  const std::string big(100'000, 'x');
  static_cast<void>(db.scalar<std::string>("select $1::text", big));
  static_cast<void>(db.scalar<std::string>("select $1::text", "y"));
  static_cast<void>(db.scalar<std::string>("select repeat('z', $1)", 50'000));
  REQUIRE(seen.size() == 6);
  CHECK(seen[1].sent > big.size());
  CHECK(seen[1].sent < big.size() + 1000);
  CHECK(seen[1].received > big.size());
  CHECK(seen[1].received < big.size() + 1000);
  CHECK(seen[3].sent < 1000);
  CHECK(seen[3].sent > 20);
  CHECK(seen[3].received < 1000);
  CHECK(seen[5].sent < 1000);
  CHECK(seen[5].received > 50'000);
}

TEST_CASE("parameters are counted and not told, unless that is asked for") {
  events seen;
  auto db = observed(seen);
  const std::optional<int> nothing;
  static_cast<void>(db.query("select $1::text, $2::int, $3::float8", "a secret", nothing, 1.5));
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].parameter_count == 3);
  CHECK(seen[0].parameters.empty());
  CHECK(seen[1].parameters.empty());

  db.on_statement(note_in(seen), true);
  static_cast<void>(db.query("select $1::text, $2::int, $3::float8", "no secret", nothing, 1.5));
  REQUIRE(seen.size() == 4);
  for (const told* each : {&seen[2], &seen[3]}) {
    REQUIRE(each->parameters.size() == 3);
    CHECK(each->parameters[0] == "no secret");
    CHECK_FALSE(each->parameters[1]);
    CHECK(each->parameters[2] == "1.5");
  }
}

TEST_CASE("passwords in statements are not told, nor in their errors") {
  events seen;
  std::string in_errors;
  tusk::session_options options;
  options.on_statement = [&](const tusk::statement_event& e) {
    note_in(seen)(e);
    if (e.failed != nullptr) in_errors += e.failed->report();
  };
  auto db = connect(options);
  error_of([&] { return db.execute("alter user nobody_there password 'hidden-word'"); });
  db.execute("begin");
  db.change_password(tusk::secret("another-word"));
  db.execute("rollback");
  for (const told& each : seen) {
    CHECK(each.sql.find("hidden-word") == std::string::npos);
    CHECK(each.sql.find("SCRAM-SHA-256$") == std::string::npos);
  }
  CHECK_FALSE(in_errors.empty());
  CHECK(in_errors.find("hidden-word") == std::string::npos);
}

TEST_CASE("a statement that fails is told with its error, a call that is refused not at all") {
  events seen;
  auto db = observed(seen);
  error_of([&] { return db.execute("select 1/0"); });
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].failed);
  CHECK(seen[1].code == "22012");
  CHECK(seen[1].why == tusk::error_kind::server);
  error_of([&] { return db.execute(tusk::call_options{.timeout = 50ms}, "select pg_sleep(60)"); });
  REQUIRE(seen.size() == 4);
  CHECK(seen[3].why == tusk::error_kind::timeout);
  {
    const auto rows = db.stream<int>("select 1");
    const std::size_t before = seen.size();
    error_of<tusk::programming_error>([&] { return db.execute("select 2"); });
    CHECK(seen.size() == before);
  }
}

TEST_CASE("a stream is told to have ended when its last row was read, or when it is left") {
  events seen;
  auto db = observed(seen);
  {
    auto rows = db.stream<int>("select generate_series(1, 1000)");
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].kind == tusk::statement_kind::stream);
    int sum = 0;
    for (const int each : rows)
      sum += each;
    CHECK(sum == 500'500);
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].rows == 1000);
    CHECK(seen[1].received > 1000);
  }
  CHECK(seen.size() == 2);
  {
    auto rows = db.stream<int>("select generate_series(1, 10000000)");
    auto at = rows.begin();
    CHECK(*at == 1);
    CHECK(seen.size() == 3);
  }
  REQUIRE(seen.size() == 4);
  CHECK(seen[3].number == 2);
  CHECK(seen[3].rows > 0);
  CHECK(seen[3].rows < 10'000'000);
  {
    auto rows = db.stream<int>("select 100 / (100 - n) from generate_series(1, 1000) n");
    error_of([&] {
      int sum = 0;
      for (const int each : rows)
        sum += each;
      return sum;
    });
  }
  REQUIRE(seen.size() == 6);
  CHECK(seen[5].code == "22012");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("scripts, preparations and prepared statements are told as what they are") {
  events seen;
  auto db = observed(seen);
  CHECK(db.script("select 1; select 2; create temp table t()").size() == 3);
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].kind == tusk::statement_kind::script);
  CHECK(seen[1].rows == 2);
  auto what = db.prepare("select $1::int");
  REQUIRE(seen.size() == 4);
  CHECK(seen[3].kind == tusk::statement_kind::preparation);
  CHECK(seen[3].sql == "select $1::int");
  CHECK(seen[3].rows == 0);
  CHECK(db.scalar<int>(what, 5) == 5);
  REQUIRE(seen.size() == 6);
  CHECK(seen[5].kind == tusk::statement_kind::statement);
  CHECK(seen[5].sql == "select $1::int");
}

TEST_CASE("a pipeline's requests begin when they are queued and end with their answers") {
  events seen;
  auto db = observed(seen, true);
  auto line = db.pipeline();
  auto one = line.query<int>("select generate_series(1, $1::int)", 3);
  auto two = line.query<std::string>("select repeat('x', 5000)");
  REQUIRE(seen.size() == 2);
  CHECK_FALSE(seen[1].ended);
  CHECK(seen[0].kind == tusk::statement_kind::pipelined);
  CHECK(seen[0].parameters.at(0) == "3");
  line.sync();
  auto bad = line.execute("select 1/0");
  auto after = line.execute("select 3");
  line.sync();
  CHECK_THROWS_AS(line.finish(), tusk::data_error);
  REQUIRE(seen.size() == 8);
  events ended;
  for (const told& each : seen)
    if (each.ended) ended.push_back(each);
  REQUIRE(ended.size() == 4);
  CHECK(ended[0].number == 1);
  CHECK(ended[0].rows == 3);
  CHECK(ended[0].received < 1000);
  CHECK(ended[0].sent > 20);
  CHECK(ended[0].sent < 200);
  CHECK(ended[1].received > 5000);
  CHECK(ended[1].received < 5500);
  CHECK(ended[2].code == "22012");
  CHECK(ended[3].failed);
  CHECK(ended[3].why == tusk::error_kind::skipped);
  CHECK(two.get().size() == 1);
}

TEST_CASE("a pipeline that is destroyed ends what was queued in it") {
  events seen;
  auto db = observed(seen);
  {
    auto line = db.pipeline();
    line.execute("select 1");
    line.execute("select 2");
  }
  REQUIRE(seen.size() == 4);
  CHECK(seen[2].ended);
  CHECK(seen[2].failed);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("what the observer throws comes out of the call, and the session goes on") {
  struct mine {
    int number;
  };
  int calls = 0;
  auto db = connect();
  db.on_statement([&](const tusk::statement_event&) { throw mine{++calls}; });
  try {
    static_cast<void>(db.query<int>("select 1"));
    FAIL("nothing was thrown");
  } catch (const mine& thrown) {
    CHECK(thrown.number == 1);
  }
  CHECK(calls == 2);
  CHECK(error_of([&] { return db.execute("select 1/0"); }).sqlstate().text() == "22012");
  CHECK(db.status() == tusk::session_status::open);
  db.on_statement({});
  CHECK(db.scalar<int>("select 1") == 1);
  CHECK(calls == 4);
}

TEST_CASE("the observer cannot use the session, and may put another one in its place") {
  auto db = connect();
  std::string refused;
  db.on_statement([&](const tusk::statement_event& e) {
    if (e.ended) return;
    refused = message_of<tusk::programming_error>([&] { return db.execute("select 2"); });
    db.on_statement({});
  });
  CHECK(db.scalar<int>("select 1") == 1);
  CHECK(refused == "the session cannot be used by a function that it is just telling something");
  CHECK(db.scalar<int>("select 1") == 1);
}
