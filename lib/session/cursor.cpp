#include "tusk/cursor.hpp"

#include <string>

#include "session/cursor_state.hpp"
#include "session/session_core.hpp"

// What the cursors of the public API ask of the session.
namespace tusk::detail {

namespace {

constexpr std::uint64_t most_rows = 0x7fffffff;

[[noreturn]] void misuse(std::string message) {
  raise({.kind = error_kind::usage, .message = std::move(message), .safe_to_retry = true});
}

}  // namespace

cursor_step some_rows(cursor_motion motion, std::uint64_t count) {
  if (count == 0 || count > most_rows) {
    misuse("a cursor goes by 1 to " + std::to_string(most_rows) + " rows at once, not by " +
           std::to_string(count));
  }
  return {motion, static_cast<std::int64_t>(count)};
}

cursor_source::cursor_source(std::shared_ptr<session_core> core,
                             std::shared_ptr<cursor_state> state) noexcept
    : core_(std::move(core)), state_(std::move(state)) {}

cursor_source& cursor_source::operator=(cursor_source&& other) noexcept {
  if (this != &other) {
    close();
    core_ = std::move(other.core_);
    state_ = std::move(other.state_);
    batch_ = std::move(other.batch_);
    at_ = other.at_;
    left_ = std::exchange(other.left_, 0);
  }
  return *this;
}

cursor_state& cursor_source::state() const {
  if (state_ == nullptr) misuse("the cursor was closed, or moved from");
  return *state_;
}

cursor_step cursor_source::one_batch() const {
  return {cursor_motion::forward, state().fetch_size};
}

// The rows before are let go first, so that there is never more than one batch.
bool cursor_source::next_batch() {
  const cursor_step step = one_batch();
  batch_ = fetch(step);
  left_ = batch_->rows;
  if (left_ == 0) return false;
  at_ = row_position(*batch_, 0);
  return true;
}

void cursor_source::drop_batch() noexcept {
  batch_.reset();
  left_ = 0;
}

std::shared_ptr<const row_store> cursor_source::fetch(const cursor_step& step) {
  cursor_state& from = state();
  drop_batch();
  return core_->fetch(from, step);
}

std::uint64_t cursor_source::move(const cursor_step& step) {
  cursor_state& what = state();
  drop_batch();
  return core_->move(what, step);
}

const std::vector<column>& cursor_source::described() const noexcept {
  static const std::vector<column> none;
  return state_ == nullptr ? none : state_->columns->columns;
}

std::string_view cursor_source::name() const noexcept {
  return state_ == nullptr ? std::string_view() : std::string_view(state_->name);
}

bool cursor_source::done() const noexcept {
  return state_ == nullptr || state_->done;
}

std::uint64_t cursor_source::rows() const noexcept {
  return state_ == nullptr ? 0 : state_->rows;
}

void cursor_source::close() noexcept {
  if (state_ != nullptr) core_->leave_cursor(*state_);
  drop_batch();
  state_.reset();
  core_.reset();
}

}  // namespace tusk::detail
