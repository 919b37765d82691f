#include "types/print_parts.hpp"

#include <optional>

#include "tusk/types/array_form.hpp"
#include "tusk/types/range_form.hpp"
#include "types/composite_text.hpp"
#include "types/record_reader.hpp"

namespace tusk::detail {
namespace {

// A range's bounds and an array's elements are what they are.
std::optional<type_ref> any_type(type_ref type) {
  return type;
}

void print_array(const field& value, std::string& out, std::size_t depth) {
  array_reader in(value, value.type.element(), print_target);
  const type_ref element = in.element_as(&any_type);
  array_text text(in.shape(), element.delimiter());
  std::string printed;
  for (std::size_t left = in.shape().count(); left > 0; --left) {
    field one;
    in.next(one);
    if (one.is_null()) {
      text.null();
      continue;
    }
    one.type = element;
    printed.clear();
    print_at(one, printed, depth);
    text.add(printed);
  }
  in.finish();
  out.append(text.finish());
}

// int2vector and oidvector: arrays on the wire, but a list with spaces as text.
void print_vector(const field& value, std::string& out, std::size_t depth) {
  array_reader in(value, value.type.element(), print_target);
  in.require_dimensions(1);
  for (std::size_t i = 0; i < in.length(0); ++i) {
    field one;
    in.next(one);
    if (one.is_null()) in.fail_element("is NULL, which a vector has not");
    one.type = value.type.element();
    if (i > 0) out.push_back(' ');
    print_at(one, out, depth);
  }
  in.finish();
}

std::string print_bound(field bound, type_ref type, std::size_t depth) {
  std::string text;
  bound.type = type;
  if (!bound.is_null()) print_at(bound, text, depth);
  return text;
}

void print_range(const field& value, std::string& out, std::size_t depth) {
  const range_reader in(value, value.type.part(), print_target);
  const type_ref type = in.bound_as(&any_type);
  const std::string lower = print_bound(in.lower(), type, depth);
  out.append(range_text(in.flags(), lower, print_bound(in.upper(), type, depth)));
}

void print_multirange(const field& value, std::string& out, std::size_t depth) {
  multirange_reader in(value, value.type.part(), print_target);
  field range;
  char before = '{';
  while (in.next(range)) {
    out.push_back(before);
    before = ',';
    range.type = value.type.part();
    print_at(range, out, depth);
  }
  out.append(before == '{' ? "{}" : "}");
}

void print_record(const field& value, std::string& out, std::size_t depth) {
  record_reader in(value, print_target);
  field one;
  std::string printed;
  bool is_first = true;
  out.push_back('(');
  while (in.next(one)) {
    if (!is_first) out.push_back(',');
    is_first = false;
    if (one.is_null()) continue;
    printed.clear();
    print_at(one, printed, depth);
    append_attribute(printed, out);
  }
  out.push_back(')');
}

}  // namespace

bool print_parts(const field& value, std::string& out, std::size_t depth) {
  if (depth > most_printed_levels)
    fail_read(value, print_target, "it has more than 100 values within each other");
  switch (value.type.kind()) {
    case type_kind::array:
      if (value.type == oids::int2vector || value.type == oids::oidvector) {
        print_vector(value, out, depth);
      } else {
        print_array(value, out, depth);
      }
      return true;
    case type_kind::range: print_range(value, out, depth); return true;
    case type_kind::multirange: print_multirange(value, out, depth); return true;
    case type_kind::composite: print_record(value, out, depth); return true;
    default: break;
  }
  if (value.type != oids::record) return false;
  print_record(value, out, depth);
  return true;
}

}  // namespace tusk::detail
