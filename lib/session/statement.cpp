#include "tusk/statement.hpp"

#include "session/session_core.hpp"

namespace tusk {

statement::statement(std::shared_ptr<detail::session_core> core,
                     std::shared_ptr<detail::prepared_statement> what) noexcept
    : core_(std::move(core)), what_(std::move(what)) {}

statement& statement::operator=(statement&& other) noexcept {
  if (this != &other) {
    close();
    core_ = std::move(other.core_);
    what_ = std::move(other.what_);
  }
  return *this;
}

std::string_view statement::text() const noexcept {
  return what_ == nullptr ? std::string_view() : std::string_view(what_->sql);
}

const std::vector<oid>& statement::parameters() const noexcept {
  static const std::vector<oid> none;
  return what_ == nullptr ? none : what_->parameters;
}

const std::vector<column>& statement::columns() const noexcept {
  static const std::vector<column> none;
  return what_ == nullptr ? none : what_->columns;
}

void statement::close() noexcept {
  if (what_ != nullptr) core_->release(*what_);
  what_.reset();
  core_.reset();
}

statement_ref::statement_ref(const statement& prepared) noexcept
    : text_(prepared.text()), prepared_(&prepared.what_), owner_(prepared.core_.get()) {}

}  // namespace tusk
