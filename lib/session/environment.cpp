#include "tusk/environment.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "session/default_socket.hpp"

namespace tusk {
namespace {

// Upstream's default is /tmp; Debian, Fedora and others use the other one.
constexpr const char* packaged_socket_directory = "/var/run/postgresql";
constexpr const char* upstream_socket_directory = "/tmp";

bool is_directory(const char* path) {
  struct stat status{};
  return ::stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/// A field of this user's entry in the system's user database.
std::optional<std::string> system_entry(char* passwd::* field) {
  constexpr std::size_t largest_buffer = std::size_t{1} << 20;
  std::string buffer(1024, '\0');
  for (;;) {
    passwd entry{};
    passwd* found = nullptr;
    const int error = ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
    if (error == 0 && found != nullptr) return std::string(found->*field);
    if (error != ERANGE || buffer.size() >= largest_buffer) return std::nullopt;
    buffer.resize(buffer.size() * 2);
  }
}

}  // namespace

std::string default_socket_directory() {
  return is_directory(packaged_socket_directory) ? packaged_socket_directory
                                                 : upstream_socket_directory;
}

environment environment::process() {
  variable_list variables;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (text.starts_with("PG") && equals != std::string_view::npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  environment made = bare();
  made.variables_ = std::move(variables);
  if (const char* home = std::getenv("HOME"); home != nullptr) made.home_ = home;
  made.has_home_ = true;
  return made;
}

environment environment::bare() {
  environment made({}, {}, {});
  made.asks_system_ = true;
  return made;
}

environment::environment(variable_list variables, std::string user, std::string socket_directory,
                         std::string home)
    : variables_(std::move(variables)),
      user_(std::move(user)),
      socket_directory_(std::move(socket_directory)),
      home_(std::move(home)) {}

std::optional<std::string_view> environment::variable(std::string_view name) const noexcept {
  for (const auto& [key, value] : variables_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

// Looked up only when no host is named.
std::string environment::socket_directory() const {
  return asks_system_ ? default_socket_directory() : socket_directory_;
}

std::optional<std::string> environment::user() const {
  // Name services can be slow, and are missing in a bare container: most programs name the user.
  if (asks_system_) return system_entry(&passwd::pw_name);
  if (user_.empty()) return std::nullopt;
  return user_;
}

std::optional<std::string> environment::home() const {
  // HOME is not set, or empty.
  if (home_.empty() && has_home_) {
    if (auto found = system_entry(&passwd::pw_dir); found && !found->empty()) return found;
  }
  if (home_.empty()) return std::nullopt;
  return home_;
}

}  // namespace tusk
