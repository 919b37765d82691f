#include "tusk/conninfo.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "session/conninfo_keywords.hpp"
#include "tusk/error.hpp"

namespace tusk {
namespace {

/// Variables that libpq sends as run-time parameters.
struct setting_variable {
  std::string_view variable;
  std::string_view setting;
};
constexpr std::array<setting_variable, 3> setting_variables{{
    {"PGDATESTYLE", "DateStyle"},
    {"PGTZ", "TimeZone"},
    {"PGGEQO", "geqo"},
}};

[[noreturn]] void fail_usage(std::string message) {
  error_details details;
  details.kind = error_kind::usage;
  details.message = std::move(message);
  throw programming_error(std::move(details));
}

/// Of a repeated keyword only the last value counts, and only that one must be sound.
void take_last_values(const std::vector<conninfo_item>& items, conninfo& to) {
  for (const conninfo_item& item : items) {
    const conninfo_keyword& keyword = *find_keyword(item.keyword);
    const bool is_last = std::ranges::none_of(
        &item + 1, items.data() + items.size(),
        [&](const conninfo_item& later) { return later.keyword == item.keyword; });
    if (!is_last) continue;
    if (const std::string fault = objection(item.keyword, item.value); !fault.empty())
      fail_conninfo(item.offset, fault);
    to.*keyword.member = item.value;
  }
}

void refuse_unsupported(const environment& from, bool has_sslmode) {
  for (const std::string_view name : unsupported_variables()) {
    const auto value = from.variable(name);
    if (value && !value->empty()) {
      fail_usage(std::string("environment variable ")
                     .append(name)
                     .append(" is set, but is not supported by this version of tusk"));
    }
  }
  // libpq still honours this one when nothing else says which sslmode.
  if (!has_sslmode && from.variable("PGREQUIRESSL").value_or("").starts_with('1'))
    fail_usage("environment variable PGREQUIRESSL: " + objection("sslmode", "require"));
}

bool is_default(std::string_view value) {
  constexpr std::string_view word = "default";
  return std::ranges::equal(value, word, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

void add_settings(const environment& from, conninfo& to) {
  for (const auto& [variable, setting] : setting_variables) {
    const auto value = from.variable(variable);
    if (!value || is_default(*value)) continue;
    // One that the program has set stays.
    const bool is_set = std::ranges::any_of(
        to.settings, [name = setting](const auto& have) { return have.first == name; });
    if (!is_set) to.settings.emplace_back(setting, *value);
  }
}

void take_from_environment(const environment& from, conninfo& to) {
  for (const conninfo_keyword& keyword : supported_keywords()) {
    auto& member = to.*keyword.member;
    const bool from_variable = !member && !keyword.variable.empty();
    if (from_variable) {
      if (const auto value = from.variable(keyword.variable)) member = std::string(*value);
    }
    if (!member) continue;
    const std::string fault = objection(keyword.name, *member);
    if (fault.empty()) continue;
    fail_usage(from_variable
                   ? std::string("environment variable ").append(keyword.variable) + ": " + fault
                   : "connection parameter " + fault);
  }
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
  take_last_values(prefix == 0 ? split_keyword_values(text) : split_uri(text, prefix), made);
  return made;
}

conninfo conninfo::with_defaults(const environment& from) const {
  conninfo made = *this;
  take_from_environment(from, made);
  refuse_unsupported(from, made.sslmode.has_value());
  add_settings(from, made);
  const auto is_missing = [](const std::optional<std::string>& member) {
    return !member || member->empty();
  };
  if (is_missing(made.host)) made.host = from.socket_directory();
  if (is_missing(made.port)) made.port = "5432";
  if (is_missing(made.user)) {
    made.user = from.user();
    if (!made.user) {
      fail_usage(
          "no user is named, and the operating system has no name for the user of this "
          "process: set user or PGUSER");
    }
  }
  if (is_missing(made.dbname)) made.dbname = made.user;
  if (!made.application_name) made.application_name = made.fallback_application_name;
  return made;
}

conninfo conninfo::with_defaults() const {
  return with_defaults(environment::process());
}

std::uint16_t conninfo::port_number() const {
  constexpr std::uint16_t default_port = 5432;
  if (!port || port->empty()) return default_port;
  if (const std::string fault = objection("port", *port); !fault.empty())
    fail_usage("connection parameter " + fault);
  return static_cast<std::uint16_t>(whole_number(*port).value_or(default_port));
}

std::int32_t conninfo::connect_timeout_seconds() const {
  if (!connect_timeout) return 0;
  if (const std::string fault = objection("connect_timeout", *connect_timeout); !fault.empty())
    fail_usage("connection parameter " + fault);
  return std::max(whole_number(*connect_timeout).value_or(0), 0);
}

std::string conninfo::to_string(secrets show) const {
  std::string text;
  for (const conninfo_keyword& keyword : supported_keywords()) {
    const auto& member = this->*keyword.member;
    if (!member) continue;
    if (!text.empty()) text += ' ';
    text.append(keyword.name).append("=");
    if (keyword.member == &conninfo::password && show == secrets::hidden)
      text.append("********");
    else if (is_plain(*member))
      text.append(*member);
    else
      append_quoted(text, *member);
  }
  return text;
}

}  // namespace tusk
