#pragma once

#include <charconv>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/single_type.hpp"

namespace tusk {

/// A point of time to the microsecond, as PostgreSQL counts them: from 2000-01-01 00:00, with an
/// infinity on either side. The server's own reach from 4713 BC to the end of 294276, further than
/// `std::chrono` in microseconds. `Zoned` ones are in UTC; the others are what a calendar and a
/// clock on some wall show.
template <bool Zoned>
class basic_timestamp {
 public:
  /// What this is for `std::chrono`.
  using chrono_type = std::conditional_t<Zoned, std::chrono::sys_time<std::chrono::microseconds>,
                                         std::chrono::local_time<std::chrono::microseconds>>;

  /// 2000-01-01 00:00:00.
  constexpr basic_timestamp() noexcept = default;
  /// Since 2000-01-01 00:00; the largest and the smallest number are the infinities.
  constexpr explicit basic_timestamp(std::int64_t microseconds) noexcept
      : microseconds_(microseconds) {}
  /// Throws `data_error` when it is before the server's 4713 BC.
  explicit basic_timestamp(chrono_type point);

  [[nodiscard]] static constexpr basic_timestamp infinity() noexcept {
    return basic_timestamp(std::numeric_limits<std::int64_t>::max());
  }
  [[nodiscard]] static constexpr basic_timestamp minus_infinity() noexcept {
    return basic_timestamp(std::numeric_limits<std::int64_t>::min());
  }
  /// Reads text as the server writes it under any DateStyle, with a space or a `T` between date and
  /// time: `2024-02-29 12:30:00.5`, `0044-03-15 12:00:00 BC`, `29.02.2024 12:30:00`, `Thu Feb 29
  /// 12:30:00 2024`, `infinity`, and what `date::parse` says of `order`. With a zone it must have
  /// an offset (`Z`, `+01`, `-03:30`, `+00:53:28`) or an abbreviation that has only ever stood for
  /// one, without it must not. nullopt when it is something else, or outside of the server's range.
  [[nodiscard]] static std::optional<basic_timestamp> parse(
      std::string_view text, date_order order = date_order::unknown) noexcept;

  [[nodiscard]] constexpr std::int64_t microseconds() const noexcept { return microseconds_; }
  [[nodiscard]] constexpr bool is_finite() const noexcept {
    return microseconds_ != infinity().microseconds_ &&
           microseconds_ != minus_infinity().microseconds_;
  }

  /// As many characters as `to_chars` writes at most.
  static constexpr std::size_t max_chars = Zoned ? 34 : 31;
  /// Writes the server's text under DateStyle ISO and TimeZone UTC, like `std::to_chars`.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  /// Throws `data_error` for the infinities, and behind the year 294246, where `chrono_type` ends.
  [[nodiscard]] chrono_type to_chrono() const;

  friend constexpr bool operator==(basic_timestamp, basic_timestamp) noexcept = default;
  friend constexpr auto operator<=>(basic_timestamp, basic_timestamp) noexcept = default;

 private:
  std::int64_t microseconds_ = 0;
};

/// `timestamp without time zone`.
using timestamp = basic_timestamp<false>;
/// `timestamp with time zone`: a point of time, without the zone it was written in.
using timestamptz = basic_timestamp<true>;

namespace detail {

/// Microseconds since 2000; text, and everything that is wrong with a field.
[[nodiscard]] std::int64_t read_timestamp(const field& value, bool zoned, std::string_view target);
format write_timestamp(value_writer& to, bool zoned, std::int64_t microseconds,
                       std::string_view source);

/// Ticks since 1970, `per_second` of them (1 to 10^9). Throws `data_error` for the infinities, and
/// where the ticks are too coarse or too fine for the value.
[[nodiscard]] std::int64_t read_ticks(const field& value, bool zoned, std::int64_t per_second,
                                      std::string_view target);
/// Rounds down to whole microseconds.
format write_ticks(value_writer& to, bool zoned, std::int64_t ticks, std::int64_t per_second,
                   std::string_view source);
/// The binary form of what `write_ticks` writes. False when the server has no such point of time.
[[nodiscard]] bool store_ticks(std::byte* to, std::int64_t ticks, std::int64_t per_second) noexcept;
/// The text of what `write_ticks` writes. Throws `data_error` that names `source` when the server
/// has no such point of time.
[[nodiscard]] std::string ticks_text(bool zoned, std::int64_t ticks, std::int64_t per_second,
                                     std::string_view source);

template <class Clock>
concept timestamp_clock =
    std::same_as<Clock, std::chrono::system_clock> || std::same_as<Clock, std::chrono::local_t>;

template <bool Zoned>
using timestamp_type =
    std::conditional_t<Zoned, single_type<oids::timestamptz, oids::timestamptz_array>,
                       single_type<oids::timestamp, oids::timestamp_array>>;

template <class Duration>
concept fraction_of_second = std::same_as<Duration, std::chrono::seconds> ||
                             std::same_as<Duration, std::chrono::milliseconds> ||
                             std::same_as<Duration, std::chrono::microseconds> ||
                             std::same_as<Duration, std::chrono::nanoseconds>;

}  // namespace detail

/// `timestamp` and `timestamp with time zone`.
template <bool Zoned>
struct codec<basic_timestamp<Zoned>> : detail::timestamp_type<Zoned> {
  static constexpr std::string_view name = Zoned ? "tusk::timestamptz" : "tusk::timestamp";

