#pragma once

#include <charconv>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"
#include "tusk/types/single_type.hpp"
#include "tusk/types/time.hpp"

namespace tusk {

/// A time of day with the zone's offset it was written with. 24:00:00 is one of the times.
class timetz {
 public:
  /// Offsets are less than 16 hours, on either side of Greenwich.
  static constexpr std::chrono::seconds offset_limit = std::chrono::hours(16);

  /// Midnight in UTC.
  constexpr timetz() noexcept = default;
  /// `offset` in seconds east of Greenwich, as text shows it (PostgreSQL's wire has it inverted).
  /// Throws `data_error` when it is not within `offset_limit`.
  explicit timetz(time local, std::chrono::seconds offset);

  /// Reads what `time::parse` does with an offset behind it (`Z`, `+01`, `-03:30`, `+00:53:28`), or
  /// with an abbreviation that has only ever stood for one. nullopt for anything else.
  [[nodiscard]] static std::optional<timetz> parse(std::string_view text) noexcept;

  /// What the clock shows there.
  [[nodiscard]] constexpr time local() const noexcept { return local_; }
  /// Seconds east of Greenwich.
  [[nodiscard]] constexpr std::chrono::seconds offset() const noexcept {
    return std::chrono::seconds(offset_);
  }
  /// Since midnight in UTC; less than 0 or more than 24 hours when it is another day there.
  [[nodiscard]] constexpr std::chrono::microseconds since_utc_midnight() const noexcept {
    return local_.since_midnight() - offset();
  }

  /// As many characters as `to_chars` writes at most.
  static constexpr std::size_t max_chars = 24;
  /// Writes the server's text, `12:30:05.25+05:30`, like `std::to_chars`.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// Equal when time and offset are, like the server's.
  friend constexpr bool operator==(timetz, timetz) noexcept = default;
  /// The server's order: by the time in UTC, and from east to west among the equal (timetz_cmp).
  friend constexpr std::strong_ordering operator<=>(timetz left, timetz right) noexcept {
    const auto order = left.since_utc_midnight().count() <=> right.since_utc_midnight().count();
    return order != 0 ? order : right.offset_ <=> left.offset_;
  }

 private:
  time local_;
  std::int32_t offset_ = 0;
};

/// `time with time zone`.
template <>
struct codec<timetz> : detail::single_type<oids::timetz, oids::timetz_array> {
  static constexpr std::string_view name = "tusk::timetz";

  static timetz decode(const field& value);
  static format encode(value_writer& to, timetz value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::timetz> {
  std::size_t operator()(tusk::timetz value) const noexcept {
    // The offset in bits that no time of day has.
    return std::hash<std::int64_t>{}(value.local().microseconds() ^ (value.offset().count() << 37));
  }
};
