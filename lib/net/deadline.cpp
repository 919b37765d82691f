#include "net/deadline.hpp"

#include <algorithm>
#include <climits>

namespace tusk::net {

namespace {
// The clock cannot count much further: what lies beyond is as good as never.
constexpr std::chrono::milliseconds longest = std::chrono::years(100);
}  // namespace

deadline deadline::after(std::optional<std::chrono::milliseconds> from_now) {
  deadline made;
  if (from_now && *from_now <= longest) {
    made.given_ = std::max(*from_now, std::chrono::milliseconds::zero());
    made.at_ = clock::now() + made.given_;
  }
  return made;
}

std::string deadline::within() const {
  return "within " + std::to_string(given_.count()) + " ms";
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
