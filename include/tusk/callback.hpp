#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace tusk {

template <class Signature>
class callback;

/// A function of the caller's, or none. Copies share it. (`std::function` would do, but its header
/// is as large as a fifth of all of tusk's.)
template <class Result, class... Arguments>
class callback<Result(Arguments...)> {
 public:
  callback() = default;
  template <class Function>
    requires(!std::is_same_v<std::remove_cvref_t<Function>, callback> &&
             std::is_invocable_r_v<Result, std::remove_cvref_t<Function>&, Arguments...>)
  callback(Function&& function)  // NOLINT: meant to convert, as a lambda is written in its place
      : target_(std::make_shared<holder<std::remove_cvref_t<Function>>>(
            std::forward<Function>(function))) {}

  /// Whether there is one.
  explicit operator bool() const noexcept { return target_ != nullptr; }
  /// Calls it; there must be one.
  Result operator()(Arguments... arguments) const {
    return target_->call(std::forward<Arguments>(arguments)...);
  }

 private:
  struct base {
    base() = default;
    base(const base&) = delete;
    base& operator=(const base&) = delete;
    virtual ~base() = default;
    virtual Result call(Arguments... arguments) = 0;
  };
  template <class Function>
  struct holder final : base {
    explicit holder(Function given) : function(std::move(given)) {}
    Result call(Arguments... arguments) override {
      return function(std::forward<Arguments>(arguments)...);
    }
    Function function;
  };

  std::shared_ptr<base> target_;
};

}  // namespace tusk
