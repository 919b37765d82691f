#include "tusk/transaction.hpp"

#include "session/session_core.hpp"
#include "tusk/session.hpp"

namespace tusk {

std::string_view name_of(isolation level) noexcept {
  switch (level) {
    case isolation::server_default: return {};
    case isolation::read_uncommitted: return "read uncommitted";
    case isolation::read_committed: return "read committed";
    case isolation::repeatable_read: return "repeatable read";
    case isolation::serializable: return "serializable";
  }
  return {};
}

savepoint_scope& savepoint_scope::operator=(savepoint_scope&& other) noexcept {
  if (this != &other) {
    abandon();
    executor::operator=(std::move(other));
  }
  return *this;
}

savepoint savepoint_scope::savepoint() {
  const std::uint64_t inner = core().set_savepoint(scope_);
  return {core_, inner};
}

void savepoint_scope::release() {
  core().end_savepoint(scope_, detail::scope_end::released);
}

void savepoint_scope::rollback() {
  core().end_savepoint(scope_, detail::scope_end::rolled_back);
}

bool savepoint_scope::is_open() const noexcept {
  return core_ != nullptr && core_->is_open(scope_);
}

void savepoint_scope::abandon() noexcept {
  if (core_ != nullptr) core_->abandon_savepoint(scope_);
}

transaction& transaction::operator=(transaction&& other) noexcept {
  if (this != &other) {
    abandon();
    executor::operator=(std::move(other));
  }
  return *this;
}

savepoint transaction::savepoint() {
  const std::uint64_t inner = core().set_savepoint(scope_);
  return {core_, inner};
}

void transaction::commit() {
  core().commit(scope_);
}

void transaction::rollback() {
  core().roll_back(scope_);
}

void transaction::prepare_commit(std::string_view id) {
  core().prepare_commit(scope_, id);
}

bool transaction::is_open() const noexcept {
  return core_ != nullptr && core_->is_open(scope_);
}

void transaction::abandon() noexcept {
  if (core_ != nullptr) core_->abandon_transaction(scope_);
}

transaction session::begin(const transaction_options& options) {
  const std::uint64_t scope = core().begin(options);
  return {core_, scope};
}

}  // namespace tusk
