#include "tusk/types/uuid.hpp"

#include "tusk/types/failure.hpp"
#include "types/ascii.hpp"

namespace tusk {

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  if (text.starts_with('{')) {
    if (!text.ends_with('}')) return std::nullopt;
    text = text.substr(1, text.size() - 2);
  }
  uuid result;
  for (std::size_t i = 0; i < result.bytes.size(); ++i) {
    if (i > 0 && i % 2 == 0 && text.starts_with('-')) text.remove_prefix(1);
    if (text.size() < 2) return std::nullopt;
    const int high = ascii::hex_value(text[0]);
    const int low = ascii::hex_value(text[1]);
    if (high < 0 || low < 0) return std::nullopt;
    result.bytes[i] = static_cast<std::byte>(high * 16 + low);
    text.remove_prefix(2);
  }
  if (!text.empty()) return std::nullopt;
  return result;
}

std::to_chars_result uuid::to_chars(char* first, char* last) const noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  if (static_cast<std::size_t>(last - first) < max_chars) return {last, std::errc::value_too_large};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *first++ = '-';
    const auto value = std::to_integer<std::size_t>(bytes[i]);
    *first++ = digits[value >> 4U];
    *first++ = digits[value & 0xFU];
  }
  return {first, std::errc{}};
}

std::string uuid::to_string() const {
  std::string out(max_chars, '\0');
  to_chars(out.data(), out.data() + out.size());
  return out;
}

std::size_t uuid::hash() const noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

uuid codec<uuid>::decode_slowly(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::binary) detail::fail_size(value, name);
  const std::optional<uuid> parsed = uuid::parse(value.text());
  if (!parsed) detail::fail_text(value, name, "a UUID");
  return *parsed;
}

format codec<uuid>::encode(value_writer& to, const uuid& value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  to.out().bytes(value.bytes);
  return format::binary;
}

}  // namespace tusk
