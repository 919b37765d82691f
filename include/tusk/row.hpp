#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/codec_check.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/print.hpp"

namespace tusk {

/// The columns of a result, and which member of a struct each goes to when it is read by name.
struct column_set {
  std::vector<column> columns;
  std::vector<std::uint32_t> members;

  /// The index of the column called `name`. Throws `programming_error` when there is none, and when
  /// there are several.
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
};

namespace detail {
[[noreturn]] void fail_column_index(std::size_t index, std::size_t columns);

/// Decodes one value whose type has been found readable before.
template <class T>
[[gnu::always_inline]] inline T decode_checked(const field& value) {
  if constexpr (!is_nullable<T>) {
    if (value.is_null()) [[unlikely]]
      fail_type(value.copy(), codec<T>::name);
  }
  return codec<T>::decode(value);
}
}  // namespace detail

/// One value of an untyped row. It lives as long as the row's result does, or in a stream until the
/// next row.
class cell {
 public:
  explicit cell(const field& value) noexcept : value_(value) {}

  [[nodiscard]] bool is_null() const noexcept { return value_.is_null(); }
  /// The column's type.
  [[nodiscard]] type_ref type() const noexcept { return value_.type; }
  /// The value as it came, for codecs and tools; a view, as the cell is.
  [[nodiscard]] field raw() const noexcept { return value_; }

  /// The value as a T. Throws `data_error` when the column's type is not one that a T is read from,
  /// for NULL (use `std::optional`), and for a value that does not fit.
  template <class T>
  [[nodiscard]] T as() const {
    static_assert(readable<T> || detail::explain_unreadable<T>());
    const std::optional<type_ref> as = detail::read_as<T>(value_.type);
    if (!as) detail::fail_type(value_, codec<T>::name);
    field seen = value_;
    seen.type = *as;
    if constexpr (reads_text<T> && !is_view<T>) {
      if (!seen.is_null() && seen.format == format::binary &&
          codec<T>::read_format(*as) == format::text) {
        std::string text;
        return codec<T>::decode(detail::print_as_field(seen, text));
      }
    }
    return detail::decode_checked<T>(seen);
  }

 private:
  field value_;
};

/// A row whose columns' types are not known at compile time. A view: it lives as long as the result
/// it comes from, or in a stream until the next row.
class row {
 public:
  /// `body` is a checked DataRow's body.
  row(const std::byte* body, const column_set& columns) noexcept
      : body_(body), columns_(&columns) {}

  [[nodiscard]] std::size_t size() const noexcept { return columns_->columns.size(); }
  [[nodiscard]] const std::vector<column>& columns() const noexcept { return columns_->columns; }
  /// The value of the column at `index`, from 0. Throws `programming_error` beyond the last.
  [[nodiscard]] cell operator[](std::size_t index) const;
  /// The value of the column called `name`. Throws `programming_error` when there is none, and when
  /// the name is ambiguous.
  //  A template, for a parameter of type `const char*` would make `row[0]` ambiguous.
  template <std::convertible_to<std::string_view> Name>
  [[nodiscard]] cell operator[](const Name& name) const {
    return (*this)[columns_->index_of(name)];
  }

 private:
  const std::byte* body_;
  const column_set* columns_;
};

namespace detail {

/// Walks the values of one checked DataRow.
class row_cursor {
 public:
  row_cursor(const std::byte* body, const column_set& columns) noexcept
      : at_(body + 2), column_(columns.columns.data()) {}

  /// The next value, whose type has been found readable before.
  template <class T>
  [[nodiscard, gnu::always_inline]] T next_as() {
    if constexpr (has_native_form<T>) {
      if (column_->native && proto::load_big_endian<std::uint32_t>(at_) == codec<T>::native_size)
          [[likely]] {
        const std::byte* const bytes = at_ + 4;
        at_ = bytes + codec<T>::native_size;
        ++column_;
        return codec<T>::from_native(bytes);
      }
    } else if constexpr (has_optional_native_form<T>) {
      if (column_->native) [[likely]] {
        using native = codec<typename optional_value<T>::type>;
        const auto size = proto::load_big_endian<std::uint32_t>(at_);
        const std::byte* const bytes = at_ + 4;
        if (size == native::native_size) [[likely]] {
          at_ = bytes + size;
          ++column_;
          return T(native::from_native(bytes));
        }
        if (size == null_size) {
          at_ = bytes;
          ++column_;
          return T();
        }
      }
    }
    return decode_checked<T>(next());
  }

  [[nodiscard, gnu::always_inline]] field next() noexcept {
    const auto size = proto::load_big_endian<std::uint32_t>(at_);
    const field value{at_ + 4, static_cast<std::int32_t>(size), column_->ref(), column_->format,
                      column_};
    at_ += 4;
    if (!value.is_null()) at_ += size;
    ++column_;
    return value;
  }

 private:
  static constexpr std::uint32_t null_size = UINT32_MAX;  // -1, as an unsigned number

  const std::byte* at_;
  const column* column_;
};

}  // namespace detail
}  // namespace tusk
