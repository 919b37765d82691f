#include "session/client_encoding.hpp"

#include <algorithm>
#include <array>

#include "types/ascii.hpp"

namespace tusk::detail {

namespace {

constexpr unsigned single_shift_2 = 0x8E;
constexpr unsigned single_shift_3 = 0x8F;

constexpr unsigned byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

constexpr bool is_between(unsigned byte, unsigned low, unsigned high) noexcept {
  return byte >= low && byte <= high;
}

/// `size` when there are so many bytes, and all behind the first are within the limits; else 0.
constexpr std::size_t when_followed(std::string_view text, std::size_t size, unsigned low,
                                    unsigned high) noexcept {
  if (text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!is_between(byte_at(text, i), low, high)) return 0;
  return size;
}

constexpr std::size_t euc(std::string_view text, std::size_t size) noexcept {
  return when_followed(text, size, 0xA1, 0xFE);
}

/// What follows the first byte in the encodings that only clients use. GBK, UHC and BIG5 have other
/// limits each, all within these; the server's check has none, but its conversion does.
constexpr bool is_client_tail(unsigned byte) noexcept {
  return is_between(byte, 0x40, 0xFE) && byte != 0x7F;
}

std::size_t any_byte(std::string_view) noexcept {
  return 1;
}

std::size_t ascii_only(std::string_view text) noexcept {
  return byte_at(text, 0) < 0x80 ? 1 : 0;
}

std::size_t utf8(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < 2) return 0;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return is_between(byte_at(text, 1), low, high) ? when_followed(text, size, 0x80, 0xBF) : 0;
}

std::size_t euc_jp(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  if (lead == single_shift_2) return when_followed(text, 2, 0xA1, 0xDF);
  if (lead == single_shift_3) return euc(text, 3);
  return is_between(lead, 0xA1, 0xFE) ? euc(text, 2) : 0;
}

std::size_t euc_kr_or_cn(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  return is_between(lead, 0xA1, 0xFE) ? euc(text, 2) : 0;
}

std::size_t euc_tw(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  if (lead == single_shift_3) return 0;
  if (lead != single_shift_2) return euc(text, 2);
  return text.size() >= 4 && byte_at(text, 1) <= 0xA7 ? euc(text, 4) : 0;
}

// The server cuts and checks it as one of the EUC family, which real JOHAB is not.
std::size_t johab(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  return euc(text, lead == single_shift_3 ? 3 : 2);
}

// The first byte names the character set ("Character Set Support"; src/include/mb/pg_wchar.h).
std::size_t mule_internal(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  std::size_t size = 1;
  if (is_between(lead, 0x81, 0x8D)) size = 2;
  if (is_between(lead, 0x90, 0x9B)) size = 3;
  if (is_between(lead, 0x9C, 0x9D)) size = 4;
  return when_followed(text, size, 0x80, 0xFF);
}

std::size_t shift_jis(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80 || is_between(lead, 0xA1, 0xDF)) return 1;
  if (!is_between(lead, 0x81, 0x9F) && !is_between(lead, 0xE0, 0xFC)) return 0;
  return text.size() >= 2 && is_client_tail(byte_at(text, 1)) && byte_at(text, 1) <= 0xFC ? 2 : 0;
}

// The server's conversion makes a backslash of its full-width one, which then escapes what stands
// behind it. The plain backslash is the same text.
std::size_t shift_jis_2004(std::string_view text) noexcept {
  return text.starts_with("\x81\x5F") ? 0 : shift_jis(text);
}

std::size_t two_bytes(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  const bool is_whole = text.size() >= 2 && is_client_tail(byte_at(text, 1));
  return is_between(lead, 0x81, 0xFE) && is_whole ? 2 : 0;
}

std::size_t gb18030(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80 || text.size() < 2 || !is_between(byte_at(text, 1), '0', '9'))
    return two_bytes(text);
  const bool is_whole = text.size() >= 4 && is_between(lead, 0x81, 0xFE) &&
                        is_between(byte_at(text, 2), 0x81, 0xFE) &&
                        is_between(byte_at(text, 3), '0', '9');
  return is_whole ? 4 : 0;
}

struct known_encoding {
  std::string_view name;  ///< as ParameterStatus gives it, in small letters
  std::size_t (*size)(std::string_view text) noexcept;
  bool apart = true;
};

// What SQL_ASCII passes on is the database's own encoding, and tusk does not know it.
constexpr std::array<known_encoding, 41> encodings{{
    {"sql_ascii", any_byte},
    {"euc_jp", euc_jp},
    {"euc_jis_2004", euc_jp},
    {"euc_cn", euc_kr_or_cn},
    {"euc_kr", euc_kr_or_cn},
    {"euc_tw", euc_tw},
    {"mule_internal", mule_internal},
    {"latin1", any_byte},
    {"latin2", any_byte},
    {"latin3", any_byte},
    {"latin4", any_byte},
    {"latin5", any_byte},
    {"latin6", any_byte},
    {"latin7", any_byte},
    {"latin8", any_byte},
    {"latin9", any_byte},
    {"latin10", any_byte},
    {"koi8r", any_byte},
    {"koi8u", any_byte},
    {"win866", any_byte},
    {"win874", any_byte},
    {"win1250", any_byte},
    {"win1251", any_byte},
    {"win1252", any_byte},
    {"win1253", any_byte},
    {"win1254", any_byte},
    {"win1255", any_byte},
    {"win1256", any_byte},
    {"win1257", any_byte},
    {"win1258", any_byte},
    {"iso_8859_5", any_byte},
    {"iso_8859_6", any_byte},
    {"iso_8859_7", any_byte},
    {"iso_8859_8", any_byte},
    {"sjis", shift_jis, false},
    {"shift_jis_2004", shift_jis_2004, false},
    {"big5", two_bytes, false},
    {"gbk", two_bytes, false},
    {"uhc", two_bytes, false},
    {"gb18030", gb18030, false},
    {"johab", johab, false},
}};

}  // namespace

bool is_utf8(std::string_view client_encoding) noexcept {
  return ascii::equals(client_encoding, "utf8") || ascii::equals(client_encoding, "utf-8") ||
         ascii::equals(client_encoding, "unicode");
}

std::size_t valid_utf8_size(std::string_view text) noexcept {
  return character_check("utf8").valid_size(text);
}

character_check::character_check(std::string_view client_encoding) noexcept : size_(utf8) {
  if (is_utf8(client_encoding)) return;
  const auto* const found = std::find_if(
      encodings.begin(), encodings.end(),
      [&](const known_encoding& each) { return ascii::equals(client_encoding, each.name); });
  known_ = found != encodings.end();
  size_ = known_ ? found->size : ascii_only;
  apart_ = known_ && found->apart;
}

std::size_t character_check::valid_size(std::string_view text) const noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = size_(text.substr(at));
    if (size == 0) break;
    at += size;
  }
  return at;
}

std::size_t character_check::count(std::string_view text) const noexcept {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters)
    at += std::max<std::size_t>(size_(text.substr(at)), 1);
  return characters;
}

std::string character_check::lexable(std::string_view sql) const {
  std::string text(sql);
  if (apart_) return text;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t size = std::max<std::size_t>(size_(sql.substr(at)), 1);
    if (size > 1) text.replace(at, size, size, '\xFF');
    at += size;
  }
  return text;
}

}  // namespace tusk::detail
