#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/types/range.hpp"

namespace tusk {

/// A multirange of PostgreSQL's (from version 14 on): ranges with gaps between them. What the
/// server sends is in order, without overlap; what is sent to it is put in order and joined there,
/// so that it comes back otherwise than it was given here.
template <class T>
class multirange {
 public:
  using value_type = range<T>;
  using const_iterator = typename std::vector<range<T>>::const_iterator;

  /// It holds nothing.
  multirange() = default;
  /// Empty ranges are left out, as the server does.
  explicit multirange(std::vector<range<T>> ranges) : ranges_(std::move(ranges)) {
    std::erase_if(ranges_, [](const range<T>& one) { return one.is_empty(); });
  }
  multirange(std::initializer_list<range<T>> ranges) : multirange(std::vector<range<T>>(ranges)) {}

  /// Reads what the server reads. nullopt for anything else.
  [[nodiscard]] static std::optional<multirange> parse(std::string_view text);
  /// The server's own text.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const std::vector<range<T>>& ranges() const noexcept { return ranges_; }
  [[nodiscard]] std::size_t size() const noexcept { return ranges_.size(); }
  /// Whether it holds no range.
  [[nodiscard]] bool is_empty() const noexcept { return ranges_.empty(); }
  [[nodiscard]] const_iterator begin() const noexcept { return ranges_.begin(); }
  [[nodiscard]] const_iterator end() const noexcept { return ranges_.end(); }

  /// Whether one of the ranges does.
  [[nodiscard]] bool contains(const T& value) const {
    for (const range<T>& one : ranges_)
      if (one.contains(value)) return true;
    return false;
  }

  /// Whether they hold the same ranges, as `range` compares them, in the same order.
  friend bool operator==(const multirange&, const multirange&) = default;
  /// As the server orders: by the first range that differs.
  friend auto operator<=>(const multirange& left, const multirange& right)
    requires std::three_way_comparable<T>
  {
    return left.ranges_ <=> right.ranges_;
  }

 private:
  friend struct codec<multirange>;

  [[nodiscard]] static multirange read(const field& value, type_ref range_type, type_ref subtype);

  std::vector<range<T>> ranges_;
};

namespace detail {
inline constexpr std::string_view multirange_opening = "tusk::multirange<";
}  // namespace detail

/// Every multirange type whose ranges' bounds are read as T; see `codec<range<T>>`.
template <class T>
  requires readable<T> || writable<T>
struct codec<multirange<T>> {
  using item = range<T>;
  static constexpr std::string_view name =
      detail::template_name<detail::multirange_opening, T>::text;
  static constexpr oid type = detail::multirange_of(codec<item>::type);
  static constexpr oid array_type = detail::range_array_of(type);
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr bool reads_text = tusk::reads_text<T>;

  static bool reads(type_ref from)
    requires readable<T>
  {
    return from.kind() == type_kind::multirange && codec<item>::reads(from.part());
  }
  static bool writes(type_ref to)
    requires writable<T>
  {
    return to.kind() == type_kind::multirange && codec<item>::writes(to.part());
  }
  static format read_format(type_ref from)
    requires readable<T>
  {
    return codec<item>::read_format(from.part());
  }
  static multirange<T> decode(const field& value)
    requires readable<T>
  {
    return multirange<T>::read(value, value.type.part(), value.type.part().part());
  }
  static format encode(value_writer& to, const multirange<T>& value)
    requires writable<T>
  {
    if (value.size() > INT32_MAX) to.fail(name, "it has more than 2147483647 ranges");
    const std::optional<type_ref> part = detail::part_target(
        to, type_kind::multirange, type == 0 ? 0 : codec<item>::type, &detail::sent_as<item>, name);
    if (part && write_binary(to, *part, value)) return format::binary;
    to.out().text(text_of(value, to.index(), part.value_or(type_ref())));
    return format::text;
  }
  static std::string to_text(const multirange<T>& value, type_ref to = {})
    requires writable<T>
  {
    return text_of(value, 0, to.part());
  }

 private:
  static bool write_binary(value_writer& to, type_ref part, const multirange<T>& value) {
    detail::part_writer out(to, part);
    to.out().i32(static_cast<std::int32_t>(value.size()));
    for (const item& one : value) {
      value_writer place = out.open();
      if (out.close(codec<item>::encode(place, one))) continue;
      out.take_back();
      return false;
    }
    return true;
  }
  static std::string text_of(const multirange<T>& value, std::size_t index, type_ref to) {
    std::string text = "{";
    for (const item& one : value) {
      if (text.size() > 1) text.push_back(',');
      text.append(detail::text_of(one, index, to));
    }
    text.push_back('}');
    return text;
  }
};

template <class T>
multirange<T> multirange<T>::read(const field& value, type_ref range_type, type_ref subtype) {
  detail::multirange_reader in(value, range_type, codec<multirange>::name);
  std::vector<range<T>> ranges;
  ranges.reserve(in.reserve());
  field one;
  while (in.next(one))
    ranges.push_back(codec<range<T>>::decode_as(one, subtype));
  return multirange(std::move(ranges));
}

template <class T>
std::optional<multirange<T>> multirange<T>::parse(std::string_view text) {
  try {
    return read(detail::text_field(text), type_ref(codec<range<T>>::type), detail::own_type<T>());
  } catch (const data_error&) {
    return std::nullopt;
  }
}

template <class T>
std::string multirange<T>::to_string() const {
  return codec<multirange>::to_text(*this);
}

}  // namespace tusk

template <class T>
  requires requires(const T& value) { std::hash<T>{}(value); }
struct std::hash<tusk::multirange<T>> {
  std::size_t operator()(const tusk::multirange<T>& value) const {
    std::size_t all = value.size();
    for (const tusk::range<T>& one : value)
      all = all * 31 + std::hash<tusk::range<T>>{}(one);
    return all;
  }
};
