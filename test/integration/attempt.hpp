#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/server.hpp"

namespace tusk::test {

/// What became of connecting.
struct attempt {
  bool connected = false;
  bool encrypted = false;
  authentication_method method = authentication_method::none;
  /// How often a password was asked for. Where it was not, none can have been sent.
  int asked = 0;
  int port = 0;
  sqlstate_code code{};
  std::string message{};  ///< the whole report of the error, when there is one

  /// `TLS SCRAM-SHA-256-PLUS`, `plain none`, `refused`: what a table of expectations says.
  [[nodiscard]] std::string outcome() const;
  /// Whether the error says this.
  [[nodiscard]] bool says(std::string_view part) const;
};

/// Connects once, with what is asked for as the password. Whatever `options` provide goes first.
[[nodiscard]] attempt try_to_connect(const std::string& dsn,
                                     const std::optional<std::string>& password = std::nullopt,
                                     session_options options = {});

/// A connection string for that role at the server's loopback port. The host is `localhost`, whose
/// certificate is right, at 127.0.0.1. Whatever is appended goes before it, as the last one counts.
[[nodiscard]] std::string login(std::string_view user);
/// The same with the server's root certificate to trust in.
[[nodiscard]] std::string trusting_login(std::string_view user);
/// What to append for a client's certificate and key.
[[nodiscard]] std::string with_certificate(std::string_view name);
/// The path of a file that test/support/certificates has made.
[[nodiscard]] std::string certificate_file(std::string_view name);

/// A variable of tools/postgres that only some of its options set; says what was left out when it
/// is missing.
[[nodiscard]] std::optional<std::string> optional_variable(const char* name, const char* option);

/// Settings of the server for as long as this lives: ALTER SYSTEM, and a reload waited for.
class server_settings {
 public:
  struct setting {
    std::string name;
    std::string value;
  };
  explicit server_settings(std::vector<setting> settings);
  server_settings(std::string name, std::string value)
      : server_settings(std::vector{setting{std::move(name), std::move(value)}}) {}
  ~server_settings();
  server_settings(const server_settings&) = delete;
  server_settings& operator=(const server_settings&) = delete;

 private:
  std::vector<setting> settings_;
};

/// The server shows another of the certificates, by the name that its files begin with.
class server_certificate {
 public:
  explicit server_certificate(const std::string& name)
      : settings_(std::vector<server_settings::setting>{
            {"ssl_cert_file", certificate_file(name + ".crt")},
            {"ssl_key_file", certificate_file(name + ".key")}}) {}

 private:
  server_settings settings_;
};

/// A folder of its own that goes away with all that is in it.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Writes a file that its owner alone may read; folders of its name are made. Gives its path.
  std::string write(std::string_view name, std::string_view text, unsigned mode = 0600) const;
  /// The same with what another file holds.
  std::string copy(std::string_view name, const std::string& from, unsigned mode = 0600) const;

 private:
  std::string path_;
};

/// A variable of this process's environment for as long as this lives.
class scoped_variable {
 public:
  scoped_variable(std::string name, const std::string& value);
  ~scoped_variable();
  scoped_variable(const scoped_variable&) = delete;
  scoped_variable& operator=(const scoped_variable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

/// The whole of a file.
[[nodiscard]] std::string content_of(const std::string& path);

}  // namespace tusk::test
