#include "tusk/types/bit_string.hpp"

#include "types/ascii.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

constexpr std::size_t byte_bits = 8;

constexpr std::size_t bytes_for(std::size_t bits) noexcept {
  return bits / byte_bits + (bits % byte_bits != 0 ? 1 : 0);
}

/// The bits of the last byte that are not part of the value.
constexpr std::byte padding(std::size_t bits) noexcept {
  return bits % byte_bits == 0 ? std::byte{} : std::byte{0xFF} >> (bits % byte_bits);
}

std::optional<bit_string> parse_hexadecimal(std::string_view digits) {
  bit_string result(digits.size() * 4);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = ascii::hex_value(digits[i]);
    if (value < 0) return std::nullopt;
    for (std::size_t bit = 0; bit < 4; ++bit)
      if ((value >> (3 - bit) & 1) != 0) result.set(4 * i + bit);
  }
  return result;
}

}  // namespace

bit_string::bit_string(std::size_t size, bool value)
    : bytes_(bytes_for(size), value ? std::byte{0xFF} : std::byte{}), size_(size) {
  if (!bytes_.empty()) bytes_.back() &= ~padding(size);
}

bit_string::bit_string(bytes_view bytes, std::size_t size) : size_(size) {
  if (bytes.size() < bytes_for(size)) {
    detail::fail_conversion(
        "tusk::bit_string",
        std::to_string(bytes.size()) + " bytes do not hold " + std::to_string(size) + " bits");
  }
  bytes = bytes.first(bytes_for(size));
  bytes_.assign(bytes.begin(), bytes.end());
  if (!bytes_.empty()) bytes_.back() &= ~padding(size);
}

bit_string::bit_string(const std::vector<bool>& bits) : bit_string(bits.size()) {
  for (std::size_t i = 0; i < size_; ++i)
    if (bits[i]) set(i);
}

std::optional<bit_string> bit_string::parse(std::string_view text) {
  const char first = text.empty() ? '0' : ascii::lower(text[0]);
  if (first == 'x') return parse_hexadecimal(text.substr(1));
  if (first == 'b') text.remove_prefix(1);
  bit_string result(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '0' && text[i] != '1') return std::nullopt;
    if (text[i] == '1') result.set(i);
  }
  return result;
}

void bit_string::push_back(bool value) {
  if (size_ % byte_bits == 0) bytes_.push_back(std::byte{});
  ++size_;
  set(size_ - 1, value);
}

std::string bit_string::to_string() const {
  std::string text(size_, '0');
  for (std::size_t i = 0; i < size_; ++i)
    if ((*this)[i]) text[i] = '1';
  return text;
}

std::vector<bool> bit_string::to_vector() const {
  std::vector<bool> bits(size_);
  for (std::size_t i = 0; i < size_; ++i)
    bits[i] = (*this)[i];
  return bits;
}

std::size_t bit_string::hash() const noexcept {
  const std::string_view all(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  return std::hash<std::string_view>{}(all) ^ (size_ * 0x9E3779B97F4A7C15U);
}

namespace detail {

/// The length in bits, then the bytes (varbit_send).
template <>
struct value_wire<bit_string> {
  static constexpr std::string_view what = "a string of bits";
  static std::optional<bit_string> parse(std::string_view text) { return bit_string::parse(text); }
  static std::string_view read(proto::reader& in, bit_string& into) {
    const std::int32_t size = in.i32();
    if (size < 0) return "its length is negative";
    const auto bits = static_cast<std::size_t>(size);
    const bytes_view bytes = in.bytes(bytes_for(bits));
    if (!in.ok()) return {};
    if (!bytes.empty() && (bytes.back() & padding(bits)) != std::byte{})
      return "it has bits set behind its last";
    into = bit_string(bytes, bits);
    return {};
  }
  static void write(value_writer& to, const bit_string& value) {
    if (value.size() > bit_string::max_size)
      to.fail(codec<bit_string>::name, "it has more bits than the server can hold");
    to.out().i32(static_cast<std::int32_t>(value.size()));
    to.out().bytes(value.bytes());
  }
};
template struct value_codec<bit_string, oids::varbit, oids::varbit_array>;

}  // namespace detail
}  // namespace tusk
