// Networks that are slow, or in which bytes change.

#include <cstdio>
#include <random>
#include <string>

#include "integration/fault_trials.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

const std::string plain = "user=u_trust sslmode=disable";

std::optional<std::string> encrypted() {
  const auto root = optional_variable("TUSK_TEST_ROOT_CERT", "--tls");
  if (!root) return std::nullopt;
  return "user=u_trust sslmode=verify-full sslrootcert=" + *root;
}

/// Runs each verb while both directions come in pieces, or late at a few places.
void run_slowly(const std::string& parameters) {
  const auto both = {direction::to_server, direction::to_client};
  for (const verb& what : verbs()) {
    CAPTURE(what.name, parameters);
    faulty_session through(parameters, what.options);
    const passed_bytes good = bytes_of(what, through);
    for (const std::size_t piece : {1U, 3U}) {
      through.reset();
      what.prepare(through.db());
      through.proxy().mark(through.number());
      // The first bytes one by one; all of a long answer would take long.
      for (const direction way : both)
        through.proxy().plan(through.number(),
                             {.what = fault_kind::trickle,
                              .way = way,
                              .piece = good.to_client > 5000 ? 997 * piece : piece});
      what.run(through.db(), {});
      CHECK(through.proxy().happened(through.number()));
      CHECK(complaint_about_state(through.db(), true).empty());
    }
    for (const direction way : both) {
      const std::uint64_t bytes = way == direction::to_server ? good.to_server : good.to_client;
      for (const std::uint64_t after : {std::uint64_t{0}, std::uint64_t{5}, bytes / 2, bytes - 1}) {
        through.reset();
        what.prepare(through.db());
        through.proxy().mark(through.number());
        through.proxy().plan(through.number(), {.what = fault_kind::delay,
                                                .way = way,
                                                .after = after,
                                                .pause = std::chrono::milliseconds(20)});
        what.run(through.db(), {});
        if (!what.quiet) CHECK(through.proxy().happened(through.number()));
        CHECK(complaint_about_state(through.db(), true).empty());
      }
    }
  }
}

/// A byte is another. Whatever comes of it, the call ends, and a reset helps.
std::string complaint_about_corruption(const verb& what, const trial& one, std::uint8_t mask,
                                       faulty_session& through, bool must_fail) {
  what.prepare(through.db());
  through.proxy().mark(through.number());
  through.proxy().plan(through.number(),
                       {.what = one.what, .way = one.way, .after = one.after, .mask = mask});
  bool failed = false;
  std::string why;
  try {
    what.run(through.db(), {.timeout = giving_up});
  } catch (const tusk::error& error) {
    failed = true;
    const bool broken = through.db().status() == tusk::session_status::broken;
    if (error.session_usable() == broken && !(broken && what.goes_on))
      why = "the session's state is not told: " + error.report();
  } catch (const std::runtime_error&) {
    failed = true;  // the answer is another
  }
  if (must_fail && !failed && through.proxy().happened(through.number()) &&
      through.db().status() != tusk::session_status::broken)
    why = "a byte was changed under TLS, and nobody noticed";
  through.reset();
  if (through.db().script("select 6 * 7")[0][0][0].as<std::string>() != "42")
    why += " after a reset it answers wrongly";
  return why;
}

void corrupt_everywhere(const std::string& parameters, bool must_fail) {
  for (const verb& what : verbs()) {
    faulty_session good(parameters, what.options);
    const std::vector<trial> trials =
        trials_of(bytes_of(what, good), {fault_kind::corrupt}, thoroughness::some);
    std::vector<std::uint8_t> masks;
    std::mt19937 dice(seed());
    for (std::size_t i = 0; i < trials.size(); ++i)
      masks.push_back(static_cast<std::uint8_t>(1 + dice() % 255));
    const auto hire = [&] {
      tusk::session_options options = what.options;
      options.drain_timeout = giving_up;
      const auto through = std::make_shared<faulty_session>(parameters, options);
      return [&, through](std::size_t i) {
        return complaint_about_corruption(what, trials[i], masks[i], *through, must_fail);
      };
    };
    const auto description = [&](std::size_t i) {
      return std::string(what.name) + ", " + described(trials[i]) + " by " +
             std::to_string(masks[i]);
    };
    for (const std::string& complaint : complaints_of(trials.size(), hire, description))
      FAIL_CHECK(complaint);
  }
}

}  // namespace

TEST_CASE("a network that passes byte by byte, or late, changes no answer") {
  run_slowly(plain);
}

TEST_CASE("nor does it under TLS") {
  if (const auto parameters = encrypted()) run_slowly(*parameters);
}

TEST_CASE("a byte that is changed on the way never hangs a call, and a reset helps") {
  corrupt_everywhere(plain, false);
}

TEST_CASE("a byte that is changed under TLS is always noticed") {
  if (const auto parameters = encrypted()) corrupt_everywhere(*parameters, true);
}
