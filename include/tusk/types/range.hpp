#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tusk/error.hpp"
#include "tusk/types/array_items.hpp"
#include "tusk/types/range_form.hpp"

namespace tusk {

/// Which of a range's bounds belong to it.
enum class range_bounds : std::uint8_t {
  closed_open,  ///< `[)`: the lower one only, as the server keeps all integer and date ranges
  closed,       ///< `[]`: both
  open,         ///< `()`: neither
  open_closed,  ///< `(]`: the upper one only
};

/// A range of PostgreSQL's: all values between two bounds, each of which belongs to it or not, or
/// is missing, so that the range has no end there. A missing bound is not the same as a bound that
/// is 'infinity', which dates and timestamps have.
///
///     tusk::range<int> teens(13, 20);                // [13,20)
///     tusk::range<tusk::date> since(day, std::nullopt);  // [2024-02-29,)
///
/// It is kept as it was given. The server writes ranges of integers and dates as `[)` always, so
/// that `[1,3]` comes back from it as `[1,4)`, and these two are not equal here.
template <class T>
class range {
  static_assert(!is_nullable<T>, "tusk: a range's bounds are optional already");

 public:
  using value_type = T;

  /// The empty range.
  range() = default;
  /// nullopt is no bound. Equal bounds that do not both belong to it make the empty range, as they
  /// do in the server. Bounds in the wrong order are the server's to refuse.
  range(std::optional<T> lower, std::optional<T> upper,
        range_bounds bounds = range_bounds::closed_open)
      : lower_(std::move(lower)), upper_(std::move(upper)) {
    namespace flag = detail::range_flag;
    const bool with_lower = bounds == range_bounds::closed_open || bounds == range_bounds::closed;
    const bool with_upper = bounds == range_bounds::open_closed || bounds == range_bounds::closed;
    if (lower_ && upper_ && !(with_lower && with_upper) && *lower_ == *upper_) {
      lower_.reset();
      upper_.reset();
      return;
    }
    const int low = !lower_ ? flag::lower_infinite : with_lower ? flag::lower_inclusive : 0;
    const int high = !upper_ ? flag::upper_infinite : with_upper ? flag::upper_inclusive : 0;
    flags_ = static_cast<std::uint8_t>(low | high);
  }

  /// Reads what the server reads: white space around, quotes and escapes, `empty`. nullopt for
  /// anything else.
  [[nodiscard]] static std::optional<range> parse(std::string_view text);
  /// The server's own text.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] bool is_empty() const noexcept { return has(detail::range_flag::empty); }
  /// nullopt when there is none, and in the empty range.
  [[nodiscard]] const std::optional<T>& lower() const noexcept { return lower_; }
  [[nodiscard]] const std::optional<T>& upper() const noexcept { return upper_; }
  /// Whether the bound belongs to the range; false when there is none.
  [[nodiscard]] bool lower_inclusive() const noexcept {
    return has(detail::range_flag::lower_inclusive);
  }
  [[nodiscard]] bool upper_inclusive() const noexcept {
    return has(detail::range_flag::upper_inclusive);
  }
  /// Whether it has no end on this side; false for the empty range.
  [[nodiscard]] bool lower_infinite() const noexcept {
    return has(detail::range_flag::lower_infinite);
  }
  [[nodiscard]] bool upper_infinite() const noexcept {
    return has(detail::range_flag::upper_infinite);
  }

  /// Whether the value lies between the bounds, in T's own order.
  [[nodiscard]] bool contains(const T& value) const {
    if (is_empty()) return false;
    if (lower_ && !(lower_inclusive() ? *lower_ <= value : *lower_ < value)) return false;
    return !upper_ || (upper_inclusive() ? value <= *upper_ : value < *upper_);
  }

  /// Whether they were given alike; see above of integers and dates.
  friend bool operator==(const range&, const range&) = default;
  /// As the server orders: the empty range first, then by the lower bound, then by the upper.
  friend auto operator<=>(const range& left, const range& right)
    requires std::three_way_comparable<T>
  {
    using order = std::compare_three_way_result_t<T>;
    if (left.is_empty() || right.is_empty()) return order(right.is_empty() <=> left.is_empty());
    const order low = compare(left.lower_, left.lower_inclusive(), right.lower_,
                              right.lower_inclusive(), std::strong_ordering::less);
    if (low != 0) return low;
    return compare(left.upper_, left.upper_inclusive(), right.upper_, right.upper_inclusive(),
                   std::strong_ordering::greater);
  }

  /// The flags of the binary form (range_send of PostgreSQL): 1 empty, 2 and 4 for bounds that
  /// belong to it, 8 and 16 for missing ones; the smaller one is the lower bound's.
  [[nodiscard]] std::uint8_t flags() const noexcept { return flags_; }

 private:
  friend struct codec<range>;

  [[nodiscard]] bool has(std::uint8_t flag) const noexcept { return (flags_ & flag) != 0; }

