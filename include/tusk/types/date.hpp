#pragma once

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
  /// Reads ISO text as the server writes it: `2024-02-29`, `0044-03-15 BC`, `infinity`. nullopt
  /// when it is something else, or outside of the server's range.
  [[nodiscard]] static std::optional<date> parse(std::string_view text) noexcept;

  [[nodiscard]] constexpr std::int32_t days() const noexcept { return days_; }
  [[nodiscard]] constexpr bool is_finite() const noexcept {
    return days_ != infinity().days_ && days_ != minus_infinity().days_;
  }

  /// The server's text under DateStyle ISO.
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
struct codec<date> {
  static constexpr std::string_view name = "tusk::date";
  static constexpr oid type = oids::date;

  static bool reads(oid from) noexcept { return from == oids::date; }
  static bool writes(oid to) noexcept { return to == oids::date; }
  static format read_format(oid) noexcept { return format::binary; }
  static date decode(const field& value) {
    if (value.format == format::binary && value.size == 4 && value.type == oids::date) [[likely]]
      return date(proto::load_big_endian<std::int32_t>(value.data));
    return decode_slowly(value, name);
  }
  static format encode(value_writer& to, date value);

  /// Text, and everything that is wrong with a field; `target` is the type that is read.
  static date decode_slowly(const field& value, std::string_view target);
};

/// `date`, where it is a day that `year_month_day` can hold.
template <>
struct codec<std::chrono::year_month_day> {
  static constexpr std::string_view name = "std::chrono::year_month_day";
  static constexpr oid type = oids::date;

  static bool reads(oid from) noexcept { return from == oids::date; }
  static bool writes(oid to) noexcept { return to == oids::date; }
  static format read_format(oid) noexcept { return format::binary; }
  static std::chrono::year_month_day decode(const field& value);
  static format encode(value_writer& to, std::chrono::year_month_day value);
};

/// `date`, where it is finite.
template <>
struct codec<std::chrono::sys_days> {
  static constexpr std::string_view name = "std::chrono::sys_days";
  static constexpr oid type = oids::date;

  static bool reads(oid from) noexcept { return from == oids::date; }
  static bool writes(oid to) noexcept { return to == oids::date; }
  static format read_format(oid) noexcept { return format::binary; }
  static std::chrono::sys_days decode(const field& value);
  static format encode(value_writer& to, std::chrono::sys_days value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::date> {
  std::size_t operator()(tusk::date value) const noexcept {
    return std::hash<std::int32_t>{}(value.days());
  }
};
