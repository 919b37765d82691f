#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/value_codec.hpp"

namespace tusk {

/// An amount of `money` as the server holds it: a whole number of the currency's smallest unit.
/// Which currency that is, and how many of those units make one of its larger, is not part of the
/// value: the server's lc_monetary says so whenever it prints or reads one.
struct money {
  std::int64_t minor_units = 0;

  constexpr money() noexcept = default;
  constexpr explicit money(std::int64_t units) noexcept : minor_units(units) {}

  /// Reads what the server prints (cash_out), whatever its locale: `$1,234.56`, `-1.234,56 €`,
  /// `(¥1,234)`. It prints every digit down to the smallest unit, always, and no currency has one
  /// in its symbol, so that the digits alone are the number; and only what is negative has a minus
  /// sign or parentheses. nullopt for text without digits, for more of them than the server could
  /// hold, and where a digit could be a part of some letter in an encoding other than UTF-8.
  /// It is not for amounts that people type: `1.5` is 15 of the smallest unit here.
  [[nodiscard]] static std::optional<money> parse(std::string_view text) noexcept;

  /// `-12.34` for 2 fraction digits, at most 18; without a point for 0. A server whose lc_monetary
  /// has as many, and a point before them, reads that text as this value; another does not.
  [[nodiscard]] std::string to_string(int fraction_digits) const;
  [[nodiscard]] std::size_t hash() const noexcept { return static_cast<std::size_t>(minor_units); }

  friend constexpr bool operator==(money, money) noexcept = default;
  friend constexpr auto operator<=>(money, money) noexcept = default;
};

/// `money`, exact in binary. As text it can be read, but not sent: no text means the same amount
/// under every lc_monetary.
template <>
struct codec<money> : detail::value_codec<money, oids::money, oids::money_array> {
  static constexpr std::string_view name = "tusk::money";
  /// Throws `data_error`, always.
  static std::string to_text(const money& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::money> {
  std::size_t operator()(const tusk::money& value) const noexcept { return value.hash(); }
};
