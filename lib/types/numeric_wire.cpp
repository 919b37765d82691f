#include "types/numeric_wire.hpp"

#include "tusk/proto/reader.hpp"
#include "tusk/types/failure.hpp"

namespace tusk {
namespace {

// numeric's sign field, as numeric_send writes it.
constexpr std::uint16_t positive = 0x0000;
constexpr std::uint16_t negative = 0x4000;
constexpr std::uint16_t not_a_number = 0xC000;
constexpr std::uint16_t plus_infinity = 0xD000;
constexpr std::uint16_t minus_infinity = 0xF000;
/// The server sends this scale with infinities; it reads any.
constexpr std::uint16_t infinity_scale = 0x20;

constexpr std::size_t header_size = 8;

std::uint16_t sign_of(const numeric& value) noexcept {
  switch (value.what()) {
    case numeric::kind::nan: return not_a_number;
    case numeric::kind::infinity: return plus_infinity;
    case numeric::kind::minus_infinity: return minus_infinity;
    case numeric::kind::finite: break;
  }
  return value.is_negative() ? negative : positive;
}

/// Whether the last digit, all of which but `shown` of its decimals are behind the scale, ends in
/// as many zeros.
bool ends_in_zeros(std::uint32_t digit, int hidden) noexcept {
  // Constants, so that the compiler multiplies instead of dividing.
  switch (hidden) {
    case 1: return digit % 10 == 0;
    case 2: return digit % 100 == 0;
    case 3: return digit % 1000 == 0;
    default: return hidden <= 0;
  }
}

numeric decode_binary(const field& value) {
  constexpr std::string_view target = codec<numeric>::name;
  proto::reader in(value.bytes());
  const std::uint16_t count = in.u16();
  const int weight = in.i16();
  const std::uint16_t sign = in.u16();
  const int scale = in.u16();
  if (!in.ok() || in.remaining() != count * sizeof(std::uint16_t)) detail::fail_size(value, target);
  if (sign == not_a_number) return numeric::nan();
  if (sign == plus_infinity) return numeric::infinity();
  if (sign == minus_infinity) return numeric::minus_infinity();
  if (sign != positive && sign != negative) fail_read(value, target, "its sign is malformed");
  std::u16string digits(count, u'\0');
  const std::byte* at = in.rest().data();
  for (char16_t& digit : digits) {
    digit = proto::load_big_endian<std::uint16_t>(at);
    at += sizeof(std::uint16_t);
  }
  std::optional<numeric> result = numeric::from_parts(sign == negative, weight, scale, digits);
  if (!result) fail_read(value, target, "its digits are malformed");
  return std::move(*result);
}

}  // namespace

// One pass over the digits, and one look at the rest: no second validation, no memory.
bool numeric::take_binary(const std::byte* data, std::uint32_t size) noexcept {
  // NULL's size is above all others here.
  if (size < header_size || size > header_size + digits_here * sizeof(char16_t)) return false;
  // The header's four fields at once. A sign that is not a finite number's has other bits than
  // `negative`, and a scale that is out of range has its upper two.
  static_assert(max_scale == 0x3FFF && ::tusk::negative == 0x4000);
  constexpr std::uint64_t wrong = 0xBFFF'C000;
  const auto header = proto::load_big_endian<std::uint64_t>(data);
  const auto count = static_cast<std::uint32_t>(header >> 48U);
  if (size != header_size + count * sizeof(char16_t) || (header & wrong) != 0) return false;
  parts found;
  found.scale = static_cast<std::uint16_t>(header);
  if (count != 0) {
    char16_t* to = here_;
    const std::byte* const end = data + size;
    std::uint16_t digit = 0;
    for (const std::byte* at = data + header_size; at != end; at += sizeof digit) {
      digit = proto::load_big_endian<std::uint16_t>(at);
      if (digit > 9999) return false;
      *to++ = digit;
    }
    found.count = static_cast<std::uint16_t>(count);
    found.weight = static_cast<std::int16_t>(header >> 32U);
    found.negative = (header >> 16U & ::tusk::negative) != 0;
    // Up to the last digit's end.
    const int places = (static_cast<int>(count) - 1 - found.weight) * 4;
    if (here_[0] == 0 || digit == 0 || !ends_in_zeros(digit, places - found.scale)) return false;
  }
  parts_ = found;
  return true;
}

bool codec<numeric>::reads(oid from) noexcept {
  return from == oids::numeric || from == oids::int8 || from == oids::int4 || from == oids::int2;
}

void codec<numeric>::decode_slowly(const field& value, numeric& into) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.type != oids::numeric) {
    into = codec<std::int64_t>::decode(value);
  } else if (value.format == format::binary) {
    into = decode_binary(value);
  } else {
    std::optional<numeric> parsed = numeric::parse(value.text());
    if (!parsed) detail::fail_text(value, name, "a number");
    into = std::move(*parsed);
  }
}

format codec<numeric>::encode(value_writer& to, const numeric& value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  detail::write_numeric(to.out(), value);
  return format::binary;
}

namespace detail {

void write_numeric(proto::writer& out, const numeric& value) {
  const std::size_t count = value.digits().size();
  std::byte* to = out.claim(header_size + count * sizeof(std::uint16_t));
  if (to == nullptr) return;
  const auto put = [&to](std::uint16_t part) {
    proto::store_big_endian(to, part);
    to += sizeof part;
  };
  put(static_cast<std::uint16_t>(count));
  put(static_cast<std::uint16_t>(value.weight()));
  put(sign_of(value));
  put(value.is_finite() || value.is_nan() ? static_cast<std::uint16_t>(value.scale())
                                          : infinity_scale);
  for (const char16_t digit : value.digits())
    put(digit);
}

void write_numeric_integer(proto::writer& out, bool is_negative, std::uint64_t magnitude) {
  numeric value(magnitude);
  if (is_negative) value = *numeric::from_parts(true, value.weight(), 0, value.digits());
  write_numeric(out, value);
}

}  // namespace detail
}  // namespace tusk
