#include "auth/base64.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tusk::auth {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

template <typename Text>
void encode(std::span<const unsigned char> bytes, Text& text) {
  text.reserve(text.size() + (bytes.size() + 2) / 3 * 4);
  while (!bytes.empty()) {
    const std::size_t taken = std::min<std::size_t>(bytes.size(), 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8U | (i < taken ? bytes[i] : 0U);
    for (std::size_t i = 0; i < 4; ++i) {
      text.push_back(i <= taken ? alphabet[group >> (18U - 6U * i) & 0x3FU] : '=');
    }
    bytes = bytes.subspan(taken);
  }
}

}  // namespace

std::string base64_encode(std::span<const unsigned char> bytes) {
  std::string text;
  encode(bytes, text);
  return text;
}

void append_base64(std::span<const unsigned char> bytes, secret_text& to) {
  encode(bytes, to);
}

std::optional<std::vector<unsigned char>> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::vector<unsigned char> bytes;
  bytes.reserve(text.size() / 4 * 3);
  while (!text.empty()) {
    std::string_view group = text.substr(0, 4);
    text.remove_prefix(4);
    if (text.empty() && group.ends_with("==")) {
      group.remove_suffix(2);
    } else if (text.empty() && group.ends_with('=')) {
      group.remove_suffix(1);
    }
    std::uint32_t value = 0;
    for (const char c : group) {
      const std::size_t digit = alphabet.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value << 6U | static_cast<std::uint32_t>(digit);
    }
    value <<= 6U * (4 - group.size());
    const std::size_t length = group.size() - 1;
    // What the last digit has beyond the last byte must be zero: one text for the same bytes.
    if ((value & ((1U << 8U * (3 - length)) - 1U)) != 0) return std::nullopt;
    for (std::size_t i = 0; i < length; ++i) {
      bytes.push_back(static_cast<unsigned char>(value >> (16U - 8U * i) & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace tusk::auth
