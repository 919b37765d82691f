#pragma once

#include <cstddef>
#include <string_view>

namespace tusk {

/// How a client encoding cuts bytes into characters, as the server counts them.
enum class character_sizes : unsigned char {
  utf8,
  one_byte,  ///< ISO 8859, Windows and KOI8 code pages
  euc,       ///< EUC_JP and EUC_JIS_2004, EUC_KR, JOHAB
  euc_cn,    ///< every character beyond ASCII has two bytes
  euc_tw,
  mule_internal,
  shift_jis,  ///< half-width katakana have one byte
  gb18030,
};

/// By the name that ParameterStatus gives; UTF-8 for the empty one, for SQL_ASCII, which may hide
/// anything, and for any that is unknown.
[[nodiscard]] character_sizes sizes_of(std::string_view client_encoding) noexcept;

/// Bytes of the character at `at`, at least 1, never beyond the text's end. What is no valid lead
/// byte is a character of its own, so that any text advances.
[[nodiscard]] std::size_t character_size(std::string_view text, std::size_t at,
                                         character_sizes sizes) noexcept;

}  // namespace tusk
