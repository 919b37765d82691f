#include "session/quoting.hpp"

#include <cstddef>

#include "tusk/error.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {

namespace {

// NAMEDATALEN less the NUL at the end; nobody but who compiles a server changes it.
constexpr std::size_t longest_name = 63;

[[noreturn]] void refuse(std::string message) {
  raise({.kind = error_kind::usage, .message = std::move(message), .safe_to_retry = true});
}

void require_no_fault(std::string_view text, std::string_view what,
                      std::string_view client_encoding) {
  if (const std::string fault = fault_of(text, client_encoding); !fault.empty())
    refuse("the " + std::string(what) + " cannot become part of a statement: " + fault);
}

/// Copies the text and doubles a character of ASCII, where it is one.
void append_doubling(std::string& to, std::string_view text, const character_check& characters,
                     std::string_view doubled) {
  to.reserve(to.size() + text.size() + 4);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = characters.keeps_ascii_apart() ? 1 : characters.size(text.substr(at));
    if (size == 0) break;  // not in a text without faults
    if (size == 1 && doubled.find(text[at]) != std::string_view::npos) to.push_back(text[at]);
    to.append(text, at, size);
    at += size;
  }
}

/// Whether the name is longer than what the server keeps of it. Bytes count in the server's
/// encoding. Where that is not the client's, so many characters need as many bytes at least.
std::size_t least_size(std::string_view name, const literal_rules& rules) {
  const std::string_view there = rules.server_encoding;
  const std::string_view here = rules.client_encoding;
  if (there.empty() || there == here || there == "SQL_ASCII") return name.size();
  return character_check(here).count(name);
}

void append_name(std::string& to, std::string_view name, const literal_rules& rules) {
  if (name.empty()) refuse("an identifier cannot be empty: no object can have that name");
  require_no_fault(name, "identifier", rules.client_encoding);
  if (const std::size_t size = least_size(name, rules); size > longest_name) {
    refuse("the identifier " + std::string(name) + " has " + std::to_string(size) +
           " bytes, of which the server would use the first " + std::to_string(longest_name) +
           ", so that it could mean another object: shorten it");
  }
  to.push_back('"');
  append_doubling(to, name, character_check(rules.client_encoding), "\"");
  to.push_back('"');
}

}  // namespace

std::string fault_of(std::string_view text, std::string_view client_encoding) {
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos)
    return "its byte " + std::to_string(nul + 1) + " is NUL, which no PostgreSQL text can hold";
  const character_check characters(client_encoding);
  const std::size_t valid = characters.valid_size(text);
  if (valid == text.size()) return {};
  const std::string place = std::to_string(valid + 1);
  if (is_utf8(client_encoding))
    return "from its byte " + place + " on it is not UTF-8, which client_encoding asks for";
  const std::string name(client_encoding);
  if (characters.is_known())
    return "from its byte " + place + " on it is not " + name + ", which client_encoding asks for";
  return "its byte " + place + " is beyond ASCII, and tusk does not know client_encoding " +
         (name.empty() ? "here, for the server has not told" : name) + ": set it to UTF8";
}

void append_literal(std::string& to, std::string_view text, const character_check& characters) {
  const std::size_t start = to.size();
  to.append(" E'");
  const std::size_t inside = to.size();
  append_doubling(to, text, characters, "'\\");
  to.push_back('\'');
  // A backslash that is part of a longer character needs no E, and does no harm behind one: what
  // is doubled is what the server sees as a backslash.
  if (text.find('\\') == std::string_view::npos) to.erase(start, inside - 1 - start);
}

std::string quoted_name(std::string_view name, const literal_rules& rules) {
  std::string quoted;
  append_name(quoted, name, rules);
  return quoted;
}

std::string quoted_name(std::string_view schema, std::string_view name,
                        const literal_rules& rules) {
  std::string quoted;
  if (!schema.empty()) {
    append_name(quoted, schema, rules);
    quoted.push_back('.');
  }
  append_name(quoted, name, rules);
  return quoted;
}

std::string quoted_literal(std::string_view text, const literal_rules& rules) {
  require_no_fault(text, "text", rules.client_encoding);
  std::string quoted;
  append_literal(quoted, text, character_check(rules.client_encoding));
  return quoted;
}

std::string quoted_bytea(bytes_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = R"( E'\\x)";
  quoted.reserve(quoted.size() + 2 * bytes.size() + 1);
  for (const std::byte each : bytes) {
    const auto value = std::to_integer<unsigned>(each);
    quoted.push_back(digits[value >> 4U]);
    quoted.push_back(digits[value & 0xFU]);
  }
  quoted.push_back('\'');
  return quoted;
}

std::string escaped_for_like(std::string_view text, char escape, std::string_view client_encoding) {
  const auto code = static_cast<unsigned char>(escape);
  if (code == 0 || code >= 0x80 || escape == '%' || escape == '_')
    refuse(
        "a LIKE pattern cannot be escaped by that character: take one of ASCII that is no "
        "wildcard, such as the backslash");
  require_no_fault(text, "text", client_encoding);
  const character_check characters(client_encoding);
  std::string pattern;
  pattern.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = characters.size(text.substr(at));
    const char c = text[at];
    if (size == 1 && (c == '%' || c == '_' || c == escape)) pattern.push_back(escape);
    pattern.append(text, at, size);
    at += size;
  }
  return pattern;
}

}  // namespace tusk::detail
