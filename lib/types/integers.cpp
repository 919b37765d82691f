#include "tusk/types/integers.hpp"

#include <bit>
#include <charconv>
#include <string>

#include "tusk/types/failure.hpp"
#include "types/numeric_wire.hpp"

namespace tusk::detail {
namespace {

/// A value of any of the wire's integer types: they all fit 64 bits and a sign.
struct whole {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

whole whole_of(std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  return {value < 0, value < 0 ? 0U - bits : bits};
}

std::string text_of(const whole& value) {
  return (value.negative ? "-" : "") + std::to_string(value.magnitude);
}

/// Types that are an oid on the wire too, but as text the name of what has it.
bool is_name_of_oid(oid type) noexcept {
  switch (type) {
    case oids::regproc:
    case oids::regprocedure:
    case oids::regoper:
    case oids::regoperator:
    case oids::regclass:
    case oids::regtype:
    case oids::regrole:
    case oids::regnamespace:
    case oids::regconfig:
    case oids::regdictionary:
    case oids::regcollation: return true;
    default: return false;
  }
}

/// Types of four bytes without a sign.
bool is_oid_like(oid type) noexcept {
  return type == oids::oid || type == oids::xid || type == oids::cid || is_name_of_oid(type);
}

template <class Wire>
whole read_wire(const field& value, std::string_view target) {
  if (value.size != static_cast<std::int32_t>(sizeof(Wire))) fail_size(value, target);
  const Wire read = proto::load_big_endian<Wire>(value.data);
  if constexpr (std::is_signed_v<Wire>) return whole_of(read);
  return {false, static_cast<std::uint64_t>(read)};
}

whole read_text(const field& value, std::string_view target) {
  std::string_view digits = value.text();
  whole result;
  if (is_name_of_oid(value.type)) {
    if (digits == "-") return result;  // what has no name because there is nothing, oid 0
    if (digits.find_first_not_of("0123456789") != std::string_view::npos)
      fail_text(value, target,
                "a number but a name that only the server's catalogs know; read std::string, or "
                "have it in binary");
  }
  result.negative = digits.starts_with('-');
  if (result.negative) digits.remove_prefix(1);
  const char* const end = digits.data() + digits.size();
  const auto [stopped, fault] = std::from_chars(digits.data(), end, result.magnitude);
  if (fault == std::errc::result_out_of_range) fail_read(value, target, "it is out of range");
  if (fault != std::errc{} || stopped != end) fail_text(value, target, "an integer");
  return result;
}

whole read_whole(const field& value, std::string_view target) {
  if (value.is_null() || !reads_integer(value.type)) fail_type(value, target);
  if (value.format == format::text) return read_text(value, target);
  if (value.type == oids::int2) return read_wire<std::int16_t>(value, target);
  if (value.type == oids::int4) return read_wire<std::int32_t>(value, target);
  if (value.type == oids::int8) return read_wire<std::int64_t>(value, target);
  if (value.type == oids::xid8) return read_wire<std::uint64_t>(value, target);
  return read_wire<std::uint32_t>(value, target);
}

/// Whether a binary floating point number with so many bits holds the value exactly.
bool is_exact(std::uint64_t magnitude, int bits) noexcept {
  if (magnitude == 0) return true;
  return static_cast<int>(std::bit_width(magnitude >> std::countr_zero(magnitude))) <= bits;
}

template <class Float>
void write_float(value_writer& to, const whole& value, std::string_view source) {
  if (!is_exact(value.magnitude, std::numeric_limits<Float>::digits))
    to.fail(source, text_of(value) + " cannot be held exactly");
  using bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
  const auto size = static_cast<Float>(value.magnitude);
  to.out().integer(std::bit_cast<bits>(value.negative ? -size : size));
}

template <class Wire>
void write_wire(value_writer& to, const whole& value, std::string_view source) {
  using limits = std::numeric_limits<Wire>;
  const auto top = static_cast<std::uint64_t>(limits::max());
  const std::uint64_t room = !value.negative ? top : std::is_signed_v<Wire> ? top + 1 : 0;
  if (value.magnitude > room) to.fail(source, text_of(value) + " is out of range");
  const std::uint64_t bits = value.negative ? 0U - value.magnitude : value.magnitude;
  to.out().integer(static_cast<Wire>(bits));
}

format write_whole(value_writer& to, const whole& value, oid own, std::string_view source) {
  const oid target = to.target() != 0 ? to.target().number() : own;
  switch (target) {
    case oids::int2: write_wire<std::int16_t>(to, value, source); break;
    case oids::int4: write_wire<std::int32_t>(to, value, source); break;
    case oids::int8: write_wire<std::int64_t>(to, value, source); break;
    case oids::xid8: write_wire<std::uint64_t>(to, value, source); break;
    case oids::float4: write_float<float>(to, value, source); break;
    case oids::float8: write_float<double>(to, value, source); break;
    case oids::numeric: write_numeric_integer(to.out(), value.negative, value.magnitude); break;
    default:
      if (!is_oid_like(target)) to.fail(source, "the types do not go together");
      write_wire<std::uint32_t>(to, value, source);
  }
  return format::binary;
}

}  // namespace

bool reads_integer(oid from) noexcept {
  return from == oids::int4 || from == oids::int8 || from == oids::int2 || from == oids::xid8 ||
         is_oid_like(from);
}

bool writes_integer(oid to) noexcept {
  return reads_integer(to) || to == oids::numeric || to == oids::float4 || to == oids::float8;
}

std::int64_t read_signed(const field& value, std::int64_t lowest, std::int64_t highest,
                         std::string_view target) {
  const whole read = read_whole(value, target);
  const std::uint64_t room =
      read.negative ? 0U - static_cast<std::uint64_t>(lowest) : static_cast<std::uint64_t>(highest);
  if (read.magnitude > room) fail_read(value, target, text_of(read) + " is out of range");
  return static_cast<std::int64_t>(read.negative ? 0U - read.magnitude : read.magnitude);
}

std::uint64_t read_unsigned(const field& value, std::uint64_t highest, std::string_view target) {
  const whole read = read_whole(value, target);
  if (read.magnitude > (read.negative ? 0 : highest))
    fail_read(value, target, text_of(read) + " is out of range");
  return read.magnitude;
}

format write_signed(value_writer& to, std::int64_t value, oid own, std::string_view source) {
  return write_whole(to, whole_of(value), own, source);
}

format write_unsigned(value_writer& to, std::uint64_t value, oid own, std::string_view source) {
  return write_whole(to, {false, value}, own, source);
}

}  // namespace tusk::detail
