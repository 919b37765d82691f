#include "tusk/types/json.hpp"
#include "types/ascii.hpp"

namespace tusk {
namespace {

/// Walks a JSON text by RFC 8259 as the server's lexer does (json_lex). What is open is kept in a
/// list, not on the stack, so no depth is too great.
class json_walker {
 public:
  explicit json_walker(std::string_view text) noexcept : text_(text) {}

  bool walk() {
    for (;;) {
      if (!value()) return false;
      // A container was entered: its first value comes, or it is empty.
      if (entered_) continue;
      bool goes_on = false;
      if (!after_value(goes_on)) return false;
      if (!goes_on) return text_.empty();
    }
  }

 private:
  /// A value, or the beginning of a container up to where its first value is due.
  bool value() {
    entered_ = false;
    skip_space();
    if (take('[')) return enter(']');
    if (take('{')) return enter('}');
    if (take('"')) return string();
    return word("true") || word("false") || word("null") || number();
  }

  bool enter(char closing) {
    skip_space();
    if (take(closing)) return true;
    open_.push_back(closing);
    entered_ = true;
    return closing == ']' || key();
  }

  /// What stands behind a value: closing brackets, and then a comma or the end.
  bool after_value(bool& goes_on) {
    skip_space();
    while (!open_.empty() && take(open_.back())) {
      open_.pop_back();
      skip_space();
    }
    if (open_.empty()) return true;
    goes_on = true;
    return take(',') && (open_.back() == ']' || key());
  }

  bool key() noexcept {
    skip_space();
    if (!take('"') || !string()) return false;
    skip_space();
    return take(':');
  }

  bool string() noexcept {
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() noexcept {
    if (!take('u')) {
      const bool known =
          !text_.empty() && std::string_view("\"\\/bfnrt").find(text_[0]) != std::string_view::npos;
      if (known) text_.remove_prefix(1);
      return known;
    }
    for (int i = 0; i < 4; ++i) {
      if (text_.empty() || ascii::hex_value(text_[0]) < 0) return false;
      text_.remove_prefix(1);
    }
    return true;
  }

  bool number() noexcept {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool digits() noexcept {
    std::size_t count = 0;
    while (count < text_.size() && ascii::is_digit(text_[count]))
      ++count;
    text_.remove_prefix(count);
    return count > 0;
  }

  bool word(std::string_view expected) noexcept {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }

  bool take(char c) noexcept {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  void skip_space() noexcept {
    while (!text_.empty() && std::string_view(" \t\n\r").find(text_[0]) != std::string_view::npos)
      text_.remove_prefix(1);
  }

  std::string_view text_;
  std::string open_;  ///< the brackets that are due
  bool entered_ = false;
};

}  // namespace

std::optional<json> json::parse(std::string_view text) {
  if (!json_walker(text).walk()) return std::nullopt;
  return json{std::string(text)};
}

std::optional<jsonb> jsonb::parse(std::string_view text) {
  std::optional<json> checked = json::parse(text);
  if (!checked) return std::nullopt;
  return jsonb{std::move(checked->text)};
}

}  // namespace tusk
