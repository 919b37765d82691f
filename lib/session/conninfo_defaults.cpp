#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "session/conninfo_check.hpp"
#include "session/conninfo_hosts.hpp"
#include "session/conninfo_keywords.hpp"
#include "session/service_file.hpp"
#include "tusk/conninfo.hpp"

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

bool is_missing(const std::optional<std::string>& member) noexcept {
  return !member || member->empty();
}

bool is_default(std::string_view value) {
  constexpr std::string_view word = "default";
  return std::ranges::equal(value, word, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

/// Fills a value in, and knows afterwards where each one came from: a fault is reported there.
class defaults {
 public:
  defaults(conninfo& to, const environment& from) noexcept : to_(to), from_(from) {}

  void fill() {
    take_service();
    take_variables();
    take_fallbacks();
    add_settings();
    name_hosts();
    name_user();
    name_password_file();
  }

  /// Throws when a value cannot be honoured.
  void check() const {
    const auto found = find_fault(to_);
    if (!found) return;
    const std::string& origin = origins_[index_of(found->keyword)];
    fail_usage(origin.empty() ? "connection parameter " + found->text
                              : origin + ": " + found->text);
  }

 private:
  void take_service() {
    std::optional<std::string> name = to_.service;
    if (const auto variable = from_.variable("PGSERVICE"); !name && variable)
      name = std::string(*variable);
    if (!name) return;
    const service_found found = look_up_service(*name, to_.servicefile, from_);
    for (const auto& [keyword, value] : found.values) {
      set_unless_set(*keyword, auth::view(value),
                     "service file \"" + found.file + "\", service \"" + *name + "\"");
    }
  }

  void take_variables() {
    for (const conninfo_keyword& keyword : conninfo_keywords()) {
      if (keyword.variable.empty()) continue;
      if (const auto value = from_.variable(keyword.variable)) {
        set_unless_set(keyword, *value,
                       std::string("environment variable ").append(keyword.variable));
      }
    }
    // Nobody should use it any more, and libpq still honours it.
    if (from_.variable("PGREQUIRESSL").value_or("").starts_with('1'))
      set_unless_set(*find_keyword("sslmode"), "require", "environment variable PGREQUIRESSL");
  }

  void take_fallbacks() {
    // The system trusts many authorities: without the name each of them could vouch for anybody.
    if (to_.sslrootcert == "system" && !to_.sslmode) to_.sslmode = "verify-full";
    for (const conninfo_keyword& keyword : conninfo_keywords()) {
      if (!keyword.fallback.empty()) set_unless_set(keyword, keyword.fallback, {});
    }
    if (is_missing(to_.port)) to_.port = "5432";
    if (!to_.application_name) to_.application_name = to_.fallback_application_name;
  }

  void add_settings() {
    for (const auto& [variable, setting] : setting_variables) {
      const auto value = from_.variable(variable);
      if (!value || is_default(*value)) continue;
      // One that the program has set stays.
      const bool is_set = std::ranges::any_of(
          to_.settings, [name = setting](const auto& have) { return have.first == name; });
      if (!is_set) to_.settings.emplace_back(setting, *value);
    }
  }

  /// A place of the list that names nothing means the local server.
  void name_hosts() {
    if (is_missing(to_.host) && !is_missing(to_.hostaddr)) return;
    const auto hosts = split_list(to_.host ? std::string_view(*to_.host) : std::string_view());
    const auto addresses =
        split_list(to_.hostaddr ? std::string_view(*to_.hostaddr) : std::string_view());
    std::string named;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      if (i != 0) named += ',';
      const bool has_address = i < addresses.size() && !addresses[i].empty();
      named.append(hosts[i].empty() && !has_address ? from_.socket_directory() : hosts[i]);
    }
    to_.host = std::move(named);
  }

  void name_user() {
    if (is_missing(to_.user)) {
      to_.user = from_.user();
      if (!to_.user) {
        fail_usage(
            "no user is named, and the operating system has no name for the user of this "
            "process: set user or PGUSER");
      }
    }
    if (is_missing(to_.dbname)) to_.dbname = to_.user;
  }

  void name_password_file() {
    if (!is_missing(to_.passfile) || (to_.password && !to_.password->empty())) return;
    if (const auto home = from_.home()) to_.passfile = *home + "/.pgpass";
  }

  void set_unless_set(const conninfo_keyword& keyword, std::string_view value, std::string origin) {
    if (value_of(to_, keyword)) return;
    set_value(to_, keyword, value);
    origins_[index_of(keyword.name)] = std::move(origin);
  }

  /// Of a name that is no keyword, the place behind all of them.
  static std::size_t index_of(std::string_view name) noexcept {
    const auto keywords = conninfo_keywords();
    return static_cast<std::size_t>(std::ranges::find(keywords, name, &conninfo_keyword::name) -
                                    keywords.begin());
  }

  conninfo& to_;
  const environment& from_;
  std::vector<std::string> origins_ = std::vector<std::string>(conninfo_keywords().size() + 1);
};

}  // namespace

conninfo conninfo::with_defaults(const environment& from) && {
  defaults known(*this, from);
  known.fill();
  known.check();
  return std::move(*this);
}

conninfo conninfo::with_defaults(const environment& from) const& {
  return conninfo(*this).with_defaults(from);
}

conninfo conninfo::with_defaults() && {
  return std::move(*this).with_defaults(environment::process());
}

conninfo conninfo::with_defaults() const& {
  return with_defaults(environment::process());
}

}  // namespace tusk
