#include "tusk/sql.hpp"

#include <algorithm>

#include "session/sql_rendering.hpp"
#include "tusk/error.hpp"

namespace tusk {

namespace detail {

namespace {

// "char" beyond ASCII: servers before 15 neither write nor read it as \377.
bool depends_on_version(const parameter& value, std::string_view text) {
  const oid type = value.operations->type;
  if (type == oids::char_) return text.size() > 1;
  return type == oids::char_array && (text.find(R"(\\2)") != std::string_view::npos ||
                                      text.find(R"(\\3)") != std::string_view::npos);
}

}  // namespace

sql make_identifier(std::span<const std::string_view> names) {
  sql whole;
  for (const std::string_view name : names) {
    if (!whole.empty()) whole += sql_access::make({.text = "."});
    whole += sql_access::make({.kind = sql_piece_kind::identifier, .text = std::string(name)});
  }
  return whole;
}

sql make_literal(const parameter& value) {
  if (value.operations->is_null(value.value))
    return sql_access::make({.kind = sql_piece_kind::null, .text = "NULL"});
  std::string text = value.operations->to_text(value.value, 0, {});
  if (depends_on_version(value, text)) {
    raise({.kind = error_kind::usage,
           .message = "a \"char\" beyond ASCII has no text that all servers read: bind() it, or "
                      "write a number with the casts ::int4::\"char\"",
           .safe_to_retry = true});
  }
  return sql_access::make({.kind = sql_piece_kind::literal, .text = std::move(text)});
}

sql make_numeral(std::string digits) {
  return sql_access::make({.kind = sql_piece_kind::numeral, .text = std::move(digits)});
}

sql make_value(const parameter& value, std::shared_ptr<const void> owned) {
  return sql_access::make(
      {.kind = sql_piece_kind::value, .owned = std::move(owned), .value = value});
}

}  // namespace detail

sql raw(std::string_view text) {
  return detail::sql_access::make({.text = std::string(text)});
}

sql join(detail::sql_text<0> separator, std::span<const sql> parts) {
  sql whole;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) whole += separator;
    whole += parts[i];
  }
  return whole;
}

sql& sql::operator+=(const sql& other) {
  if (&other == this) return *this += sql(other);
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  return *this;
}

std::size_t sql::values() const noexcept {
  return static_cast<std::size_t>(std::count_if(
      pieces_.begin(), pieces_.end(),
      [](const detail::sql_piece& each) { return each.kind == detail::sql_piece_kind::value; }));
}

std::string sql::text() const {
  return detail::render(*this, {}).text;
}

// The fields are as many as the parts: that was checked when the text was compiled.
void sql::append_parts(std::string_view text, std::span<const sql* const> parts) {
  std::vector<detail::sql_piece> added;
  std::string fragment;
  const auto end_fragment = [&] {
    if (!fragment.empty()) added.push_back({.text = std::exchange(fragment, {})});
  };
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_brace = text[at] == '{' || text[at] == '}';
    if (is_brace && text[++at] == '}' && text[at - 1] == '{') {
      end_fragment();
      const sql& part = *parts[next++];
      added.insert(added.end(), part.pieces_.begin(), part.pieces_.end());
    } else {
      fragment.push_back(text[at]);
    }
  }
  end_fragment();
  pieces_.insert(pieces_.end(), added.begin(), added.end());
}

}  // namespace tusk
