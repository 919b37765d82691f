#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "types/calendar.hpp"

/// Dates and clocks as the server writes them under DateStyle ISO. Each function writes at `to`,
/// where there must be room, and gives the end of what it wrote.
namespace tusk::calendar {

[[nodiscard]] char* write_word(char* to, std::string_view word) noexcept;
/// In decimal, with zeros in front up to `width`, which is at most 20.
[[nodiscard]] char* write_number(char* to, std::uint64_t value, std::size_t width = 1) noexcept;
/// `YYYY-MM-DD`, with the year of its era and at least four digits. Whoever writes a time puts
/// `write_era` behind it.
[[nodiscard]] char* write_date(char* to, const civil& day) noexcept;
/// ` BC` for the years before 1.
[[nodiscard]] char* write_era(char* to, const civil& day) noexcept;
/// `HH:MM:SS` and the fraction without trailing zeros; the hours in as many digits as they have.
[[nodiscard]] char* write_time(char* to, std::uint64_t microseconds) noexcept;
/// `+HH`, with minutes and seconds where there are some, of seconds east of Greenwich.
[[nodiscard]] char* write_offset(char* to, std::int32_t seconds) noexcept;

}  // namespace tusk::calendar
