#include <algorithm>
#include <vector>

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

/// The digits in front of `text`, in the bases up to 16, which go away from it with the underscores
/// among them: one at a time, and a digit behind each. Those that lead are the caller's affair.
class digit_reader {
 public:
  digit_reader(std::string_view& text, int base) noexcept : text_(&text), base_(base) {}

  /// The next digit's value, or -1 when there is none.
  int next() noexcept {
    const std::size_t underscore = any_ && text_->starts_with('_') ? 1 : 0;
    if (text_->size() <= underscore) return -1;
    const int value = ascii::hex_value((*text_)[underscore]);
    if (value < 0 || value >= base_) return -1;
    text_->remove_prefix(underscore + 1);
    any_ = true;
    return value;
  }

 private:
  std::string_view* text_;
  int base_;
  bool any_ = false;
};

std::optional<written> read_exponent(std::string_view text, written parts) {
  if (text.empty()) return parts;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  // Nothing that fits is written with an exponent beyond the digits a number may have.
  constexpr int most = 2 * numeric::max_whole_digits;
  digit_reader in(text, 10);
  int digit = in.next();
  if (digit < 0) return std::nullopt;
  for (; digit >= 0; digit = in.next()) {
    parts.exponent = parts.exponent * 10 + digit;
    if (parts.exponent > most) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  if (negative) parts.exponent = -parts.exponent;
  return parts;
}

/// Appends the digits in front of `text`; says how many there were.
std::size_t read_digits(std::string_view& text, std::string& digits) {
  const std::size_t before = digits.size();
  digit_reader in(text, 10);
  for (int digit = in.next(); digit >= 0; digit = in.next())
    digits.push_back(static_cast<char>('0' + digit));
  return digits.size() - before;
}

std::optional<written> read_decimal(std::string_view text, bool negative) {
  written parts;
  parts.negative = negative;
  read_digits(text, parts.digits);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t behind = read_digits(text, parts.digits);
    // More is refused in the end, but must be counted until then.
    constexpr std::size_t most = 4U * static_cast<std::size_t>(numeric::max_whole_digits);
    if (behind > most) return std::nullopt;
    parts.scale = static_cast<int>(behind);
  }
  if (parts.digits.empty()) return std::nullopt;
  return read_exponent(text, std::move(parts));
}

/// Groups decimal digits by four from the point, and gives the first group's weight.
std::optional<numeric> group(const written& parts) {
  const int shown = parts.scale - parts.exponent;
  const int scale = shown > 0 ? shown : 0;
  if (scale > numeric::max_scale) return std::nullopt;
  std::string_view left = parts.digits;
  left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
  if (left.empty()) return numeric::from_parts(false, 0, scale, {});
  const auto behind = static_cast<std::ptrdiff_t>(shown);
  const std::ptrdiff_t whole = static_cast<std::ptrdiff_t>(left.size()) - behind;
  if (whole > numeric::max_whole_digits) return std::nullopt;
  // So many decimal digits are in the first group: 1 to 4, also where all are behind the point.
  std::size_t size = static_cast<std::size_t>((whole % 4 + 4 + 3) % 4 + 1);
  const std::ptrdiff_t weight = (whole - static_cast<std::ptrdiff_t>(size)) / 4;
  std::u16string digits;
  digits.reserve(left.size() / 4 + 2);
  for (; !left.empty(); size = 4) {
    int one = 0;
    for (std::size_t i = 0; i < size; ++i)
      one = one * 10 + (i < left.size() ? left[i] - '0' : 0);
    digits.push_back(static_cast<char16_t>(one));
    left.remove_prefix(std::min(size, left.size()));
  }
  return numeric::from_parts(parts.negative, static_cast<int>(weight), scale, digits);
}

/// The base that a prefix names: 0x, 0o, 0b (PostgreSQL 16); 10 when there is none.
int base_of(std::string_view text) noexcept {
  if (text.size() < 2 || text[0] != '0') return 10;
  switch (ascii::lower(text[1])) {
    case 'x': return 16;
    case 'o': return 8;
    case 'b': return 2;
    default: return 10;
  }
}

/// A whole number that grows a digit of any base at a time, least significant part first.
class growing_number {
 public:
  // Parts of base 10^8, each two base-10000 digits.
  static constexpr std::uint64_t base = 100'000'000;
  static constexpr std::size_t most_parts = numeric::max_whole_digits / 8;

  /// Times `factor` and plus `more`, both below 2^32. False when it is too large for a numeric.
  bool append(std::uint64_t factor, std::uint64_t more) {
    for (std::uint32_t& part : parts_) {
      more += part * factor;
      part = static_cast<std::uint32_t>(more % base);
      more /= base;
    }
    for (; more != 0; more /= base)
      parts_.push_back(static_cast<std::uint32_t>(more % base));
    return parts_.size() <= most_parts;
  }

  [[nodiscard]] std::optional<numeric> value(bool negative) const {
    std::u16string digits;
    digits.reserve(parts_.size() * 2);
    for (std::size_t i = parts_.size(); i-- > 0;) {
      digits.push_back(static_cast<char16_t>(parts_[i] / 10'000));
      digits.push_back(static_cast<char16_t>(parts_[i] % 10'000));
    }
    return numeric::from_parts(negative, static_cast<int>(digits.size()) - 1, 0, digits);
  }

 private:
  std::vector<std::uint32_t> parts_;
};

std::optional<numeric> read_based(std::string_view text, int base, bool negative) {
  // Here an underscore may lead: the prefix is in front of it.
  if (text.starts_with('_')) text.remove_prefix(1);
  digit_reader in(text, base);
  int digit = in.next();
  if (digit < 0) return std::nullopt;
  growing_number number;
  while (digit >= 0) {
    // As many digits at once as 28 bits hold, as each step goes over the whole number.
    std::uint64_t factor = 1;
    std::uint64_t more = 0;
    for (; digit >= 0 && factor < (std::uint64_t{1} << 24U); digit = in.next()) {
      factor *= static_cast<std::uint64_t>(base);
      more = more * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
    }
    if (!number.append(factor, more)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return number.value(negative);
}

}  // namespace

std::optional<numeric> numeric::parse(std::string_view text) {
  text = ascii::trim(text);
  const bool negative = text.starts_with('-');
  if (ascii::equals(text, "nan")) return nan();
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (ascii::equals(text, "infinity") || ascii::equals(text, "inf"))
    return negative ? minus_infinity() : infinity();
  const int base = base_of(text);
  if (base != 10) return read_based(text.substr(2), base, negative);
  const std::optional<written> parts = read_decimal(text, negative);
  if (!parts) return std::nullopt;
  return group(*parts);
}

}  // namespace tusk
