#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// Takes keys and values out of an hstore's text, as hstore_in does.
class hstore_scanner {
 public:
  explicit hstore_scanner(std::string_view text) noexcept : rest_(text) {}

  /// What the end of an unquoted text is, besides white space.
  enum class ends : unsigned char {
    at_equals_sign,  ///< a key
    at_comma,        ///< a value
  };

  /// The next key or value into `into`. False where none is, or where it is cut short.
  [[nodiscard]] bool text(ends where, std::string& into);
  /// Whether that was in quotes, in which NULL is a text as any other.
  [[nodiscard]] bool was_quoted() const noexcept { return was_quoted_; }
  /// `=>`, after white space.
  [[nodiscard]] bool arrow() noexcept;
  /// A comma, after white space.
  [[nodiscard]] bool comma() noexcept;
  /// Whether nothing but white space is left.
  [[nodiscard]] bool at_end() noexcept;

 private:
  [[nodiscard]] bool quoted(std::string& into);
  void skip_spaces() noexcept;

  std::string_view rest_;
  bool was_quoted_ = false;
};

}  // namespace tusk::detail
