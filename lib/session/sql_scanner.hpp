#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::detail {

enum class sql_token_kind : std::uint8_t {
  word,         ///< a keyword, or a name without quotes, which may contain `$`
  quoted_name,  ///< `"..."`, `U&"..."`
  string,       ///< `'...'` with any prefix and all its continuations, `$tag$...$tag$`
  number,
  placeholder,  ///< `$1`
  symbol,       ///< any other character, alone
  end,
};

enum class sql_fault : std::uint8_t {
  none,
  unterminated_string,
  unterminated_dollar_quote,
  unterminated_name,
  unterminated_comment,
  junk_after_placeholder,  ///< `$1abc`, which servers before 15 took for `$1 abc`
};

struct sql_token {
  sql_token_kind kind = sql_token_kind::end;
  sql_fault fault = sql_fault::none;
  std::size_t offset = 0;    ///< in bytes
  std::size_t length = 0;    ///< in bytes
  std::uint32_t number = 0;  ///< of a placeholder; 2^32 - 1 stands for anything larger, too
};

/// Cuts SQL text into tokens by the rules of PostgreSQL's own lexer ("Lexical Structure" in its
/// manual) as far as they say where a token begins and ends; blanks and comments lie between. Where
/// versions differ it cuts as the older ones do and the newer ones report an error.
///
/// The text may be in any encoding in which no byte of a longer character is ASCII. It must outlive
/// the scanner.
class sql_scanner {
 public:
  explicit sql_scanner(std::string_view sql, bool standard_conforming_strings = true) noexcept
      : sql_(sql), conforming_(standard_conforming_strings) {}

  /// The next token; `end` behind the last, and at a comment without an end. Other tokens without
  /// an end reach to that of the text.
  [[nodiscard]] sql_token next() noexcept;

  [[nodiscard]] std::string_view text_of(const sql_token& token) const noexcept {
    return sql_.substr(token.offset, token.length);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return sql_.size() - at_ > ahead ? sql_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool skip_blanks() noexcept;
  [[nodiscard]] bool skip_comment() noexcept;
  void skip_line() noexcept;
  [[nodiscard]] bool skip_to_continuation() noexcept;
  sql_fault skip_string(bool backslashes, bool doubling) noexcept;
  sql_fault skip_name() noexcept;
  sql_fault skip_dollar_quote(std::size_t delimiter) noexcept;
  void skip_digits() noexcept;
  void skip_number() noexcept;
  void skip_word() noexcept;
  [[nodiscard]] std::size_t dollar_delimiter() const noexcept;
  void scan_word(sql_token& token) noexcept;
  void scan_dollar(sql_token& token) noexcept;
  void scan_placeholder(sql_token& token) noexcept;

  std::string_view sql_;
  std::size_t at_ = 0;
  bool conforming_;
};

/// The keyword that a command begins with, in upper case: "SELECT", "CALL"; "WITH" stays "WITH".
/// Blanks, comments, opening parentheses and empty statements in front of it are passed over. Empty
/// when the text begins with anything else.
[[nodiscard]] std::string command_keyword(std::string_view sql);

/// Whether there is no second statement behind a semicolon; empty ones do not count. Semicolons in
/// parentheses (CREATE RULE) and in the body of an SQL function (BEGIN ATOMIC ... END) separate
/// nothing.
[[nodiscard]] bool holds_one_statement(std::string_view sql,
                                       bool standard_conforming_strings = true) noexcept;

/// A part of a text, in bytes.
struct sql_span {
  std::size_t offset = 0;
  std::size_t length = 0;
  friend bool operator==(const sql_span&, const sql_span&) = default;
};

/// The statements of a script, by the same rules, empty ones left out: each from its first token to
/// its last, without the semicolon.
[[nodiscard]] std::vector<sql_span> script_statements(std::string_view sql,
                                                      bool standard_conforming_strings = true);

}  // namespace tusk::detail
