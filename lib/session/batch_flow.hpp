#pragma once

#include <exception>
#include <utility>

#include "session/batch_state.hpp"
#include "session/session_flow.hpp"

namespace tusk::detail {

// How a batch goes, whatever it is made of. `write` takes the elements and writes their statements;
// one Sync ends them. When it throws, what has been sent is made to fail, so that nothing remains.
template <class Write>
void session_core::in_one_group(batch_state& state, const net::deadline& until, Write&& write) {
  const auto before = talk().mark();
  try {
    write();
  } catch (const error& failed) {
    spoil_group(state, before);
    if (state.now == batch_state::step::sending) throw;
    line_->drain(until);
    if (state.now == batch_state::step::taking) {
      state.thrown_by_range = std::current_exception();
      return;
    }
    error_details details = failed.details();
    details.element = state.elements;
    raise(std::move(details));
  } catch (...) {
    spoil_group(state, before);
    line_->drain(until);
    state.thrown_by_range = std::current_exception();
    return;
  }
  end_group(state, until);
}

}  // namespace tusk::detail
