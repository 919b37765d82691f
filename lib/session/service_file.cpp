#include "session/service_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include "session/secret_file.hpp"

namespace tusk {
namespace {

// Where Debian's libpq looks; upstream's has a directory below where it was installed.
constexpr std::string_view system_directory = "/etc/postgresql-common";

std::string_view trimmed(std::string_view line) noexcept {
  while (!line.empty() && is_conninfo_space(line.front()))
    line.remove_prefix(1);
  while (!line.empty() && is_conninfo_space(line.back()))
    line.remove_suffix(1);
  return line;
}

[[noreturn]] void fail_line(std::string_view file, std::size_t line, std::string_view what) {
  fail_usage(std::string("service file \"")
                 .append(file)
                 .append("\", line ")
                 .append(std::to_string(line))
                 .append(": ")
                 .append(what));
}

/// A line of the section: `keyword=value`, no space around the "=", no quotes, and no escapes.
void read_line(std::string_view line, std::string_view file, std::size_t number,
               service_values& values) {
  if (line.starts_with("ldap")) fail_line(file, number, "tusk does not look services up in LDAP");
  if (line.find('\0') != std::string_view::npos) fail_line(file, number, "a NUL byte");
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) fail_line(file, number, "\"=\" is missing");
  const std::string_view name = line.substr(0, equals);
  if (name == "service" || name == "servicefile") {
    fail_line(file, number,
              std::string(name).append(" cannot be set in a service file: services do not nest"));
  }
  const conninfo_keyword* const keyword = find_keyword(name);
  if (keyword == nullptr) {
    fail_line(file, number,
              "there is no such keyword (no space may stand between it and the \"=\")");
  }
  const bool is_first =
      std::ranges::none_of(values, [&](const auto& have) { return have.first == keyword; });
  if (is_first) values.emplace_back(keyword, auth::to_secret(line.substr(equals + 1)));
}

bool is_section(std::string_view line, std::string_view name) noexcept {
  line.remove_prefix(1);
  return line.starts_with(name) && line.substr(name.size()).starts_with(']');
}

/// Nothing when the file is not there, or when it has no such section.
std::optional<service_values> search(const std::string& file, std::string_view name,
                                     bool must_exist) {
  const secret_file read = read_secret_file(file);
  if (read.error == ENOENT && !must_exist) return std::nullopt;
  if (read.error != 0) {
    fail_usage("service file \"" + file +
               "\" cannot be read: " + std::generic_category().message(read.error));
  }
  return find_service(auth::view(read.text), name, file);
}

}  // namespace

std::optional<service_values> find_service(std::string_view text, std::string_view name,
                                           std::string_view file) {
  std::optional<service_values> found;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('[')) {
      if (found) break;
      if (is_section(line, name)) found.emplace();
    } else if (found) {
      read_line(line, file, number, *found);
    }
  }
  return found;
}

service_found look_up_service(std::string_view name, const std::optional<std::string>& named_file,
                              const environment& from) {
  std::string tried;
  const auto search_in = [&](const std::string& file, bool must_exist) {
    tried.append(tried.empty() ? "\"" : ", \"").append(file).append("\"");
    return search(file, name, must_exist);
  };
  std::string file;
  std::optional<service_values> values;
  if (const auto variable = from.variable("PGSERVICEFILE"); named_file || variable) {
    file = named_file ? *named_file : std::string(*variable);
    values = search_in(file, true);
  } else if (const auto home = from.home()) {
    file = *home + "/.pg_service.conf";
    values = search_in(file, false);
  }
  if (!values) {
    file =
        std::string(from.variable("PGSYSCONFDIR").value_or(system_directory)) + "/pg_service.conf";
    values = search_in(file, false);
  }
  if (!values) {
    fail_usage(std::string("service \"").append(name).append("\" is not defined in ") + tried);
  }
  return {std::move(file), std::move(*values)};
}

}  // namespace tusk
