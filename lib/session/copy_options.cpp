#include "session/copy_options.hpp"

#include <string>

#include "session/sql_constant.hpp"
#include "session/sql_scanner.hpp"
#include "types/ascii.hpp"

// PostgreSQL documentation, COPY: "Synopsis" and, of older forms, "Compatibility".
namespace tusk::detail {
namespace {

class copy_parser {
 public:
  copy_parser(std::string_view sql, bool conforming) noexcept
      : sql_(sql), scanner_(sql, conforming), conforming_(conforming) {
    advance();
  }

  std::optional<copy_options_read> read() {
    while (is_symbol(';'))
      advance();
    if (!take_word("copy")) return std::nullopt;
    if (take_word("binary")) read_.format = copy_format::binary;
    if (!pass_source() || !take_direction()) return std::nullopt;
    if (take_word("using") && !is_word("delimiters")) return read_;
    if (take_word("delimiters")) take_character(read_.style.delimiter);
    take_word("with");
    if (is_symbol('(')) {
      advance();
      read_listed_options();
    } else {
      read_plain_options();
    }
    return read_;
  }

 private:
  void advance() noexcept { token_ = scanner_.next(); }
  [[nodiscard]] std::string_view text() const noexcept { return scanner_.text_of(token_); }
  [[nodiscard]] bool is_end() const noexcept { return token_.kind == sql_token_kind::end; }
  [[nodiscard]] bool is_symbol(char c) const noexcept {
    return token_.kind == sql_token_kind::symbol && text().front() == c;
  }
  [[nodiscard]] bool is_word(std::string_view word) const noexcept {
    return token_.kind == sql_token_kind::word && ascii::equals(text(), word);
  }
  bool take_word(std::string_view word) noexcept {
    const bool found = is_word(word);
    if (found) advance();
    return found;
  }

  /// Goes behind the parenthesis that closes the one at hand; gives what is between.
  std::string_view pass_parentheses() noexcept {
    const std::size_t begin = token_.offset + 1;
    std::size_t end = begin;
    std::size_t depth = 0;
    do {
      if (is_symbol('(')) ++depth;
      if (is_symbol(')')) --depth;
      end = token_.offset;
      advance();
    } while (depth > 0 && !is_end());
    return sql_.substr(begin, end > begin ? end - begin : 0);
  }

  /// The table with its columns, or the query. FROM and TO are no names of a table's without
  /// quotes.
  bool pass_source() noexcept {
    const std::size_t begin = token_.offset;
    while (!is_word("from") && !is_word("to")) {
      if (is_end() || is_symbol(';')) return false;
      if (is_symbol('(')) {
        const bool is_query = token_.offset == begin;
        (is_query ? read_.query : read_.columns) = pass_parentheses();
      } else {
        const std::size_t end = token_.offset + token_.length;
        read_.table = sql_.substr(begin, end - begin);
        advance();
      }
    }
    return true;
  }

  /// The server takes STDIN and STDOUT for the same.
  bool take_direction() noexcept {
    read_.direction = is_word("from") ? copy_direction::in : copy_direction::out;
    advance();
    return take_word("stdin") || take_word("stdout");
  }

  /// The constant at hand, or a word in its place, as the server reads that.
  std::optional<std::string> take_text() {
    std::string value;
    if (token_.kind == sql_token_kind::word) {
      for (const char c : text())
        value.push_back(ascii::lower(c));
    } else if (token_.kind == sql_token_kind::quoted_name && text().size() > 1) {
      value = text().substr(1, text().size() - 2);
    } else if (token_.kind == sql_token_kind::number) {
      value = text();
    } else if (token_.kind == sql_token_kind::string) {
      return take_constant();
    } else {
      return std::nullopt;
    }
    advance();
    return value;
  }

  std::string take_constant() {
    const std::string_view constant = text();
    advance();
    char escape = '\\';
    if (ascii::lower(constant.front()) == 'u' && take_word("uescape")) {
      if (text().size() == 3) escape = text()[1];
      advance();
    }
    return constant_value(constant, conforming_, escape);
  }

  void take_character(char& into) {
    const std::optional<std::string> value = take_text();
    if (value && value->size() == 1) into = value->front();
  }

  /// `name value, ...)`; the value may be missing, a list or a star.
  void read_listed_options() {
    while (!is_end() && !is_symbol(')')) {
      const std::optional<std::string> name = take_text();
      if (name) read_option(*name);
      while (!is_end() && !is_symbol(',') && !is_symbol(')')) {
        if (is_symbol('('))
          pass_parentheses();
        else
          advance();
      }
      if (is_symbol(',')) advance();
    }
  }

  void read_option(const std::string& name) {
    if (name == "format") {
      if (const auto value = take_text()) read_format(*value);
    } else if (name == "delimiter") {
      take_character(read_.style.delimiter);
    } else if (name == "null") {
      read_.style.null = take_text();
    } else if (name == "quote") {
      take_character(read_.style.quote);
    } else if (name == "escape") {
      take_character(read_.style.escape);
    } else if (name == "header") {
      read_.style.header = takes_header();
    } else if (name == "encoding") {
      read_.encoding = take_text();
    } else if (name == "default") {
      read_.default_mark = take_text();
    }
  }

  void read_format(std::string_view name) noexcept {
    for (const copy_format each : {copy_format::text, copy_format::csv, copy_format::binary})
      if (ascii::equals(name, name_of(each))) read_.format = each;
  }

  /// Missing, true, on, 1 and match are a header.
  bool takes_header() {
    const std::optional<std::string> value = take_text();
    read_.matches_header = value && ascii::equals(*value, "match");
    return !value ||
           !(ascii::equals(*value, "false") || ascii::equals(*value, "off") || *value == "0");
  }

  /// The words of before 9.0, in any order; the first that is none of them ends them (WHERE).
  void read_plain_options() {
    for (;;) {
      if (take_word("binary")) {
        read_.format = copy_format::binary;
      } else if (take_word("csv")) {
        read_.format = copy_format::csv;
      } else if (take_word("header")) {
        read_.style.header = true;
      } else if (take_word("delimiter")) {
        take_word("as");
        take_character(read_.style.delimiter);
      } else if (take_word("null")) {
        take_word("as");
        read_.style.null = take_text();
      } else if (take_word("quote")) {
        take_word("as");
        take_character(read_.style.quote);
      } else if (take_word("escape")) {
        take_word("as");
        take_character(read_.style.escape);
      } else if (take_word("encoding")) {
        read_.encoding = take_text();
      } else if (take_word("force")) {
        pass_forced_columns();
      } else if (!take_word("freeze")) {
        return;
      }
    }
  }

  /// FORCE QUOTE, FORCE NOT NULL or FORCE NULL, and names with commas between, or a star.
  void pass_forced_columns() {
    while (take_word("not") || take_word("null") || take_word("quote")) {
    }
    advance();
    while (is_symbol(',')) {
      advance();
      advance();
    }
  }

  std::string_view sql_;
  sql_scanner scanner_;
  bool conforming_;
  sql_token token_;
  copy_options_read read_;
};

}  // namespace

std::optional<copy_options_read> read_copy_options(std::string_view sql,
                                                   bool standard_conforming_strings) {
  return copy_parser(sql, standard_conforming_strings).read();
}

}  // namespace tusk::detail
