#include "session/scopes.hpp"

#include <algorithm>
#include <string_view>

namespace tusk::detail {

std::string_view words_for(scope_end how) noexcept {
  switch (how) {
    case scope_end::committed: return "it was committed";
    case scope_end::prepared: return "it was prepared for a two-phase commit";
    case scope_end::rolled_back: return "it was rolled back";
    case scope_end::released: return "it was released";
    case scope_end::in_doubt: return "whether its COMMIT took effect is not known";
    case scope_end::by_statement:
      return "a COMMIT or ROLLBACK that was run as a statement has ended it";
    case scope_end::by_reset: return "the session was reset";
  }
  return "?";
}

std::uint64_t scope_list::open() {
  open_.push_back(numbers_ + 1);
  return ++numbers_;
}

bool scope_list::holds(std::uint64_t scope) const noexcept {
  return std::find(open_.begin(), open_.end(), scope) != open_.end();
}

void scope_list::end(std::uint64_t scope, scope_end how) noexcept {
  const auto first = std::find(open_.begin(), open_.end(), scope);
  for (auto each = first; each != open_.end(); ++each) {
    ended_[next_ended_] = {*each, how, each != open_.begin(), each != first};
    next_ended_ = (next_ended_ + 1) % ended_.size();
  }
  if (first != open_.end() && !ties_.empty()) {
    const std::uint64_t outer = first == open_.begin() ? 0 : *(first - 1);
    ties_.scopes_ended(&*first, static_cast<std::size_t>(open_.end() - first), outer, how);
  }
  open_.erase(first, open_.end());
}

void scope_list::retell(std::uint64_t scope, scope_end how) noexcept {
  for (ended_scope& each : ended_)
    if (each.number == scope) each.how = how;
  ties_.retell(scope, how);
}

std::string scope_list::why_ended(std::uint64_t scope) const {
  if (holds(scope)) return {};
  const auto found = std::find_if(ended_.begin(), ended_.end(), [scope](const ended_scope& each) {
    return each.number == scope;
  });
  if (found == ended_.end())
    return "the transaction or savepoint is over: it was committed, released or rolled back";
  std::string why = found->is_savepoint ? "the savepoint is over: " : "the transaction is over: ";
  // What became of the one around it is told to those who use that.
  if (found->with_outer) return why + "so is the transaction or the savepoint around it";
  return why.append(words_for(found->how));
}

}  // namespace tusk::detail
