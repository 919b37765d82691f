#include "support/fault_lane.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace tusk::test {

void fault_lane::join(int from, int to) noexcept {
  from_ = from;
  to_ = to;
}

void fault_lane::plan(fault what) {
  planned_ = std::move(what);
}

void fault_lane::mark() noexcept {
  mark_ = passed_;
  planned_.reset();
  happened_ = false;
  piece_ = 0;
}

// False when there is nothing for now.
bool fault_lane::read_more() {
  std::array<std::byte, 16384> more;
  const ssize_t count = ::recv(from_, more.data(), more.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count <= 0) {
    by_reset_ = count < 0;
    state_ = state_ == state::discarding ? state::done : state::ended;
    return true;
  }
  if (state_ == state::open) held_.assign(more.begin(), more.begin() + count);
  return true;
}

fault_lane::verdict fault_lane::strike() {
  const fault what = *std::exchange(planned_, std::nullopt);
  happened_ = true;
  if (what.then) what.then();
  switch (what.what) {
    case fault_kind::none: break;
    case fault_kind::reset: return verdict::reset;
    case fault_kind::close: return verdict::close;
    case fault_kind::half_close:
      ::shutdown(to_, SHUT_WR);
      held_.clear();
      state_ = state::discarding;
      break;
    case fault_kind::stall: state_ = state::stalled; break;
    case fault_kind::delay: not_before_ = clock::now() + what.pause; break;
    case fault_kind::trickle:
      piece_ = what.piece;
      pause_ = what.pause;
      break;
    case fault_kind::corrupt: held_.front() ^= std::byte{what.mask}; break;
  }
  return verdict::go_on;
}

// False when the destination takes no more for now.
bool fault_lane::send_some() {
  std::size_t size = held_.size();
  if (planned_ && planned_->after > passed())
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, planned_->after - passed()));
  if (piece_ != 0) size = std::min(size, piece_);
  const ssize_t count = ::send(to_, held_.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
  is_full_ = count < 0 && (errno == EAGAIN || errno == EINTR);
  if (is_full_) return false;
  if (count < 0) {  // it is gone, which the other lane will be told
    held_.clear();
    state_ = state::discarding;
    return true;
  }
  held_.erase(held_.begin(), held_.begin() + count);
  passed_ += static_cast<std::uint64_t>(count);
  if (piece_ != 0) not_before_ = clock::now() + pause_;
  return true;
}

// All that was to pass before the source's end has passed.
fault_lane::verdict fault_lane::end() {
  const bool held_back =
      planned_ && planned_->after <= passed() &&
      (planned_->what == fault_kind::stall || planned_->what == fault_kind::delay);
  if (held_back) {
    strike();
    if (state_ == state::stalled) is_awaited_ = false;
  }
  if (state_ == state::stalled || clock::now() < not_before_) return verdict::go_on;
  if (by_reset_) return verdict::reset;
  ::shutdown(to_, SHUT_WR);
  state_ = state::done;
  return verdict::go_on;
}

fault_lane::verdict fault_lane::move() {
  for (;;) {
    if (state_ == state::done) return verdict::go_on;
    if (state_ == state::stalled) {
      // Nothing is read, so that the sender is held up as by a network that swallows all.
      pollfd gone{from_, POLLRDHUP, 0};
      return is_awaited_ && ::poll(&gone, 1, 0) > 0 ? verdict::reset : verdict::go_on;
    }
    if (held_.empty()) {
      if (state_ == state::ended) return end();
      if (!read_more()) return verdict::go_on;
      continue;
    }
    if (clock::now() < not_before_) return verdict::go_on;
    if (planned_ && planned_->after <= passed()) {
      const verdict struck = strike();
      if (struck != verdict::go_on) return struck;
    } else if (!send_some()) {
      return verdict::go_on;
    }
  }
}

short fault_lane::awaited_from() const noexcept {
  if (state_ == state::stalled) return is_awaited_ ? POLLRDHUP : 0;
  const bool reads = state_ == state::open || state_ == state::discarding;
  return reads && held_.empty() ? POLLIN : 0;
}

short fault_lane::awaited_to() const noexcept {
  return is_full_ && !held_.empty() && state_ != state::stalled ? POLLOUT : 0;
}

std::optional<fault_lane::clock::time_point> fault_lane::due() const noexcept {
  const bool waits = state_ == state::ended || (state_ == state::open && !held_.empty());
  if (!waits || is_full_) return std::nullopt;
  return not_before_;
}

}  // namespace tusk::test
