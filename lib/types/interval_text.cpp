#include <array>
#include <limits>

#include "tusk/types/interval.hpp"
#include "types/ascii.hpp"
#include "types/calendar.hpp"
#include "types/clock_scanner.hpp"

namespace tusk {
namespace {

/// Adds up an interval part by part; what does not fit makes it bad for good.
class sum {
 public:
  enum class part : std::uint8_t { months, days, microseconds };

  void add(part to, std::int64_t count, std::int64_t times) noexcept {
    std::int64_t& total = totals_[static_cast<std::size_t>(to)];
    std::int64_t product = 0;
    if (__builtin_mul_overflow(count, times, &product) ||
        __builtin_add_overflow(total, product, &total))
      fits_ = false;
  }

  [[nodiscard]] std::optional<interval> get() const noexcept {
    using limits = std::numeric_limits<std::int32_t>;
    if (!fits_) return std::nullopt;
    for (const std::int64_t narrow : {totals_[0], totals_[1]})
      if (narrow < limits::min() || narrow > limits::max()) return std::nullopt;
    return interval(static_cast<std::int32_t>(totals_[0]), static_cast<std::int32_t>(totals_[1]),
                    totals_[2]);
  }

 private:
  std::array<std::int64_t, 3> totals_{};
  bool fits_ = true;
};

struct unit {
  std::string_view name;
  sum::part part;
  std::int64_t times;
};

constexpr auto months = sum::part::months;
constexpr auto days = sum::part::days;
constexpr auto clock = sum::part::microseconds;

// The server's names (deltatktbl in its datetime.c) without those that are never written out.
constexpr std::array<unit, 46> units{{
    {"y", months, 12},
    {"yr", months, 12},
    {"yrs", months, 12},
    {"year", months, 12},
    {"years", months, 12},
    {"mon", months, 1},
    {"mons", months, 1},
    {"month", months, 1},
    {"months", months, 1},
    {"decade", months, 120},
    {"decades", months, 120},
    {"century", months, 1'200},
    {"centuries", months, 1'200},
    {"millennium", months, 12'000},
    {"millennia", months, 12'000},
    {"d", days, 1},
    {"day", days, 1},
    {"days", days, 1},
    {"w", days, 7},
    {"week", days, 7},
    {"weeks", days, 7},
    {"h", clock, 3600 * calendar::second},
    {"hr", clock, 3600 * calendar::second},
    {"hrs", clock, 3600 * calendar::second},
    {"hour", clock, 3600 * calendar::second},
    {"hours", clock, 3600 * calendar::second},
    {"m", clock, 60 * calendar::second},
    {"min", clock, 60 * calendar::second},
    {"mins", clock, 60 * calendar::second},
    {"minute", clock, 60 * calendar::second},
    {"minutes", clock, 60 * calendar::second},
    {"s", clock, calendar::second},
    {"sec", clock, calendar::second},
    {"secs", clock, calendar::second},
    {"second", clock, calendar::second},
    {"seconds", clock, calendar::second},
    {"ms", clock, 1'000},
    {"msec", clock, 1'000},
    {"msecs", clock, 1'000},
    {"millisecond", clock, 1'000},
    {"milliseconds", clock, 1'000},
    {"us", clock, 1},
    {"usec", clock, 1},
    {"usecs", clock, 1},
    {"microsecond", clock, 1},
    {"microseconds", clock, 1},
}};

const unit* find_unit(std::string_view name) noexcept {
  for (const unit& each : units)
    if (ascii::equals(name, each.name)) return &each;
  return nullptr;
}

class reader {
 public:
  /// `reversed`: the text ended in "ago", which turns all signs around.
  reader(std::string_view text, bool reversed) noexcept : in_(text), reversed_(reversed) {}

  /// Fields of all styles but ISO 8601.
  std::optional<interval> fields() noexcept {
    do {
      if (!field()) return std::nullopt;
      // Units may stand right behind each other: 1h30m.
      if (skip_spaces() == 0 && !in_.at_end() && !behind_unit_) return std::nullopt;
    } while (!in_.at_end());
    return total_.get();
  }

  /// What is behind the P of ISO 8601, each field with its sign.
  std::optional<interval> iso_8601() noexcept {
    bool in_clock = false;
    do {
      if (in_.skip('T')) {
        if (in_clock) return std::nullopt;
        in_clock = true;
      }
      sign();
      const auto whole = in_.number(1, most_digits);
      const bool has_point = in_.next() == '.';
      const auto millionths = in_.fraction();
      if (!whole || !millionths) return std::nullopt;
      const unit* const found = find_iso_unit(in_.letters(1), in_clock);
      if (found == nullptr || !add(*whole, has_point, *millionths, *found)) return std::nullopt;
    } while (!in_.at_end());
    return total_.get();
  }

 private:
  // The server's longest number has ten.
  static constexpr std::size_t most_digits = 18;

  static const unit* find_iso_unit(std::string_view letter, bool in_clock) noexcept {
    if (in_clock)
      return letter == "H" || letter == "M" || letter == "S" ? find_unit(letter) : nullptr;
    if (letter == "M") return find_unit("mon");
    return letter == "Y" || letter == "W" || letter == "D" ? find_unit(letter) : nullptr;
  }

  std::size_t skip_spaces() noexcept {
    std::size_t count = 0;
    while (ascii::is_space(in_.next()) && in_.skip(in_.next()))
      ++count;
    return count;
  }

  /// Takes a sign; gives whether there was one.
  bool sign() noexcept {
    negative_ = in_.skip('-');
    return negative_ || in_.skip('+');
  }

  void add_signed(sum::part to, std::int64_t count, std::int64_t times) noexcept {
    total_.add(to, negative_ != reversed_ ? -count : count, times);
  }

  bool add(std::int64_t whole, bool has_point, std::int64_t millionths, const unit& of) noexcept {
    if (has_point && of.times != calendar::second) return false;
    add_signed(of.part, whole, of.times);
    add_signed(of.part, millionths, 1);
    return true;
  }

  bool field() noexcept {
    const bool inherited = negative_ && !behind_unit_;
    if (!sign()) negative_ = inherited;
    behind_unit_ = false;
    const auto whole = in_.number(1, most_digits);
    if (!whole) return false;
    if (in_.next() == ':') return rest_of_clock(*whole);
    if (in_.skip('-')) return rest_of_years(*whole);
    const bool has_point = in_.next() == '.';
    const auto millionths = in_.fraction();
    if (!millionths) return false;
    skip_spaces();
    const std::string_view name = in_.letters(most_digits);
    if (name.empty()) return bare(*whole, has_point, *millionths);
    behind_unit_ = true;
    const unit* const found = find_unit(name);
    return found != nullptr && add(*whole, has_point, *millionths, *found);
  }

  /// `:MM[:SS[.ffffff]]`
  bool rest_of_clock(std::int64_t hours) noexcept {
    in_.skip(':');
    const auto minutes = in_.number(2, 2);
    if (!minutes || *minutes > 59) return false;
    add_signed(clock, hours, 3600 * calendar::second);
    add_signed(clock, *minutes, 60 * calendar::second);
    if (!in_.skip(':')) return true;
    const auto seconds = in_.number(2, 2);
    const auto millionths = in_.fraction();
    if (!seconds || *seconds > 60 || !millionths) return false;
    add_signed(clock, *seconds * calendar::second + *millionths, 1);
    return true;
  }

  /// The months of `1-2`.
  bool rest_of_years(std::int64_t years) noexcept {
    const auto of_year = in_.number(1, 2);
    if (!of_year || *of_year > 11) return false;
    add_signed(months, years, 12);
    add_signed(months, *of_year, 1);
    return true;
  }

  /// A number without a unit counts days when a clock follows, else seconds.
  bool bare(std::int64_t whole, bool has_point, std::int64_t millionths) noexcept {
    if (in_.at_end()) return add(whole, has_point, millionths, *find_unit("sec"));
    if (has_point) return false;
    add_signed(days, whole, 1);
    const bool was_negative = negative_;
    if (!sign()) negative_ = was_negative;
    const auto hours = in_.number(1, most_digits);
    return hours && in_.next() == ':' && rest_of_clock(*hours);
  }

  calendar::scanner in_;
  sum total_;
  bool reversed_;
  bool negative_ = false;
  bool behind_unit_ = false;
};

}  // namespace

std::optional<interval> interval::parse(std::string_view text) noexcept {
  text = ascii::trim(text);
  if (ascii::equals(text, "infinity")) return infinity();
  if (ascii::equals(text, "-infinity")) return minus_infinity();
  if (text.starts_with('P')) return reader(text.substr(1), false).iso_8601();
  if (text.starts_with('@')) text = ascii::trim(text.substr(1));
  constexpr std::string_view ago = " ago";
  const bool reversed =
      text.size() > ago.size() && ascii::equals(text.substr(text.size() - ago.size()), ago);
  if (reversed) text = ascii::trim(text.substr(0, text.size() - ago.size()));
  return reader(text, reversed).fields();
}

}  // namespace tusk
