#include "tusk/types/money.hpp"

#include <algorithm>
#include <limits>

#include "types/ascii.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

constexpr std::string_view minus_sign = "\u2212";

/// How many bytes the UTF-8 character at the start of `text` has; 0 when there is none.
std::size_t utf8_size(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                           : lead < 0xF5 ? 4
                                         : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
  return size;
}

/// Collects digits; false when they are beyond what 64 bits hold.
bool add_digit(std::uint64_t& number, char digit) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto value = static_cast<std::uint64_t>(digit - '0');
  if (number > (most - value) / 10) return false;
  number = number * 10 + value;
  return true;
}

}  // namespace

std::optional<money> money::parse(std::string_view text) noexcept {
  std::uint64_t digits = 0;
  bool is_negative = false;
  bool has_digits = false;
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    // Second bytes of GB18030's longer characters are digits; other encodings have plain ones here.
    if (size == 0 && text.size() > 1 && ascii::is_digit(text[1])) return std::nullopt;
    if (ascii::is_digit(text[0])) {
      if (!add_digit(digits, text[0])) return std::nullopt;
      has_digits = true;
    }
    is_negative = is_negative || text[0] == '-' || text[0] == '(' || text.starts_with(minus_sign);
    text.remove_prefix(std::max(size, std::size_t{1}));
  }
  const std::uint64_t most = std::uint64_t{std::numeric_limits<std::int64_t>::max()} + is_negative;
  if (!has_digits || digits > most) return std::nullopt;
  return money(static_cast<std::int64_t>(is_negative ? 0U - digits : digits));
}

std::string money::to_string(int fraction_digits) const {
  if (fraction_digits < 0 || fraction_digits > 18) {
    detail::fail_conversion("tusk::money", std::to_string(fraction_digits) +
                                               " fraction digits are not between 0 and 18");
  }
  const auto bits = static_cast<std::uint64_t>(minor_units);
  std::string digits = std::to_string(minor_units < 0 ? 0U - bits : bits);
  const auto fraction = static_cast<std::size_t>(fraction_digits);
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  if (fraction > 0) digits.insert(digits.size() - fraction, 1, '.');
  if (minor_units < 0) digits.insert(0, 1, '-');
  return digits;
}

std::string codec<money>::to_text(const money&) {
  // cash_in scales by lc_monetary's fraction digits, which the client is never told.
  detail::fail_conversion(name,
                          "no text of it is read alike under every lc_monetary; send it in binary, "
                          "not by the simple protocol, or send a numeric and cast it to money");
}

namespace detail {

/// The minor units (cash_send).
template <>
struct value_wire<money> {
  static constexpr std::string_view what = "an amount of money";
  static std::optional<money> parse(std::string_view text) { return money::parse(text); }
  static std::string_view read(proto::reader& in, money& into) {
    into = money(in.i64());
    return {};
  }
  static void write(value_writer& to, const money& value) { to.out().i64(value.minor_units); }
};
template struct value_codec<money, oids::money, oids::money_array>;

}  // namespace detail
}  // namespace tusk
