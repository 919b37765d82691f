#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "session/scope_tie.hpp"

namespace tusk::detail {

/// The open transaction and its savepoints, each known by a number that is never used again, and
/// how the last ones ended: for a clear word to those who go on using them.
class scope_list {
 public:
  /// Opens one inside the innermost.
  std::uint64_t open();
  [[nodiscard]] bool empty() const noexcept { return open_.empty(); }
  [[nodiscard]] bool holds(std::uint64_t scope) const noexcept;
  /// Ends this one and what is inside of it.
  void end(std::uint64_t scope, scope_end how) noexcept;
  void end_all(scope_end how) noexcept {
    if (!open_.empty()) end(open_.front(), how);
  }
  /// Something else is known of how it ended, by now.
  void retell(std::uint64_t scope, scope_end how) noexcept;
  /// As a sentence; empty for one that is open.
  [[nodiscard]] std::string why_ended(std::uint64_t scope) const;
  /// 0 when none is open.
  [[nodiscard]] std::uint64_t innermost() const noexcept {
    return open_.empty() ? 0 : open_.back();
  }
  /// What ends with them.
  [[nodiscard]] tie_list& ties() noexcept { return ties_; }

 private:
  struct ended_scope {
    std::uint64_t number = 0;
    scope_end how = scope_end::committed;
    bool is_savepoint = false;
    bool with_outer = false;  ///< because what is around it ended
  };

  std::vector<std::uint64_t> open_;  ///< outermost first
  std::array<ended_scope, 16> ended_{};
  std::size_t next_ended_ = 0;
  tie_list ties_;
  std::uint64_t numbers_ = 0;
};

}  // namespace tusk::detail
