#include "session/statement_cache.hpp"

#include <utility>

namespace tusk::detail {

std::size_t statement::cost() const noexcept {
  std::size_t bytes = sizeof(statement) + sql.size() + parameters.size() * sizeof(oid);
  // The columns stand twice: as described, and as chosen.
  for (const column& each : columns)
    bytes += 2 * (sizeof(column) + each.name.size());
  return bytes;
}

statement* statement_cache::find(std::string_view sql) {
  // Loops run the same statement again and again.
  if (!by_use_.empty() && by_use_.front().sql == sql) return &by_use_.front();
  const auto found = by_text_.find(sql);
  if (found == by_text_.end()) return nullptr;
  if (found->second != by_use_.begin()) by_use_.splice(by_use_.begin(), by_use_, found->second);
  return &by_use_.front();
}

statement& statement_cache::insert(statement fresh) {
  std::list<statement> alone;  // not among the others before it can be found there
  statement& kept = alone.emplace_back(std::move(fresh));
  by_text_.emplace(kept.sql, alone.begin());
  by_use_.splice(by_use_.begin(), alone);
  bytes_ += kept.cost();
  while (by_use_.size() > 1 && (by_use_.size() > most_entries_ || bytes_ > most_bytes_))
    drop_last();
  return kept;
}

void statement_cache::remove(std::string_view sql) {
  const auto found = by_text_.find(sql);
  if (found == by_text_.end()) return;
  by_use_.splice(by_use_.end(), by_use_, found->second);
  drop_last();
}

void statement_cache::drop_last() {
  statement& last = by_use_.back();
  if (!last.name.empty()) evicted_.push_back(last.name);
  bytes_ -= last.cost();
  by_text_.erase(last.sql);
  by_use_.pop_back();
}

void statement_cache::clear() noexcept {
  by_text_.clear();
  by_use_.clear();
  bytes_ = 0;
}

std::string statement_cache::next_name() {
  return most_entries_ == 0 ? std::string() : "tusk_" + std::to_string(++names_);
}

}  // namespace tusk::detail
