#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// Appends an attribute's text as record_out writes it into a composite's: in double quotes where
/// it needs them, the empty text always. (NULL is nothing at all.)
void append_attribute(std::string_view text, std::string& out);

/// Walks the attributes of a composite's text, `(a,"b ""c""",,)`, as record_in reads it.
class composite_scanner {
 public:
  /// What had to be unescaped goes into `scratch`, which gets its room at once, so that what was
  /// given stays where it is.
  composite_scanner(std::string_view text, std::string& scratch);

  /// The next attribute's text; `is_null` where there is none, and `is_copy` where it is in
  /// `scratch`. False behind the last, and for a text that is no composite's: then not `ok()`.
  bool next(std::string_view& attribute);
  [[nodiscard]] bool is_null() const noexcept { return is_null_; }
  [[nodiscard]] bool is_copy() const noexcept { return is_copy_; }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  /// Whether the text is `()`: one NULL, or no attribute at all.
  [[nodiscard]] bool is_bare() const noexcept { return is_bare_; }

 private:
  bool fail() noexcept;
  [[nodiscard]] bool unescape();

  std::string_view rest_;
  std::string* scratch_;
  bool ok_ = true;
  bool is_over_ = false;
  bool is_null_ = false;
  bool is_copy_ = false;
  bool is_bare_ = false;
};

}  // namespace tusk::detail
