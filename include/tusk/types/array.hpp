#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tusk/proto/reader.hpp"
#include "tusk/types/codec.hpp"

namespace tusk {
namespace detail {

/// Walks the elements of a one-dimensional array in either format. Lower bounds are passed over.
class array_reader {
 public:
  /// Throws `data_error` for NULL, for more than one dimension and for what is malformed. `value`
  /// must outlive the reader.
  array_reader(const field& value, std::string_view target);

  /// The type the elements say they have, or the array's type implies.
  [[nodiscard]] type_ref element() const noexcept { return element_; }
  /// How many elements are worth reserving for: never more than the bytes can hold.
  [[nodiscard]] std::size_t reserve() const noexcept { return count_; }
  /// The next element, or false behind the last. Its bytes live until the next call, and as long as
  /// the row's when `is_copy` is false.
  bool next(field& into);
  /// Whether the element had to be unescaped out of the row.
  [[nodiscard]] bool is_copy() const noexcept { return is_copy_; }

  /// Throws `data_error` that names the element at hand.
  [[noreturn]] void fail_element(std::string_view reason) const;

 private:
  void open_text();
  bool next_text(field& into);
  [[nodiscard]] std::string_view quoted();
  [[nodiscard]] std::string_view unquoted();
  [[noreturn]] void fail_malformed() const;

  const field& value_;
  std::string_view target_;
  type_ref element_;
  std::size_t count_ = 0;
  std::size_t index_ = 0;  ///< elements given so far
  proto::reader binary_;
  std::string_view text_;  ///< what is left of the text form
  char close_ = '}';
  char delimiter_ = ',';
  bool is_copy_ = false;
  std::string scratch_;
};

/// Writes a one-dimensional array: in binary, or as text where its elements go as text only.
class array_writer {
 public:
  /// `own` is the elements' type when the server was not asked. Throws `data_error` when the target
  /// is no array.
  array_writer(value_writer& to, oid own, std::size_t count, format as, std::string_view source);

  /// Whether binary is possible: the elements' type must be known for it.
  [[nodiscard]] bool is_possible() const noexcept { return as_ == format::text || element_ != 0; }
  void null();
  /// Where the next element's value goes.
  [[nodiscard]] value_writer open();
  /// Ends it. False when it was written in a format that this array is not in: everything has been
  /// taken back, and the array must be written as text.
  [[nodiscard]] bool close(format wrote);
  void finish();

 private:
  void delimit();

