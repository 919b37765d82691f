// What the network does to a call: the same verbs, faults at every byte.

#include <cstdio>
#include <string>

#include "integration/fault_trials.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

const std::string plain = "user=u_trust sslmode=disable";

passed_bytes good_run(const verb& what, const std::string& parameters) {
  faulty_session through(parameters, what.options);
  return bytes_of(what, through);
}

void report(const verb& what, std::string_view fault, const passed_bytes& good,
            const std::vector<trial>& trials, const tally& count) {
  std::printf(
      "faults: %-26s %-10.*s at %4zu of %6llu bytes: happened %4zu, failed %4zu, usable %4zu\n",
      what.name, static_cast<int>(fault.size()), fault.data(), trials.size(),
      static_cast<unsigned long long>(good.to_server + good.to_client), count.happened.load(),
      count.failed.load(), count.usable.load());
}

void try_it(const verb& what, fault_kind fault, thoroughness how) {
  const passed_bytes good = good_run(what, plain);
  REQUIRE(good.to_server > 0);
  REQUIRE(good.to_client > 0);
  const std::vector<trial> trials = trials_of(good, {fault}, how);
  tally count;
  for (const std::string& complaint : complaints_of(what, plain, trials, count))
    FAIL_CHECK(complaint);
  report(what, name_of(fault), good, trials, count);
  CHECK(count.happened > 0);
}

}  // namespace

TEST_CASE("a connection that is cut at any byte ends each call at once, and says so") {
  for (const verb& what : verbs()) {
    try_it(what, fault_kind::reset, thoroughness::every);
    try_it(what, fault_kind::close, thoroughness::some);
  }
}

TEST_CASE("a connection of which one direction ends at any byte ends each call at once") {
  for (const verb& what : verbs())
    try_it(what, fault_kind::half_close, thoroughness::some);
}

TEST_CASE("a connection that falls silent at any byte ends each call when its time is up") {
  for (const verb& what : verbs())
    try_it(what, fault_kind::stall, thoroughness::every);
}

TEST_CASE("over a Unix socket a cut is noticed as well") {
  const temporary_folder folder;
  const verb& what = verbs().front();
  faulty_session through(folder, "user=u_trust", {.drain_timeout = giving_up});
  const passed_bytes good = bytes_of(what, through);
  through.reset();
  tally count;
  const std::vector<trial> trials = trials_of(
      good, {fault_kind::reset, fault_kind::close, fault_kind::half_close}, thoroughness::some);
  for (const trial& one : trials) {
    const std::string complaint = complaint_about(what, one, through, count);
    if (!complaint.empty()) FAIL_CHECK(described(one) << ": " << complaint);
  }
  CHECK(count.happened == trials.size());
}
