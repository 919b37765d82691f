#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/error.hpp"
#include "tusk/types/array_items.hpp"
#include "tusk/types/sequences.hpp"

namespace tusk {
namespace detail {

/// Throws `data_error` when there are more dimensions than six, or not as many elements as they
/// have room for.
[[nodiscard]] array_shape checked_shape(std::span<const array_dimension> dimensions,
                                        std::size_t elements);
/// One dimension of so many elements, or none.
[[nodiscard]] array_shape checked_shape(std::size_t elements, std::int32_t lower);
/// As array_cmp goes on when all elements are equal.
[[nodiscard]] std::strong_ordering compare_shapes(const array_shape& left,
                                                  const array_shape& right) noexcept;
/// Where the element lies that has these subscripts. Throws `data_error` when there is none.
[[nodiscard]] std::size_t array_offset(const array_shape& shape,
                                       std::span<const std::int32_t> subscripts);

}  // namespace detail

/// All that an array of PostgreSQL's holds: up to six dimensions, each with a lower bound of its
/// own, and elements of which any may be NULL.
///
///     tusk::array<int> board = db.scalar<tusk::array<int>>("select
///     '[0:1][1:2]={{1,2},{3,NULL}}'"); board.at(0, 2);  // 2, by its subscripts in the server
///     board[3];        // std::nullopt, by its place
template <class T>
class array {
 public:
  using value_type = std::optional<T>;
  using const_iterator = typename std::vector<value_type>::const_iterator;

  /// The empty array, which has no dimensions.
  array() = default;
  /// One dimension, or none when there are no elements.
  explicit array(std::vector<value_type> elements, std::int32_t lower = 1)
      : shape_(detail::checked_shape(elements.size(), lower)), elements_(std::move(elements)) {}
  /// As many dimensions as are given, and their elements with the last subscript running fastest.
  /// Throws `data_error` when there are more than six, and when their sizes are not those of so
  /// many elements.
  array(std::span<const array_dimension> dimensions, std::vector<value_type> elements)
      : shape_(detail::checked_shape(dimensions, elements.size())),
        elements_(std::move(elements)) {}
  array(std::initializer_list<array_dimension> dimensions, std::vector<value_type> elements)
      : array(std::span<const array_dimension>(dimensions.begin(), dimensions.size()),
              std::move(elements)) {}

  /// Reads what the server writes, and what it reads: white space between elements, escapes outside
  /// of quotes, bounds without a lower one. nullopt for anything else, empty braces in braces
  /// included.
  [[nodiscard]] static std::optional<array> parse(std::string_view text);
  /// The server's own text.
  [[nodiscard]] std::string to_string() const;

  /// The outermost first; a view of the array.
  [[nodiscard]] std::span<const array_dimension> dimensions() const noexcept {
    return {shape_.each.data(), shape_.dimensions};
  }
  /// Elements in all dimensions.
  [[nodiscard]] std::size_t size() const noexcept { return elements_.size(); }
  [[nodiscard]] bool empty() const noexcept { return elements_.empty(); }
  /// Every element, the last subscript running fastest.
  [[nodiscard]] const std::vector<value_type>& elements() const& noexcept { return elements_; }
  [[nodiscard]] std::vector<value_type> elements() && noexcept { return std::move(elements_); }
  [[nodiscard]] const_iterator begin() const noexcept { return elements_.begin(); }
  [[nodiscard]] const_iterator end() const noexcept { return elements_.end(); }

  /// By its place among all elements, from 0; below `size()`.
  [[nodiscard]] const value_type& operator[](std::size_t place) const { return elements_[place]; }
  [[nodiscard]] value_type& operator[](std::size_t place) { return elements_[place]; }
  /// By its subscripts in the server, one for each dimension. Throws `data_error` when there is no
  /// such element, where the server would give NULL.
  template <std::convertible_to<std::int32_t>... Subscripts>
  [[nodiscard]] const value_type& at(Subscripts... subscripts) const {
    const std::array<std::int32_t, sizeof...(Subscripts)> all{
        static_cast<std::int32_t>(subscripts)...};
    return elements_[detail::array_offset(shape_, all)];
  }

