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

namespace tusk {

/// A time of day without a zone, in microseconds since midnight. 24:00:00 is one of them.
class time {
 public:
  /// Midnight.
  constexpr time() noexcept = default;
  /// Since midnight, from 0 to 24 hours. Throws `data_error` for what is outside of that.
  explicit time(std::chrono::microseconds since_midnight);

  /// Reads `HH:MM`, `HH:MM:SS` and `HH:MM:SS.ffffff`, up to 24:00:00; a second 60 is the next
  /// minute's first. nullopt for anything else.
  [[nodiscard]] static std::optional<time> parse(std::string_view text) noexcept;

  [[nodiscard]] constexpr std::int64_t microseconds() const noexcept { return microseconds_; }
  /// As many characters as `to_chars` writes at most.
  static constexpr std::size_t max_chars = 15;
  /// Writes the server's text, `12:30:05.25`, like `std::to_chars`.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] constexpr std::chrono::microseconds since_midnight() const noexcept {
    return std::chrono::microseconds(microseconds_);
  }

  friend constexpr bool operator==(time, time) noexcept = default;
  friend constexpr auto operator<=>(time, time) noexcept = default;

 private:
  std::int64_t microseconds_ = 0;
};

/// `time without time zone`.
template <>
struct codec<time> : detail::single_type<oids::time, oids::time_array> {
  static constexpr std::string_view name = "tusk::time";

  static time decode(const field& value);
  static format encode(value_writer& to, time value);
};

/// `time without time zone`, as the duration since midnight.
template <>
struct codec<std::chrono::microseconds> : detail::single_type<oids::time, oids::time_array> {
  static constexpr std::string_view name = "std::chrono::microseconds";

  static std::chrono::microseconds decode(const field& value);
  /// Throws `data_error` for less than 0 and more than 24 hours.
  static format encode(value_writer& to, std::chrono::microseconds value);
  /// Throws like `encode`.
  static std::string to_text(std::chrono::microseconds value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::time> {
  std::size_t operator()(tusk::time value) const noexcept {
    return std::hash<std::int64_t>{}(value.microseconds());
  }
};
