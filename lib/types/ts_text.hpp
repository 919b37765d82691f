#pragma once

#include <string>
#include <string_view>

/// Lexemes as tsvector and tsquery write them (tsvector_parser.c). Bytes of characters beyond ASCII
/// are passed over, so the encoding must be one in which they do not look like ASCII.
namespace tusk::detail {

/// Reads lexemes from the front of a text.
class lexeme_reader {
 public:
  /// In a query the characters of operators end a bare lexeme. Empty ones, which the server prints
  /// when a binary value held them but does not read, are taken where `takes_empty`.
  lexeme_reader(std::string_view text, bool is_query, bool takes_empty) noexcept
      : text_(text), is_query_(is_query), takes_empty_(takes_empty) {}

  /// The next lexeme, bare or in quotes, up to a colon, white space or an operator. False when
  /// there is none or it is malformed.
  bool lexeme(std::string& into);

  void skip_space() noexcept;
  bool take(char c) noexcept;
  [[nodiscard]] bool at(char c) const noexcept { return text_.starts_with(c); }
  /// The next character without taking it; NUL at the end.
  [[nodiscard]] char peek() const noexcept { return text_.empty() ? '\0' : text_.front(); }
  [[nodiscard]] bool at_space() const noexcept;
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
  /// Digits, as a number of at most `most`; larger ones are `most`. -1 when there are none.
  int number(int most) noexcept;

 private:
  bool quoted(std::string& into);
  bool bare(std::string& into);
  [[nodiscard]] bool ends_bare(char c) const noexcept;

  std::string_view text_;
  bool is_query_;
  bool takes_empty_;
};

/// Appends a lexeme in single quotes, with quotes and backslashes doubled.
void append_lexeme(std::string_view lexeme, std::string& out);

}  // namespace tusk::detail
