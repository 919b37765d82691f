#pragma once

#include <string>
#include <string_view>

namespace tusk {

/// A text that must not stay behind in memory, nor slip into a log: overwritten when it is
/// destroyed, assigned to or moved from, and not printable. `reveal()` says where it is read.
class secret {
 public:
  secret() = default;
  secret(std::string_view text) : text_(text) {}                // NOLINT: meant to convert
  secret(const char* text) : secret(std::string_view(text)) {}  // NOLINT
  /// Takes the text over and wipes what the argument leaves behind.
  secret(std::string&& text);                       // NOLINT
  secret(const std::string& text) : text_(text) {}  // NOLINT
  secret(const secret&) = default;
  secret(secret&& other) noexcept;
  secret& operator=(const secret& other);
  secret& operator=(secret&& other) noexcept;
  ~secret() { wipe(); }

  /// The text. A view until this object changes.
  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// Overwrites and forgets it.
  void wipe() noexcept;

  friend bool operator==(const secret& a, const secret& b) noexcept { return a.text_ == b.text_; }

 private:
  std::string text_;
};

}  // namespace tusk
