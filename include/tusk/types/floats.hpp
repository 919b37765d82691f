#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/codec.hpp"

namespace tusk {
namespace detail {

[[nodiscard]] bool writes_float(oid to) noexcept;

/// Text forms, a real read as double, and everything that is wrong.
[[nodiscard]] float read_float(const field& value);
[[nodiscard]] double read_double(const field& value);

/// Writes for `to.target()`, or as `own` when that is 0.
format write_float(value_writer& to, float value);
format write_double(value_writer& to, double value);

/// The shortest text that reads back as `value`.
[[nodiscard]] std::string float_text(float value);
[[nodiscard]] std::string float_text(double value);

}  // namespace detail

/// `real`. A `double precision` column is refused: most of its values would change.
template <>
struct codec<float> {
  static constexpr std::string_view name = "float";
  static constexpr oid type = oids::float4;

  static bool reads(oid from) noexcept { return from == oids::float4; }
  /// float4, float8, and numeric by the shortest decimal that gives this float back.
  static bool writes(oid to) noexcept { return detail::writes_float(to); }
  static format read_format(oid) noexcept { return format::binary; }

  static constexpr std::uint32_t native_size = 4;
  static float from_native(const std::byte* bytes) noexcept {
    return std::bit_cast<float>(proto::load_big_endian<std::uint32_t>(bytes));
  }
  static void to_native(std::byte* to, float value) noexcept {
    proto::store_big_endian(to, std::bit_cast<std::uint32_t>(value));
  }

  [[gnu::always_inline]] static float decode(const field& value) {
    if (value.format == format::binary && value.size == 4 && value.type == oids::float4) [[likely]]
      return std::bit_cast<float>(proto::load_big_endian<std::uint32_t>(value.data));
    return detail::read_float(value.copy());
  }
  static format encode(value_writer& to, float value) { return detail::write_float(to, value); }
  static std::string to_text(float value) { return detail::float_text(value); }
};

/// `double precision` and `real`. numeric is refused, since most of its values would change: read
/// `tusk::numeric`, or cast in SQL.
template <>
struct codec<double> {
  static constexpr std::string_view name = "double";
  static constexpr oid type = oids::float8;

  static bool reads(oid from) noexcept { return from == oids::float8 || from == oids::float4; }
  /// float8; float4, rounded to the nearest as SQL's own cast does, and refused where it would
  /// overflow to infinity or underflow to zero; numeric by the shortest decimal that gives this
  /// double back.
  static bool writes(oid to) noexcept { return detail::writes_float(to); }
  static format read_format(oid) noexcept { return format::binary; }

  static constexpr std::uint32_t native_size = 8;
  static double from_native(const std::byte* bytes) noexcept {
    return std::bit_cast<double>(proto::load_big_endian<std::uint64_t>(bytes));
  }
  static void to_native(std::byte* to, double value) noexcept {
    proto::store_big_endian(to, std::bit_cast<std::uint64_t>(value));
  }

  [[gnu::always_inline]] static double decode(const field& value) {
    if (value.format == format::binary && value.size == 8 && value.type == oids::float8) [[likely]]
      return std::bit_cast<double>(proto::load_big_endian<std::uint64_t>(value.data));
    return detail::read_double(value.copy());
  }
  static format encode(value_writer& to, double value) { return detail::write_double(to, value); }
  static std::string to_text(double value) { return detail::float_text(value); }
};

}  // namespace tusk
