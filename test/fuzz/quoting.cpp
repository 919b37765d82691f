// The first byte chooses the encoding, the second the settings; what follows is a text. Refused
// with an error that names what is wrong, or quoted so that the lexer sees one token that means
// just this text, alone and in a statement that is put together.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "session/client_encoding.hpp"
#include "session/quoting.hpp"
#include "session/sql_rendering.hpp"
#include "session/sql_scanner.hpp"
#include "tusk/error.hpp"
#include "tusk/sql.hpp"

using namespace tusk;
using namespace tusk::detail;

namespace {

constexpr std::array<std::string_view, 18> encodings{
    "UTF8",    "SQL_ASCII", "LATIN1", "EUC_JP", "EUC_CN",         "EUC_KR",
    "EUC_TW",  "SJIS",      "BIG5",   "GBK",    "SHIFT_JIS_2004", "UHC",
    "GB18030", "JOHAB",     "KOI8R",  "WIN874", "MULE_INTERNAL",  "nonesuch"};

void require(bool holds, std::string_view what, std::string_view text) {
  if (holds) return;
  std::cerr << "does not hold: " << what << "\nin: " << text << '\n';
  std::abort();
}

void require_one_token(std::string_view quoted, sql_token_kind kind, const literal_rules& rules) {
  const std::string lexable = character_check(rules.client_encoding).lexable(quoted);
  sql_scanner scanner(lexable, rules.standard_conforming_strings);
  const sql_token token = scanner.next();
  require(token.kind == kind && token.fault == sql_fault::none, "the kind of token", quoted);
  require(token.offset + token.length == quoted.size(), "one token", quoted);
  require(scanner.next().kind == sql_token_kind::end, "nothing behind", quoted);
}

/// What a name or constant in quotes means. Characters are told apart as the server tells them.
std::string meaning(std::string_view quoted, char quote, std::string_view encoding) {
  while (quoted.front() == ' ')
    quoted.remove_prefix(1);
  const bool has_escapes = quoted.front() == 'E';
  if (has_escapes) quoted.remove_prefix(1);
  quoted = quoted.substr(1, quoted.size() - 2);
  const character_check characters(encoding);
  std::string text;
  for (std::size_t at = 0; at < quoted.size();) {
    if (quoted[at] == quote || (quoted[at] == '\\' && has_escapes)) ++at;
    require(at < quoted.size(), "a pair", quoted);
    const std::size_t size = characters.size(quoted.substr(at));
    require(size != 0, "a whole character", quoted);
    text.append(quoted, at, size);
    at += size;
  }
  return text;
}

template <class Quote>
void check(std::string_view text, const literal_rules& rules, sql_token_kind kind, Quote&& make) {
  const bool at_fault = !fault_of(text, rules.client_encoding).empty();
  try {
    const std::string quoted = make();
    require(!at_fault, "a refusal", text);
    require_one_token(quoted, kind, rules);
    literal_rules other = rules;
    other.standard_conforming_strings = !rules.standard_conforming_strings;
    require_one_token(quoted, kind, other);
    const char quote = kind == sql_token_kind::string ? '\'' : '"';
    require(meaning(quoted, quote, rules.client_encoding) == text, "the same text", quoted);
  } catch (const programming_error& e) {
    require(!e.message().empty() && e.safe_to_retry(), "a clean refusal", text);
    require(at_fault || kind == sql_token_kind::quoted_name, "no refusal", text);
  }
}

/// A part of what is put together is one token of the whole, or nothing comes of it.
void check_sql(std::string_view text, const literal_rules& rules) {
  const std::string owned(text);
  try {
    const sql q("select {}, {} from {} where {}", literal(owned), tusk::bind(owned),
                ident("a", text), raw(text));
    const rendered_sql whole = render(q, rules);
    const std::string lexable = character_check(rules.client_encoding).lexable(whole.text);
    sql_scanner scanner(lexable, rules.standard_conforming_strings);
    static_cast<void>(scanner.next());
    require(scanner.next().kind == sql_token_kind::string, "a string", whole.text);
    static_cast<void>(scanner.next());
    require(scanner.next().kind == sql_token_kind::placeholder, "a placeholder", whole.text);
    require(whole.values.size() == 1, "a value", whole.text);
  } catch (const programming_error&) {
  } catch (const data_error&) {  // of the codec
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const literal_rules rules{.standard_conforming_strings = (data[1] & 1U) == 0,
                            .client_encoding = encodings[data[0] % encodings.size()],
                            .server_encoding = (data[1] & 2U) == 0 ? "UTF8" : "EUC_JP"};
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  check(text, rules, sql_token_kind::string, [&] { return quoted_literal(text, rules); });
  check(text, rules, sql_token_kind::quoted_name, [&] { return quoted_name(text, rules); });
  try {
    const std::string pattern = escaped_for_like(text, '\\', rules.client_encoding);
    require(fault_of(pattern, rules.client_encoding).empty(), "a whole pattern", pattern);
    require(pattern.size() >= text.size(), "nothing lost", pattern);
  } catch (const programming_error&) {
  }
  check_sql(text, rules);
  return 0;
}