  /// As the server compares: lower bounds count, and NULL equals NULL.
  friend bool operator==(const array&, const array&) = default;
  /// As the server orders: the elements first, NULL above all others; then the dimensions.
  friend auto operator<=>(const array& left, const array& right)
    requires std::three_way_comparable<T>
  {
    using order = std::compare_three_way_result_t<T>;
    const std::size_t common = left.size() < right.size() ? left.size() : right.size();
    for (std::size_t i = 0; i < common; ++i) {
      if (left[i].has_value() != right[i].has_value())
        return left[i].has_value() ? order::less : order::greater;
      if (!left[i].has_value()) continue;
      const order one = *left[i] <=> *right[i];
      if (one != 0) return one;
    }
    return order(left.compare_shape(right));
  }

 private:
  friend struct codec<array>;

  [[nodiscard]] static array read(const field& value, type_ref element) {
    array result;
    detail::array_reader in(value, element, codec<array>::name);
    const type_ref as = in.element_as(&detail::read_as<value_type>);
    result.shape_ = in.shape();
    const std::size_t count = in.shape().count();
    result.elements_.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      result.elements_.push_back(detail::read_item<value_type>(in, as));
    in.finish();
    return result;
  }
  [[nodiscard]] std::strong_ordering compare_shape(const array& other) const noexcept {
    if (size() != other.size()) return size() <=> other.size();
    return detail::compare_shapes(shape_, other.shape_);
  }

  detail::array_shape shape_;
  std::vector<value_type> elements_;
};

namespace detail {
inline constexpr std::string_view tusk_array_opening = "tusk::array<";
}  // namespace detail

/// An array of any shape.
template <class T>
  requires readable<T> || writable<T>
struct codec<array<T>> {
  static_assert(!is_nullable<T>, "tusk: the elements of tusk::array are optional already");
  using item = std::optional<T>;

  static constexpr std::string_view name =
      detail::template_name<detail::tusk_array_opening, T>::text;
  static constexpr oid type = detail::own_array<T>::type;
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr bool reads_text = tusk::reads_text<T>;

  static bool reads(type_ref from)
    requires readable<T>
  {
    return codec<std::vector<T>>::reads(from);
  }
  static bool writes(type_ref to)
    requires writable<T>
  {
    return codec<std::vector<T>>::writes(to);
  }
  static format read_format(type_ref from)
    requires readable<T>
  {
    return codec<std::vector<T>>::read_format(from);
  }
  static array<T> decode(const field& value)
    requires readable<T>
  {
    return array<T>::read(value, value.type.element());
  }
  static format encode(value_writer& to, const array<T>& value)
    requires writable<T>
  {
    return detail::write_array(to, value.elements_, value.shape_, name);
  }
  static std::string to_text(const array<T>& value, type_ref to = {})
    requires writable<T>
  {
    return detail::array_text_of(value.elements_, value.shape_, to);
  }
};

template <class T>
std::optional<array<T>> array<T>::parse(std::string_view text) {
  try {
    return read(detail::text_field(text), detail::own_type<T>());
  } catch (const data_error&) {
    return std::nullopt;
  }
}

template <class T>
std::string array<T>::to_string() const {
  return codec<array>::to_text(*this);
}

}  // namespace tusk

template <class T>
  requires requires(const T& value) { std::hash<T>{}(value); }
struct std::hash<tusk::array<T>> {
  std::size_t operator()(const tusk::array<T>& value) const {
    std::size_t all = value.dimensions().size();
    for (const std::optional<T>& element : value)
      all = all * 31 + (element ? std::hash<T>{}(*element) : 0);
    return all;
  }
};
