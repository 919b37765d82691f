#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cli {

struct code_point {
  char32_t value;
  std::size_t size;  ///< bytes, at least 1
  bool valid;
};

/// The code point at the beginning of a text that is not empty (RFC 3629: no surrogates, no
/// overlong forms, nothing above U+10FFFF); one byte that is not valid otherwise.
[[nodiscard]] constexpr code_point next_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const code_point invalid{first, 1, false};
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return invalid;
  char32_t value = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return invalid;
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[size] || surrogate || value > 0x10FFFF) return invalid;
  return {value, size, true};
}

}  // namespace cli
