#include "tusk/pipeline.hpp"

#include "session/session_core.hpp"
#include "session/sql_rendering.hpp"

namespace tusk {

std::string_view name_of(request_status status) noexcept {
  switch (status) {
    case request_status::waiting: return "waiting";
    case request_status::done: return "done";
    case request_status::failed: return "failed";
    case request_status::skipped: return "skipped";
    case request_status::abandoned: return "abandoned";
  }
  return "?";
}

pipeline& pipeline::operator=(pipeline&& other) noexcept {
  if (this != &other) {
    abandon();
    core_ = std::move(other.core_);
    id_ = other.id_;
  }
  return *this;
}

detail::session_core& pipeline::core() const {
  if (core_ == nullptr)
    raise({.kind = error_kind::usage, .message = "the pipeline is finished, or was moved from"});
  return *core_;
}

detail::slot_pointer pipeline::enqueue(statement_ref what,
                                       std::span<const detail::parameter> values,
                                       const detail::row_shape* shape) {
  const detail::composed_call whole(core(), what, values);
  return core_->enqueue(id_, whole.what(), whole.values(), shape);
}

pending<void> pipeline::sync() {
  return pending<void>(core().sync_pipeline(id_));
}

void pipeline::flush() {
  core().flush_pipeline(id_);
}

void pipeline::finish() {
  core().finish_pipeline(id_);
  core_.reset();
}

void pipeline::abandon() noexcept {
  if (core_ != nullptr) core_->abandon_pipeline(id_);
  core_.reset();
}

}  // namespace tusk
