#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tusk/proto/reader.hpp"
#include "tusk/types/field.hpp"

namespace tusk::detail {

/// What a binary array says before its elements.
struct array_shape {
  static constexpr std::size_t most_dimensions = 6;  // MAXDIM

  std::size_t dimensions = 0;
  oid element = 0;
  std::array<std::int32_t, most_dimensions> sizes{};
  std::array<std::int32_t, most_dimensions> lower{};
  std::size_t count = 0;  ///< of elements; never more than the bytes could hold
  bytes_view elements;
};

inline constexpr std::string_view malformed_array = "its binary form is malformed";

/// Throws `data_error` when the header is malformed, or announces more than the bytes can hold.
[[nodiscard]] array_shape read_shape(const field& value, std::string_view target);

/// The next element, as a field of `array`'s column; throws `data_error` when it is cut short.
[[nodiscard]] field read_element(proto::reader& in, const field& array, oid type,
                                 std::string_view target);

}  // namespace tusk::detail
