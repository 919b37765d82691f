#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

/// What a connection string's defaults are taken from: the PG* variables, the operating system's
/// user, that user's home and the directory of the local server's socket. `process()` is the real
/// one; a program or a test may make its own.
class environment {
 public:
  /// Variables as pairs of name and value.
  using variable_list = std::vector<std::pair<std::string, std::string>>;

  /// This process's own, as it is now. Not to be called while another thread changes the
  /// environment.
  static environment process();
  /// This process's user and socket directory, without any variable and without a home.
  static environment bare();

  /// Exactly these variables. An empty `user` means that the system knows none, an empty `home`
  /// that there is none.
  explicit environment(variable_list variables, std::string user = {},
                       std::string socket_directory = "/tmp", std::string home = {});

  /// The value of a variable, or nothing when it is not set; empty and not set differ. The view
  /// lives as long as this object.
  [[nodiscard]] std::optional<std::string_view> variable(std::string_view name) const noexcept;

  /// The name of the user this runs as; looked up only when asked. Nothing when there is none.
  [[nodiscard]] std::optional<std::string> user() const;

  /// The directory below which `.pgpass`, `.pg_service.conf` and `.postgresql` lie: HOME, or what
  /// the system says when that is not set or empty. Nothing when there is none.
  [[nodiscard]] std::optional<std::string> home() const;

  /// Where a server on this machine keeps its Unix socket.
  [[nodiscard]] std::string socket_directory() const;

 private:
  variable_list variables_;
  std::string user_;
  std::string socket_directory_;
  std::string home_;
  bool asks_system_ = false;  // for user and socket directory
  bool has_home_ = false;     // and the system is asked where, when the variable does not say it
};

}  // namespace tusk
