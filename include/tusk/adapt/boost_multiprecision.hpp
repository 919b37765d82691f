#pragma once

// For programs that have Boost.Multiprecision; nothing else of tusk's knows it.

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <exception>
#include <ios>
#include <limits>
#include <string>
#include <string_view>

#include "tusk/types/integers.hpp"
#include "tusk/types/numeric.hpp"

namespace tusk {
namespace detail {

/// What a number of Boost's is, as a numeric: exactly. nullopt when the server has no room for it.
/// Its scale is as small as can be, for such a number does not know what it was given.
template <class Number>
[[nodiscard]] std::optional<numeric> numeric_of(const Number& value) {
  using limits = std::numeric_limits<Number>;
  if constexpr (limits::is_integer) {
    return numeric::parse(value.str());
  } else {
    if (boost::multiprecision::isnan(value)) return numeric::nan();
    if (boost::multiprecision::isinf(value))
      return value < 0 ? numeric::minus_infinity() : numeric::infinity();
    // Every digit that there is; the guard digits, too.
    std::string text = value.str(limits::max_digits10, std::ios_base::scientific);
    const std::size_t exponent = text.find_first_of("eE");
    if (exponent == std::string::npos || text.find('.') > exponent) return numeric::parse(text);
    std::size_t end = text.find_last_not_of('0', exponent - 1) + 1;
    if (text[end - 1] == '.') --end;
    text.erase(end, exponent - end);
    return numeric::parse(text);
  }
}

/// A numeric as Boost reads it: without zeros behind the point that say nothing.
[[nodiscard]] inline std::string shortest_text(const numeric& value) {
  std::string text = value.to_string();
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Nothing when the type has no such number, or only one near to it.
template <class Number>
[[nodiscard]] std::optional<Number> exact_number(const numeric& value) {
  using limits = std::numeric_limits<Number>;
  if (!value.is_finite()) {
    if constexpr (limits::is_integer) {
      return std::nullopt;
    } else {
      if (value.is_nan()) return limits::quiet_NaN();
      return value.is_negative() ? Number(-limits::infinity()) : limits::infinity();
    }
  }
  try {
    Number result(shortest_text(value));
    // A type of bounded precision rounds or wraps without a word.
    const std::optional<numeric> back = numeric_of(result);
    if (back && *back == value) return result;
  } catch (const std::exception&) {
    // Checked integers say that they are too small, and all that a fraction is none of theirs.
  }
  return std::nullopt;
}

template <class Number>
struct multiprecision_codec {
  static constexpr bool is_integer = std::numeric_limits<Number>::is_integer;
  static constexpr std::string_view name =
      is_integer ? "boost::multiprecision::cpp_int" : "boost::multiprecision::cpp_dec_float";
  static constexpr oid type = oids::numeric;
  static constexpr oid array_type = oids::numeric_array;

  static bool reads(oid from) noexcept { return codec<numeric>::reads(from); }
  static bool writes(oid to) noexcept {
    return codec<numeric>::writes(to) || (is_integer && codec<std::int64_t>::writes(to));
  }
  static format read_format(oid) noexcept { return format::binary; }

  static Number decode(const field& value) {
    const numeric read = codec<numeric>::decode(value);
    std::optional<Number> result = exact_number<Number>(read);
    if (!result) fail_read(value, name, "it does not hold this number exactly");
    return *result;
  }

  static format encode(value_writer& to, const Number& value) {
    const std::optional<numeric> sent = numeric_of(value);
    if (!sent) to.fail(name, "numeric has no room for it");
    if (to.target() == 0 || codec<numeric>::writes(to.target()))
      return codec<numeric>::encode(to, *sent);
    if constexpr (is_integer) return write_integer(to, value);
    to.fail(name, "the types do not go together");
  }
  static std::string to_text(const Number& value) {
    const std::optional<numeric> sent = numeric_of(value);
    return sent ? sent->to_string() : value.str();
  }

 private:
  static format write_integer(value_writer& to, const Number& value) {
    using narrow = std::numeric_limits<std::int64_t>;
    if (value < narrow::min() || value > narrow::max()) to.fail(name, "it is out of range");
    return codec<std::int64_t>::encode(to, value.template convert_to<std::int64_t>());
  }
};

}  // namespace detail

/// `numeric` and the integers as an integer of Boost.Multiprecision, of unbounded or fixed size:
/// exactly, or `data_error` is thrown (fractions, NaN, what a fixed size does not hold). It is sent
/// as numeric, or to an integer column that it fits into.
template <auto Min, auto Max, boost::multiprecision::cpp_integer_type Sign,
          boost::multiprecision::cpp_int_check_type Check, class Allocator,
          boost::multiprecision::expression_template_option Templates>
struct codec<boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<Min, Max, Sign, Check, Allocator>, Templates>>
    : detail::multiprecision_codec<boost::multiprecision::number<
          boost::multiprecision::cpp_int_backend<Min, Max, Sign, Check, Allocator>, Templates>> {};

/// `numeric` and the integers as a decimal of Boost.Multiprecision: exactly, or `data_error` is
/// thrown when it has not so many digits. It has no scale: 1.00 becomes 1. NaN and the infinities
/// are the same on both sides. Sending throws `data_error` for what numeric has no room for.
template <auto Digits, class Exponent, class Allocator,
          boost::multiprecision::expression_template_option Templates>
struct codec<boost::multiprecision::number<
    boost::multiprecision::cpp_dec_float<Digits, Exponent, Allocator>, Templates>>
    : detail::multiprecision_codec<boost::multiprecision::number<
          boost::multiprecision::cpp_dec_float<Digits, Exponent, Allocator>, Templates>> {};

}  // namespace tusk
