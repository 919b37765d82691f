#pragma once

#include <cstdint>
#include <cstdlib>

#include "libpq_connection.hpp"

namespace bench {

inline std::int64_t int_in_text(const char* text) {
  return std::strtoll(text, nullptr, 10);
}

/// What the one row of `point` adds to the digest. Throws when there is not exactly one.
[[nodiscard]] std::uint64_t point_digest(const result& row, format in);

}  // namespace bench
