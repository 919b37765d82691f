#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace tusk {

/// One dimension of an array: how many elements lie along it, and the subscript of the first.
struct array_dimension {
  std::int32_t size = 0;   ///< at least 1 in an array that holds anything
  std::int32_t lower = 1;  ///< any number for which all subscripts are below 2147483647

  /// The subscript of the last element.
  [[nodiscard]] constexpr std::int32_t upper() const noexcept {
    return static_cast<std::int32_t>(std::int64_t{lower} + size - 1);
  }

  friend constexpr bool operator==(array_dimension, array_dimension) noexcept = default;
  friend constexpr auto operator<=>(array_dimension, array_dimension) noexcept = default;
};

namespace detail {

/// All dimensions of an array, the outermost first; none when it is empty.
struct array_shape {
  static constexpr std::size_t most_dimensions = 6;  // MAXDIM of PostgreSQL's array.h

  std::size_t dimensions = 0;
  std::array<array_dimension, most_dimensions> each{};

  /// How many elements there are.
  [[nodiscard]] constexpr std::size_t count() const noexcept {
    std::size_t all = dimensions > 0 ? 1 : 0;
    for (std::size_t i = 0; i < dimensions; ++i)
      all *= static_cast<std::size_t>(each[i].size);
    return all;
  }

  friend bool operator==(const array_shape&, const array_shape&) noexcept = default;
};

}  // namespace detail
}  // namespace tusk
