#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// What the workloads copy in: a measurement, as many a loader has them.
struct copied_row {
  std::int64_t id;
  double reading;         ///< of two decimals
  std::string_view name;  ///< of 30 bytes
  std::int64_t made;      ///< in microseconds since 2000
};

/// The rows of `copy_in_binary` and `copy_in_text`: any number of them, each made when it is asked
/// for, with few instructions, for those count on all sides.
class copied_rows {
 public:
  copied_rows() {
    for (std::size_t k = 0; k < sources; ++k) {
      const auto digit = [](std::size_t value) { return static_cast<char>('0' + value % 10); };
      std::string& name = names_[k];
      name = "sensor 0000, hall 0, north end";
      name[7] = digit(k / 1000);
      name[8] = digit(k / 100);
      name[9] = digit(k / 10);
      name[10] = digit(k);
      name[18] = digit(k / 7);
      // Text that needs escaping is rare, and must come through all the same.
      if (k % 100 == 0) name[19] = '\\';
      readings_[k] = static_cast<double>(1500 + 37 * k) / 100;
    }
  }

  [[nodiscard]] copied_row operator[](std::uint64_t i) const noexcept {
    const std::size_t source = i % sources;
    return {static_cast<std::int64_t>(i), readings_[source],
            std::string_view(names_[source].data(), name_size),
            first_made + static_cast<std::int64_t>(i) * 1'000'123};
  }

  static constexpr std::size_t name_size = 30;

 private:
  static constexpr std::size_t sources = 1024;
  static constexpr std::int64_t first_made = 757'382'400'000'000;  // 2024-01-01 00:00 UTC

  std::array<double, sources> readings_{};
  std::array<std::string, sources> names_;
};

}  // namespace bench
