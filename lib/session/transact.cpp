#include <algorithm>
#include <random>
#include <thread>

#include "session/session_core.hpp"
#include "tusk/sqlstate.hpp"
#include "tusk/transaction.hpp"

// When a transaction is tried again.
namespace tusk::detail {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Doubled for each pause before, and then between half and all of it. From the system's own
// randomness, for processes that were forked alike must not go on alike.
microseconds pause_before(unsigned next_attempt, const transact_options& options) {
  constexpr milliseconds century = std::chrono::years(100);
  const milliseconds longest = std::clamp(options.longest_delay, milliseconds(0), century);
  milliseconds whole = std::clamp(options.first_delay, milliseconds(0), longest);
  for (unsigned i = 2; i < next_attempt && whole < longest; ++i)
    whole = std::min(whole * 2, longest);
  const microseconds most = whole;
  std::random_device dice;
  std::uniform_int_distribution<microseconds::rep> between(most.count() / 2, most.count());
  return microseconds(between(dice));
}

}  // namespace

transact_attempts::transact_attempts(session_core& core, const transact_options& options)
    : core_(core), options_(options) {
  const auto limit = options.timeout ? options.timeout : core.default_timeout();
  // More than a century is as good as none, and cannot be counted.
  if (limit && *limit < std::chrono::years(100))
    until_ = clock::now() + std::max(*limit, milliseconds(0));
}

transaction_options transact_attempts::options() const {
  transaction_options each = options_.transaction;
  if (!until_) return each;
  const auto left =
      std::max(std::chrono::ceil<milliseconds>(*until_ - clock::now()), milliseconds(0));
  each.timeout = each.timeout ? std::min(*each.timeout, left) : left;
  return each;
}

bool transact_attempts::again(const error& failed) {
  const sqlstate_code code = failed.sqlstate();
  const bool transient =
      code == sqlstate::serialization_failure || code == sqlstate::deadlock_detected;
  if (!transient || made_ >= options_.attempts || core_.status() != session_status::open)
    return false;
  const microseconds pause = pause_before(made_ + 1, options_);
  if (until_ && clock::now() + pause >= *until_) return false;
  ++made_;
  std::this_thread::sleep_for(pause);
  return true;
}

}  // namespace tusk::detail
