#include "net/deadline.hpp"

#include <algorithm>
#include <climits>

namespace tusk::net {

deadline deadline::after(std::optional<clock::duration> from_now) {
  deadline made;
  if (from_now) {
    made.at_ = clock::now() + *from_now;
    made.given_ = *from_now;
  }
  return made;
}

std::string deadline::within() const {
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(given_).count();
  return "within " + std::to_string(milliseconds) + " ms";
}

std::optional<deadline::clock::duration> deadline::left() const noexcept {
  if (!at_) return std::nullopt;
  return std::max(*at_ - clock::now(), clock::duration::zero());
}

int deadline::poll_timeout() const noexcept {
  if (!at_) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*left()).count();
  return static_cast<int>(std::min<long long>(wait, INT_MAX));
}

deadline deadline::or_before(const deadline& other) const noexcept {
  if (!at_) return other;
  if (!other.at_) return *this;
  return *at_ <= *other.at_ ? *this : other;
}

}  // namespace tusk::net
