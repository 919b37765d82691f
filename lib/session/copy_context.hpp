#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tusk::detail {

/// Where a COPY was when it failed.
struct copy_context {
  std::uint64_t line = 0;  ///< from 1; 0 when it is not told
  std::string column{};    ///< empty when it was at none

  friend bool operator==(const copy_context&, const copy_context&) = default;
};

/// Reads it out of an error's context, field W, in English or the words of PostgreSQL 15's
/// translations.
[[nodiscard]] copy_context read_copy_context(std::string_view context);

}  // namespace tusk::detail
