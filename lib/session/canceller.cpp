#include "tusk/canceller.hpp"

#include "session/cancel_gate.hpp"

namespace tusk {

std::string_view name_of(cancel_outcome outcome) noexcept {
  switch (outcome) {
    case cancel_outcome::nothing_running: return "nothing running";
    case cancel_outcome::passed_on: return "passed on";
    case cancel_outcome::not_sent: return "not sent";
    case cancel_outcome::no_key: return "no key";
    case cancel_outcome::uncertain: return "uncertain";
  }
  return "?";
}

cancel_result canceller::cancel(std::chrono::milliseconds timeout) const {
  return gate_->cancel(timeout);
}

}  // namespace tusk
