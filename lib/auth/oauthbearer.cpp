#include "auth/oauthbearer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tusk::auth {
namespace {

constexpr std::size_t longest_told = 200;
constexpr int deepest = 32;

constexpr bool is_token_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~+/").find(c) != std::string_view::npos;
}

void tell(std::string& to, std::uint32_t code) {
  if (to.size() < longest_told) to += code >= ' ' && code < 0x7F ? static_cast<char>(code) : '?';
}

/// Just enough of JSON (RFC 8259) to find a few strings in an object. Whether a number or a word is
/// a proper one does not matter here.
class json_reader {
 public:
  explicit json_reader(std::string_view text) noexcept : left_(text) {}

  /// The next character that is not white space, without taking it; 0 at the end.
  char peek() noexcept {
    left_.remove_prefix(std::min(left_.find_first_not_of(" \t\r\n"), left_.size()));
    return left_.empty() ? '\0' : left_.front();
  }

  bool take(char c) noexcept {
    if (c == '\0' || peek() != c) return false;
    left_.remove_prefix(1);
    return true;
  }

  /// A string, cut and made printable.
  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    std::string text;
    while (!left_.empty()) {
      const char c = next();
      if (c == '"') return text;
      if (c != '\\') {
        tell(text, static_cast<unsigned char>(c));
      } else if (!escape(text)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  /// Passes over any value.
  bool skip(int depth = 0) {
    const char first = peek();
    if (first == '"') return string().has_value();
    if (first == '{' || first == '[') return depth < deepest && skip_container(depth);
    const std::size_t size = std::min(left_.find_first_of(" \t\r\n,]}"), left_.size());
    left_.remove_prefix(size);
    return size != 0;
  }

 private:
  char next() noexcept {
    const char c = left_.front();
    left_.remove_prefix(1);
    return c;
  }

  bool escape(std::string& to) {
    if (left_.empty()) return false;
    const char c = next();
    if (c == 'u') {
      if (left_.size() < 4) return false;
      std::uint32_t code = 0;
      for (int i = 0; i < 4; ++i) {
        const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(next());
        if (digit == std::string_view::npos) return false;
        code = code * 16 + static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
      }
      tell(to, code);
      return true;
    }
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return false;
    // What stands for a control character is not printable.
    tell(to, c == '"' || c == '\\' || c == '/' ? static_cast<unsigned char>(c) : 0U);
    return true;
  }

  bool skip_container(int depth) {
    const bool is_object = left_.front() == '{';
    const char end = is_object ? '}' : ']';
    left_.remove_prefix(1);
    if (take(end)) return true;
    do {
      if (is_object && (!string() || !take(':'))) return false;
      if (!skip(depth + 1)) return false;
    } while (take(','));
    return take(end);
  }

  std::string_view left_;
};

std::string* member_of(oauth_refusal& of, std::string_view name) noexcept {
  if (name == "status") return &of.status;
  if (name == "scope") return &of.scope;
  if (name == "openid-configuration") return &of.configuration;
  return nullptr;
}

}  // namespace

bool is_bearer_token(std::string_view token) noexcept {
  const std::size_t end = std::min(token.find('='), token.size());
  return end != 0 && std::all_of(token.begin(), token.begin() + end, is_token_character) &&
         token.find_first_not_of('=', end) == token.npos;
}

secret_text oauthbearer_first(std::string_view token) {
  constexpr std::string_view head =
      "n,,\x01"
      "auth=Bearer ";
  constexpr std::string_view tail = "\x01\x01";
  secret_text message;
  message.reserve(head.size() + token.size() + tail.size());
  append(message, head);
  append(message, token);
  append(message, tail);
  return message;
}

oauth_refusal read_oauth_refusal(std::string_view json) {
  json_reader in(json);
  oauth_refusal found;
  if (!in.take('{')) return {};
  if (in.take('}')) return {};
  do {
    const auto name = in.string();
    if (!name || !in.take(':')) return {};
    std::string* const to = member_of(found, *name);
    if (to == nullptr || in.peek() != '"') {
      if (!in.skip()) return {};
    } else if (const auto value = in.string()) {
      *to = *value;
    } else {
      return {};
    }
  } while (in.take(','));
  if (!in.take('}') || in.peek() != '\0') return {};
  return found;
}

}  // namespace tusk::auth
