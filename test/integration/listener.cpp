// tusk::listener: a connection that is lost in every way is made anew, and the gap is told.

#include "tusk/listener.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/fault_proxy.hpp"
#include "tusk/tusk.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;
using tusk::listener;
using tusk::listener_event;
using tusk::listener_gap;
using tusk::listener_options;

/// Longer than any event takes on a machine that others use; what fails waits so long.
constexpr auto ample = std::chrono::minutes(2);

/// Impatient, so that the tests are not slow.
listener_options hasty(std::vector<std::string> channels) {
  listener_options options;
  options.channels = std::move(channels);
  options.first_delay = 10ms;
  options.longest_delay = 100ms;
  return options;
}

/// The payload, or what else it is.
std::string text_of(const std::optional<listener_event>& event) {
  if (!event) return "(none)";
  if (const auto* said = std::get_if<tusk::notification>(&*event)) return said->payload;
  return "(gap)";
}

listener_gap gap_of(const std::optional<listener_event>& event) {
  if (!event || !std::holds_alternative<listener_gap>(*event))
    throw std::runtime_error("a gap was expected, and not: " + text_of(event));
  return std::get<listener_gap>(*event);
}

void terminate(tusk::session& killer, const listener& victim) {
  CHECK(killer.scalar<bool>("select pg_terminate_backend($1)", victim.connection().process_id()));
}

/// A listener's way to the server, with a proxy on it.
class proxied {
 public:
  proxied()
      : proxy_({variable("TUSK_TEST_HOST"),
                static_cast<std::uint16_t>(std::stoi(variable("TUSK_TEST_PORT")))}) {}
  [[nodiscard]] std::string dsn(const std::string& user = "u_trust") const {
    return "host=127.0.0.1 sslmode=disable dbname=postgres user=" + user +
           " port=" + std::to_string(proxy_.port());
  }
  fault_proxy& proxy() { return proxy_; }

 private:
  fault_proxy proxy_;
};

}  // namespace

TEST_CASE("a listener hears its channels, those that are added, and not those that are removed") {
  auto mouth = connect();
  listener ear(variable("TUSK_TEST_DSN"), hasty({"one"}));
  ear.add("Two");
  ear.add("one");
  CHECK(std::vector<std::string>(ear.channels().begin(), ear.channels().end()) ==
        std::vector<std::string>{"one", "Two"});
  mouth.notify("one", "1");
  mouth.notify("Two", "2");
  CHECK(text_of(ear.wait(ample)) == "1");
  CHECK(text_of(ear.wait(ample)) == "2");
  ear.remove("one");
  mouth.notify("one", "not heard");
  ear.notify("Two", "own");
  CHECK(text_of(ear.wait(ample)) == "own");
  CHECK(text_of(ear.wait(0ms)) == "(none)");
  CHECK_THROWS_AS(ear.add(std::string(64, 'n')), tusk::programming_error);
  CHECK_THROWS_AS(ear.add(""), tusk::programming_error);
  CHECK(ear.channels().size() == 1);
}

TEST_CASE(
    "a listener whose backend is killed tells what came before, then the gap, then the rest") {
  auto mouth = connect();
  const auto start = std::chrono::system_clock::now();
  listener ear(variable("TUSK_TEST_DSN"), hasty({"k", "Kept Too"}));
  mouth.notify("k", "before");
  CHECK(text_of(ear.wait(ample)) == "before");
  for (int round = 0; round < 3; ++round) {
    mouth.script("notify k, 'read'; notify k, 'unread'");  // which come together
    CHECK(text_of(ear.wait(ample)) == "read");
    terminate(mouth, ear);
    CHECK(text_of(ear.wait(ample)) == "unread");
    const listener_gap gap = gap_of(ear.wait(ample));
    CHECK(gap.reason.find("administrator") != std::string::npos);
    CHECK(gap.attempts >= 1);
    CHECK(gap.lasted >= 5ms);  // half of the first delay at the least
    CHECK(gap.last_heard >= start);
    CHECK(gap.dropped == 0);
    mouth.notify("Kept Too", "behind");
    CHECK(text_of(ear.wait(ample)) == "behind");
  }
}

TEST_CASE("what a lost connection had brought in other calls comes before the gap") {
  auto mouth = connect();
  listener ear(variable("TUSK_TEST_DSN"), hasty({"q"}));
  mouth.notify("q", "1");
  mouth.notify("q", "2");
  ear.add("another");  // its answer brings both
  terminate(mouth, ear);
  CHECK(text_of(ear.wait(ample)) == "1");
  CHECK(text_of(ear.wait(ample)) == "2");
  CHECK(text_of(ear.wait(ample)) == "(gap)");
}

