#include "tusk/types/uuid.hpp"

#include <cstring>

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

std::string uuid::to_string() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    const auto value = std::to_integer<std::size_t>(bytes[i]);
    out.push_back(digits[value >> 4U]);
    out.push_back(digits[value & 0xFU]);
  }
  return out;
}

std::size_t uuid::hash() const noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

uuid codec<uuid>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::text) {
    const std::optional<uuid> parsed = uuid::parse(value.text());
    if (!parsed) detail::fail_text(value, name, "a UUID");
    return *parsed;
  }
  uuid result;
  if (value.bytes().size() != result.bytes.size()) detail::fail_size(value, name);
  std::memcpy(result.bytes.data(), value.data, result.bytes.size());
  return result;
}

format codec<uuid>::encode(value_writer& to, const uuid& value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  to.out().bytes(value.bytes);
  return format::binary;
}

}  // namespace tusk
