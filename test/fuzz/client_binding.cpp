// The first byte chooses the settings; what follows up to a NUL is a statement, and each part up to
// the next one a value. Refused with an error that names the statement, or bound so that the text
// has the same tokens, but for a constant of just this value at each placeholder.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "session/client_binding.hpp"
#include "session/sql_scanner.hpp"
#include "tusk/error.hpp"
#include "tusk/types/types.hpp"

using namespace tusk;
using namespace tusk::detail;

namespace {

void require(bool holds, std::string_view what, std::string_view sql, std::string_view bound) {
  if (holds) return;
  std::cerr << "does not hold: " << what << "\nin: " << sql << "\nand: " << bound << '\n';
  std::abort();
}

struct spelled_token {
  sql_token_kind kind;
  std::uint32_t number;
  std::string_view text;
  friend bool operator==(const spelled_token&, const spelled_token&) = default;
};

std::vector<spelled_token> tokens(std::string_view sql, bool conforming) {
  sql_scanner scanner(sql, conforming);
  std::vector<spelled_token> all;
  for (;;) {
    const sql_token token = scanner.next();
    if (token.kind == sql_token_kind::end) return all;
    all.push_back({token.kind, token.number, scanner.text_of(token)});
  }
}

/// What a constant in quotes means, when it means the same under every setting.
std::string meaning(std::string_view literal) {
  const bool has_escapes = literal.starts_with('E');
  if (has_escapes) literal.remove_prefix(1);
  std::string text;
  for (std::size_t at = 1; at + 1 < literal.size(); ++at) {
    const char c = literal[at];
    if (c == '\'' || (c == '\\' && has_escapes)) ++at;
    if (c == '\\' && !has_escapes) return "depends on the setting";
    text.push_back(literal[at]);
  }
  return text;
}

/// The tokens of both texts side by side. Values at odd places are of a type with a cast.
void compare(std::string_view sql, std::string_view bound, const std::vector<std::string>& values,
             bool conforming) {
  const std::vector<spelled_token> before = tokens(sql, conforming);
  const std::vector<spelled_token> after = tokens(bound, conforming);
  std::size_t at = 0;
  const auto take = [&](std::string_view text) {
    require(at < after.size() && after[at].text == text, text, sql, bound);
    ++at;
  };
  for (const spelled_token& each : before) {
    if (each.kind != sql_token_kind::placeholder) {
      require(at < after.size() && after[at] == each, "the same token", sql, bound);
      ++at;
      continue;
    }
    const bool has_cast = each.number % 2 == 0;
    if (has_cast) take("(");
    require(at < after.size() && after[at].kind == sql_token_kind::string &&
                meaning(after[at].text) == values[each.number - 1],
            "a constant of this value", sql, bound);
    ++at;
    if (!has_cast) continue;
    for (const std::string_view part : {":", ":", "pg_catalog", ".", "json", ")"})
      take(part);
  }
  require(at == after.size(), "nothing behind", sql, bound);
}

void check(std::string_view sql, const std::vector<std::string>& values,
           const literal_rules& rules) {
  std::vector<json> documents;
  for (const std::string& each : values)
    documents.push_back(json{each});
  std::vector<parameter> list;
  for (std::size_t i = 0; i < values.size(); ++i)
    list.push_back(i % 2 == 0 ? make_parameter(values[i]) : make_parameter(documents[i]));
  try {
    const std::string bound = bind_literals(sql, list, rules);
    if (values.empty()) {
      require(bound == sql, "no change", sql, bound);
      return;
    }
    compare(sql, bound, values, rules.standard_conforming_strings);
    // The literals themselves mean the same when the setting is not what was thought.
    const bool other = !rules.standard_conforming_strings;
    if (tokens(sql, other) == tokens(sql, !other)) compare(sql, bound, values, other);
  } catch (const programming_error& e) {
    require(!e.message().empty() && e.statement() == sql && e.safe_to_retry() && !values.empty(),
            "a clean refusal", sql, e.message());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const literal_rules rules{.standard_conforming_strings = (data[0] & 1U) == 0,
                            .client_encoding = (data[0] & 2U) == 0 ? "UTF8" : "LATIN1"};
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto part = [&] {
    const std::string_view one = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(one.size());
    return one;
  };
  const std::string_view sql = part();
  std::vector<std::string> values;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    values.emplace_back(part());
  }
  check(sql, values, rules);
  static_cast<void>(command_keyword(sql));
  static_cast<void>(holds_one_statement(sql, rules.standard_conforming_strings));
  return 0;
}