  // Two bounds of the same side; `missing` says where one that is missing lies. A bound that does
  // not belong to its range is a little further inside.
  [[nodiscard]] static auto compare(const std::optional<T>& left, bool with_left,
                                    const std::optional<T>& right, bool with_right,
                                    std::strong_ordering missing)
    requires std::three_way_comparable<T>
  {
    using order = std::compare_three_way_result_t<T>;
    if (!left && !right) return order(std::strong_ordering::equal);
    if (!left) return order(missing);
    if (!right) return order(0 <=> missing);
    const order values = *left <=> *right;
    if (values != 0 || with_left == with_right) return values;
    return order(with_left ? missing : 0 <=> missing);
  }

  [[nodiscard]] static range read(const field& value, type_ref subtype);

  std::optional<T> lower_;
  std::optional<T> upper_;
  std::uint8_t flags_ = detail::range_flag::empty;
};

namespace detail {
inline constexpr std::string_view range_opening = "tusk::range<";
}  // namespace detail

/// Every range type whose bounds are read as T, those made with `create type ... as range`
/// included. Sent to a server that was not asked it is the built-in range over codec<T>::type, or
/// text whose type the server finds out when there is none.
template <class T>
  requires readable<T> || writable<T>
struct codec<range<T>> {
  static constexpr std::string_view name = detail::template_name<detail::range_opening, T>::text;
  static constexpr oid type = detail::range_of(detail::own_type<T>());
  static constexpr oid array_type = detail::range_array_of(type);
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr bool reads_text = tusk::reads_text<T>;

  static bool reads(type_ref from)
    requires readable<T>
  {
    return from.kind() == type_kind::range && detail::read_as<T>(from.part()).has_value();
  }
  static bool writes(type_ref to)
    requires writable<T>
  {
    return to.kind() == type_kind::range && detail::sent_as<T>(to.part()).has_value();
  }
  static format read_format(type_ref from)
    requires readable<T>
  {
    const std::optional<type_ref> bound = detail::read_as<T>(from.part());
    return codec<T>::read_format(bound.value_or(type_ref()));
  }
  static range<T> decode(const field& value)
    requires readable<T>
  {
    return range<T>::read(value, value.type.part());
  }
  /// The same where the field's type does not say what the bounds are.
  static range<T> decode_as(const field& value, type_ref subtype)
    requires readable<T>
  {
    return range<T>::read(value, subtype);
  }
  static format encode(value_writer& to, const range<T>& value)
    requires writable<T>
  {
    const std::optional<type_ref> bound = detail::part_target(
        to, type_kind::range, type == 0 ? 0 : detail::own_type<T>(), &detail::sent_as<T>, name);
    if (bound) {
      detail::part_writer out(to, *bound);
      to.out().u8(value.flags());
      if (write_bound(out, value.lower()) && write_bound(out, value.upper())) return format::binary;
      out.take_back();
    }
    to.out().text(text_of(value, to.index(), bound.value_or(type_ref())));
    return format::text;
  }
  static std::string to_text(const range<T>& value, type_ref to = {})
    requires writable<T>
  {
    return text_of(value, 0, detail::sent_as<T>(to.part()).value_or(type_ref()));
  }

 private:
  static bool write_bound(detail::part_writer& out, const std::optional<T>& bound) {
    if (!bound) return true;
    value_writer place = out.open();
    return out.close(codec<T>::encode(place, *bound));
  }
  static std::string text_of(const range<T>& value, std::size_t index, type_ref to) {
    std::string lower;
    std::string upper;
    if (value.lower()) lower = detail::text_of(*value.lower(), index, to);
    if (value.upper()) upper = detail::text_of(*value.upper(), index, to);
    return detail::range_text(value.flags(), lower, upper);
  }
};

template <class T>
range<T> range<T>::read(const field& value, type_ref subtype) {
  const detail::range_reader in(value, subtype, codec<range>::name);
  if (tusk::is_view<T> && in.has_copy()) in.fail_copy();
  const type_ref as = in.bound_as(&detail::read_as<T>);
  const auto bound = [as](field part) -> std::optional<T> {
    if (part.is_null()) return std::nullopt;
    part.type = as;
    return codec<T>::decode(part);
  };
  if ((in.flags() & detail::range_flag::empty) != 0) return range();
  const bool with_lower = (in.flags() & detail::range_flag::lower_inclusive) != 0;
  const bool with_upper = (in.flags() & detail::range_flag::upper_inclusive) != 0;
  using enum range_bounds;
  return range(bound(in.lower()), bound(in.upper()),
               with_lower   ? (with_upper ? closed : closed_open)
               : with_upper ? open_closed
                            : open);
}

template <class T>
std::optional<range<T>> range<T>::parse(std::string_view text) {
  try {
    return read(detail::text_field(text), detail::own_type<T>());
  } catch (const data_error&) {
    return std::nullopt;
  }
}

template <class T>
std::string range<T>::to_string() const {
  return codec<range>::to_text(*this);
}

}  // namespace tusk

template <class T>
  requires requires(const T& value) { std::hash<T>{}(value); }
struct std::hash<tusk::range<T>> {
  std::size_t operator()(const tusk::range<T>& value) const {
    std::size_t all = value.flags();
    for (const std::optional<T>* bound : {&value.lower(), &value.upper()})
      all = all * 31 + (*bound ? std::hash<T>{}(**bound) : 0);
    return all;
  }
};