TEST_CASE("channels that are added and removed without a connection count for the next one") {
  auto mouth = connect();
  listener ear(variable("TUSK_TEST_DSN"), hasty({"gone", "stays"}));
  terminate(mouth, ear);
  while (mouth.scalar<bool>("select exists(select from pg_stat_activity where pid = $1)",
                            ear.connection().process_id()))
    std::this_thread::sleep_for(5ms);
  ear.add("new");
  ear.remove("gone");
  CHECK(text_of(ear.wait(ample)) == "(gap)");
  mouth.notify("gone", "not heard");
  mouth.notify("new", "heard");
  CHECK(text_of(ear.wait(ample)) == "heard");
}

TEST_CASE("a line that is cut, ended or reset is made anew, as often as it happens") {
  auto mouth = connect();
  proxied way;
  listener ear(way.dsn(), hasty({"line"}));
  std::size_t number = 0;
  for (const fault_kind what : {fault_kind::reset, fault_kind::close, fault_kind::reset}) {
    way.proxy().mark(number);
    way.proxy().plan(number, {.what = what, .way = direction::to_client, .after = 3});
    mouth.notify("line", "cut in the middle");
    CHECK(text_of(ear.wait(ample)) == "(gap)");
    mouth.notify("line", "after");
    CHECK(text_of(ear.wait(ample)) == "after");
    number = way.proxy().connections() - 1;
  }
}

TEST_CASE("a server that is away for a while is tried again, with the attempts counted") {
  auto mouth = connect();
  proxied way;
  listener ear(way.dsn(), hasty({"away"}));
  // The next two connections end before a byte of the server's has passed.
  way.proxy().plan(1, {.what = fault_kind::reset, .way = direction::to_client, .after = 0});
  way.proxy().plan(2, {.what = fault_kind::close, .way = direction::to_client, .after = 0});
  terminate(mouth, ear);
  const listener_gap gap = gap_of(ear.wait(ample));
  CHECK(gap.attempts == 3);
  mouth.notify("away", "back");
  CHECK(text_of(ear.wait(ample)) == "back");
}

TEST_CASE("a network that is dead is found out by its silence") {
  auto mouth = connect();
  proxied way;
  auto options = hasty({"dead"});
  options.heartbeat = 100ms;
  options.patience = 4s;
  options.session.drain_timeout = 100ms;
  listener ear(way.dsn(), options);
  // As long as signs of life are answered, nothing happens.
  CHECK(text_of(ear.wait(350ms)) == "(none)");
  CHECK(way.proxy().connections() == 1);
  way.proxy().mark(0);
  way.proxy().plan(0, {.what = fault_kind::stall, .way = direction::to_client, .after = 0});
  const listener_gap gap = gap_of(ear.wait(ample));
  CHECK(gap.reason.find("did not answer") != std::string::npos);
  mouth.notify("dead", "alive");
  CHECK(text_of(ear.wait(ample)) == "alive");
}

TEST_CASE("wait ends at its time, also while there is no connection, and goes on later") {
  auto mouth = connect();
  auto options = hasty({"slow"});
  options.first_delay = 3s;
  options.longest_delay = 3s;
  listener ear(variable("TUSK_TEST_DSN"), options);
  terminate(mouth, ear);
  int nothing = 0;
  std::optional<listener_event> event;
  while (!(event = ear.wait(20ms)))
    ++nothing;
  CHECK(nothing >= 2);
  CHECK(gap_of(event).attempts == 1);
}

TEST_CASE("a wake ends the wait, on a connection and between two") {
  auto mouth = connect();
  auto options = hasty({"wake"});
  options.first_delay = std::chrono::hours(1);
  options.longest_delay = std::chrono::hours(1);
  listener ear(variable("TUSK_TEST_DSN"), options);
  const auto woken_wait = [&] {
    std::thread other([&] {
      std::this_thread::sleep_for(30ms);
      ear.wake();
    });
    const auto event = ear.wait();
    other.join();
    return text_of(event);
  };
  CHECK(woken_wait() == "(none)");
  mouth.notify("wake", "still heard");
  CHECK(text_of(ear.wait()) == "still heard");
  terminate(mouth, ear);
  CHECK(woken_wait() == "(none)");
  ear.wake();
  CHECK(text_of(ear.wait()) == "(none)");
}

