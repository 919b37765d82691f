#include "session/sql_constant.hpp"

#include <algorithm>
#include <cstdint>

#include "types/ascii.hpp"

// PostgreSQL documentation, "String Constants" and the sections behind it.
namespace tusk::detail {
namespace {

void append_utf8(std::string& to, std::uint32_t code) {
  const auto put = [&to](std::uint32_t byte) {
    to.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0U | code >> 6U);
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U & 0x07U));
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
  }
  put(0x80U | (code & 0x3FU));
}

/// Walks what lies between quotes.
class constant_reader {
 public:
  explicit constant_reader(std::string_view text) noexcept : text_(text) {}

  /// With `escape` as the sign that C's escapes, or those of Unicode, begin with; 0: with none.
  std::string read(char escape, bool is_unicode) {
    bool in_quotes = false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\'') {
        // Two in a row are one; between the parts of a continued constant blanks and comments lie.
        if (in_quotes && peek() == '\'') {
          ++at_;
          out_.push_back(c);
        } else {
          in_quotes = !in_quotes;
        }
      } else if (!in_quotes) {
        if (c == '-' && peek() == '-') skip_line();
      } else if (escape != 0 && c == escape && at_ < text_.size()) {
        is_unicode ? read_unicode(escape) : read_escape();
      } else {
        out_.push_back(c);
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_line() noexcept { at_ = std::min(text_.find_first_of("\r\n", at_), text_.size()); }

  /// Up to `most` digits of a base, which stand here.
  std::uint32_t read_digits(std::size_t most, int base) noexcept {
    std::uint32_t value = 0;
    for (; most > 0 && ascii::hex_value(peek()) >= 0 && ascii::hex_value(peek()) < base; --most)
      value = value * static_cast<std::uint32_t>(base) +
              static_cast<std::uint32_t>(ascii::hex_value(text_[at_++]));
    return value;
  }

  void read_escape() {
    const char c = text_[at_++];
    switch (c) {
      case 'b': out_.push_back('\b'); return;
      case 'f': out_.push_back('\f'); return;
      case 'n': out_.push_back('\n'); return;
      case 'r': out_.push_back('\r'); return;
      case 't': out_.push_back('\t'); return;
      case 'v': out_.push_back('\v'); return;
      case 'u': append_utf8(out_, read_digits(4, 16)); return;
      case 'U': append_utf8(out_, read_digits(8, 16)); return;
      default: break;
    }
    if (c == 'x' && ascii::hex_value(peek()) >= 0) return push(read_digits(2, 16));
    if (c < '0' || c > '7') return out_.push_back(c);
    --at_;
    push(read_digits(3, 8));
  }

  void read_unicode(char escape) {
    if (peek() == escape) {
      out_.push_back(text_[at_++]);
    } else if (peek() == '+') {
      ++at_;
      append_utf8(out_, read_digits(6, 16));
    } else {
      append_utf8(out_, read_digits(4, 16));
    }
  }

  void push(std::uint32_t byte) {
    out_.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

std::string dollar_value(std::string_view text) {
  const std::size_t tag = std::min(text.find('$', 1), text.size() - 1) + 1;
  return text.size() < 2 * tag ? std::string()
                               : std::string(text.substr(tag, text.size() - 2 * tag));
}

}  // namespace

std::string constant_value(std::string_view text, bool standard_conforming_strings,
                           char unicode_escape) {
  if (text.empty()) return {};
  const char prefix = ascii::lower(text.front());
  if (prefix == '$') return dollar_value(text);
  const std::size_t quote = std::min(text.find('\''), text.size());
  constant_reader reader(text.substr(quote));
  if (prefix == 'u') return reader.read(unicode_escape, true);
  const bool has_escapes =
      prefix == 'e' || (!standard_conforming_strings && prefix != 'b' && prefix != 'x');
  return reader.read(has_escapes ? '\\' : '\0', false);
}

}  // namespace tusk::detail
