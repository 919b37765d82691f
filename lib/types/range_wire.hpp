#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tusk/proto/reader.hpp"
#include "tusk/types/field.hpp"

namespace tusk::detail {

/// A binary range, as range_send of PostgreSQL writes it, taken apart.
struct binary_range {
  std::uint8_t flags = 0;  ///< of `range_flag`, and no others
  field lower;             ///< NULL when there is no such bound
  field upper;
};

/// Throws `data_error` when it is malformed. The bounds get `subtype` as their type.
[[nodiscard]] binary_range read_range(const field& value, type_ref subtype,
                                      std::string_view target);

/// How many ranges a binary multirange has, of which `in` then gives one after the other to
/// `read_element`. Throws `data_error` when that is more than the bytes can hold.
[[nodiscard]] std::size_t read_range_count(proto::reader& in, const field& value,
                                           std::string_view target);

}  // namespace tusk::detail
