#include "types/hstore_text.hpp"

#include "tusk/types/hstore.hpp"
#include "types/ascii.hpp"

namespace tusk {
namespace detail {

void hstore_scanner::skip_spaces() noexcept {
  while (!rest_.empty() && ascii::is_space(rest_.front()))
    rest_.remove_prefix(1);
}

bool hstore_scanner::at_end() noexcept {
  skip_spaces();
  return rest_.empty();
}

bool hstore_scanner::comma() noexcept {
  skip_spaces();
  if (!rest_.starts_with(',')) return false;
  rest_.remove_prefix(1);
  return true;
}

bool hstore_scanner::arrow() noexcept {
  skip_spaces();
  if (!rest_.starts_with("=>")) return false;
  rest_.remove_prefix(2);
  return true;
}

// An unquoted text may hold nearly anything: a key even a comma, a value even an equals sign.
bool hstore_scanner::text(ends where, std::string& into) {
  const char end = where == ends::at_equals_sign ? '=' : ',';
  skip_spaces();
  into.clear();
  was_quoted_ = rest_.starts_with('"');
  if (was_quoted_) return quoted(into);
  if (rest_.empty() || (where == ends::at_equals_sign && rest_.front() == '=')) return false;
  std::size_t at = 0;
  for (; at < rest_.size(); ++at) {
    const bool is_first = at == 0;  // a comma does not end what has not begun
    if (!is_first && (rest_[at] == end || ascii::is_space(rest_[at]))) break;
    if (rest_[at] == '\\' && ++at == rest_.size()) return false;
    into.push_back(rest_[at]);
  }
  rest_.remove_prefix(at);
  return true;
}

bool hstore_scanner::quoted(std::string& into) {
  for (std::size_t at = 1; at < rest_.size(); ++at) {
    if (rest_[at] == '"') {
      rest_.remove_prefix(at + 1);
      return true;
    }
    if (rest_[at] == '\\' && ++at == rest_.size()) return false;
    into.push_back(rest_[at]);
  }
  return false;
}

namespace {

std::optional<hstore> parse_entries(std::string_view text) {
  using ends = hstore_scanner::ends;
  hstore_scanner in(text);
  std::vector<hstore::entry> entries;
  std::string key;
  std::string value;
  while (!in.at_end()) {
    if (!in.text(ends::at_equals_sign, key) || !in.arrow()) return std::nullopt;
    if (!in.text(ends::at_comma, value)) return std::nullopt;
    if (!in.was_quoted() && ascii::equals(value, "null")) {
      entries.emplace_back(key, std::nullopt);
    } else {
      entries.emplace_back(key, value);
    }
    if (!in.comma() && !in.at_end()) return std::nullopt;
  }
  return hstore(std::move(entries));
}

void append_quoted(std::string_view text, std::string& out) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace
}  // namespace detail

std::optional<hstore> hstore::parse(std::string_view text) {
  return detail::parse_entries(text);
}

std::string hstore::to_string() const {
  std::string out;
  for (const auto& [key, value] : entries_) {
    if (!out.empty()) out.append(", ");
    detail::append_quoted(key, out);
    out.append("=>");
    if (value) {
      detail::append_quoted(*value, out);
    } else {
      out.append("NULL");
    }
  }
  return out;
}

}  // namespace tusk
