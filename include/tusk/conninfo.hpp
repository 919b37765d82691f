#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/environment.hpp"
#include "tusk/secret.hpp"

namespace tusk {

/// Whether a text may show secrets.
enum class secrets : std::uint8_t { hidden, shown };

/// What a password file had to say.
struct password_found {
  std::optional<secret> password{};
  std::string warning{};  ///< why the file was ignored; empty when it was not
  std::string file{};     ///< its path; empty when there is no such file
};

/// Where and how to connect: libpq's connection parameters under libpq's names, as text. A member
/// that is not set differs from an empty one: only the former takes its default from elsewhere.
/// What each one means: PostgreSQL documentation, 34.1.2 "Parameter Key Words".
///
///     tusk::conninfo c = tusk::conninfo::parse("postgresql://ada@db.example/shop");
///     tusk::conninfo d{.host = "db.example", .dbname = "shop", .user = "ada"};
struct conninfo {
  /// Names, addresses, socket directories `/...` or `@...`, with commas between.
  std::optional<std::string> host{};
  /// 1 to 65535; empty means 5432; one for all hosts, or one for each.
  std::optional<std::string> port{};
  std::optional<std::string> dbname{};  ///< empty means the user's name
  std::optional<std::string> user{};    ///< the role
  std::optional<secret> password{};     ///< empty means none
  std::optional<std::string> application_name{};
  std::optional<std::string> fallback_application_name{};  ///< when `application_name` is not set
  std::optional<std::string> connect_timeout{};  ///< whole seconds per address; 0 or less: none
  std::optional<std::string> options{};          ///< command-line options for the server process
  std::optional<std::string> client_encoding{};  ///< `UTF8` or `auto`: tusk always speaks UTF-8
  /// `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full`.
  std::optional<std::string> sslmode{};
  std::optional<std::string> gssencmode{};   ///< `disable` or `prefer`: there is no GSSAPI here
  std::optional<std::string> hostaddr{};     ///< numeric addresses in place of looking the hosts up
  std::optional<std::string> service{};      ///< a section of a service file
  std::optional<std::string> servicefile{};  ///< that file (a keyword of libpq 19)
  std::optional<std::string> passfile{};     ///< the password file; not set means `~/.pgpass`
  std::optional<std::string> channel_binding{};  ///< `disable`, `prefer` or `require`
  /// Methods with commas between, or methods with a `!` each.
  std::optional<std::string> require_auth{};
  std::optional<std::string> keepalives{};           ///< 0 turns TCP keepalives off
  std::optional<std::string> keepalives_idle{};      ///< seconds
  std::optional<std::string> keepalives_interval{};  ///< seconds
  /// Lost keepalives before the connection counts as dead.
  std::optional<std::string> keepalives_count{};
  std::optional<std::string> tcp_user_timeout{};  ///< milliseconds
  std::optional<std::string> sslnegotiation{};    ///< `postgres` or `direct`
  std::optional<std::string> sslcompression{};    ///< without effect
  std::optional<std::string> sslcert{};           ///< file of the client's certificate
  std::optional<std::string> sslkey{};            ///< file of its key
  std::optional<std::string> sslcertmode{};       ///< `disable`, `allow` or `require`
  std::optional<secret> sslpassword{};            ///< the key's passphrase
  std::optional<std::string> sslrootcert{};       ///< file of trusted certificates, or `system`
  std::optional<std::string> sslcrl{};            ///< file of revoked certificates
  std::optional<std::string> sslcrldir{};         ///< directory of such files
  std::optional<std::string> sslsni{};  ///< 0 keeps the host's name out of the TLS greeting
  /// Where the keys of TLS sessions are written, for debugging.
  std::optional<std::string> sslkeylogfile{};
  /// `TLSv1`, `TLSv1.1`, `TLSv1.2` or `TLSv1.3`.
  std::optional<std::string> ssl_min_protocol_version{};
  std::optional<std::string> ssl_max_protocol_version{};  ///< the same
  std::optional<std::string> min_protocol_version{};      ///< `3.0`, `3.2` or `latest`
  std::optional<std::string> max_protocol_version{};      ///< the same
  /// The system user that must run the server (Unix sockets).
  std::optional<std::string> requirepeer{};
  std::optional<std::string> krbsrvname{};     ///< without effect
  std::optional<std::string> gsslib{};         ///< without effect
  std::optional<std::string> gssdelegation{};  ///< without effect
  /// `database`, or a boolean: replication instead of queries.
  std::optional<std::string> replication{};
  /// `any`, `read-write`, `read-only`, `primary`, `standby` or `prefer-standby`.
  std::optional<std::string> target_session_attrs{};
  std::optional<std::string> load_balance_hosts{};  ///< `disable` or `random`
  /// Base64 of 32 bytes; with the other one in place of a password.
  std::optional<secret> scram_client_key{};
  std::optional<secret> scram_server_key{};  ///< base64 of 32 bytes
  std::optional<std::string> oauth_issuer{};
  std::optional<std::string> oauth_client_id{};
  std::optional<secret> oauth_client_secret{};
  std::optional<std::string> oauth_scope{};
  /// Run-time parameters for the session as pairs of name and value, sent at startup. No keyword
  /// stands for them; `with_defaults` adds those of PGDATESTYLE, PGTZ and PGGEQO.
  std::vector<std::pair<std::string, std::string>> settings{};

  /// Reads what a connection string says and nothing else: `keyword=value` pairs, or a URI that
  /// begins with `postgresql://`, `postgres://` or `postgresql+driver://` (the driver's name is
  /// ignored). Both follow libpq's rules (PostgreSQL documentation, 34.1.1 "Connection Strings"):
  /// a repeated keyword's last value counts, and an empty string is a valid one. Values are taken
  /// as they are; `check` judges them.
  ///
  /// Throws programming_error, naming keyword and offset (bytes, from 0) but never a value, for a
  /// malformed string and an unknown keyword.
  static conninfo parse(std::string_view text);

  /// Judges the values as libpq does before it connects. Throws programming_error that names the
  /// keyword for the first that cannot be honoured. Reads no file and looks nothing up.
  void check() const;

  /// Fills in what is not set: from the service file, then from the PG* variables, then from
  /// libpq's defaults. `host` or `hostaddr`, `port`, `dbname` and `user` are set and not empty
  /// afterwards. The password file is read later, for the host that is being connected to.
  ///
  /// Throws programming_error for a value that `check` refuses, for a service that is not found or
  /// a service file that cannot be read, and when no user is named and the system knows none.
  [[nodiscard]] conninfo with_defaults(const environment& from) const&;
  [[nodiscard]] conninfo with_defaults(const environment& from) &&;
  /// The same with this process's environment.
  [[nodiscard]] conninfo with_defaults() const&;
  [[nodiscard]] conninfo with_defaults() &&;

  /// What the password file `passfile` holds for the first of the servers, whether or not a
  /// `password` is set. (Connecting looks each server up that it comes to.) Throws
  /// programming_error for a port that is none.
  [[nodiscard]] password_found password_from_file() const;

  /// A `keyword=value` text, without `settings`. With `secrets::shown` it parses to an equal value;
  /// with `secrets::hidden` the value of a secret that is set is shown as `********`.
  [[nodiscard]] std::string to_string(secrets show = secrets::hidden) const;

  /// Keyword and value of each member that is set, in libpq's order, without `settings`. Secrets as
  /// in `to_string`. The keywords live as long as the program.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string>> items(
      secrets show = secrets::hidden) const;

  friend bool operator==(const conninfo&, const conninfo&) = default;
};

}  // namespace tusk
