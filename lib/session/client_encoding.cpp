#include "session/client_encoding.hpp"

#include <algorithm>
#include <array>

#include "types/ascii.hpp"

namespace tusk::detail {

namespace {

// The encodings that a database can have: in those every byte of a longer character is beyond
// ASCII. Under the names that ParameterStatus gives them, in small letters.
constexpr std::array<std::string_view, 34> plain_encodings{
    "sql_ascii",     "euc_jp",     "euc_cn",     "euc_kr",     "euc_tw",  "euc_jis_2004",
    "mule_internal", "latin1",     "latin2",     "latin3",     "latin4",  "latin5",
    "latin6",        "latin7",     "latin8",     "latin9",     "latin10", "koi8r",
    "koi8u",         "win866",     "win874",     "win1250",    "win1251", "win1252",
    "win1253",       "win1254",    "win1255",    "win1256",    "win1257", "win1258",
    "iso_8859_5",    "iso_8859_6", "iso_8859_7", "iso_8859_8",
};

constexpr bool is_between(char c, unsigned low, unsigned high) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

/// Bytes of the one character that `text` begins with; 0 when it is none.
std::size_t character_size(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!is_between(text[1], low, high)) return 0;
  for (std::size_t i = 2; i < size; ++i)
    if (!is_between(text[i], 0x80, 0xBF)) return 0;
  return size;
}

}  // namespace

bool is_utf8(std::string_view client_encoding) noexcept {
  return ascii::equals(client_encoding, "utf8") || ascii::equals(client_encoding, "utf-8") ||
         ascii::equals(client_encoding, "unicode");
}

bool keeps_ascii_apart(std::string_view client_encoding) noexcept {
  if (is_utf8(client_encoding)) return true;
  return std::any_of(plain_encodings.begin(), plain_encodings.end(),
                     [&](std::string_view each) { return ascii::equals(client_encoding, each); });
}

std::size_t valid_utf8_size(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = character_size(text.substr(at));
    if (size == 0) break;
    at += size;
  }
  return at;
}

}  // namespace tusk::detail
