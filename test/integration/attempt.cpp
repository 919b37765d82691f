#include "integration/attempt.hpp"

#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "support/catch.hpp"

namespace tusk::test {

std::string attempt::outcome() const {
  if (!connected) return "refused";
  return (encrypted ? "TLS " : "plain ") + std::string(name_of(method));
}

bool attempt::says(std::string_view part) const {
  return message.find(part) != std::string::npos;
}

attempt try_to_connect(const std::string& dsn, const std::optional<std::string>& password,
                       session_options options) {
  attempt result;
  if (!options.password_provider) {
    options.password_provider = [&](const credential_request&) -> std::optional<secret> {
      ++result.asked;
      if (!password) return std::nullopt;
      return secret(*password);
    };
  }
  try {
    session db(dsn, options);
    result.connected = true;
    result.encrypted = db.tls() != nullptr;
    result.method = db.authentication();
    result.port = db.port();
  } catch (const error& failed) {
    result.code = failed.sqlstate();
    result.message = failed.report();
  }
  return result;
}

std::string login(std::string_view user) {
  return "host=localhost hostaddr=127.0.0.1 dbname=postgres port=" + variable("TUSK_TEST_PORT") +
         " user=" + std::string(user);
}

std::string trusting_login(std::string_view user) {
  return login(user) + " sslrootcert=" + variable("TUSK_TEST_ROOT_CERT");
}

std::string certificate_file(std::string_view name) {
  return variable("TUSK_TEST_CERTIFICATES") + "/" + std::string(name);
}

std::string with_certificate(std::string_view name) {
  const std::string file = certificate_file(name);
  return " sslcert=" + file + ".crt sslkey=" + file + ".key";
}

std::optional<std::string> optional_variable(const char* name, const char* option) {
  const char* value = std::getenv(name);
  if (value != nullptr && *value != '\0') return value;
  WARN("left out, for " << name << " is not set: needs tools/postgres run " << option);
  return std::nullopt;
}

namespace {

// The postmaster has read its files once a new session sees the new value, and a new session's
// value is the postmaster's.
void reload_until(const std::string& name, const std::string& value) {
  using namespace std::chrono_literals;
  connect().execute("select pg_reload_conf()");
  for (int tries = 0; tries < 6000; ++tries) {
    if (connect().scalar<std::string>("select current_setting($1)", name) == value) return;
    std::this_thread::sleep_for(10ms);
  }
  throw std::runtime_error("the server has not taken " + name + " = " + value);
}

}  // namespace

server_settings::server_settings(std::vector<setting> settings) : settings_(std::move(settings)) {
  auto db = connect();
  // All of them before the reload: a certificate without its key would be refused.
  std::vector<setting> before;
  for (const auto& [name, value] : settings_) {
    before.push_back({name, db.scalar<std::string>("select current_setting($1)", name)});
    db.execute("alter system set " + name + " = '" + value + "'");
  }
  for (const auto& [name, value] : settings_)
    reload_until(name, value);
  settings_ = std::move(before);
}

server_settings::~server_settings() {
  try {
    auto db = connect();
    for (const auto& [name, before] : settings_)
      db.execute("alter system reset " + name);
    for (const auto& [name, before] : settings_)
      reload_until(name, before);
  } catch (const std::exception& failed) {
    WARN("the server keeps settings of a test: " << failed.what());
  }
}

temporary_folder::temporary_folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "tusk-test.XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string temporary_folder::write(std::string_view name, std::string_view text,
                                    unsigned mode) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
  if (::chmod(path.c_str(), mode) != 0) throw std::runtime_error("chmod failed");
  return path;
}

std::string temporary_folder::copy(std::string_view name, const std::string& from,
                                   unsigned mode) const {
  return write(name, content_of(from), mode);
}

scoped_variable::scoped_variable(std::string name, const std::string& value)
    : name_(std::move(name)) {
  if (const char* before = std::getenv(name_.c_str())) before_ = before;
  ::setenv(name_.c_str(), value.c_str(), 1);
}

scoped_variable::~scoped_variable() {
  if (before_) {
    ::setenv(name_.c_str(), before_->c_str(), 1);
  } else {
    ::unsetenv(name_.c_str());
  }
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace tusk::test
