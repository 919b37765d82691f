#include "session/statement_cache.hpp"

#include <utility>

namespace tusk::detail {

std::size_t prepared_statement::cost() const noexcept {
  std::size_t bytes = sizeof(prepared_statement) + sql.size() + parameters.size() * sizeof(oid);
  // The columns stand twice: as described, and as chosen.
  for (const column& each : columns)
    bytes += 2 * (sizeof(column) + each.name.size());
  return bytes;
}

void prepared_statement::take_parameters(const prepared_statement& from) {
  parameters = from.parameters;
  targets = from.targets;
  parameter_info = from.parameter_info;
}

const statement_cache::pointer& statement_cache::find(std::string_view sql) {
  static const pointer none;
  // Loops run the same statement again and again.
  if (!by_use_.empty() && by_use_.front()->sql == sql) return by_use_.front();
  const auto found = by_text_.find(sql);
  if (found == by_text_.end()) return none;
  if (found->second != by_use_.begin()) by_use_.splice(by_use_.begin(), by_use_, found->second);
  return by_use_.front();
}

void statement_cache::insert(pointer fresh, std::vector<std::string>& evicted) {
  std::list<pointer> alone;  // not among the others before it can be found there
  const pointer& kept = alone.emplace_back(std::move(fresh));
  by_text_.emplace(kept->sql, alone.begin());
  kept->counted = kept->cost();
  bytes_ += kept->counted;
  by_use_.splice(by_use_.begin(), alone);
  while (by_use_.size() > 1 && (by_use_.size() > most_entries_ || bytes_ > most_bytes_))
    drop_last(evicted);
}

void statement_cache::remove(std::string_view sql, std::vector<std::string>& evicted) {
  const auto found = by_text_.find(sql);
  if (found == by_text_.end()) return;
  by_use_.splice(by_use_.end(), by_use_, found->second);
  drop_last(evicted);
}

void statement_cache::drop_last(std::vector<std::string>& evicted) {
  const prepared_statement& last = *by_use_.back();
  if (!last.name.empty()) evicted.push_back(last.name);
  bytes_ -= last.counted;
  by_text_.erase(last.sql);
  by_use_.pop_back();
}

void statement_cache::clear() noexcept {
  by_text_.clear();
  by_use_.clear();
  bytes_ = 0;
}

void statement_cache::clear(std::vector<std::string>& evicted) {
  while (!by_use_.empty())
    drop_last(evicted);
}

}  // namespace tusk::detail
