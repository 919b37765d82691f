#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tusk::detail {

/// How a transaction or a savepoint came to its end.
enum class scope_end : std::uint8_t {
  committed,
  prepared,
  rolled_back,
  released,
  in_doubt,
  by_statement,  ///< by a COMMIT or ROLLBACK that was run as a statement
  by_reset,
};

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
  std::uint64_t numbers_ = 0;
};

}  // namespace tusk::detail
