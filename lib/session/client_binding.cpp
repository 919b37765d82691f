#include "session/client_binding.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "session/client_encoding.hpp"
#include "session/sql_scanner.hpp"
#include "tusk/error.hpp"
#include "tusk/types/types.hpp"
#include "types/catalog_name.hpp"

namespace tusk::detail {

namespace {

[[noreturn]] void refuse(std::string_view sql, std::string message) {
  raise({.kind = error_kind::usage,
         .message = std::move(message),
         .statement = std::string(sql),
         .safe_to_retry = true});
}

std::string placeholder(std::size_t number) {
  return "$" + std::to_string(number);
}

/// What is refused where the placeholders are looked for.
class placeholder_search {
 public:
  /// `lexable` is the statement as the scanner can read it.
  placeholder_search(std::string_view sql, std::string_view lexable, std::size_t given,
                     const literal_rules& rules)
      : sql_(sql),
        scanner_(lexable, rules.standard_conforming_strings),
        characters_(rules.client_encoding),
        named_(given, false) {}

  /// All placeholders, in the text's order; each value is named by one at least.
  std::vector<sql_token> run() {
    std::vector<sql_token> found;
    sql_token last;
    do {
      const sql_token token = scanner_.next();
      check_token(token);
      check_neighbours(last, token);
      if (token.kind == sql_token_kind::placeholder) {
        found.push_back(token);
        highest_ = std::max<std::size_t>(highest_, token.number);
        if (token.number <= named_.size()) named_[token.number - 1] = true;
      }
      last = token;
    } while (last.kind != sql_token_kind::end);
    check_numbers();
    return found;
  }

 private:
  [[nodiscard]] std::string where(const sql_token& token) const {
    return " at character " + std::to_string(characters_.count(sql_.substr(0, token.offset)) + 1);
  }

  void check_token(const sql_token& token) const {
    const auto unterminated = [&](std::string_view what, std::string_view end) {
      refuse(sql_, "the " + std::string(what) + where(token) +
                       " of the statement has no end: close it with " + std::string(end) +
                       ", for nothing behind it can be told from it");
    };
    switch (token.fault) {
      case sql_fault::none: break;
      case sql_fault::unterminated_string: unterminated("string constant", "'"); break;
      case sql_fault::unterminated_dollar_quote:
        unterminated("dollar-quoted string", "the tag that it begins with");
        break;
      case sql_fault::unterminated_name: unterminated("quoted name", "\""); break;
      case sql_fault::unterminated_comment: unterminated("comment", "*/"); break;
      case sql_fault::junk_after_placeholder:
        refuse(sql_, std::string(scanner_.text_of(token)) + where(token) +
                         " of the statement is no placeholder: put a blank behind " +
                         placeholder(token.number));
    }
    if (token.kind == sql_token_kind::placeholder && token.number == 0)
      refuse(sql_, std::string(scanner_.text_of(token)) + where(token) +
                       " of the statement names no value: the first is $1");
  }

  /// Two constants on two lines would become one; and no statement has them side by side.
  void check_neighbours(const sql_token& left, const sql_token& right) const {
    const bool is_left = left.kind == sql_token_kind::placeholder;
    const bool is_right = right.kind == sql_token_kind::placeholder;
    if (is_left && (is_right || right.kind == sql_token_kind::string))
      refuse(sql_, placeholder(left.number) + where(left) +
                       " of the statement stands right before " +
                       (is_right ? placeholder(right.number) : "a string constant") +
                       ": put an operator or a comma between");
    if (is_right && left.kind == sql_token_kind::string)
      refuse(sql_,
             placeholder(right.number) + where(right) +
                 " of the statement stands right behind a string constant: put an operator or "
                 "a comma between");
  }

  void check_numbers() const {
    if (highest_ != named_.size()) {
      refuse(sql_, "the statement takes " + std::to_string(highest_) +
                       (highest_ == 1 ? " parameter, and " : " parameters, and ") +
                       std::to_string(named_.size()) +
                       (named_.size() == 1 ? " is given" : " are given"));
    }
    const auto missing = std::find(named_.begin(), named_.end(), false);
    if (missing != named_.end()) {
      refuse(sql_, placeholder(static_cast<std::size_t>(missing - named_.begin()) + 1) +
                       " stands nowhere in the statement, and a value is given for it");
    }
  }

