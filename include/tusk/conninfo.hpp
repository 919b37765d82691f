#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/environment.hpp"

namespace tusk {

/// Whether a text may show secrets.
enum class secrets : std::uint8_t { hidden, shown };

/// Where and how to connect: libpq's connection parameters under libpq's names, as text. A member
/// that is not set differs from an empty one: only the former takes its default from a variable.
///
///     tusk::conninfo c = tusk::conninfo::parse("postgresql://ada@db.example/shop");
///     tusk::conninfo d{.host = "db.example", .dbname = "shop", .user = "ada"};
struct conninfo {
  std::optional<std::string> host{};      ///< name, address, socket directory `/...` or `@...`
  std::optional<std::string> port{};      ///< 1 to 65535; empty means 5432
  std::optional<std::string> dbname{};    ///< empty means the user's name
  std::optional<std::string> user{};      ///< the role
  std::optional<std::string> password{};  ///< empty means none
  std::optional<std::string> application_name{};
  std::optional<std::string> fallback_application_name{};  ///< when `application_name` is not set
  std::optional<std::string> connect_timeout{};  ///< whole seconds per address; 0 or less: none
  std::optional<std::string> options{};          ///< command-line options for the server process
  std::optional<std::string> client_encoding{};  ///< `UTF8` or `auto`: tusk always speaks UTF-8
  std::optional<std::string> sslmode{};          ///< `disable`, `allow` or `prefer`
  std::optional<std::string> gssencmode{};       ///< `disable` or `prefer`
  /// Run-time parameters for the session as pairs of name and value, sent at startup. No keyword
  /// stands for them; `with_defaults` adds those of PGDATESTYLE, PGTZ and PGGEQO.
  std::vector<std::pair<std::string, std::string>> settings{};

  /// Reads what a connection string says and nothing else: `keyword=value` pairs, or a URI that
  /// begins with `postgresql://`, `postgres://` or `postgresql+driver://` (the driver's name is
  /// ignored). Both follow libpq's rules (PostgreSQL documentation, 34.1.1 "Connection Strings"):
  /// a repeated keyword's last value counts, and an empty string is a valid one.
  ///
  /// Throws programming_error, naming keyword and offset (bytes, from 0) but never a value, for a
  /// malformed string, an unknown keyword, one that this version does not support, and a value
  /// that it cannot honour.
  static conninfo parse(std::string_view text);

  /// Fills in what is not set: from the PG* variables, then from libpq's defaults. `host`, `port`,
  /// `dbname` and `user` are set and not empty afterwards. libpq's password file and service file
  /// are not read.
  ///
  /// Throws programming_error for a value that `parse` would refuse, for a variable that libpq
  /// honours and this version does not (unless empty), and when no user is named and the system
  /// knows none.
  [[nodiscard]] conninfo with_defaults(const environment& from) const;
  /// The same with this process's environment.
  [[nodiscard]] conninfo with_defaults() const;

  /// `port` as a number, 5432 when not set or empty. Throws programming_error when it is no port.
  [[nodiscard]] std::uint16_t port_number() const;
  /// `connect_timeout` in seconds, 0 when there is none. Throws programming_error when it is no
  /// whole number.
  [[nodiscard]] std::int32_t connect_timeout_seconds() const;

  /// A `keyword=value` text, without `settings`. With `secrets::shown` it parses to an equal value;
  /// with `secrets::hidden` a password is shown as `********`.
  [[nodiscard]] std::string to_string(secrets show = secrets::hidden) const;

  friend bool operator==(const conninfo&, const conninfo&) = default;
};

}  // namespace tusk