TEST_CASE("on_connect has each new connection when it listens, and what it throws comes out") {
  auto mouth = connect();
  int connections = 0;
  auto options = hasty({"ready"});
  options.on_connect = [&](tusk::session& db) {
    CHECK(db.channels() == std::vector<std::string>{"ready"});
    if (++connections == 2) throw std::runtime_error("not ready");
    db.notify("ready", "connection " + std::to_string(connections));
  };
  listener ear(variable("TUSK_TEST_DSN"), options);
  CHECK(text_of(ear.wait(ample)) == "connection 1");
  terminate(mouth, ear);
  CHECK_THROWS_WITH(ear.wait(ample), "not ready");
  CHECK(gap_of(ear.wait(ample)).attempts == 2);
  CHECK(text_of(ear.wait(ample)) == "connection 3");
}

TEST_CASE("what on_connect's own statements meet on a good connection comes out, too") {
  auto mouth = connect();
  int connections = 0;
  auto options = hasty({"ready"});
  options.on_connect = [&](tusk::session& db) {
    if (++connections == 2) db.script("do $$ begin raise 'later' using errcode = '55000'; end $$");
    if (connections == 3) db.execute({.timeout = 1ms}, "select pg_sleep(2)");
  };
  options.session.drain_timeout = std::chrono::minutes(1);
  listener ear(variable("TUSK_TEST_DSN"), options);
  terminate(mouth, ear);
  CHECK(error_of([&] { return ear.wait(ample); }).message() == "later");
  CHECK(error_of([&] { return ear.wait(ample); }).kind() == tusk::error_kind::timeout);
  CHECK(gap_of(ear.wait(ample)).attempts == 3);
}

TEST_CASE("a gap begins when the server was heard, not when its word was taken") {
  auto mouth = connect();
  listener ear(variable("TUSK_TEST_DSN"), hasty({"c"}));
  // By one transaction, so that the second has come, too, when the first is here.
  mouth.execute("select pg_notify('c', 'first'), pg_notify('c', 'second')");
  CHECK(text_of(ear.wait(ample)) == "first");
  terminate(mouth, ear);
  std::this_thread::sleep_for(20ms);
  const auto missed = std::chrono::system_clock::now();
  mouth.notify("c", "missed");
  std::this_thread::sleep_for(20ms);
  CHECK(text_of(ear.wait(ample)) == "second");
  CHECK(gap_of(ear.wait(ample)).last_heard < missed);
}

TEST_CASE("a listener whose database is gone throws, and comes back when there is one again") {
  auto admin = connect();
  admin.execute("drop database if exists listener_goes");
  admin.execute("create database listener_goes");
  tusk::conninfo to = tusk::conninfo::parse(variable("TUSK_TEST_DSN"));
  to.dbname = "listener_goes";
  listener ear(to, hasty({"refused"}));
  terminate(admin, ear);
  admin.execute("drop database listener_goes");  // the server waits for who is just leaving
  const auto refused = error_of([&] { return ear.wait(ample); });
  CHECK(refused.kind() == tusk::error_kind::connect);
  CHECK(refused.sqlstate().text() == "3D000");
  CHECK(error_of([&] { return ear.wait(ample); }).sqlstate().text() == "3D000");
  admin.execute("create database listener_goes");
  CHECK(gap_of(ear.wait(ample)).attempts == 3);
  terminate(admin, ear);
  admin.execute("drop database listener_goes");
}

TEST_CASE("a listener gives up after the time that it is given, with the last attempt's error") {
  auto mouth = connect();
  std::optional<proxied> way(std::in_place);
  auto options = hasty({"limit"});
  options.give_up_after = 50ms;
  listener ear(way->dsn(), options);
  way.reset();  // nobody listens on that port any more
  const auto failed = error_of([&] { return ear.wait(ample); });
  CHECK(failed.kind() == tusk::error_kind::connect);
  CHECK(failed.is_transient());
}

TEST_CASE("notifications that were dropped in another call are told as a gap") {
  auto mouth = connect();
  auto options = hasty({"flood"});
  options.session.max_queued_messages = 10;
  listener ear(variable("TUSK_TEST_DSN"), options);
  mouth.execute("select pg_notify('flood', i::text) from generate_series(1, 100) i");
  ear.add("other");
  const listener_gap gap = gap_of(ear.wait(ample));
  CHECK(gap.dropped == 90);
  CHECK(gap.attempts == 0);
  CHECK(text_of(ear.wait(ample)) == "91");
}

TEST_CASE("the first connection is the constructor's to make") {
  CHECK_THROWS_AS(listener("host=127.0.0.1 port=1 connect_timeout=5 user=u_trust"),
                  tusk::operational_error);
  CHECK_THROWS_AS(listener("no=such"), tusk::programming_error);
}
