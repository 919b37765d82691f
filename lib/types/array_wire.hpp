#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tusk/proto/reader.hpp"
#include "tusk/types/array_shape.hpp"
#include "tusk/types/field.hpp"

namespace tusk::detail {

/// A binary array, as array_send of PostgreSQL writes it: its header taken apart, and its elements,
/// of which there are as many as the shape says.
struct binary_array {
  array_shape shape;
  oid element = 0;
  bytes_view elements;
};

inline constexpr std::string_view malformed_array = "its binary form is malformed";

/// Throws `data_error` when the header is malformed, or announces more than the bytes can hold.
[[nodiscard]] binary_array read_shape(const field& value, std::string_view target);

/// The next part of a value whose parts stand behind their lengths (an array's elements, a
/// multirange's ranges), as a field of the whole's column; throws `data_error` when it is cut
/// short.
[[nodiscard]] field read_element(proto::reader& in, const field& whole, type_ref type,
                                 std::string_view target);

}  // namespace tusk::detail
