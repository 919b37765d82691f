#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/codec.hpp"
#include "tusk/types/integers.hpp"

namespace tusk {

/// PostgreSQL's numeric: an exact decimal of any precision, with the scale it was given (1.00 is
/// not shown as 1), NaN and the infinities. It does no arithmetic.
///
/// Compared as the server compares: 1.00 equals 1, NaN equals NaN and is above everything else.
class numeric {
 public:
  enum class kind : std::uint8_t { finite, nan, infinity, minus_infinity };

  /// Decimal digits that a number may have before the point, and behind it.
  static constexpr int max_whole_digits = 131072;
  static constexpr int max_scale = 16383;

  /// Zero, of scale 0.
  numeric() noexcept = default;
  /// Any integer, of scale 0.
  template <whole_number T>
  numeric(T value) {
    const auto bits = static_cast<std::uint64_t>(value);
    assign(value < T{}, value < T{} ? 0U - bits : bits);
  }
  /// As `parse`, but throws `data_error` when the text is not a number or out of range.
  explicit numeric(std::string_view text);

  /// Reads what the server's numeric input takes in decimal: "-12.50", "1e-3", "NaN", "Infinity",
  /// "inf", with spaces around. The scale is that of the text.
  [[nodiscard]] static std::optional<numeric> parse(std::string_view text);
  [[nodiscard]] static numeric nan() { return numeric(kind::nan); }
  [[nodiscard]] static numeric infinity() { return numeric(kind::infinity); }
  [[nodiscard]] static numeric minus_infinity() { return numeric(kind::minus_infinity); }

  [[nodiscard]] bool is_finite() const noexcept { return kind_ == kind::finite; }
  [[nodiscard]] bool is_nan() const noexcept { return kind_ == kind::nan; }
  [[nodiscard]] bool is_negative() const noexcept {
    return negative_ || kind_ == kind::minus_infinity;
  }
  [[nodiscard]] bool is_zero() const noexcept { return is_finite() && digits_.empty(); }
  /// Decimal digits behind the point that are shown, trailing zeros included.
  [[nodiscard]] int scale() const noexcept { return scale_; }

  /// The server's own text, always in fixed notation.
  [[nodiscard]] std::string to_string() const;
  /// The nearest double; an infinity when it is out of range, zero when it is too small.
  [[nodiscard]] double to_double() const;
  /// Throws `data_error` unless it is a whole number within T's range (its scale does not matter).
  template <whole_number T>
  [[nodiscard]] T to_integer() const {
    constexpr T lowest = std::numeric_limits<T>::min();
    constexpr auto low = 0U - static_cast<std::uint64_t>(lowest);
    constexpr auto high = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    const std::uint64_t magnitude = whole_magnitude(low, high, codec<T>::name);
    return static_cast<T>(negative_ ? 0U - magnitude : magnitude);
  }

  friend bool operator==(const numeric& left, const numeric& right) noexcept {
    return (left <=> right) == 0;
  }
  friend std::weak_ordering operator<=>(const numeric& left, const numeric& right) noexcept;

  /// Equal for equal numbers, whatever their scale.
  [[nodiscard]] std::size_t hash() const noexcept;

  /// The number's parts, as they lie on the wire: base-10000 digits, the first of which has the
  /// weight 10000^weight. Neither the first nor the last digit is zero.
  [[nodiscard]] std::u16string_view digits() const noexcept { return digits_; }
  [[nodiscard]] int weight() const noexcept { return weight_; }
  [[nodiscard]] kind what() const noexcept { return kind_; }

  /// A number from its parts. nullopt when a digit is above 9999, the scale is out of range, or
  /// there are digits behind it.
  [[nodiscard]] static std::optional<numeric> from_parts(bool negative, int weight, int scale,
                                                         std::u16string digits);

 private:
  explicit numeric(kind special) noexcept : kind_(special) {}
  void assign(bool negative, std::uint64_t magnitude);
  [[nodiscard]] std::uint64_t whole_magnitude(std::uint64_t low, std::uint64_t high,
                                              std::string_view target) const;
  void strip();

  // A string, since its room for short ones keeps numbers of up to 28 digits off the heap.
  std::u16string digits_;
  std::int32_t weight_ = 0;
  std::uint16_t scale_ = 0;
  bool negative_ = false;
  kind kind_ = kind::finite;
};

template <>
struct codec<numeric> {
  static constexpr std::string_view name = "tusk::numeric";
  static constexpr oid type = oids::numeric;

  /// numeric, and the integers, which it holds exactly.
  static bool reads(oid from) noexcept;
  static bool writes(oid to) noexcept { return to == oids::numeric; }
  static format read_format(oid) noexcept { return format::binary; }
  static numeric decode(const field& value);
  static format encode(value_writer& to, const numeric& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::numeric> {
  std::size_t operator()(const tusk::numeric& value) const noexcept { return value.hash(); }
};
