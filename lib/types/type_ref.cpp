#include "tusk/types/type_ref.hpp"

#include "types/catalog_name.hpp"

namespace tusk {
namespace {

/// What a built-in range or multirange is made of; 0 for all other types.
oid range_part(oid type) noexcept {
  switch (type) {
    case oids::int4range: return oids::int4;
    case oids::int8range: return oids::int8;
    case oids::numrange: return oids::numeric;
    case oids::tsrange: return oids::timestamp;
    case oids::tstzrange: return oids::timestamptz;
    case oids::daterange: return oids::date;
    case oids::int4multirange: return oids::int4range;
    case oids::int8multirange: return oids::int8range;
    case oids::nummultirange: return oids::numrange;
    case oids::tsmultirange: return oids::tsrange;
    case oids::tstzmultirange: return oids::tstzrange;
    case oids::datemultirange: return oids::daterange;
    default: return 0;
  }
}

type_kind built_in_kind(oid type) noexcept {
  if (element_type(type) != 0) return type_kind::array;
  const oid part = range_part(type);
  if (part != 0) return range_part(part) != 0 ? type_kind::multirange : type_kind::range;
  switch (type) {
    case oids::record:
    case oids::void_:
    case oids::cstring:
    case oids::unknown: return type_kind::pseudo;
    default: return type_name(type).empty() ? type_kind::unknown : type_kind::base;
  }
}

}  // namespace

type_kind type_ref::kind() const noexcept {
  return info_ != nullptr ? info_->kind : built_in_kind(number_);
}

bool type_ref::is_known() const noexcept {
  return info_ != nullptr || !type_name(number_).empty();
}

bool type_ref::is(std::string_view name) const noexcept {
  const bool looked_up = info_ != nullptr;
  const std::string_view schema =
      looked_up ? std::string_view(info_->schema) : std::string_view("pg_catalog");
  const std::string_view own = looked_up ? std::string_view(info_->name) : catalog_name(number_);
  if (own.empty()) return false;
  if (name == own) return true;
  return name.size() == schema.size() + 1 + own.size() && name.starts_with(schema) &&
         name[schema.size()] == '.' && name.ends_with(own);
}

type_ref type_ref::part() const noexcept {
  if (info_ != nullptr) return {info_->part, info_->part_info.get()};
  const oid element = element_type(number_);
  return element != 0 ? element : range_part(number_);
}

type_ref type_ref::element() const noexcept {
  if (info_ == nullptr) return element_type(number_);
  return info_->kind == type_kind::array ? part() : type_ref();
}

char type_ref::delimiter() const noexcept {
  if (info_ != nullptr) return info_->delimiter;
  return number_ == oids::box ? ';' : ',';
}

std::string type_ref::label() const {
  if (info_ != nullptr && !info_->sql_name.empty()) return info_->sql_name;
  const std::string_view known = type_name(number_);
  if (!known.empty()) return std::string(known);
  return number_ == 0 ? "unknown type" : "type " + std::to_string(number_);
}

}  // namespace tusk
