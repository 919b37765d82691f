#include "tusk/types/array.hpp"

#include "tusk/types/failure.hpp"
#include "types/array_literal.hpp"
#include "types/array_wire.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

constexpr std::string_view class_name = "tusk::array";

/// How many words a list has: what int2vector and oidvector are as text.
std::size_t count_words(std::string_view text) noexcept {
  std::size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    if (!ascii::is_space(c) && !in_word) ++words;
    in_word = !ascii::is_space(c);
  }
  return words;
}

std::string_view take_word(std::string_view& text) noexcept {
  while (!text.empty() && ascii::is_space(text.front()))
    text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && !ascii::is_space(text[end]))
    ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

array_token next_element(std::string_view& rest, char delimiter) noexcept {
  array_token next;
  do {
    next = next_token(rest, delimiter);
  } while (next.what != array_token::kind::element && next.what != array_token::kind::end);
  return next;
}

}  // namespace

array_reader::array_reader(const field& value, type_ref element, std::string_view target)
    : value_(value), target_(target), element_(element), binary_({}) {
  if (value.is_null()) fail_type(value, target);
  if (value.format == format::text) {
    open_text();
    return;
  }
  const binary_array array = read_shape(value, target);
  // What the array says its elements are counts, except that only the catalogs know more of it.
  if (element_ != array.element) element_ = array.element;
  shape_ = array.shape;
  binary_ = proto::reader(array.elements);
}

void array_reader::open_text() {
  text_ = value_.text();
  is_list_ = is_vector(value_.type);
  if (is_list_) {
    const std::size_t words = count_words(text_);
    shape_.dimensions = words > 0 ? 1 : 0;
    shape_.each[0] = {static_cast<std::int32_t>(words), words > 0 ? 0 : 1};
    return;
  }
  const std::optional<array_shape> shape = literal_shape(text_, element_.delimiter());
  if (!shape) fail_text(value_, target_, "an array");
  shape_ = *shape;
}

type_ref array_reader::element_as(std::optional<type_ref> (*read_as)(type_ref)) const {
  const std::optional<type_ref> as = read_as(element_);
  if (!as) fail_read(value_, target_, "its elements are of " + type_label(element_));
  return *as;
}

void array_reader::require_dimensions(std::size_t dimensions) const {
  if (shape_.dimensions == dimensions || shape_.dimensions == 0) return;
  fail_read(value_, target_,
            "it has " + std::to_string(shape_.dimensions) +
                (shape_.dimensions == 1 ? " dimension, not " : " dimensions, not ") +
                std::to_string(dimensions) + "; read tusk::array, or vectors in vectors");
}

void array_reader::require_length(std::size_t dimension, std::size_t wanted) const {
  if (length(dimension) == wanted) return;
  fail_read(value_, target_,
            "it has " + std::to_string(length(dimension)) + " elements, not " +
                std::to_string(wanted) + "; read std::vector");
}

void array_reader::next(field& into) {
  ++index_;
  if (value_.format == format::text) {
    next_text(into);
  } else {
    into = read_element(binary_, value_, element_, target_);
  }
}

void array_reader::next_text(field& into) {
  array_token element;
  if (is_list_) {
    element.text = take_word(text_);
  } else {
    element = next_element(text_, element_.delimiter());
  }
  is_copy_ = element.is_escaped;
  if (is_copy_) {
    unescape(element.text, scratch_);
    element.text = scratch_;
  }
  into = text_field(element.text);
  if (element.is_null) into.size = -1;
  into.type = element_;
  into.origin = value_.origin;
}

void array_reader::finish() {
  // A text has been looked at to its end before.
  if (value_.format == format::binary && binary_.finish())
    fail_read(value_, target_, malformed_array);
}

void array_reader::fail_element(std::string_view reason) const {
  fail_read(value_, target_,
            std::string("element ").append(std::to_string(index_)).append(" ").append(reason));
}

field text_field(std::string_view text) noexcept {
  field value;
  value.data = reinterpret_cast<const std::byte*>(text.data());
  value.size = text.size() > INT32_MAX ? -1 : static_cast<std::int32_t>(text.size());
  return value;
}

array_shape checked_shape(std::span<const array_dimension> dimensions, std::size_t elements) {
  if (dimensions.size() > array_shape::most_dimensions)
    fail_conversion(class_name, "it has " + std::to_string(dimensions.size()) +
                                    " dimensions, and PostgreSQL's have at most six");
  array_shape shape;
  std::size_t room = dimensions.empty() ? 0 : 1;
  for (const array_dimension& one : dimensions) {
    if (one.size < 1 || std::int64_t{one.lower} + one.size > INT32_MAX)
      fail_conversion(class_name, "a dimension is empty, or has a subscript above 2147483646");
    shape.each[shape.dimensions++] = one;
    // Checked at each factor, so that the product stays far from overflow.
    room *= static_cast<std::size_t>(one.size);
    if (room > elements) break;
  }
  if (room != elements)
    fail_conversion(class_name,
                    "its dimensions are not those of " + std::to_string(elements) + " elements");
  return shape;
}

array_shape checked_shape(std::size_t elements, std::int32_t lower) {
  if (elements == 0) return {};
  if (elements > INT32_MAX) fail_conversion(class_name, oversized_array);
  const array_dimension only{static_cast<std::int32_t>(elements), lower};
  return checked_shape({&only, 1}, elements);
}

std::strong_ordering compare_shapes(const array_shape& left, const array_shape& right) noexcept {
  if (left.dimensions != right.dimensions) return left.dimensions <=> right.dimensions;
  for (std::size_t i = 0; i < left.dimensions; ++i)
    if (left.each[i].size != right.each[i].size) return left.each[i].size <=> right.each[i].size;
  for (std::size_t i = 0; i < left.dimensions; ++i)
    if (left.each[i].lower != right.each[i].lower)
      return left.each[i].lower <=> right.each[i].lower;
  return std::strong_ordering::equal;
}

std::size_t array_offset(const array_shape& shape, std::span<const std::int32_t> subscripts) {
  if (subscripts.size() != shape.dimensions)
    fail_conversion(class_name, std::to_string(subscripts.size()) +
                                    " subscripts were given for an array of " +
                                    std::to_string(shape.dimensions) + " dimensions");
  std::size_t offset = 0;
  for (std::size_t i = 0; i < subscripts.size(); ++i) {
    const array_dimension& one = shape.each[i];
    if (subscripts[i] < one.lower || subscripts[i] > one.upper())
      fail_conversion(class_name, "the subscript " + std::to_string(subscripts[i]) +
                                      " is not within [" + std::to_string(one.lower) + ":" +
                                      std::to_string(one.upper()) + "]");
    offset = offset * static_cast<std::size_t>(one.size) +
             static_cast<std::size_t>(std::int64_t{subscripts[i]} - one.lower);
  }
  return offset;
}

}  // namespace tusk::detail
