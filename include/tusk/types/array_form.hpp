#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/proto/reader.hpp"
#include "tusk/types/array_shape.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/part_writer.hpp"

/// The forms of arrays, for the codecs of the containers that hold them.
namespace tusk::detail {

/// Walks the elements of an array in either format, the last subscript running fastest.
class array_reader {
 public:
  /// `element` is what the elements are unless the array itself says otherwise. Throws `data_error`
  /// for NULL and for a malformed shape or text. `value` must outlive the reader.
  array_reader(const field& value, type_ref element, std::string_view target);

  [[nodiscard]] const array_shape& shape() const noexcept { return shape_; }
  /// How many elements lie along a dimension; 0 in an empty array.
  [[nodiscard]] std::size_t length(std::size_t dimension) const noexcept {
    return static_cast<std::size_t>(shape_.each[dimension].size);
  }
  /// What the elements are read as. Throws `data_error` when they are not.
  [[nodiscard]] type_ref element_as(std::optional<type_ref> (*read_as)(type_ref)) const;
  /// Throws `data_error` unless the array has so many dimensions, or is empty.
  void require_dimensions(std::size_t dimensions) const;
  /// Throws `data_error` unless so many elements lie along the dimension.
  void require_length(std::size_t dimension, std::size_t length) const;

  /// The next of the shape's elements. Its bytes live until the next call, and as long as the row's
  /// when `is_copy` is false. Throws `data_error` when it is cut short.
  void next(field& into);
  /// Whether the element had to be unescaped out of the row.
  [[nodiscard]] bool is_copy() const noexcept { return is_copy_; }
  /// Throws `data_error` when there is anything behind the last element.
  void finish();

  /// Throws `data_error` that names the element at hand.
  [[noreturn]] void fail_element(std::string_view reason) const;

 private:
  void open_text();
  void next_text(field& into);

  const field& value_;
  std::string_view target_;
  type_ref element_;
  array_shape shape_;
  std::size_t index_ = 0;  ///< elements given so far
  proto::reader binary_;
  std::string_view text_;  ///< what is left of the text form
  bool is_list_ = false;
  bool is_copy_ = false;
  std::string scratch_;
};

/// A text that comes from no column, of no known type. (NULL when it is longer than any value.)
[[nodiscard]] field text_field(std::string_view text) noexcept;

/// Whether it is int2vector or oidvector: an array from 0 in binary, but as text a list with spaces
/// between and no braces.
[[nodiscard]] constexpr bool is_vector(oid type) noexcept {
  return type == oids::int2vector || type == oids::oidvector;
}

/// Puts an array's text together from its elements, as array_out prints it.
class array_text {
 public:
  /// A list is what int2vector and oidvector are as text: no braces, spaces between.
  array_text(const array_shape& shape, char delimiter, bool is_list = false);

  void null();
  void add(std::string_view element);
  /// All of it, once every element has been added.
  [[nodiscard]] std::string& finish();

 private:
  void separate();

  array_shape shape_;
  char delimiter_;
  bool is_list_;
  std::size_t index_ = 0;
  std::string out_;
};

/// What writing an array needs to know of its elements' C++ type.
struct array_item_operations {
  oid type;        ///< what they are to a server that was not asked; 0 for unknown
  oid array_type;  ///< of `type`; 0 for unknown
  std::optional<type_ref> (*sent_as)(type_ref);
};

/// Writes an array: in binary where the elements' type is known and they go so, else as text.
class array_writer {
 public:
  /// Throws `data_error` when the target is no array, or not one of such elements.
  array_writer(value_writer& to, const array_shape& shape, const array_item_operations& item,
               std::string_view source);

  /// What the elements are sent as; 0 when nobody knows.
  [[nodiscard]] type_ref item_type() const noexcept { return item_type_; }
  /// Whether binary can be tried.
  [[nodiscard]] bool is_binary() const noexcept { return is_binary_; }
  void null();
  /// Where the next element's value goes.
  [[nodiscard]] value_writer open() noexcept { return parts_.open(); }
  /// Ends it. False when the array must be written as text.
  [[nodiscard]] bool close(format wrote) noexcept { return parts_.close(wrote); }

  /// Takes back what was written, for `finish_text`.
  [[nodiscard]] array_text begin_text() noexcept;
  void finish_text(array_text& text) { parts_.to().out().text(text.finish()); }
  /// Throws `data_error` when this is a vector, which holds no NULL.
  void check_null() const;

 private:
  void write_header(oid element);

  std::string_view source_;
  array_shape shape_;
  type_ref item_type_;
  char delimiter_ = ',';
  bool is_list_ = false;
  bool is_binary_ = false;
  part_writer parts_;
};

}  // namespace tusk::detail
