#include "tusk/types/array_form.hpp"
#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/floats.hpp"
#include "tusk/types/range_form.hpp"
#include "tusk/types/value.hpp"
#include "types/composite_text.hpp"

namespace tusk {
namespace {

/// The text of each family.
struct text_printer {
  oid type;

  std::string operator()(std::monostate) const {
    detail::fail_conversion(codec<value>::name, "NULL has no text");
  }
  std::string operator()(double number) const {
    // A real's shortest digits are fewer.
    if (type == oids::float4) return detail::text_of(static_cast<float>(number));
    return detail::text_of(number);
  }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const other_text& other) const { return other.text; }
  std::string operator()(const value_array& array) const;
  std::string operator()(const value_range& range) const;
  std::string operator()(const value_multirange& multirange) const;
  std::string operator()(const value_record& record) const;
  template <class T>
  std::string operator()(const T& held) const {
    return detail::text_of(held);
  }
};

/// Throws `data_error` when they are not the dimensions of so many elements.
detail::array_shape shape_of(const value_array& array) {
  detail::array_shape shape;
  std::size_t room = array.dimensions.empty() ? 0 : 1;
  const bool fits = array.dimensions.size() <= detail::array_shape::most_dimensions;
  if (fits) {
    for (const array_dimension& each : array.dimensions) {
      const auto size = each.size > 0 ? static_cast<std::size_t>(each.size) : 0;
      room = size != 0 && room > array.elements.size() / size ? SIZE_MAX : room * size;
      shape.each[shape.dimensions++] = each;
      if (room > array.elements.size()) break;
    }
  }
  if (!fits || room != array.elements.size())
    detail::fail_conversion(codec<value>::name,
                            "an array's dimensions are not those of its elements");
  return shape;
}

std::string text_printer::operator()(const value_array& array) const {
  const bool is_list = type == oids::int2vector || type == oids::oidvector;
  const char delimiter = type == oids::box_array ? ';' : ',';
  detail::array_text text(shape_of(array), delimiter, is_list);
  for (const value& each : array.elements) {
    if (each.is_null()) {
      text.null();
    } else {
      text.add(each.to_string());
    }
  }
  return std::move(text.finish());
}

std::string text_printer::operator()(const value_range& range) const {
  namespace flag = detail::range_flag;
  if (range.is_empty) return detail::range_text(flag::empty, {}, {});
  unsigned flags = range.lower.empty() ? flag::lower_infinite : 0U;
  if (range.upper.empty()) flags |= flag::upper_infinite;
  if (range.lower_inclusive) flags |= flag::lower_inclusive;
  if (range.upper_inclusive) flags |= flag::upper_inclusive;
  const std::string lower = range.lower.empty() ? "" : range.lower.front().to_string();
  const std::string upper = range.upper.empty() ? "" : range.upper.front().to_string();
  return detail::range_text(static_cast<std::uint8_t>(flags), lower, upper);
}

std::string text_printer::operator()(const value_multirange& multirange) const {
  std::string text = "{";
  for (const value& each : multirange.ranges) {
    if (text.size() > 1) text.push_back(',');
    text.append(each.to_string());
  }
  return text.append("}");
}

std::string text_printer::operator()(const value_record& record) const {
  std::string text = "(";
  for (const value& each : record.fields) {
    if (&each != record.fields.data()) text.push_back(',');
    if (!each.is_null()) detail::append_attribute(each.to_string(), text);
  }
  return text.append(")");
}

/// Writes what a family's codec writes to the type that the server wants, and gives its format;
/// nothing when the codec does not take that type, so that text must do.
struct family_writer {
  value_writer* to;

  template <class T>
  std::optional<format> operator()(const T& held) const {
    if constexpr (writable<T> && !reads_text<T>) {
      const std::optional<type_ref> as = detail::sent_as<T>(to->target());
      if (!as) return std::nullopt;
      value_writer place = to->part(*as);
      return codec<T>::encode(place, held);
    } else {
      return std::nullopt;
    }
  }
};

}  // namespace

std::string value::to_string() const {
  return visit(text_printer{type_});
}

format codec<value>::encode(value_writer& to, const value& value) {
  if (to.target() != 0) {
    const std::optional<format> wrote = value.visit(family_writer{&to});
    if (wrote) return *wrote;
  }
  return detail::write_text(to, value.to_string(), name);
}

}  // namespace tusk