  static constexpr std::uint32_t native_size = 8;
  static basic_timestamp<Zoned> from_native(const std::byte* bytes) noexcept {
    return basic_timestamp<Zoned>(proto::load_big_endian<std::int64_t>(bytes));
  }
  static void to_native(std::byte* to, basic_timestamp<Zoned> value) noexcept {
    proto::store_big_endian(to, value.microseconds());
  }

  static basic_timestamp<Zoned> decode(const field& value) {
    if (value.format == format::binary && value.size == 8 && value.type == codec::type) [[likely]]
      return basic_timestamp<Zoned>(proto::load_big_endian<std::int64_t>(value.data));
    return basic_timestamp<Zoned>(detail::read_timestamp(value, Zoned, name));
  }
  static format encode(value_writer& to, basic_timestamp<Zoned> value) {
    return detail::write_timestamp(to, Zoned, value.microseconds(), name);
  }
};

/// `sys_time` of seconds down to nanoseconds as `timestamp with time zone`, and `local_time` as
/// `timestamp`. What is finer than microseconds is rounded down when sent; a value that the
/// duration cannot hold exactly throws `data_error` when read.
template <detail::timestamp_clock Clock, detail::fraction_of_second Duration>
struct codec<std::chrono::time_point<Clock, Duration>>
    : detail::timestamp_type<std::same_as<Clock, std::chrono::system_clock>> {
  using value_type = std::chrono::time_point<Clock, Duration>;
  static constexpr bool zoned = std::same_as<Clock, std::chrono::system_clock>;
  static constexpr std::int64_t per_second = Duration::period::den;
  static constexpr std::string_view name =
      zoned ? (per_second == 1           ? "std::chrono::sys_time<std::chrono::seconds>"
               : per_second == 1'000     ? "std::chrono::sys_time<std::chrono::milliseconds>"
               : per_second == 1'000'000 ? "std::chrono::sys_time<std::chrono::microseconds>"
                                         : "std::chrono::sys_time<std::chrono::nanoseconds>")
            : (per_second == 1           ? "std::chrono::local_time<std::chrono::seconds>"
               : per_second == 1'000     ? "std::chrono::local_time<std::chrono::milliseconds>"
               : per_second == 1'000'000 ? "std::chrono::local_time<std::chrono::microseconds>"
                                         : "std::chrono::local_time<std::chrono::nanoseconds>");

  static constexpr std::uint32_t native_size = 8;
  /// False outside of the server's range.
  static bool to_native(std::byte* to, value_type value) noexcept {
    return detail::store_ticks(to, value.time_since_epoch().count(), per_second);
  }

  static value_type decode(const field& value) {
    return value_type(Duration(detail::read_ticks(value, zoned, per_second, name)));
  }
  static format encode(value_writer& to, value_type value) {
    return detail::write_ticks(to, zoned, value.time_since_epoch().count(), per_second, name);
  }
  static std::string to_text(value_type value) {
    return detail::ticks_text(zoned, value.time_since_epoch().count(), per_second, name);
  }
};

}  // namespace tusk

template <bool Zoned>
struct std::hash<tusk::basic_timestamp<Zoned>> {
  std::size_t operator()(tusk::basic_timestamp<Zoned> value) const noexcept {
    return std::hash<std::int64_t>{}(value.microseconds());
  }
};
