#include "tusk/types/floats.hpp"

#include <charconv>
#include <cmath>
#include <string>

#include "tusk/types/failure.hpp"
#include "tusk/types/numeric.hpp"
#include "types/numeric_wire.hpp"
#include "types/print_float.hpp"

namespace tusk::detail {
namespace {

template <class Float>
Float read_text(const field& value, std::string_view target) {
  const std::string_view text = value.text();
  Float result{};
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, result);
  if (fault == std::errc::result_out_of_range) fail_read(value, target, "it is out of range");
  if (fault != std::errc{} || stopped != end) fail_text(value, target, "a number");
  return result;
}

template <class Float>
std::string shortest(Float value) {
  std::string text;
  print_float(value, text);
  return text;
}

/// The decimal that a reader sees, which is not the binary fraction's exact value.
template <class Float>
void write_as_numeric(value_writer& to, Float value) {
  write_numeric(to.out(), numeric(shortest(value)));
}

void write_float4(value_writer& to, float value) {
  to.out().u32(std::bit_cast<std::uint32_t>(value));
}

void write_float8(value_writer& to, double value) {
  to.out().integer(std::bit_cast<std::uint64_t>(value));
}

}  // namespace

bool writes_float(oid to) noexcept {
  return to == oids::float8 || to == oids::float4 || to == oids::numeric;
}

float read_float(const field& value) {
  constexpr std::string_view target = codec<float>::name;
  if (value.is_null() || !codec<float>::reads(value.type)) fail_type(value, target);
  if (value.format == format::text) return read_text<float>(value, target);
  fail_size(value, target);
}

double read_double(const field& value) {
  constexpr std::string_view target = codec<double>::name;
  if (value.is_null() || !codec<double>::reads(value.type)) fail_type(value, target);
  if (value.format == format::text) {
    // The text of a real is short: reading it as double would make 0.1 of what binary gives as
    // 0.10000000149.
    return value.type == oids::float4 ? static_cast<double>(read_text<float>(value, target))
                                      : read_text<double>(value, target);
  }
  if (value.type != oids::float4 || value.size != 4) fail_size(value, target);
  return static_cast<double>(
      std::bit_cast<float>(proto::load_big_endian<std::uint32_t>(value.data)));
}

format write_float(value_writer& to, float value) {
  switch (to.target()) {
    case 0:
    case oids::float4: write_float4(to, value); break;
    case oids::float8: write_float8(to, static_cast<double>(value)); break;
    case oids::numeric: write_as_numeric(to, value); break;
    default: to.fail(codec<float>::name, "the types do not go together");
  }
  return format::binary;
}

format write_double(value_writer& to, double value) {
  switch (to.target()) {
    case 0:
    case oids::float8: write_float8(to, value); break;
    case oids::float4: {
      const auto narrow = static_cast<float>(value);
      const bool overflows = std::isinf(narrow) && !std::isinf(value);
      if (overflows || (narrow == 0.0F && value != 0.0))
        to.fail(codec<double>::name, shortest(value) + " is out of range");
      write_float4(to, narrow);
      break;
    }
    case oids::numeric: write_as_numeric(to, value); break;
    default: to.fail(codec<double>::name, "the types do not go together");
  }
  return format::binary;
}

std::string float_text(float value) {
  std::string out;
  print_float(value, out);
  return out;
}

std::string float_text(double value) {
  std::string out;
  print_float(value, out);
  return out;
}

}  // namespace tusk::detail
