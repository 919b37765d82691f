#include "json_text.hpp"

#include <cstddef>
#include <cstdint>

#include "utf8.hpp"

namespace cli {
namespace {

void write_escape(output& to, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': to.write("\\\""); return;
    case '\\': to.write("\\\\"); return;
    case '\b': to.write("\\b"); return;
    case '\f': to.write("\\f"); return;
    case '\n': to.write("\\n"); return;
    case '\r': to.write("\\r"); return;
    case '\t': to.write("\\t"); return;
    default: break;
  }
  const auto value = static_cast<unsigned char>(c);
  to.write("\\u00");
  to.write(digits[value >> 4U]);
  to.write(digits[value & 0xFU]);
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Takes the digits at the beginning away; false when there are none.
bool take_digits(std::string_view& text) noexcept {
  const std::size_t before = text.size();
  while (!text.empty() && is_digit(text.front()))
    text.remove_prefix(1);
  return text.size() != before;
}

}  // namespace

void write_json_string(output& to, std::string_view text) {
  to.write('"');
  while (!text.empty()) {
    const code_point next = next_code_point(text);
    if (!next.valid)
      to.write("\xef\xbf\xbd");
    else if (next.value < 0x20 || next.value == '"' || next.value == '\\')
      write_escape(to, text.front());
    else
      to.write(text.substr(0, next.size));
    text.remove_prefix(next.size);
  }
  to.write('"');
}

bool is_json_number(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.size() > 1 && text[0] == '0' && is_digit(text[1]);
  if (leading_zero || !take_digits(text)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!take_digits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

}  // namespace cli
