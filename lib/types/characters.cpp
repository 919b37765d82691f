#include "tusk/types/characters.hpp"

#include "tusk/types/failure.hpp"

namespace tusk {
namespace {

/// `"char"` as text: nothing for 0, the character, or from PostgreSQL 15 on a backslash and three
/// octal digits for what is not ASCII.
char read_char_text(const field& value) {
  const std::string_view text = value.text();
  if (text.empty()) return '\0';
  if (text.size() == 1) return text[0];
  const auto octal = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
  if (text.size() != 4 || text[0] != '\\' || text[1] > '3' || !octal(1) || !octal(2) || !octal(3))
    detail::fail_text(value, codec<char>::name, "one byte");
  return static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
}

}  // namespace

namespace detail {

bool is_text_like(oid type) noexcept {
  switch (type) {
    case oids::text:
    case oids::varchar:
    case oids::bpchar:
    case oids::name:
    case oids::unknown:
    case oids::cstring:
    case oids::json:
    case oids::refcursor:
    case oids::pg_node_tree: return true;
    default: return false;
  }
}

bool is_text_in_binary(type_ref type) noexcept {
  // Asking a built-in type what it is takes a search, and it is neither of the three.
  while (type.info() != nullptr && type.kind() == type_kind::domain)
    type = type.part();
  if (is_text_like(type)) return true;
  return type.info() != nullptr && (type.kind() == type_kind::enumeration || type.is("citext"));
}

format text_format(oid type) noexcept {
  return is_text_like(type) ? format::binary : format::text;
}

std::string read_string(const field& value) {
  if (value.is_null()) fail_type(value, codec<std::string>::name);
  if (value.format == format::text || is_text_like(value.type)) return std::string(value.text());
  fail_read(value, codec<std::string>::name, "it came in binary; tusk::print() gives its text");
}

std::string_view read_view(const field& value) {
  if (value.is_null()) fail_type(value, codec<std::string_view>::name);
  if (value.format == format::text || is_text_like(value.type)) return value.text();
  fail_read(value, codec<std::string_view>::name, "it came in binary; read std::string");
}

format write_text(value_writer& to, std::string_view value, std::string_view source) {
  const std::size_t nul = value.find('\0');
  if (nul != std::string_view::npos) {
    to.fail(source, "its byte " + std::to_string(nul + 1) +
                        " is NUL, which no PostgreSQL text can hold; bytea can");
  }
  to.out().text(value);
  return format::text;
}

}  // namespace detail

bool codec<char>::reads(oid from) noexcept {
  return from == oids::char_ || from == oids::text || from == oids::varchar || from == oids::bpchar;
}

char codec<char>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.type == oids::char_ && value.format == format::text) return read_char_text(value);
  if (value.size == 1) return value.text()[0];
  if (value.type == oids::char_) detail::fail_size(value, name);
  detail::fail_text(value, name, "one character of ASCII");
}

format codec<char>::encode(value_writer& to, char value) {
  const oid target = to.target();
  if (target != 0 && !writes(target)) to.fail(name, "the types do not go together");
  const bool is_ascii = static_cast<signed char>(value) > 0;
  if (target != 0 && target != oids::char_ && !is_ascii)
    to.fail(name, "a byte that is not a character of ASCII is no text");
  to.out().integer(value);
  return format::binary;
}

std::string codec<char>::to_text(char value) {
  const auto byte = static_cast<unsigned char>(value);
  if (byte == 0) return {};
  if (byte < 0x80) return {value};
  std::string out = "\\";
  for (const unsigned shift : {6U, 3U, 0U})
    out.push_back(static_cast<char>('0' + ((byte >> shift) & 7U)));
  return out;
}

}  // namespace tusk
