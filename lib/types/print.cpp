#include "tusk/types/print.hpp"

#include "tusk/types/boolean.hpp"
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

void print_bytes(bytes_view bytes, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.append("\\x");
  for (const std::byte one : bytes) {
    const auto value = std::to_integer<std::size_t>(one);
    out.push_back(digits[value >> 4U]);
    out.push_back(digits[value & 0xFU]);
  }
}

/// As PostgreSQL 15 and later print `"char"`; before, bytes beyond ASCII came as they are.
void print_char(const field& value, std::string& out) {
  const auto byte = static_cast<unsigned char>(codec<char>::decode(value));
  if (byte == 0) return;
  if (byte < 0x80) {
    out.push_back(static_cast<char>(byte));
    return;
  }
  out.push_back('\\');
  for (const unsigned shift : {6U, 3U, 0U})
    out.push_back(static_cast<char>('0' + ((byte >> shift) & 7U)));
}

/// Types whose text depends on settings or the server's version; false for those without a printer.
bool print_dependent(const field& value, std::string& out) {
  switch (value.type) {
    case oids::date: out.append(codec<date>::decode(value).to_string()); return true;
    case oids::time: out.append(codec<time>::decode(value).to_string()); return true;
    case oids::timestamp: out.append(codec<timestamp>::decode(value).to_string()); return true;
    case oids::timestamptz: out.append(codec<timestamptz>::decode(value).to_string()); return true;
    case oids::bytea: print_bytes(value.bytes(), out); return true;
    case oids::char_: print_char(value, out); return true;
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

}  // namespace tusk
