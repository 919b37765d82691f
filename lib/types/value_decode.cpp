#include "tusk/types/array_form.hpp"
#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/floats.hpp"
#include "tusk/types/print.hpp"
#include "tusk/types/range_form.hpp"
#include "tusk/types/value.hpp"
#include "types/record_reader.hpp"

namespace tusk {
namespace {

using family = value::family;

constexpr std::string_view target = codec<value>::name;
constexpr std::size_t most_levels = 100;

std::optional<type_ref> any_type(type_ref type) {
  return type;
}

value decode_at(const field& from, std::size_t depth);

value decode_part(field part, type_ref type, std::size_t depth) {
  part.type = type;
  return decode_at(part, depth);
}

family decode_array(const field& from, std::size_t depth) {
  detail::array_reader in(from, from.type.element(), target);
  const type_ref element = in.element_as(&any_type);
  value_array result;
  const detail::array_shape& shape = in.shape();
  result.dimensions.assign(shape.each.begin(),
                           shape.each.begin() + static_cast<std::ptrdiff_t>(shape.dimensions));
  const std::size_t count = shape.count();
  result.elements.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    field one;
    in.next(one);
    result.elements.push_back(decode_part(one, element, depth));
  }
  in.finish();
  return result;
}

family decode_range(const field& from, std::size_t depth) {
  namespace flag = detail::range_flag;
  const detail::range_reader in(from, from.type.part(), target);
  const type_ref type = in.bound_as(&any_type);
  value_range result;
  result.is_empty = (in.flags() & flag::empty) != 0;
  // A bound that is missing belongs to nothing, whatever the flags say.
  result.lower_inclusive = !in.lower().is_null() && (in.flags() & flag::lower_inclusive) != 0;
  result.upper_inclusive = !in.upper().is_null() && (in.flags() & flag::upper_inclusive) != 0;
  if (!in.lower().is_null()) result.lower.push_back(decode_part(in.lower(), type, depth));
  if (!in.upper().is_null()) result.upper.push_back(decode_part(in.upper(), type, depth));
  return result;
}

family decode_multirange(const field& from, std::size_t depth) {
  detail::multirange_reader in(from, from.type.part(), target);
  value_multirange result;
  field range;
  while (in.next(range))
    result.ranges.push_back(decode_part(range, from.type.part(), depth));
  return result;
}

family decode_record(const field& from, std::size_t depth) {
  detail::record_reader in(from, target);
  value_record result;
  field one;
  while (in.next(one)) {
    if (from.type.info() != nullptr) result.names.emplace_back(in.name());
    result.fields.push_back(decode_at(one, depth));
  }
  return result;
}

/// A double that came as text keeps what the text says: a real's own digits are those of a float.
family decode_float(const field& from) {
  if (from.type == oids::float4) return double{codec<float>::decode(from)};
  return codec<double>::decode(from);
}

family decode_time(const field& from) {
  switch (from.type) {
    case oids::date: return codec<date>::decode(from);
    case oids::time: return codec<tusk::time>::decode(from);
    case oids::timetz: return codec<timetz>::decode(from);
    case oids::timestamp: return codec<timestamp>::decode(from);
    case oids::timestamptz: return codec<timestamptz>::decode(from);
    case oids::interval: return codec<interval>::decode(from);
    default: return {};
  }
}

/// NULL for what belongs to no family of its own.
family decode_scalar(const field& from) {
  switch (from.type) {
    case oids::bool_: return codec<bool>::decode(from);
    case oids::int2:
    case oids::int4:
    case oids::int8:
    case oids::oid:
    case oids::xid:
    case oids::cid: return codec<std::int64_t>::decode(from);
    case oids::float4:
    case oids::float8: return decode_float(from);
    case oids::numeric: return codec<numeric>::decode(from);
    case oids::text:
    case oids::varchar:
    case oids::bpchar:
    case oids::name: return codec<std::string>::decode(from);
    case oids::bytea: return codec<std::vector<std::byte>>::decode(from);
    case oids::json:
    case oids::jsonb: return codec<json>::decode(from);
    case oids::uuid: return codec<uuid>::decode(from);
    case oids::inet: return codec<inet>::decode(from);
    case oids::cidr: return codec<cidr>::decode(from);
    case oids::bit:
    case oids::varbit: return codec<bit_string>::decode(from);
    default: return decode_time(from);
  }
}

family decode_other(const field& from) {
  // What no catalog was asked about in a record's text, too.
  if (from.type == 0 && from.format == format::text) return std::string(from.text());
  return other_text{print(from)};
}

family decode_family(const field& from, std::size_t depth) {
  switch (from.type.kind()) {
    case type_kind::array: return decode_array(from, depth);
    case type_kind::range: return decode_range(from, depth);
    case type_kind::multirange: return decode_multirange(from, depth);
    case type_kind::composite: return decode_record(from, depth);
    case type_kind::enumeration: return std::string(from.text());
    default: break;
  }
  if (from.type == oids::record) return decode_record(from, depth);
  family scalar = decode_scalar(from);
  return scalar.index() != 0 ? std::move(scalar) : decode_other(from);
}

value decode_at(const field& from, std::size_t depth) {
  if (depth > most_levels) fail_read(from, target, "it has more than 100 values within each other");
  if (from.is_null()) return codec<value>::make({}, from.type);
  // A domain's values are its base type's, and it is known by its own name.
  field seen = from;
  for (std::size_t i = 0; i < most_levels && seen.type.kind() == type_kind::domain; ++i)
    seen.type = seen.type.part();
  return codec<value>::make(decode_family(seen, depth + 1), from.type);
}

}  // namespace

value codec<value>::make(family held, type_ref from) {
  return value(std::move(held), from);
}

format codec<value>::read_format(type_ref from) noexcept {
  return has_printer(from) ? format::binary : format::text;
}

value codec<value>::decode(const field& from) {
  return decode_at(from, 0);
}

}  // namespace tusk
