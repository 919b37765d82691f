#include <cstddef>
#include <string>
#include <utility>

#include "session/conninfo_keywords.hpp"

// PostgreSQL documentation, 34.1.1.1 "Keyword/Value Connection Strings".
namespace tusk {
namespace {

class keyword_value_splitter {
 public:
  explicit keyword_value_splitter(std::string_view text) noexcept : text_(text) {}

  std::vector<conninfo_item> split() {
    std::vector<conninfo_item> items;
    for (skip_spaces(); !at_end(); skip_spaces())
      items.push_back(item());
    return items;
  }

 private:
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char here() const noexcept { return text_[at_]; }

  void skip_spaces() noexcept {
    while (!at_end() && is_conninfo_space(here()))
      ++at_;
  }

  conninfo_item item() {
    const std::size_t start = at_;
    while (!at_end() && here() != '=' && !is_conninfo_space(here()))
      ++at_;
    std::string keyword(text_.substr(start, at_ - start));
    if (keyword.find("://") != std::string::npos) {
      fail_conninfo(start, "this is not a URI for PostgreSQL",
                    "One begins with postgresql:// or postgres://.");
    }
    skip_spaces();
    if (at_end() || here() != '=') fail_missing_equals(start);
    refuse_unknown(keyword, start);
    ++at_;
    skip_spaces();
    after_bare_password_ = false;
    auth::secret_text value;
    if (!at_end() && here() == '\'') {
      value = quoted_value(keyword);
    } else {
      value = bare_value();
      after_bare_password_ = keyword == "password";
    }
    translate_requiressl(keyword, value);
    return {std::move(keyword), std::move(value), start};
  }

  [[noreturn]] void fail_missing_equals(std::size_t start) const {
    if (start == 0 && at_end()) {
      fail_conninfo(start, "this is neither keyword=value pairs nor a URI",
                    "If it is a database's name, write dbname=...");
    }
    fail_conninfo(start, "\"=\" is missing after the keyword",
                  "A value that has spaces is written in single quotes.");
  }

  /// Words behind a password that has spaces and no quotes must not end up in a log.
  void refuse_unknown(std::string_view keyword, std::size_t start) const {
    if (find_keyword(keyword) != nullptr || keyword == "requiressl") return;
    if (after_bare_password_) {
      fail_conninfo(start, "the word after the password is not a keyword",
                    "A password that has spaces is written in single quotes.");
    }
    fail_keyword(start, keyword);
  }

  auth::secret_text bare_value() {
    auth::secret_text value;
    while (!at_end() && !is_conninfo_space(here())) {
      if (here() == '\\') ++at_;
      if (!at_end()) value.push_back(text_[at_++]);
    }
    return value;
  }

  auth::secret_text quoted_value(std::string_view keyword) {
    const std::size_t start = at_++;
    auth::secret_text value;
    while (!at_end() && here() != '\'') {
      if (here() == '\\') ++at_;
      if (!at_end()) value.push_back(text_[at_++]);
    }
    if (at_end()) {
      fail_conninfo(start,
                    std::string("the quoted value of ").append(keyword).append(" does not end"));
    }
    ++at_;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool after_bare_password_ = false;
};

}  // namespace

std::vector<conninfo_item> split_keyword_values(std::string_view text) {
  return keyword_value_splitter(text).split();
}

}  // namespace tusk