  value_writer& to_;
  std::string_view source_;
  type_ref element_;
  format as_;
  std::size_t start_;
  std::size_t element_at_ = 0;
  bool has_elements_ = false;
};

template <class T>
[[nodiscard]] bool is_null_value(const T& value) {
  if constexpr (requires { codec<T>::is_null(value); }) return codec<T>::is_null(value);
  return false;
}

template <class T, class Range>
format write_array(value_writer& to, const Range& values, std::size_t count,
                   std::string_view source) {
  bool done = false;
  format as = format::binary;
  for (const format attempt : {format::binary, format::text}) {
    array_writer out(to, codec<T>::type, count, attempt, source);
    as = attempt;
    done = out.is_possible();
    for (auto at = values.begin(); done && at != values.end(); ++at) {
      const T& value = *at;
      if (is_null_value<T>(value)) {
        out.null();
      } else {
        value_writer place = out.open();
        done = out.close(codec<T>::encode(place, value));
      }
    }
    if (done) {
      out.finish();
      break;
    }
  }
  if (!done) to.fail(source, "some of its elements go as text only and others in binary only");
  return as;
}

/// The array type of the types that have a codec here, at compile time.
[[nodiscard]] consteval oid array_of(oid element) {
  switch (element) {
    case oids::bool_: return oids::bool_array;
    case oids::bytea: return oids::bytea_array;
    case oids::char_: return oids::char_array;
    case oids::int8: return oids::int8_array;
    case oids::int2: return oids::int2_array;
    case oids::int4: return oids::int4_array;
    case oids::text: return oids::text_array;
    case oids::json: return oids::json_array;
    case oids::jsonb: return oids::jsonb_array;
    case oids::float4: return oids::float4_array;
    case oids::float8: return oids::float8_array;
    case oids::date: return oids::date_array;
    case oids::time: return oids::time_array;
    case oids::timestamp: return oids::timestamp_array;
    case oids::timestamptz: return oids::timestamptz_array;
    case oids::numeric: return oids::numeric_array;
    case oids::uuid: return oids::uuid_array;
    default: return 0;
  }
}

/// A codec of a type of your own says `static constexpr oid array_type` to be sent in arrays to a
/// server that was not asked.
template <class T>
consteval oid own_array_type() {
  if constexpr (requires { codec<T>::array_type; }) return codec<T>::array_type;
  if constexpr (writable<T>) return array_of(codec<T>::type);
  return 0;
}

inline constexpr std::string_view vector_opening = "std::vector<";
inline constexpr std::string_view array_opening = "std::array<";
inline constexpr std::string_view span_opening = "std::span<";

/// `Opening` + name of T + `>`, at compile time.
template <const std::string_view& Opening, class T>
struct template_name {
  static constexpr auto characters = [] {
    std::array<char, Opening.size() + codec<T>::name.size() + 1> all{};
    std::size_t at = 0;
    for (const char c : Opening)
      all[at++] = c;
    for (const char c : codec<T>::name)
      all[at++] = c;
    all[at] = '>';
    return all;
  }();
  static constexpr std::string_view text{characters.data(), characters.size()};
};

/// What containers share as parameters.
template <class T>
struct array_parameter {
  static constexpr oid type = own_array_type<T>();
  static bool writes(type_ref to) {
    const type_ref element = to.element();
    return element != 0 && sent_as<T>(element).has_value();
  }
};

}  // namespace detail

/// A one-dimensional array. Elements that may be NULL are `std::optional<T>`; a NULL read into
/// another type throws `data_error`. Arrays of more dimensions are read as `std::string`.
template <class T>
  requires readable<T> || writable<T>
struct codec<std::vector<T>> : detail::array_parameter<T> {
  static constexpr std::string_view name = detail::template_name<detail::vector_opening, T>::text;
  static constexpr bool is_view = tusk::is_view<T>;
  static constexpr bool reads_text = tusk::reads_text<T>;

  static bool reads(type_ref from)
    requires readable<T>
  {
    const type_ref element = from.element();
    return element != 0 && detail::read_as<T>(element).has_value();
  }
  static format read_format(type_ref from)
    requires readable<T>
  {
    const std::optional<type_ref> element = detail::read_as<T>(from.element());
    return codec<T>::read_format(element.value_or(type_ref()));
  }
  static std::vector<T> decode(const field& value)
    requires readable<T>
  {
    detail::array_reader in(value, name);
    const std::optional<type_ref> as = detail::read_as<T>(in.element());
    if (!as) fail_read(value, name, "its elements are of " + type_label(in.element()));
    std::vector<T> result;
    result.reserve(in.reserve());
    field element;
    while (in.next(element)) {
      if (!is_nullable<T> && element.is_null()) in.fail_element("is NULL; read std::optional");
      if (is_view && in.is_copy()) in.fail_element("is escaped in the text; read std::string");
      element.type = *as;
      result.push_back(codec<T>::decode(element));
    }
    return result;
  }
  static format encode(value_writer& to, const std::vector<T>& value)
    requires writable<T>
  {
    return detail::write_array<T>(to, value, value.size(), name);
  }
};

/// An array of fixed size, as a parameter.
template <writable T, std::size_t Size>
struct codec<std::array<T, Size>> : detail::array_parameter<T> {
  static constexpr std::string_view name = detail::template_name<detail::array_opening, T>::text;

  static format encode(value_writer& to, const std::array<T, Size>& value) {
    return detail::write_array<T>(to, value, Size, name);
  }
};

/// A view of values, as a parameter. (A span of bytes is a `bytea`.)
template <class T, std::size_t Extent>
  requires writable<std::remove_const_t<T>>
struct codec<std::span<T, Extent>> : detail::array_parameter<std::remove_const_t<T>> {
  using value_type = std::remove_const_t<T>;
  static constexpr std::string_view name =
      detail::template_name<detail::span_opening, value_type>::text;

  static format encode(value_writer& to, std::span<T, Extent> value) {
    return detail::write_array<value_type>(to, value, value.size(), name);
  }
};

}  // namespace tusk
