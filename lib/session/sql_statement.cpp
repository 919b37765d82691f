#include "session/sql_scanner.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {

namespace {

/// How far a statement's first words lead to CREATE [OR REPLACE] FUNCTION or PROCEDURE.
enum class opening : std::uint8_t { none, create, create_or, create_or_replace, routine, other };

opening after(opening before, std::string_view word) noexcept {
  const bool is_routine = ascii::equals(word, "function") || ascii::equals(word, "procedure");
  switch (before) {
    case opening::none: return ascii::equals(word, "create") ? opening::create : opening::other;
    case opening::create:
      if (ascii::equals(word, "or")) return opening::create_or;
      return is_routine ? opening::routine : opening::other;
    case opening::create_or:
      return ascii::equals(word, "replace") ? opening::create_or_replace : opening::other;
    case opening::create_or_replace: return is_routine ? opening::routine : opening::other;
    default: return before;
  }
}

/// Where one statement stands.
class statement_progress {
 public:
  [[nodiscard]] bool is_empty() const noexcept { return opening_ == opening::none; }
  [[nodiscard]] bool ends_at_semicolon() const noexcept {
    return parentheses_ == 0 && blocks_ == 0;
  }

  void take(sql_token_kind kind, std::string_view text) noexcept {
    const bool is_word = kind == sql_token_kind::word;
    opening_ = after(opening_, is_word ? text : std::string_view());
    if (text == "(") ++parentheses_;
    if (text == ")" && parentheses_ > 0) --parentheses_;
    if (is_word && opening_ == opening::routine) take_block_word(text);
    last_ = text;
  }

 private:
  // Inside a block only CASE has an END of its own; behind AS and "." both are mere names.
  void take_block_word(std::string_view word) noexcept {
    if (last_ == "." || ascii::equals(last_, "as")) return;
    if (blocks_ == 0) {
      if (ascii::equals(last_, "begin") && ascii::equals(word, "atomic")) blocks_ = 1;
    } else if (ascii::equals(word, "case")) {
      ++blocks_;
    } else if (ascii::equals(word, "end")) {
      --blocks_;
    }
  }

  opening opening_ = opening::none;
  std::size_t parentheses_ = 0;
  std::size_t blocks_ = 0;
  std::string_view last_;
};

}  // namespace

std::string command_keyword(std::string_view sql) {
  sql_scanner scanner(sql);
  for (;;) {
    const sql_token token = scanner.next();
    const std::string_view text = scanner.text_of(token);
    if (token.kind == sql_token_kind::symbol && (text == "(" || text == ";")) continue;
    std::string keyword(token.kind == sql_token_kind::word ? text : std::string_view());
    for (char& c : keyword)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return keyword;
  }
}

bool holds_one_statement(std::string_view sql, bool standard_conforming_strings) noexcept {
  sql_scanner scanner(sql, standard_conforming_strings);
  statement_progress progress;
  bool has_ended = false;
  for (;;) {
    const sql_token token = scanner.next();
    const std::string_view text = scanner.text_of(token);
    if (token.kind == sql_token_kind::end) return true;
    if (text == ";" && progress.ends_at_semicolon()) {
      has_ended = has_ended || !progress.is_empty();
    } else if (has_ended) {
      return false;
    } else {
      progress.take(token.kind, text);
    }
  }
}

std::vector<sql_span> script_statements(std::string_view sql, bool standard_conforming_strings) {
  sql_scanner scanner(sql, standard_conforming_strings);
  std::vector<sql_span> statements;
  statement_progress progress;
  sql_span now;
  for (;;) {
    const sql_token token = scanner.next();
    const std::string_view text = scanner.text_of(token);
    const bool at_end = token.kind == sql_token_kind::end;
    if (at_end || (text == ";" && progress.ends_at_semicolon())) {
      if (!progress.is_empty()) statements.push_back(now);
      if (at_end) return statements;
      progress = {};
      continue;
    }
    if (progress.is_empty()) now.offset = token.offset;
    now.length = token.offset + token.length - now.offset;
    progress.take(token.kind, text);
  }
}

}  // namespace tusk::detail
