#pragma once

#include <memory>
#include <utility>

namespace tusk {

namespace net {
class wake_event;
}

/// Ends a session's wait for a notification, from any thread:
///
///     const tusk::waker stop = db.waker();
///     std::thread other([stop] { ...; stop.wake(); });
///     while (auto said = db.wait_notification()) ...  // ends when it is woken
///
/// Copies are the same. It may be used at any time, also when the session is moved, reset, closed
/// or destroyed; then nobody is woken. In a forked process it wakes nobody.
class waker {
 public:
  /// The `wait_notification` that runs returns nothing; when none runs, the next one does. Several
  /// before that are one. Calls no more of the system than write(2), so that a signal handler may
  /// do it.
  void wake() const noexcept;

 private:
  friend class session;
  explicit waker(std::shared_ptr<net::wake_event> event) noexcept : event_(std::move(event)) {}

  std::shared_ptr<net::wake_event> event_;
};

}  // namespace tusk
