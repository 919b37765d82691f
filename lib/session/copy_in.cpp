#include "tusk/copy_in.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "session/copy_state.hpp"
#include "session/local_data.hpp"
#include "session/misuse.hpp"
#include "session/session_core.hpp"

// The caller's handle on a COPY FROM STDIN.
namespace tusk {

namespace {

// Writes what the source gives at once; 0 at its end.
std::size_t pull_piece(detail::copy_in_state& state, const detail::byte_pull& source) {
  proto::writer& out = *state.out;
  const std::size_t at = out.size();
  const std::size_t room = state.full_at - at;
  std::byte* const into = out.claim(room);
  if (into == nullptr) {
    out.truncate(at);
    throw std::bad_alloc();
  }
  std::size_t count = 0;
  state.pulling = true;
  try {
    count = source.read(source.context, {into, room});
  } catch (...) {
    state.pulling = false;
    if (state.open) out.truncate(at);
    throw;
  }
  state.pulling = false;
  if (!state.open) detail::misuse("the COPY has been ended by its source of bytes", state.sql);
  out.truncate(at + std::min(count, room));
  if (count > room) detail::misuse("a source of bytes has given more than there was room", {});
  return count;
}

}  // namespace

copy_in::copy_in(std::shared_ptr<detail::session_core> core,
                 std::shared_ptr<detail::copy_in_state> state) noexcept
    : core_(std::move(core)), state_(std::move(state)), feed_(state_.get()) {}

copy_in::copy_in(copy_in&& other) noexcept
    : core_(std::move(other.core_)),
      state_(std::move(other.state_)),
      feed_(std::exchange(other.feed_, nullptr)) {}

copy_in& copy_in::operator=(copy_in&& other) noexcept {
  if (this != &other) {
    leave({});
    core_ = std::move(other.core_);
    state_ = std::move(other.state_);
    feed_ = std::exchange(other.feed_, nullptr);
  }
  return *this;
}

detail::copy_in_state& copy_in::open_state() const {
  if (state_ == nullptr) detail::misuse("the COPY was moved from", {});
  if (!state_->open) detail::misuse("the COPY is over", state_->sql);
  if (state_->pulling)
    detail::misuse("a source of bytes cannot use the COPY that it is being read for", state_->sql);
  if (!state_->filling)
    detail::misuse("the COPY cannot be used by a function that is told something while it sends",
                   state_->sql);
  return *state_;
}

void copy_in::begin_rows() {
  detail::copy_in_state& state = open_state();
  core_->begin_copy_rows(state);
}

void copy_in::push() {
  detail::copy_in_state& state = open_state();
  core_->push_copy(state);
}

void copy_in::write(bytes_view data) {
  std::size_t at = 0;
  write_from([&](std::span<std::byte> into) {
    const std::size_t count = std::min(into.size(), data.size() - at);
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
    at += count;
    return count;
  });
}

// Straight into the session's output buffer. The source may do anything meanwhile, such as give the
// COPY up, or destroy the handle.
std::uint64_t copy_in::write_pulled(const detail::byte_pull& source) {
  static_cast<void>(open_state());
  const std::shared_ptr<detail::copy_in_state> state = state_;
  const std::shared_ptr<detail::session_core> core = core_;
  if (state->given == detail::copy_in_state::content::rows)
    detail::misuse("rows have been given to the COPY: bytes cannot be mixed with them", state->sql);
  state->given = detail::copy_in_state::content::bytes;
  std::uint64_t total = 0;
  while (const std::size_t count = pull_piece(*state, source)) {
    total += count;
    if (state->out->size() >= state->full_at) core->push_copy(*state);
  }
  return total;
}

std::uint64_t copy_in::write_from(std::istream& source) {
  return write_from(detail::stream_source(source, "the stream with the data for a COPY"));
}

std::uint64_t copy_in::write_from_descriptor(int descriptor) {
  return write_from(detail::descriptor_source(
      descriptor, detail::name_of_descriptor(descriptor) + " with the data for a COPY"));
}

std::uint64_t copy_in::write_from(copy_out& source) {
  static_cast<void>(open_state());
  if (format() != source.format()) {
    detail::misuse("a COPY in format " + std::string(name_of(source.format())) +
                       " cannot be written into one in format " + std::string(name_of(format())),
                   state_->sql);
  }
  try {
    return source.write_to([this](bytes_view part) { write(part); });
  } catch (...) {
    leave({});  // what has come is a part of something
    throw;
  }
}

std::uint64_t copy_in::finish() {
  detail::copy_in_state& state = open_state();
  return core_->finish_copy(state);
}

bool copy_in::is_open() const noexcept {
  return state_ != nullptr && state_->open;
}

copy_format copy_in::format() const noexcept {
  return state_ != nullptr ? state_->facts.format : copy_format::text;
}

std::size_t copy_in::columns() const noexcept {
  return state_ != nullptr ? state_->facts.columns : 0;
}

std::uint64_t copy_in::rows_taken() const noexcept {
  return state_ != nullptr ? state_->taken : 0;
}

std::uint64_t copy_in::rows_written() const noexcept {
  return state_ != nullptr && state_->rows ? state_->rows->rows() : 0;
}

std::uint64_t copy_in::bytes_written() const noexcept {
  if (state_ == nullptr) return 0;
  const std::size_t waiting = state_->filling ? state_->out->size() - state_->begun - 4 : 0;
  return state_->bytes + waiting;
}

void copy_in::leave(std::string_view why) noexcept {
  if (is_open()) core_->leave_copy(*state_, why);
}

}  // namespace tusk
