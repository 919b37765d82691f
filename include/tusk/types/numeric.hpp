#pragma once

#include <charconv>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

  numeric(const numeric& other) : parts_(other.parts_) { copy_digits(other); }
  /// Leaves zero behind.
  numeric(numeric&& other) noexcept { take(other); }
  numeric& operator=(const numeric& other);
  numeric& operator=(numeric&& other) noexcept {
    if (this == &other) return *this;
    release();
    take(other);
    return *this;
  }
  ~numeric() { release(); }

  /// Reads every form that the server's numeric input takes (numeric_in of PostgreSQL 18):
  /// "-12.50", "1e-3", "1_000", "0xff", "0o17", "0b101", "NaN", "Infinity", "+inf", with spaces
  /// around. The scale is that of the text. nullopt for anything else, and for what the server has
  /// no room for.
  //  Not noexcept as other types' are, for long numbers need memory.
  [[nodiscard]] static std::optional<numeric> parse(std::string_view text);
  [[nodiscard]] static numeric nan() { return numeric(kind::nan); }
  [[nodiscard]] static numeric infinity() { return numeric(kind::infinity); }
  [[nodiscard]] static numeric minus_infinity() { return numeric(kind::minus_infinity); }

  [[nodiscard]] bool is_finite() const noexcept { return parts_.what == kind::finite; }
  [[nodiscard]] bool is_nan() const noexcept { return parts_.what == kind::nan; }
  [[nodiscard]] bool is_negative() const noexcept {
    return parts_.negative || parts_.what == kind::minus_infinity;
  }
  [[nodiscard]] bool is_zero() const noexcept { return is_finite() && parts_.count == 0; }
  /// Decimal digits behind the point that are shown, trailing zeros included.
  [[nodiscard]] int scale() const noexcept { return parts_.scale; }

  /// The server's own text, always in fixed notation.
  [[nodiscard]] std::string to_string() const;
  /// The same text into `[first, last)`, as `std::to_chars` does: `value_too_large`, and nothing
  /// written, when there is too little room.
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  /// How many characters that text has: at most 147,457.
  [[nodiscard]] std::size_t text_size() const noexcept;
  /// The nearest double; an infinity when it is out of range, zero when it is too small.
  [[nodiscard]] double to_double() const;
  /// Throws `data_error` unless it is a whole number within T's range (its scale does not matter).
  template <whole_number T>
  [[nodiscard]] T to_integer() const {
    constexpr T lowest = std::numeric_limits<T>::min();
    constexpr auto low = 0U - static_cast<std::uint64_t>(lowest);
    constexpr auto high = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    const std::uint64_t magnitude = whole_magnitude(low, high, codec<T>::name);
    return static_cast<T>(parts_.negative ? 0U - magnitude : magnitude);
  }

  friend bool operator==(const numeric& left, const numeric& right) noexcept {
    return (left <=> right) == 0;
  }
  friend std::weak_ordering operator<=>(const numeric& left, const numeric& right) noexcept;

  /// Equal for equal numbers, whatever their scale.
  [[nodiscard]] std::size_t hash() const noexcept;

  /// The number's parts, as they lie on the wire: base-10000 digits, the first of which has the
  /// weight 10000^weight. Neither the first nor the last digit is zero. A view of the number.
  [[nodiscard]] std::u16string_view digits() const noexcept {
    return {is_long() ? heap_ : here_, parts_.count};
  }
  [[nodiscard]] int weight() const noexcept { return parts_.weight; }
  [[nodiscard]] kind what() const noexcept { return parts_.what; }

  /// A number from its parts. nullopt when a digit is above 9999, the scale is out of range, or
  /// there are digits behind it, or before the largest weight.
  [[nodiscard]] static std::optional<numeric> from_parts(bool negative, int weight, int scale,
                                                         std::u16string_view digits);

 private:
  friend struct codec<numeric>;

  static constexpr std::size_t digits_here = 12;

  struct parts {
    std::uint16_t count = 0;  // of digits; the longest number has 36,864
    std::int16_t weight = 0;
    std::uint16_t scale = 0;
    bool negative = false;
    kind what = kind::finite;
  };

  explicit numeric(kind special) noexcept { parts_.what = special; }
  void assign(bool negative, std::uint64_t magnitude);
  [[nodiscard]] std::uint64_t whole_magnitude(std::uint64_t low, std::uint64_t high,
                                              std::string_view target) const;
  // What a server sends nearly always, into a number that is still zero: `size` bytes of the binary
  // form of a finite number that fits in place. False, and still zero, for everything else.
  [[nodiscard]] bool take_binary(const std::byte* data, std::uint32_t size) noexcept;

  [[nodiscard]] bool is_long() const noexcept { return parts_.count > digits_here; }
  void release() noexcept {
    if (is_long()) [[unlikely]]
      delete[] heap_;
  }
  // The digits only; the parts are there.
  void copy_digits(const numeric& other) {
    if (is_long()) [[unlikely]] {
      copy_long_digits(other.heap_);
    } else {
      std::memcpy(here_, other.here_, sizeof here_);
    }
  }
  void copy_long_digits(const char16_t* from);
  // Over digits that need no release.
  void take(numeric& other) noexcept {
    std::memcpy(here_, other.here_, sizeof here_);  // or the pointer that lies in their place
    parts_ = other.parts_;
    other.parts_ = {};
  }

  // 48 decimal digits stay off the heap, and all of it in half a cache line.
  union {
    char16_t here_[digits_here] = {};
    char16_t* heap_;
  };
  parts parts_;
};

template <>
struct codec<numeric> {
  static constexpr std::string_view name = "tusk::numeric";
  static constexpr oid type = oids::numeric;

  /// numeric, and the integers, which it holds exactly.
  static bool reads(oid from) noexcept;
  static bool writes(oid to) noexcept { return to == oids::numeric; }
  static format read_format(oid) noexcept { return format::binary; }
  static numeric decode(const field& value) {
    numeric result;
    const bool native = value.type == oids::numeric && value.format == format::binary;
    if (!native || !result.take_binary(value.data, static_cast<std::uint32_t>(value.size)))
        [[unlikely]]
      decode_slowly(value.copy(), result);
    return result;
  }
  static format encode(value_writer& to, const numeric& value);

 private:
  static void decode_slowly(const field& value, numeric& into);
};

}  // namespace tusk

template <>
struct std::hash<tusk::numeric> {
  std::size_t operator()(const tusk::numeric& value) const noexcept { return value.hash(); }
};
