#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/options.hpp"
#include "tusk/server_message.hpp"
#include "tusk/statement_event.hpp"

namespace tusk::detail {

using notification_handler = callback<void(const notification&)>;

/// The functions of the caller's that are called in the middle of an exchange. What they throw must
/// not tear it apart, so it is kept until the call is over.
class listeners {
 public:
  explicit listeners(const session_options& options)
      : on_notice(options.on_notice),
        on_parameter_change(options.on_parameter_change),
        on_statement(options.on_statement) {}

  callback<void(const notice&)> on_notice;
  callback<void(std::string_view, std::string_view)> on_parameter_change;
  callback<void(const statement_event&)> on_statement;

  /// Who is told of notifications, by channel.
  std::vector<std::pair<std::string, notification_handler>> handlers;

  /// Puts a handler, or none, in the place of the one that it gives.
  notification_handler set_handler(std::string_view channel, notification_handler told) {
    for (auto at = handlers.begin(); at != handlers.end(); ++at) {
      if (at->first != channel) continue;
      notification_handler before = std::exchange(at->second, std::move(told));
      if (!at->second) handlers.erase(at);
      return before;
    }
    if (told) handlers.emplace_back(channel, std::move(told));
    return {};
  }
  [[nodiscard]] notification_handler handler_of(std::string_view channel) const noexcept {
    for (const auto& [name, told] : handlers)
      if (name == channel) return told;
    return {};
  }

  /// Calls `whom`, if there is anybody: a copy, for a function may put another in its own place.
  template <class... Given, class... Told>
  void tell(callback<void(Given...)> whom, const Told&... what) noexcept {
    if (!whom) return;
    ++talking_;
    try {
      whom(what...);
    } catch (...) {
      if (thrown_ == nullptr) thrown_ = std::current_exception();
    }
    --talking_;
  }

  /// Whether one of them is being called.
  [[nodiscard]] bool talking() const noexcept { return talking_ != 0; }
  /// Whether one has thrown something since the last time.
  [[nodiscard]] bool has_thrown() const noexcept { return thrown_ != nullptr; }
  /// Throws what was thrown first since the last time.
  void rethrow() {
    if (thrown_ != nullptr) [[unlikely]]
      std::rethrow_exception(std::exchange(thrown_, nullptr));
  }
  /// The call has an error of its own, which goes out instead.
  void forget() noexcept { thrown_ = nullptr; }

 private:
  int talking_ = 0;
  std::exception_ptr thrown_{};
};

}  // namespace tusk::detail
