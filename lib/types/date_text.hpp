#pragma once

#include <cstdint>
#include <string_view>

#include "tusk/types/field.hpp"

/// Dates and timestamps in text as the server writes them under any DateStyle.
namespace tusk::calendar {

/// What came of reading a text.
struct reading {
  enum class outcome : std::uint8_t {
    good,
    malformed,     ///< or outside of the server's range
    two_dates,     ///< day and month could be either, and nobody said
    unclear_zone,  ///< `zone` stands for no single offset
  };
  outcome result = outcome::malformed;
  std::int64_t value = 0;  ///< days, microseconds: as the type counts
  std::string_view zone;   ///< the abbreviation, a part of the text that was read

  [[nodiscard]] bool good() const noexcept { return result == outcome::good; }
};

/// Days since 2000-01-01; the infinities are the ends of 32 bits. The forms are `2024-02-29`,
/// `02/29/2024`, `29/02/2024`, `29.02.2024`, `02-29-2024`, `29-02-2024`, each with ` BC`.
[[nodiscard]] reading read_date(std::string_view text, date_order order) noexcept;

/// Microseconds since 2000-01-01 00:00 (UTC when it is `zoned`); the infinities are the ends of 64
/// bits. The forms are those of dates with a time behind, and `Thu Feb 29 12:30:00.5 2024` with day
/// and month in either order. A zone is an offset or an abbreviation.
[[nodiscard]] reading read_timestamp(std::string_view text, bool zoned, date_order order) noexcept;

/// A time of day with its zone's offset in `offset`.
[[nodiscard]] reading read_zoned_time(std::string_view text, std::int32_t& offset) noexcept;

/// Throws `data_error` for a reading that is not good; `what` is what was expected ("a date").
[[noreturn]] void fail_reading(const field& value, std::string_view target, std::string_view what,
                               const reading& failed);

}  // namespace tusk::calendar