  std::string_view sql_;
  sql_scanner scanner_;
  character_check characters_;
  std::vector<bool> named_;
  std::size_t highest_ = 0;
};

/// ` '...'`: the blank keeps it off a name, whose last letter could be a prefix of the quotes.
std::string quoted(std::string_view text, const literal_rules& rules) {
  std::string literal;
  append_literal(literal, text, character_check(rules.client_encoding));
  return literal.starts_with(' ') ? literal : ' ' + literal;
}

/// Named by their schema, so that no search_path can put another type in front of them.
std::string cast_to(oid type) {
  std::string_view name = catalog_name(type);
  const bool is_array = name.starts_with('_');
  if (is_array) name.remove_prefix(1);
  std::string cast = "::pg_catalog.";
  cast.append(name == "char" ? std::string_view("\"char\"") : name);
  if (is_array) cast.append("[]");
  return cast;
}

bool is_byte(oid type) noexcept {
  return type == oids::char_ || type == oids::char_array;
}

/// "char" as a number: its text beyond ASCII means the same only from PostgreSQL 15 on.
std::string numbers_of(std::string_view text, oid type) {
  const field value{reinterpret_cast<const std::byte*>(text.data()),
                    static_cast<std::int32_t>(text.size()), type, format::text, nullptr};
  const auto number = [](char c) {
    return std::to_string(static_cast<int>(static_cast<signed char>(c)));
  };
  if (type == oids::char_) return number(codec<char>::decode(value));
  std::string numbers = "{";
  for (const std::optional<char>& each : codec<std::vector<std::optional<char>>>::decode(value)) {
    if (numbers.size() > 1) numbers.push_back(',');
    numbers.append(each ? number(*each) : "NULL");
  }
  return numbers + "}";
}

std::string literal_of(std::string_view sql, const parameter& given, std::size_t number,
                       const literal_rules& rules) {
  const oid type = given.operations->type;
  const std::string cast = catalog_name(type).empty() ? std::string() : cast_to(type);
  if (given.operations->is_null(given.value))
    return cast.empty() ? std::string(" NULL ") : " (NULL" + cast + ") ";
  std::string text = given.operations->to_text(given.value, number, {});
  if (const std::string fault = fault_of(text, rules.client_encoding); !fault.empty())
    refuse(sql, placeholder(number) + " cannot become part of the statement: " + fault);
  if (cast.empty()) return quoted(text, rules) + " ";
  if (!is_byte(type)) return " (" + quoted(text, rules).substr(1) + cast + ") ";
  return " (" + quoted(numbers_of(text, type), rules).substr(1) +
         cast_to(type == oids::char_ ? oids::int4 : oids::int4_array) + cast + ") ";
}

}  // namespace

std::string bind_literals(std::string_view sql, std::span<const parameter> values,
                          const literal_rules& rules) {
  if (values.empty()) return std::string(sql);
  const character_check characters(rules.client_encoding);
  // Where a byte of a longer character can look like a quote, a character that is cut short could
  // hide one.
  if (!characters.keeps_ascii_apart() && characters.valid_size(sql) != sql.size())
    refuse(sql,
           "values cannot become part of the statement: " + fault_of(sql, rules.client_encoding));
  const std::vector<sql_token> places =
      placeholder_search(sql, characters.lexable(sql), values.size(), rules).run();
  std::vector<std::string> literals;
  literals.reserve(values.size());
  for (const parameter& each : values)
    literals.push_back(literal_of(sql, each, literals.size() + 1, rules));
  std::string bound;
  std::size_t done = 0;
  for (const sql_token& place : places) {
    bound.append(sql.substr(done, place.offset - done)).append(literals[place.number - 1]);
    done = place.offset + place.length;
  }
  return bound.append(sql.substr(done));
}

}  // namespace tusk::detail
