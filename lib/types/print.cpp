#include "tusk/types/print.hpp"

#include "tusk/types/bit_string.hpp"
#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/floats.hpp"
#include "tusk/types/geometry.hpp"
#include "tusk/types/inet.hpp"
#include "tusk/types/integers.hpp"
#include "tusk/types/interval.hpp"
#include "tusk/types/json.hpp"
#include "tusk/types/macaddr.hpp"
#include "tusk/types/numeric.hpp"
#include "tusk/types/pg_lsn.hpp"
#include "tusk/types/pg_snapshot.hpp"
#include "tusk/types/tid.hpp"
#include "tusk/types/time.hpp"
#include "tusk/types/timestamp.hpp"
#include "tusk/types/timetz.hpp"
#include "tusk/types/tsquery.hpp"
#include "tusk/types/tsvector.hpp"
#include "tusk/types/uuid.hpp"
#include "tusk/types/xid8.hpp"
#include "types/print_float.hpp"
#include "types/print_parts.hpp"

namespace tusk {
namespace {

using detail::print_target;

// Every type is either here, or made of others, or can only be asked for as text.

template <class T>
bool show(const field& value, std::string& out) {
  out.append(codec<T>::decode(value).to_string());
  return true;
}

bool print_number(const field& value, std::string& out) {
  switch (value.type) {
    case oids::bool_: out.push_back(codec<bool>::decode(value) ? 't' : 'f'); return true;
    case oids::int2:
    case oids::int4:
    case oids::int8:
    case oids::oid:
    case oids::xid:
    case oids::cid: out.append(std::to_string(codec<std::int64_t>::decode(value))); return true;
    case oids::float4: detail::print_float(codec<float>::decode(value), out); return true;
    case oids::float8: detail::print_float(codec<double>::decode(value), out); return true;
    case oids::numeric: return show<numeric>(value, out);
    default: return false;
  }
}

bool print_time(const field& value, std::string& out) {
  switch (value.type) {
    case oids::date: return show<date>(value, out);
    case oids::time: return show<tusk::time>(value, out);
    case oids::timetz: return show<timetz>(value, out);
    case oids::timestamp: return show<timestamp>(value, out);
    case oids::timestamptz: return show<timestamptz>(value, out);
    case oids::interval: return show<interval>(value, out);
    default: return false;
  }
}

bool print_shape(const field& value, std::string& out) {
  switch (value.type) {
    case oids::point: return show<point>(value, out);
    case oids::lseg: return show<lseg>(value, out);
    case oids::path: return show<path>(value, out);
    case oids::box: return show<box>(value, out);
    case oids::polygon: return show<polygon>(value, out);
    case oids::line: return show<line>(value, out);
    case oids::circle: return show<circle>(value, out);
    default: return false;
  }
}

bool print_system(const field& value, std::string& out) {
  switch (value.type) {
    case oids::pg_lsn: return show<pg_lsn>(value, out);
    case oids::xid8: return show<xid8>(value, out);
    case oids::tid: return show<tid>(value, out);
    case oids::pg_snapshot:
    case oids::txid_snapshot: return show<pg_snapshot>(value, out);
    case oids::char_: out.append(codec<char>::to_text(codec<char>::decode(value))); return true;
    case oids::void_:
      if (value.size != 0) detail::fail_size(value, print_target);
      return true;
    default: return false;
  }
}

bool print_other(const field& value, std::string& out) {
  switch (value.type) {
    case oids::bytea: out.append(codec<bytes_view>::to_text(value.bytes())); return true;
    case oids::uuid: return show<uuid>(value, out);
    case oids::jsonb: out.append(detail::json_text(value, print_target)); return true;
    case oids::jsonpath: return show<jsonpath>(value, out);
    case oids::inet: return show<inet>(value, out);
    case oids::cidr: return show<cidr>(value, out);
    case oids::macaddr: return show<macaddr>(value, out);
    case oids::macaddr8: return show<macaddr8>(value, out);
    case oids::bit:
    case oids::varbit: return show<bit_string>(value, out);
    case oids::tsvector: return show<tsvector>(value, out);
    case oids::tsquery: return show<tsquery>(value, out);
    default: return false;
  }
}

}  // namespace

namespace detail {

void print_at(const field& value, std::string& out, std::size_t depth) {
  if (value.format == format::text || is_text_like(value.type) ||
      value.type.kind() == type_kind::enumeration) {
    out.append(value.text());
    return;
  }
  if (print_number(value, out) || print_other(value, out) || print_time(value, out)) return;
  if (print_shape(value, out) || print_system(value, out)) return;
  if (print_parts(value, out, depth + 1)) return;
  if (value.type.kind() == type_kind::domain && value.type.part() != 0 &&
      depth < most_printed_levels) {
    field base = value;
    base.type = value.type.part();
    print_at(base, out, depth + 1);
    return;
  }
  fail_read(value, print_target, "it came in binary, which tusk cannot print; ask for it as text");
}

field print_as_field(const field& value, std::string& text) {
  print(value, text);
  if (text.size() > INT32_MAX)
    fail_read(value, print_target, "its text has more than 2147483647 bytes");
  field printed = value;
  printed.data = reinterpret_cast<const std::byte*>(text.data());
  printed.size = static_cast<std::int32_t>(text.size());
  printed.format = format::text;
  return printed;
}

}  // namespace detail

void print(const field& value, std::string& out) {
  if (value.is_null()) detail::fail_type(value, print_target);
  detail::print_at(value, out, 0);
}

std::string print(const field& value) {
  std::string out;
  print(value, out);
  return out;
}

}  // namespace tusk
