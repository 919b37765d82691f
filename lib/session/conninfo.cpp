#include "tusk/conninfo.hpp"

#include <algorithm>
#include <utility>

#include "session/conninfo_keywords.hpp"

namespace tusk {
namespace {

constexpr std::string_view mask = "********";

bool is_secret(const conninfo_keyword& keyword) noexcept {
  return std::holds_alternative<std::optional<secret> conninfo::*>(keyword.member);
}

bool is_plain(std::string_view value) {
  return !value.empty() && std::ranges::none_of(value, [](char c) {
    return is_conninfo_space(c) || c == '\'' || c == '\\';
  });
}

void append_quoted(std::string& to, std::string_view value) {
  to += '\'';
  for (const char c : value) {
    if (c == '\'' || c == '\\') to += '\\';
    to += c;
  }
  to += '\'';
}

}  // namespace

conninfo conninfo::parse(std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    fail_conninfo(nul, "a NUL byte is not allowed");
  const std::size_t prefix = uri_prefix_length(text);
  conninfo made;
  // Of a repeated keyword the last value stays.
  for (const conninfo_item& item :
       prefix == 0 ? split_keyword_values(text) : split_uri(text, prefix)) {
    set_value(made, *find_keyword(item.keyword), auth::view(item.value));
  }
  return made;
}

std::vector<std::pair<std::string_view, std::string>> conninfo::items(secrets show) const {
  std::vector<std::pair<std::string_view, std::string>> set;
  for (const conninfo_keyword& keyword : conninfo_keywords()) {
    const auto value = value_of(*this, keyword);
    if (!value) continue;
    const bool masked = is_secret(keyword) && show == secrets::hidden;
    set.emplace_back(keyword.name, masked ? mask : *value);
  }
  return set;
}

std::string conninfo::to_string(secrets show) const {
  std::string text;
  for (const auto& [keyword, value] : items(show)) {
    if (!text.empty()) text += ' ';
    text.append(keyword).append("=");
    if (is_plain(value))
      text.append(value);
    else
      append_quoted(text, value);
  }
  return text;
}

}  // namespace tusk
