#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tusk/types/copy_format.hpp"

namespace tusk::detail {

/// More than a value, or a line of text, may have (the server's own bound, in bytes).
inline constexpr std::size_t most_copy_value = 0x3fffffff;

/// Where in COPY data something is wrong.
struct copy_place {
  copy_format format = copy_format::binary;
  std::uint64_t row = 0;    ///< from 1, a header does not count; 0: in front of or behind all rows
  std::uint32_t field = 0;  ///< from 1; 0: none of them
};

/// Throws "COPY data, row 7, field 3: ...". Of binary data it is an `internal_error`: nothing but
/// the server's mistake makes it so. Of text and CSV a `data_error`: the data may be sound, and the
/// delimiter, quote or escape another than the one that it is read with.
[[noreturn]] void fail_copy_data(const copy_place& place, std::string_view reason);

/// The same for a row that has `found` fields, or more (`or_more`), and not `wanted`.
[[noreturn]] void fail_copy_width(const copy_place& place, std::uint32_t found, bool or_more,
                                  std::uint32_t wanted);

}  // namespace tusk::detail
