#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tusk::detail {

/// Whether a setting of client_encoding means UTF-8: `UTF8`, as the server reports it, and the
/// other spellings it takes.
[[nodiscard]] bool is_utf8(std::string_view client_encoding) noexcept;

/// Bytes at the beginning of `text` that are UTF-8 as the server takes it: RFC 3629, so nothing
/// overlong, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] std::size_t valid_utf8_size(std::string_view text) noexcept;

/// The characters of a client encoding, as strictly as the server checks them (the verifiers in
/// src/common/wchar.c). Who quotes a text must see just the characters that the server will: a byte
/// that looks like a quote is one only where no longer character holds it, and a text in which a
/// character is cut short would take the quote behind it for its rest.
class character_check {
 public:
  /// By the name that ParameterStatus gives. Of an encoding that tusk has never heard of it knows
  /// the characters of ASCII, which all of the server's encodings have.
  explicit character_check(std::string_view client_encoding) noexcept;

  /// Bytes of the one character that `text` begins with; 0 when it is none. `text` is not empty.
  [[nodiscard]] std::size_t size(std::string_view text) const noexcept { return size_(text); }
  /// Bytes at the beginning of `text` that are whole characters.
  [[nodiscard]] std::size_t valid_size(std::string_view text) const noexcept;
  /// Characters of `text`; a byte that belongs to none counts as one.
  [[nodiscard]] std::size_t count(std::string_view text) const noexcept;

  /// Whether a byte that looks like a quote or a backslash is one wherever it stands. Not so in the
  /// encodings that only clients may use ("Character Set Support" in PostgreSQL's manual).
  [[nodiscard]] bool keeps_ascii_apart() const noexcept { return apart_; }
  /// The text in which such bytes are hidden, at the same places otherwise, for `sql_scanner`.
  [[nodiscard]] std::string lexable(std::string_view sql) const;
  [[nodiscard]] bool is_known() const noexcept { return known_; }

 private:
  using sizer = std::size_t (*)(std::string_view text) noexcept;

  sizer size_;
  bool apart_ = true;
  bool known_ = true;
};

}  // namespace tusk::detail
