#include "session/sql_rendering.hpp"

#include <utility>

#include "session/session_core.hpp"
#include "session/sql_scanner.hpp"
#include "tusk/error.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {

namespace {

/// What a character beside a part could make of it: a longer word or number, or a longer string.
bool clings(char c) noexcept {
  const auto code = static_cast<unsigned char>(c);
  const char small = ascii::lower(c);
  return (small >= 'a' && small <= 'z') || ascii::is_digit(c) || code >= 0x80 || c == '_' ||
         c == '$' || c == '\'' || c == '"';
}

sql_token_kind token_of(sql_piece_kind kind) noexcept {
  switch (kind) {
    case sql_piece_kind::identifier: return sql_token_kind::quoted_name;
    case sql_piece_kind::literal: return sql_token_kind::string;
    case sql_piece_kind::null: return sql_token_kind::word;
    case sql_piece_kind::numeral: return sql_token_kind::number;
    case sql_piece_kind::value: return sql_token_kind::placeholder;
    case sql_piece_kind::fragment: break;
  }
  return sql_token_kind::end;
}

class sql_writer {
 public:
  explicit sql_writer(const literal_rules& rules)
      : rules_(rules), characters_(rules.client_encoding) {}

  void put(const sql_piece& piece) {
    if (piece.kind == sql_piece_kind::fragment) {
      put_fragment(piece);
    } else {
      put_token(piece);
    }
  }

  /// Reads the whole as the server will.
  rendered_sql finish() {
    const std::string lexable = characters_.lexable(done_.text);
    sql_scanner scanner(lexable, rules_.standard_conforming_strings);
    auto expected = tokens_.begin();
    for (;;) {
      const sql_token token = scanner.next();
      const bool is_end = token.kind == sql_token_kind::end;
      if (expected != tokens_.end() && (is_end || expected->offset < token.offset))
        refuse(*expected, "is not read as such: it stands in quotes or in a comment");
      if (is_end) return std::move(done_);
      if (expected == tokens_.end() || token.offset != expected->offset) {
        refuse_foreign(token);
        continue;
      }
      if (token.kind != token_of(expected->of->kind) || token.length != expected->length)
        refuse(*expected, "is read as one with what stands beside it: put a comma between");
      ++expected;
    }
  }

 private:
  struct expected_token {
    const sql_piece* of;
    std::size_t offset;
    std::size_t length;
  };

  void put_fragment(const sql_piece& piece) {
    if (piece.text.empty()) return;
    if (const std::string fault = fault_of(piece.text, rules_.client_encoding); !fault.empty())
      fail("a text cannot become part of a statement: " + fault, done_.text.size());
    if (after_token_ && clings(piece.text.front()))
      refuse(tokens_.back(), "touches what stands behind it: put a blank or a comma between");
    after_token_ = false;
    done_.text += piece.text;
  }

  void put_token(const sql_piece& piece) {
    const bool touches = !done_.text.empty() && clings(done_.text.back());
    const bool has_minus = piece.kind == sql_piece_kind::numeral && piece.text.starts_with('-');
    // Two minuses would be a comment, and `u&` could be a prefix of quotes.
    if (has_minus || done_.text.ends_with('&')) done_.text.push_back(' ');
    std::size_t start = done_.text.size();
    append(piece);
    if (has_minus || done_.text[start] == ' ') ++start;
    tokens_.push_back({&piece, start, done_.text.size() - start});
    if (touches)
      refuse(tokens_.back(), "touches what stands before it: put a blank or a comma between");
    after_token_ = true;
  }

  void append(const sql_piece& piece) {
    switch (piece.kind) {
      case sql_piece_kind::identifier: done_.text += quoted_name(piece.text, rules_); break;
      case sql_piece_kind::literal: done_.text += quoted_literal(piece.text, rules_); break;
      case sql_piece_kind::value:
        done_.values.push_back(piece.value);
        done_.text.append("$").append(std::to_string(done_.values.size()));
        break;
      case sql_piece_kind::null:
      case sql_piece_kind::numeral:
      case sql_piece_kind::fragment: done_.text += piece.text; break;
    }
  }

  /// A placeholder that the text brought along would take one of the values.
  void refuse_foreign(const sql_token& token) const {
    if (token.kind != sql_token_kind::placeholder || done_.values.empty()) return;
    fail(
        "the statement's text has a placeholder of its own beside the values that are bound: write "
        "{} and bind() the value",
        token.offset);
  }

  [[noreturn]] void refuse(const expected_token& at, std::string_view why) const {
    fail(name_of(at) + " " + std::string(why), at.offset);
  }

  [[nodiscard]] std::string name_of(const expected_token& token) const {
    const std::string text = done_.text.substr(token.offset, token.length);
    switch (token.of->kind) {
      case sql_piece_kind::identifier: return "the identifier " + text;
      case sql_piece_kind::value: return "the value " + text;
      case sql_piece_kind::numeral: return "the number " + text;
      default: return "a literal";  // which may be secret
    }
  }

  [[noreturn]] void fail(const std::string& what, std::size_t offset) const {
    const std::size_t place = characters_.count(std::string_view(done_.text).substr(0, offset)) + 1;
    error_details details{.kind = error_kind::usage,
                          .message = what + " (at character " + std::to_string(place) + ")",
                          .statement = done_.text,
                          .safe_to_retry = true};
    if (!is_utf8(rules_.client_encoding)) details.statement_encoding = rules_.client_encoding;
    raise(std::move(details));
  }

  const literal_rules& rules_;
  character_check characters_;
  rendered_sql done_;
  std::vector<expected_token> tokens_;
  bool after_token_ = false;
};

}  // namespace

rendered_sql render(const sql& what, const literal_rules& rules) {
  sql_writer writer(rules);
  for (const sql_piece& each : sql_access::pieces(what))
    writer.put(each);
  return writer.finish();
}

composed_call::composed_call(const session_core& core, const statement_ref& given,
                             std::span<const parameter> with)
    : what_(given), values_(with) {
  if (given.composed() == nullptr) return;
  own_ = render(*given.composed(), core.quoting_rules());
  what_ = statement_ref(own_.text);
  if (own_.values.empty()) return;
  if (!with.empty()) {
    raise({.kind = error_kind::usage,
           .message = "the statement has values of its own, and others are given behind it: bind() "
                      "all of them",
           .statement = own_.text,
           .safe_to_retry = true});
  }
  values_ = own_.values;
}

}  // namespace tusk::detail
