#pragma once

#include <cstdint>
#include <string_view>

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

/// As the second half of a sentence: "it was committed".
[[nodiscard]] std::string_view words_for(scope_end how) noexcept;

}  // namespace tusk::detail
