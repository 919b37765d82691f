// A cancel request has a connection of its own, which the network may fail alone.

#include <chrono>
#include <string>
#include <thread>

#include "integration/fault_trials.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using namespace std::chrono_literals;

const std::string plain = "user=u_trust sslmode=disable";
constexpr std::uint64_t request_bytes = 16;

/// Sleeps for longer than it may, while this befalls the cancel request's connection.
std::string complaint_about_cancel(const trial& one, faulty_session& through) {
  fault_proxy& proxy = through.proxy();
  const std::size_t cancel = through.number() + 1;
  proxy.plan(cancel, {.what = one.what, .way = one.way, .after = one.after});
  std::string why = "the call succeeded";
  // Prepared first: while it is only parsed there is nothing to cancel.
  constexpr std::string_view sleep = "select pg_sleep($1)";
  through.db().execute(sleep, 0);
  try {
    through.db().execute({.timeout = giving_up}, sleep, 30);
  } catch (const tusk::operational_error& failed) {
    why = complaint_about_state(through.db(), failed.session_usable());
    if (failed.kind() != tusk::error_kind::timeout) why = "the kind of error is another";
    if (failed.safe_to_retry()) why = "it is called safe to retry, and it ran";
    if (!proxy.happened(cancel)) why = "nothing happened";
    if (failed.session_usable()) why = "nobody was told to cancel, and the session is usable";
    if (!why.empty()) why += ": " + failed.report();
  }
  through.reset();
  if (through.db().scalar<int>("select 42") != 42) why += " after a reset it answers wrongly";
  return why;
}

}  // namespace

TEST_CASE("a cancel request that does not arrive breaks the session, and no more than that") {
  std::vector<trial> trials;
  for (const fault_kind what :
       {fault_kind::reset, fault_kind::close, fault_kind::half_close, fault_kind::stall}) {
    for (std::uint64_t after = 0; after < request_bytes; ++after)
      trials.push_back({what, direction::to_server, after});
  }
  const auto hire = [&trials] {
    const tusk::session_options options{.drain_timeout = 2s};
    const auto through = std::make_shared<faulty_session>(plain, options);
    return
        [&trials, through](std::size_t i) { return complaint_about_cancel(trials[i], *through); };
  };
  for (const std::string& complaint : complaints_of(
           trials.size(), hire, [&trials](std::size_t i) { return described(trials[i]); }))
    FAIL_CHECK(complaint);
}

TEST_CASE("a cancel request that arrives byte by byte, or late, leaves the session usable") {
  faulty_session through(plain, {.drain_timeout = noticing});
  for (const fault_kind what : {fault_kind::trickle, fault_kind::delay}) {
    const std::size_t cancel = through.proxy().connections();
    through.proxy().plan(cancel, {.what = what,
                                  .way = direction::to_server,
                                  .pause = what == fault_kind::delay ? 500ms : 5ms});
    const auto failed = error_of<tusk::operational_error>(
        [&] { return through.db().execute({.timeout = giving_up}, "select pg_sleep(300)"); });
    CHECK(failed.kind() == tusk::error_kind::timeout);
    CHECK(failed.session_usable());
    CHECK(through.proxy().happened(cancel));
    CHECK(complaint_about_state(through.db(), true).empty());
  }
}

TEST_CASE(
    "a session waits until the server has done with a cancel request, lest it hit what is next") {
  faulty_session through(plain, {.drain_timeout = noticing});
  for (int i = 0; i < 2; ++i) {
    const std::size_t cancel = through.proxy().connections();
    // It arrives when the statement that it is meant for is over.
    through.proxy().plan(cancel,
                         {.what = fault_kind::delay, .way = direction::to_server, .pause = 4s});
    const auto failed = error_of<tusk::operational_error>(
        [&] { return through.db().execute({.timeout = giving_up}, "select pg_sleep(3)"); });
    CHECK(failed.kind() == tusk::error_kind::timeout);
    CHECK(failed.session_usable());
    CHECK(through.proxy().happened(cancel));
    CHECK(through.db().execute("select pg_sleep(0.3)").rows() == 1);
  }
}

TEST_CASE(
    "a cancel request whose end is never seen makes the session unusable, not its next statement") {
  faulty_session through(plain, {.drain_timeout = 2s});
  const std::size_t cancel = through.proxy().connections();
  // No byte comes back: it is the end itself that is held back.
  through.proxy().plan(cancel, {.what = fault_kind::stall, .way = direction::to_client});
  const auto failed = error_of<tusk::operational_error>(
      [&] { return through.db().execute({.timeout = giving_up}, "select pg_sleep(300)"); });
  CHECK(failed.kind() == tusk::error_kind::timeout);
  CHECK(through.proxy().happened(cancel));
  CHECK_FALSE(failed.session_usable());
  CHECK(complaint_about_state(through.db(), false).empty());
  through.reset();
  CHECK(complaint_about_state(through.db(), true).empty());
}
