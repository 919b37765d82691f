#include <charconv>
#include <cstdlib>

#include "tusk/types/numeric.hpp"
#include "types/ascii.hpp"

namespace tusk {
namespace {

/// A decimal as written: its digits without the point, and how many of them are behind it.
struct written {
  bool negative = false;
  std::string digits;
  int scale = 0;
  int exponent = 0;
};

std::optional<written> read_exponent(std::string_view text, written parts) {
  if (text.empty()) return parts;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, parts.exponent);
  // Nothing that fits is written with an exponent beyond the digits a number may have.
  constexpr int most = 2 * numeric::max_whole_digits;
  if (done.ec != std::errc{} || done.ptr != end || std::abs(parts.exponent) > most)
    return std::nullopt;
  return parts;
}

std::optional<written> read_decimal(std::string_view text, bool negative) {
  written parts;
  parts.negative = negative;
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (ascii::is_digit(text[at])) {
      parts.digits.push_back(text[at]);
      if (point) ++parts.scale;
    } else if (text[at] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  if (parts.digits.empty()) return std::nullopt;
  return read_exponent(text.substr(at), std::move(parts));
}

/// Groups decimal digits by four from the point, and gives the first group's weight.
std::optional<numeric> group(written parts) {
  const int shown = parts.scale - parts.exponent;
  const int scale = shown > 0 ? shown : 0;
  if (scale > numeric::max_scale) return std::nullopt;
  const std::size_t leading = parts.digits.find_first_not_of('0');
  if (leading == std::string::npos) return numeric::from_parts(false, 0, scale, {});
  parts.digits.erase(0, leading);
  int whole = static_cast<int>(parts.digits.size()) - shown;  // decimal digits before the point
  if (whole > numeric::max_whole_digits) return std::nullopt;
  while (whole % 4 != 0) {
    parts.digits.insert(0, 1, '0');
    ++whole;
  }
  parts.digits.append((4 - parts.digits.size() % 4) % 4, '0');
  std::u16string digits;
  digits.reserve(parts.digits.size() / 4);
  for (std::size_t i = 0; i < parts.digits.size(); i += 4) {
    int one = 0;
    for (std::size_t j = 0; j < 4; ++j)
      one = one * 10 + (parts.digits[i + j] - '0');
    digits.push_back(static_cast<char16_t>(one));
  }
  return numeric::from_parts(parts.negative, whole / 4 - 1, scale, std::move(digits));
}

}  // namespace

std::optional<numeric> numeric::parse(std::string_view text) {
  text = ascii::trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (ascii::equals(text, "infinity") || ascii::equals(text, "inf"))
    return negative ? minus_infinity() : infinity();
  if (ascii::equals(text, "nan")) return nan();
  std::optional<written> parts = read_decimal(text, negative);
  if (!parts) return std::nullopt;
  return group(std::move(*parts));
}

}  // namespace tusk
