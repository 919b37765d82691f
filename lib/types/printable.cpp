#include "tusk/types/characters.hpp"
#include "tusk/types/print.hpp"

// Apart from the printers themselves, so that programs that print nothing are free of them.
namespace tusk {
namespace {

/// Types within each other that are looked into.
constexpr int most_levels = 20;

/// Nothing but the value decides on the text of these, from PostgreSQL 12 to 18.
bool is_printable_scalar(oid type) noexcept {
  switch (type) {
    case oids::bool_:
    case oids::int2:
    case oids::int4:
    case oids::int8:
    case oids::oid:
    case oids::xid:
    case oids::cid:
    case oids::numeric:
    case oids::uuid:
    case oids::jsonb:
    case oids::jsonpath:
    case oids::time:    // the one of them that DateStyle says nothing about,
    case oids::timetz:  // with this
    case oids::inet:
    case oids::cidr:
    case oids::macaddr:
    case oids::macaddr8:
    case oids::bit:
    case oids::varbit:
    case oids::tsvector:
    case oids::tsquery:
    case oids::pg_lsn:
    case oids::xid8:
    case oids::tid:
    case oids::pg_snapshot:
    case oids::txid_snapshot:
    case oids::void_: return true;
    default: return detail::is_text_like(type);
  }
}

/// Printable, or printed in one form of the several that settings choose from.
bool has_scalar_printer(oid type) noexcept {
  switch (type) {
    case oids::float4:  // extra_float_digits
    case oids::float8:
    case oids::point:
    case oids::lseg:
    case oids::path:
    case oids::box:
    case oids::polygon:
    case oids::line:
    case oids::circle:
    case oids::date:  // DateStyle
    case oids::timestamp:
    case oids::timestamptz:         // TimeZone, too
    case oids::interval:            // IntervalStyle
    case oids::bytea:               // bytea_output
    case oids::char_: return true;  // the server's version
    default: return is_printable_scalar(type);
  }
}

bool is_looked_into(type_ref type, int level, bool exactly) noexcept;

bool are_looked_into(const type_info& composite, int level) noexcept {
  for (const attribute& each : composite.attributes)
    if (!is_looked_into(each.ref(), level, false)) return false;
  return true;
}

// The text of a range and of a composite is quoted by what the server's locale takes for white
// space; in that of numbers there is none.
bool is_looked_into(type_ref type, int level, bool exactly) noexcept {
  if (level > most_levels) return false;
  const type_kind kind = type.kind();
  switch (kind) {
    case type_kind::enumeration: return true;
    case type_kind::array:
    case type_kind::domain:
    case type_kind::multirange: return is_looked_into(type.part(), level + 1, exactly);
    case type_kind::range:
      return (!exactly || type.info() == nullptr) &&
             is_looked_into(type.part(), level + 1, exactly);
    case type_kind::composite:
      return !exactly && type.info() != nullptr && are_looked_into(*type.info(), level + 1);
    default: return exactly ? is_printable_scalar(type) : has_scalar_printer(type);
  }
}

}  // namespace

bool printable(type_ref type) noexcept {
  return is_looked_into(type, 0, true);
}

bool has_printer(type_ref type) noexcept {
  return is_looked_into(type, 0, false);
}

}  // namespace tusk
