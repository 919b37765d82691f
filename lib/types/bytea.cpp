#include "tusk/types/bytea.hpp"

#include "tusk/types/failure.hpp"
#include "types/ascii.hpp"

namespace tusk {
namespace {

using byte_vector = std::vector<std::byte>;

byte_vector read_hex(const field& value) {
  const std::string_view digits = value.text().substr(2);
  byte_vector bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const int high = ascii::hex_value(digits[i]);
    const int low = ascii::hex_value(digits[i + 1]);
    if (high < 0 || low < 0) detail::fail_text(value, codec<byte_vector>::name, "hexadecimal");
    bytes.push_back(static_cast<std::byte>(high * 16 + low));
  }
  if (digits.size() % 2 != 0) detail::fail_text(value, codec<byte_vector>::name, "hexadecimal");
  return bytes;
}

/// bytea_output = escape: a backslash is doubled, and other bytes may be \ooo.
byte_vector read_escaped(const field& value) {
  const std::string_view text = value.text();
  byte_vector bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes.push_back(static_cast<std::byte>(text[i]));
      continue;
    }
    const std::string_view rest = text.substr(i + 1, 3);
    if (rest.starts_with('\\')) {
      bytes.push_back(std::byte{'\\'});
      i += 1;
      continue;
    }
    if (rest.size() != 3 || rest.find_first_not_of("01234567") != std::string_view::npos ||
        rest[0] > '3')
      detail::fail_text(value, codec<byte_vector>::name, "bytea in escape form");
    const int octal = (rest[0] - '0') * 64 + (rest[1] - '0') * 8 + (rest[2] - '0');
    bytes.push_back(static_cast<std::byte>(octal));
    i += 3;
  }
  return bytes;
}

format write_bytes(value_writer& to, bytes_view value, std::string_view source) {
  if (to.target() != 0 && to.target() != oids::bytea)
    to.fail(source, "the types do not go together");
  to.out().bytes(value);
  return format::binary;
}

}  // namespace

namespace detail {

bool reads_bytes(oid from) noexcept {
  switch (from) {
    case oids::bytea:
    case oids::pg_ndistinct:
    case oids::pg_dependencies:
    case oids::pg_mcv_list:
    case oids::pg_brin_bloom_summary:
    case oids::pg_brin_minmax_multi_summary: return true;
    default: return false;
  }
}

}  // namespace detail

byte_vector codec<byte_vector>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::binary) {
    const bytes_view bytes = value.bytes();
    return {bytes.begin(), bytes.end()};
  }
  // pg_mcv_list prints its bytes as bytea does; the others print what is in them.
  if (value.type != oids::bytea && value.type != oids::pg_mcv_list)
    fail_read(value, name, "its text is not its bytes; have it in binary, or read std::string");
  return value.text().starts_with("\\x") ? read_hex(value) : read_escaped(value);
}

format codec<byte_vector>::encode(value_writer& to, const byte_vector& value) {
  return write_bytes(to, value, name);
}

bytes_view codec<bytes_view>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format != format::binary)
    fail_read(value, name, "it came as text; read std::vector<std::byte>");
  return value.bytes();
}

format codec<bytes_view>::encode(value_writer& to, bytes_view value) {
  return write_bytes(to, value, name);
}

std::string codec<bytes_view>::to_text(bytes_view value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\\x";
  out.reserve(2 + 2 * value.size());
  for (const std::byte one : value) {
    const auto bits = std::to_integer<std::size_t>(one);
    out.push_back(digits[bits >> 4U]);
    out.push_back(digits[bits & 0xFU]);
  }
  return out;
}

std::string codec<byte_vector>::to_text(const byte_vector& value) {
  return codec<bytes_view>::to_text(value);
}

}  // namespace tusk
