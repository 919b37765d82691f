#pragma once

#include <array>
#include <cstdint>

#include "tusk/types/oids.hpp"

namespace tusk::detail {

/// How a value of fixed size gets from its binary form to its text.
enum class copy_printer : std::uint8_t {
  none,        ///< by its codec only
  characters,  ///< it is text
  boolean,
  int2,
  int4,
  int8,
  float4,
  float8,
  date,
  timestamp,
  timestamptz,
  interval,
  uuid,
};

/// `none` for types whose text depends on more than the value, or that are not of fixed size.
[[nodiscard]] copy_printer copy_printer_of(oid type) noexcept;

/// The date of the row before: mostly it is the next row's, too.
struct copied_day {
  std::int64_t day = 0;  ///< since 2000-01-01
  std::array<char, 10> text{'2', '0', '0', '0', '-', '0', '1', '-', '0', '1'};
};

}  // namespace tusk::detail
