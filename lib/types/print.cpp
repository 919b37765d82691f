#include "tusk/types/print.hpp"

#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/floats.hpp"
#include "tusk/types/integers.hpp"
#include "tusk/types/json.hpp"
#include "tusk/types/numeric.hpp"
#include "tusk/types/time.hpp"
#include "tusk/types/timestamp.hpp"
#include "tusk/types/uuid.hpp"
#include "types/print_array.hpp"
#include "types/print_float.hpp"

namespace tusk {
namespace {

constexpr std::string_view target = codec<std::string>::name;

/// Types whose text depends on settings or the server's version; false for those without a printer.
bool print_dependent(const field& value, std::string& out) {
  switch (value.type) {
    case oids::date: out.append(codec<date>::decode(value).to_string()); return true;
    case oids::time: out.append(codec<time>::decode(value).to_string()); return true;
    case oids::timestamp: out.append(codec<timestamp>::decode(value).to_string()); return true;
    case oids::timestamptz: out.append(codec<timestamptz>::decode(value).to_string()); return true;
    case oids::bytea: out.append(codec<bytes_view>::to_text(value.bytes())); return true;
    case oids::char_: out.append(codec<char>::to_text(codec<char>::decode(value))); return true;
    default: return false;
  }
}

bool print_scalar(const field& value, std::string& out) {
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
    case oids::numeric: out.append(codec<numeric>::decode(value).to_string()); return true;
    case oids::uuid: out.append(codec<uuid>::decode(value).to_string()); return true;
    case oids::jsonb: out.append(detail::json_text(value, target)); return true;
    default: return print_dependent(value, out);
  }
}

// They are arrays on the wire, but lists without braces as text.
bool is_vector(oid type) noexcept {
  return type == oids::int2vector || type == oids::oidvector;
}

}  // namespace

void print(const field& value, std::string& out) {
  if (value.is_null()) detail::fail_type(value, target);
  if (value.format == format::text || detail::is_text_like(value.type)) {
    out.append(value.text());
    return;
  }
  if (print_scalar(value, out)) return;
  if (element_type(value.type) == 0 || is_vector(value.type))
    fail_read(value, target, "it came in binary, which tusk cannot print; ask for it as text");
  detail::print_array(value, out);
}

std::string print(const field& value) {
  std::string out;
  print(value, out);
  return out;
}

namespace detail {

field print_as_field(const field& value, std::string& text) {
  print(value, text);
  if (text.size() > INT32_MAX) fail_read(value, target, "its text has more than 2147483647 bytes");
  field printed = value;
  printed.data = reinterpret_cast<const std::byte*>(text.data());
  printed.size = static_cast<std::int32_t>(text.size());
  printed.format = format::text;
  return printed;
}

}  // namespace detail

}  // namespace tusk
