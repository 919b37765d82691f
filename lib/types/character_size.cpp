#include "types/character_size.hpp"

#include <algorithm>

#include "types/ascii.hpp"

namespace tusk {
namespace {

std::size_t utf8_size(std::string_view text, std::size_t at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  std::size_t wanted = 1;
  if (lead >= 0xF0U && lead < 0xF8U) wanted = 4;
  if (lead >= 0xE0U && lead < 0xF0U) wanted = 3;
  if (lead >= 0xC2U && lead < 0xE0U) wanted = 2;
  for (std::size_t i = 1; i < wanted; ++i)
    if (at + i >= text.size() || (static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U)
      return 1;
  return wanted;
}

// Leading bytes of the charsets that are shifted to ("Character Set Support").
std::size_t mule_size(unsigned lead) noexcept {
  if (lead >= 0x81 && lead <= 0x8D) return 2;  // LC1: one byte follows
  if (lead >= 0x90 && lead <= 0x99) return 3;  // LC2: two
  if (lead == 0x9A || lead == 0x9B) return 3;  // LCPRV1: the charset's byte and one
  if (lead == 0x9C || lead == 0x9D) return 4;  // LCPRV2: the charset's byte and two
  return 1;
}

std::size_t size_by_lead(std::string_view text, std::size_t at, character_sizes sizes) noexcept {
  constexpr unsigned single_shift_2 = 0x8E;
  constexpr unsigned single_shift_3 = 0x8F;
  const unsigned lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  switch (sizes) {
    case character_sizes::utf8: return utf8_size(text, at);
    case character_sizes::one_byte: return 1;
    case character_sizes::euc: return lead == single_shift_3 ? 3 : 2;
    case character_sizes::euc_cn: return 2;
    case character_sizes::euc_tw:
      return lead == single_shift_2 ? 4 : lead == single_shift_3 ? 3 : 2;
    case character_sizes::mule_internal: return mule_size(lead);
    case character_sizes::shift_jis: return lead >= 0xA1 && lead <= 0xDF ? 1 : 2;
    case character_sizes::gb18030: {
      const bool four = at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9';
      return four ? 4 : 2;
    }
  }
  return 1;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) noexcept {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view each) { return ascii::equals(name, each); });
}

bool starts_like(std::string_view name, std::string_view with) noexcept {
  return ascii::equals(name.substr(0, with.size()), with);
}

}  // namespace

character_sizes sizes_of(std::string_view client_encoding) noexcept {
  for (const std::string_view family : {"latin", "iso_8859_", "win", "koi8"})
    if (starts_like(client_encoding, family)) return character_sizes::one_byte;
  if (is_one_of(client_encoding, {"euc_jp", "euc_jis_2004", "euc_kr", "johab"}))
    return character_sizes::euc;
  if (is_one_of(client_encoding, {"euc_cn", "big5", "gbk", "uhc"})) return character_sizes::euc_cn;
  if (ascii::equals(client_encoding, "euc_tw")) return character_sizes::euc_tw;
  if (ascii::equals(client_encoding, "mule_internal")) return character_sizes::mule_internal;
  if (is_one_of(client_encoding, {"sjis", "shift_jis_2004"})) return character_sizes::shift_jis;
  if (ascii::equals(client_encoding, "gb18030")) return character_sizes::gb18030;
  return character_sizes::utf8;
}

std::size_t character_size(std::string_view text, std::size_t at, character_sizes sizes) noexcept {
  return std::min(size_by_lead(text, at, sizes), text.size() - at);
}

}  // namespace tusk
