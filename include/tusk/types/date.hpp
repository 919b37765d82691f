#pragma once

#include <charconv>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/single_type.hpp"

namespace tusk {

/// A day of the proleptic Gregorian calendar, as PostgreSQL counts them: from 2000-01-01, with an
/// infinity on either side. The server's own dates reach from 4713 BC to 5874897.
class date {
 public:
  /// 2000-01-01.
  constexpr date() noexcept = default;
  /// Days since 2000-01-01; the largest and the smallest number are the infinities.
  constexpr explicit date(std::int32_t days) noexcept : days_(days) {}
  /// Throws `data_error` when it is no day of the calendar or outside of the server's range.
  explicit date(std::chrono::year_month_day day);
  /// Throws `data_error` when it is outside of the server's range.
  explicit date(std::chrono::sys_days day);

  [[nodiscard]] static constexpr date infinity() noexcept {
    return date(std::numeric_limits<std::int32_t>::max());
  }
  [[nodiscard]] static constexpr date minus_infinity() noexcept {
    return date(std::numeric_limits<std::int32_t>::min());
  }
  /// Reads text as the server writes it under any DateStyle: `2024-02-29`, `29.02.2024`,
  /// `0044-03-15 BC`, `infinity`, and `02/29/2024` or `02-29-2024` in the order that is given, or
  /// in the only one that makes a day of it. nullopt when it is something else, could be two days,
  /// or is outside of the server's range.
  [[nodiscard]] static std::optional<date> parse(std::string_view text,
                                                 date_order order = date_order::unknown) noexcept;

  [[nodiscard]] constexpr std::int32_t days() const noexcept { return days_; }
  [[nodiscard]] constexpr bool is_finite() const noexcept {
    return days_ != infinity().days_ && days_ != minus_infinity().days_;
  }

  /// As many characters as `to_chars` writes at most.
  static constexpr std::size_t max_chars = 16;
  /// Writes the server's text under DateStyle ISO, like `std::to_chars`.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::string to_string() const;
  /// Throws `data_error` for the infinities.
  [[nodiscard]] std::chrono::sys_days to_sys_days() const;
  /// Throws `data_error` for the infinities and for years beyond `std::chrono::year` (32767).
  [[nodiscard]] std::chrono::year_month_day to_year_month_day() const;

  friend constexpr bool operator==(date, date) noexcept = default;
  friend constexpr auto operator<=>(date, date) noexcept = default;

 private:
  std::int32_t days_ = 0;
};

/// `date`.
template <>
struct codec<date> : detail::single_type<oids::date, oids::date_array> {
  static constexpr std::string_view name = "tusk::date";

  static constexpr std::uint32_t native_size = 4;
  static date from_native(const std::byte* bytes) noexcept {
    return date(proto::load_big_endian<std::int32_t>(bytes));
  }
  static void to_native(std::byte* to, date value) noexcept {
    proto::store_big_endian(to, value.days());
  }

  static date decode(const field& value) {
    if (value.format == format::binary && value.size == 4 && value.type == oids::date) [[likely]]
      return from_native(value.data);
    return decode_slowly(value.copy(), name);
  }
  static format encode(value_writer& to, date value);

  /// Text, and everything that is wrong with a field; `target` is the type that is read.
  static date decode_slowly(const field& value, std::string_view target);
};

/// `date`, where it is a day that `year_month_day` can hold.
template <>
struct codec<std::chrono::year_month_day> : detail::single_type<oids::date, oids::date_array> {
  static constexpr std::string_view name = "std::chrono::year_month_day";

  static std::chrono::year_month_day decode(const field& value);
  static format encode(value_writer& to, std::chrono::year_month_day value);
  /// Throws `data_error` for what cannot be sent.
  static std::string to_text(std::chrono::year_month_day value);
};

/// `date`, where it is finite.
template <>
struct codec<std::chrono::sys_days> : detail::single_type<oids::date, oids::date_array> {
  static constexpr std::string_view name = "std::chrono::sys_days";

  static std::chrono::sys_days decode(const field& value);
  static format encode(value_writer& to, std::chrono::sys_days value);
  /// Throws `data_error` for what cannot be sent.
  static std::string to_text(std::chrono::sys_days value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::date> {
  std::size_t operator()(tusk::date value) const noexcept {
    return std::hash<std::int32_t>{}(value.days());
  }
};
