// What the network does while a session comes about, in plain text and with TLS.

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "integration/fault_trials.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

struct way_in {
  const char* name;
  std::string parameters;
  thoroughness how;
  /// Of a handshake, whose signatures are of several lengths, the last bytes may not come.
  std::uint64_t uncertain;
};

std::vector<way_in> ways_in() {
  const std::string password = " password=" + variable("TUSK_TEST_PASSWORD");
  std::vector<way_in> all{
      {"trust", "user=u_trust sslmode=disable", thoroughness::every, 0},
      {"SCRAM", "user=u_scram sslmode=disable" + password, thoroughness::every, 0}};
  if (const auto root = optional_variable("TUSK_TEST_ROOT_CERT", "--tls"))
    all.push_back({"SCRAM with TLS",
                   "user=u_scram sslmode=verify-full sslrootcert=" + *root + password,
                   thoroughness::some, 16});
  return all;
}

passed_bytes good_run(const way_in& way) {
  faulty_session through(way.parameters);
  passed_bytes good = through.proxy().passed(through.number());
  good.to_server -= way.uncertain;
  good.to_client -= way.uncertain;
  return good;
}

/// A proxy of a worker's own, and the connection string to it.
struct gate {
  explicit gate(const std::string& parameters)
      : proxy(server_by_tcp()),
        dsn("dbname=postgres host=localhost hostaddr=127.0.0.1 port=" +
            std::to_string(proxy.port()) + " " + parameters) {}
  fault_proxy proxy;
  std::string dsn;
};

std::string complaint_about_start(const trial& one, gate& through) {
  const bool silent = one.what == fault_kind::stall;
  const std::size_t number = through.proxy.connections();
  through.proxy.plan(number, {.what = one.what, .way = one.way, .after = one.after});
  const tusk::session_options options{.timeout = silent ? giving_up : noticing};
  try {
    const tusk::session db(through.dsn, options);
    return through.proxy.happened(number) ? "it connected, and bytes are missing"
                                          : "nothing happened";
  } catch (const tusk::operational_error& failed) {
    const auto expected = silent ? tusk::error_kind::timeout : tusk::error_kind::connect;
    // One that was given up is accepted later, and must not meet what the next is meant to meet.
    for (int tries = 0; through.proxy.connections() == number && tries < 500; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::string why;
    if (failed.kind() != expected) why = "the kind of error is another";
    if (failed.session_usable()) why = "a session is called usable that never was";
    if (!failed.safe_to_retry()) why = "nothing was run, and it is not called safe to retry";
    if (failed.message().find("cannot connect to localhost") != 0) why = "the host is not named";
    if (!silent && !through.proxy.happened(number)) why = "nothing happened, and it failed";
    if (failed.report().find(variable("TUSK_TEST_PASSWORD")) != std::string::npos)
      why = "the password is told";
    return why.empty() ? why : why + ": " + failed.report();
  }
}

void try_everywhere(const way_in& way, const std::vector<fault_kind>& faults, thoroughness how) {
  const passed_bytes good = good_run(way);
  const std::vector<trial> trials = trials_of(good, faults, how);
  const auto hire = [&way, &trials] {
    const auto through = std::make_shared<gate>(way.parameters);
    return [&trials, through](std::size_t i) { return complaint_about_start(trials[i], *through); };
  };
  std::printf("faults: connecting by %-16s %5zu trials in %llu bytes to the server, %llu back\n",
              way.name, trials.size(), static_cast<unsigned long long>(good.to_server),
              static_cast<unsigned long long>(good.to_client));
  for (const std::string& complaint : complaints_of(trials.size(), hire, [&](std::size_t i) {
         return way.name + (", " + described(trials[i]));
       }))
    FAIL_CHECK(complaint);
}

}  // namespace

TEST_CASE("a start that is cut at any byte is no session, and is told with the host's name") {
  for (const way_in& way : ways_in()) {
    try_everywhere(way, {fault_kind::reset}, way.how);
    try_everywhere(way, {fault_kind::close, fault_kind::half_close}, thoroughness::some);
  }
}

TEST_CASE("a start that falls silent at any byte ends when its time is up") {
  for (const way_in& way : ways_in())
    try_everywhere(way, {fault_kind::stall}, way.how);
}

TEST_CASE("a start that comes byte by byte, or late, is a session like any other") {
  for (const way_in& way : ways_in()) {
    gate through(way.parameters);
    for (const direction each : {direction::to_server, direction::to_client})
      through.proxy.plan(0, {.what = fault_kind::trickle, .way = each});
    tusk::session db(through.dsn);
    CHECK(through.proxy.happened(0));
    CHECK(db.scalar<int>("select 42") == 42);
    for (const std::uint64_t after : {0U, 1U, 5U, 9U, 70U, 200U}) {
      const std::size_t number = through.proxy.connections();
      for (const direction each : {direction::to_server, direction::to_client}) {
        through.proxy.plan(number, {.what = fault_kind::delay,
                                    .way = each,
                                    .after = after,
                                    .pause = std::chrono::milliseconds(30)});
      }
      tusk::session late(through.dsn);
      CHECK(through.proxy.happened(number));
      CHECK(late.scalar<int>("select 42") == 42);
    }
  }
}
