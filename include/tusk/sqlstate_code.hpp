#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <string_view>

namespace tusk {

/// An SQLSTATE: five characters, digits and capital letters, as the server sends them in field `C`
/// of ErrorResponse and NoticeResponse. Default constructed it is empty: no code.
///
/// The codes PostgreSQL defines are constants in `tusk::sqlstate` (<tusk/sqlstate.hpp>). Others may
/// come too: extensions and `RAISE ... USING ERRCODE` make their own.
class sqlstate_code {
 public:
  static constexpr std::size_t size = 5;

  constexpr sqlstate_code() noexcept = default;

  /// `text` must have exactly five characters, each a digit or a capital letter; anything else
  /// gives the empty code. Never throws, since the text often comes from the server.
  constexpr explicit sqlstate_code(std::string_view text) noexcept {
    if (text.size() != size) return;
    for (const char c : text) {
      if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z')) return;
    }
    for (std::size_t i = 0; i < size; ++i)
      text_[i] = text[i];
  }

  /// The five characters, or nothing when empty. The view lives as long as this object.
  constexpr std::string_view text() const noexcept { return {text_.data(), empty() ? 0U : size}; }

  /// The class of the code, its first two characters ("23": integrity constraint violation), or
  /// nothing when empty. The view lives as long as this object.
  constexpr std::string_view class_code() const noexcept { return text().substr(0, 2); }

  /// Whether there is no code.
  constexpr bool empty() const noexcept { return text_[0] == '\0'; }

  friend constexpr bool operator==(const sqlstate_code&, const sqlstate_code&) noexcept = default;
  friend constexpr auto operator<=>(const sqlstate_code&, const sqlstate_code&) noexcept = default;

 private:
  std::array<char, size> text_{};
};

}  // namespace tusk
