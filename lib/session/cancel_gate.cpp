#include "session/cancel_gate.hpp"

#include <exception>
#include <utility>

namespace tusk::detail {

// A cancel that has gone in, until it comes out. One that was meant for an earlier connection
// concerns nobody any more.
class cancel_gate::visit {
 public:
  explicit visit(cancel_gate& gate) : gate_(gate) {
    const std::lock_guard lock(gate_.changing_);
    is_inside_ = gate_.add_while_running(one_inside);
    connection_ = gate_.connections_;
    target_ = gate_.target_;
  }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  ~visit() {
    if (!is_inside_) return;
    const std::lock_guard lock(gate_.changing_);
    if (connection_ != gate_.connections_) return;
    if (left_ != nullptr) {
      gate_.unsettled_.push_back(std::move(left_));  // there is room
      gate_.state_.fetch_or(unsettled);
    }
    gate_.state_.fetch_sub(one_inside);
    gate_.settled_.notify_all();
  }

  [[nodiscard]] bool is_inside() const noexcept { return is_inside_; }
  [[nodiscard]] const cancel_target& target() const noexcept { return *target_; }

  /// Sets the bit, if what runs is what it was when this went in.
  [[nodiscard]] bool note(std::uint64_t bit) noexcept {
    const std::lock_guard lock(gate_.changing_);
    return connection_ == gate_.connections_ && gate_.add_while_running(bit);
  }
  /// So that leaving cannot fail.
  void make_room() {
    const std::lock_guard lock(gate_.changing_);
    const std::uint64_t inside = gate_.state_.load() / one_inside;
    gate_.unsettled_.reserve(gate_.unsettled_.size() + inside);
  }
  /// The session is to wait for the end of this one.
  void leave_behind(std::unique_ptr<cancel_request> request) noexcept {
    left_ = std::move(request);
  }

 private:
  cancel_gate& gate_;
  bool is_inside_ = false;
  std::uint64_t connection_ = 0;
  std::shared_ptr<const cancel_target> target_;
  std::unique_ptr<cancel_request> left_;
};

cancel_gate::cancel_gate(std::shared_ptr<const cancel_target> at, bool is_running)
    : state_(is_running ? running : 0), target_(std::move(at)) {}

bool cancel_gate::add_while_running(std::uint64_t bits) noexcept {
  std::uint64_t seen = state_.load();
  do {
    if ((seen & running) == 0) return false;
  } while (!state_.compare_exchange_weak(seen, bits < one_inside ? seen | bits : seen + bits));
  return true;
}

bool cancel_gate::wait_and_begin(std::chrono::milliseconds patience) {
  const auto until = net::deadline::after(patience);
  std::unique_lock lock(changing_);
  const auto all_out = [this] { return state_.load() < one_inside; };
  if (const auto left = until.left()) {
    if (!settled_.wait_for(lock, *left, all_out)) return false;
  } else {
    settled_.wait(lock, all_out);
  }
  // Nobody goes in while nothing runs, so nobody touches these.
  lock.unlock();
  for (const auto& request : unsettled_)
    if (request->finish(until) == cancel_end::uncertain) return false;
  unsettled_.clear();
  state_.store(running);
  return true;
}

void cancel_gate::aim(std::shared_ptr<const cancel_target> at) {
  const std::lock_guard lock(changing_);
  target_ = std::move(at);
  ++connections_;
  unsettled_.clear();
  state_.store(0);
}

cancel_result cancel_gate::cancel(std::chrono::milliseconds timeout) {
  const auto until = net::deadline::after(timeout);
  visit inside(*this);
  if (!inside.is_inside()) return {cancel_outcome::nothing_running};
  if (inside.target().key.empty()) return {cancel_outcome::no_key};
  try {
    return send(inside, inside.target(), until);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& thrown) {
    return {cancel_outcome::not_sent, thrown.what()};
  } catch (...) {
    return {cancel_outcome::not_sent, "a callback of the session's options threw an exception"};
  }
}

cancel_result cancel_gate::send(visit& inside, const cancel_target& to,
                                const net::deadline& until) {
  auto request = std::make_unique<cancel_request>(to, until);
  if (!request->is_open()) return {cancel_outcome::not_sent, request->why()};
  inside.make_room();
  // Connecting took its time.
  if (!inside.note(asked)) return {cancel_outcome::nothing_running};
  switch (request->finish(until)) {
    case cancel_end::passed_on:
      static_cast<void>(inside.note(passed));
      return {cancel_outcome::passed_on};
    case cancel_end::not_sent: return {cancel_outcome::not_sent, request->why()};
    case cancel_end::uncertain: break;
  }
  inside.leave_behind(std::move(request));
  return {cancel_outcome::uncertain};
}

}  // namespace tusk::detail
