#pragma once

#include <atomic>
#include <thread>

#include "tusk/error.hpp"

namespace tusk::detail {

/// Finds out, in debug builds, that two threads use one session at once, or that a callback uses
/// the session that has called it. In others it costs nothing.
class exclusive_use {
 public:
  /// One use. Throws `programming_error` when there is another.
  class entry {
   public:
#ifdef NDEBUG
    explicit entry(exclusive_use&) noexcept {}
#else
    explicit entry(exclusive_use& of) : user_(of.user_) {
      std::thread::id user;
      const std::thread::id here = std::this_thread::get_id();
      if (user_.compare_exchange_strong(user, here)) return;
      raise({.kind = error_kind::usage,
             .message = user == here ? "the session is used by a callback that it has called itself"
                                     : "the session is used by two threads at once"});
    }
    ~entry() { user_.store(std::thread::id()); }
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

   private:
    std::atomic<std::thread::id>& user_;
#endif
  };

 private:
  std::atomic<std::thread::id> user_{};
};

}  // namespace tusk::detail
