#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The calendar and clock behind date, time and timestamps: proleptic Gregorian, days counted from
/// 2000-01-01, microseconds from its midnight.
namespace tusk::calendar {

inline constexpr std::int64_t second = 1'000'000;
inline constexpr std::int64_t day_length = 86'400 * second;

/// 2000-01-01, in days since 1970-01-01, which `std::chrono` counts from.
inline constexpr std::int64_t unix_days = 10'957;
inline constexpr std::int64_t unix_seconds = unix_days * 86'400;
inline constexpr std::int64_t unix_microseconds = unix_seconds * second;

// What the server holds: 4714-11-24 BC (Julian day 0) up to the end of 5874897 for dates, and of
// 294276 for timestamps.
inline constexpr std::int64_t first_day = -2'451'545;
inline constexpr std::int64_t last_day = 2'145'031'948;
inline constexpr std::int64_t first_microsecond = first_day * day_length;
inline constexpr std::int64_t end_microsecond = 9'223'371'331'200'000'000;

/// A day by its names; year 0 is 1 BC.
struct civil {
  std::int64_t year = 2000;
  int month = 1;
  int day = 1;
};

[[nodiscard]] civil civil_of(std::int64_t days) noexcept;
/// `day` must be one of the month's.
[[nodiscard]] std::int64_t days_of(const civil& day) noexcept;
/// Whether there is such a day.
[[nodiscard]] bool exists(const civil& day) noexcept;

/// Appends `YYYY-MM-DD`, with the year of its era and at least four digits. Whoever appends a time
/// puts `append_era` behind it.
void append_date(std::string& out, const civil& day);
/// Appends ` BC` for the years before 1.
void append_era(std::string& out, const civil& day);
/// Appends `HH:MM:SS` and the fraction without trailing zeros.
void append_time(std::string& out, std::int64_t microseconds);

/// Takes the parts of a value in ISO text from its front. Each gives nothing and leaves the text
/// when it is not there.
class scanner {
 public:
  explicit scanner(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  bool skip(char c) noexcept;
  bool skip(std::string_view word) noexcept;
  /// A number of `least` to `most` digits, fewer than 19.
  std::optional<std::int64_t> number(std::size_t least, std::size_t most) noexcept;
  /// `YYYY-MM-DD`, the year not yet of an era.
  std::optional<civil> date() noexcept;
  /// `HH:MM[:SS[.ffffff]]` up to 24:00:00, in microseconds.
  std::optional<std::int64_t> time() noexcept;
  /// `Z`, `+HH`, `-HH:MM`, `+HH:MM:SS` in seconds east of Greenwich.
  std::optional<std::int64_t> offset() noexcept;
  /// ` BC` behind a date with that year; false when such a day does not exist.
  bool era(civil& day) noexcept;

 private:
  std::string_view rest_;
};

}  // namespace tusk::calendar
