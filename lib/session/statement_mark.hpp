#pragma once

#include <utility>

namespace tusk::detail {

class session_core;

/// The session runs something as long as this lives. They nest.
class statement_mark {
 public:
  statement_mark() = default;
  /// Waits for cancels of what ran before; throws when they do not come to their end.
  explicit statement_mark(session_core& of);
  statement_mark(statement_mark&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
  statement_mark& operator=(statement_mark&& other) noexcept {
    std::swap(of_, other.of_);
    return *this;
  }
  ~statement_mark();

 private:
  session_core* of_ = nullptr;
};

}  // namespace tusk::detail
