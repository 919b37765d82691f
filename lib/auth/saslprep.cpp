#include "auth/saslprep.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "auth/nfkc.hpp"
#include "auth/saslprep_tables.hpp"

namespace tusk::auth {
namespace {

using code_points = secret_vector<char32_t>;

bool contains(std::span<const code_range> table, char32_t code) {
  const auto found =
      std::lower_bound(table.begin(), table.end(), code,
                       [](const code_range& range, char32_t key) { return range.last < key; });
  return found != table.end() && found->first <= code;
}

// How many bytes a sequence has, by its first byte; 0 where none can begin. C0, C1 and F5 to FF
// would begin overlong forms or exceed U+10FFFF (RFC 3629).
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool decode_utf8(std::string_view text, code_points& to) {
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  to.reserve(text.size());
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = sequence_length(first);
    if (length == 0 || length > text.size()) return false;
    char32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (const char c : text.substr(1, length - 1)) {
      const auto next = static_cast<unsigned char>(c);
      if ((next & 0xC0U) != 0x80U) return false;
      code = code << 6U | (next & 0x3FU);
    }
    if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      return false;
    }
    to.push_back(code);
    text.remove_prefix(length);
  }
  return true;
}

secret_text encode_utf8(const code_points& text) {
  secret_text to;
  to.reserve(text.size() * 4);
  const auto put = [&to](char32_t value) {
    to.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  };
  for (const char32_t code : text) {
    if (code < 0x80) {
      put(code);
      continue;
    }
    if (code < 0x800) {
      put(0xC0U | code >> 6U);
    } else {
      if (code < 0x10000) {
        put(0xE0U | code >> 12U);
      } else {
        put(0xF0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3FU));
      }
      put(0x80U | (code >> 6U & 0x3FU));
    }
    put(0x80U | (code & 0x3FU));
  }
  return to;
}

// RFC 3454, section 3. U+200B is in both tables; PostgreSQL makes it a space.
void map(code_points& text) {
  std::erase_if(text, [](char32_t code) { return contains(mapped_to_nothing, code); });
  for (char32_t& code : text) {
    if (contains(spaces, code)) code = U' ';
  }
}

// RFC 3454, section 6: with any right-to-left character, none that is left-to-right, and
// right-to-left ones at both ends.
bool bidirectional_is_fine(const code_points& text) {
  const auto is_right_to_left = [](char32_t code) { return contains(right_to_left, code); };
  if (std::none_of(text.begin(), text.end(), is_right_to_left)) return true;
  return is_right_to_left(text.front()) && is_right_to_left(text.back()) &&
         std::none_of(text.begin(), text.end(),
                      [](char32_t code) { return contains(left_to_right, code); });
}

}  // namespace

std::optional<secret_text> saslprep(std::string_view password) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(password.begin(), password.end(), is_ascii)) return to_secret(password);

  code_points text;
  if (!decode_utf8(password, text)) return std::nullopt;
  map(text);
  if (text.empty()) return std::nullopt;
  if (std::any_of(text.begin(), text.end(),
                  [](char32_t code) { return contains(refused, code); })) {
    return std::nullopt;
  }
  if (!bidirectional_is_fine(text)) return std::nullopt;
  return encode_utf8(nfkc(text));
}

}  // namespace tusk::auth
