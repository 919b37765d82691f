#include "tusk/types/characters.hpp"
#include "tusk/types/print.hpp"

// Apart from the printers themselves, so that programs that print nothing are free of them.
namespace tusk {
namespace {

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
    case oids::jsonb: return true;
    default: return detail::is_text_like(type);
  }
}

/// Printable, or printed in one form of the several that settings choose from.
bool has_scalar_printer(oid type) noexcept {
  switch (type) {
    case oids::float4:
    case oids::float8:
    case oids::date:
    case oids::time:
    case oids::timestamp:
    case oids::timestamptz:
    case oids::bytea:
    case oids::char_: return true;
    default: return is_printable_scalar(type);
  }
}

// They are arrays on the wire, but lists without braces as text.
bool is_vector(oid type) noexcept {
  return type == oids::int2vector || type == oids::oidvector;
}

}  // namespace

bool printable(oid type) noexcept {
  return !is_vector(type) && (is_printable_scalar(type) || is_printable_scalar(element_type(type)));
}

bool has_printer(oid type) noexcept {
  return !is_vector(type) && (has_scalar_printer(type) || has_scalar_printer(element_type(type)));
}

}  // namespace tusk
