#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

/// What a connection string's defaults are taken from: the PG* variables, the operating system's
/// user and the directory of the local server's socket. `process()` is the real one; a program or
/// a test may make its own.
class environment {
 public:
  /// Variables as pairs of name and value.
  using variable_list = std::vector<std::pair<std::string, std::string>>;

  /// This process's own, as it is now. Not to be called while another thread changes the
  /// environment.
  static environment process();

  /// Exactly these variables. An empty `user` means that the system knows none.
  explicit environment(variable_list variables, std::string user = {},
                       std::string socket_directory = "/tmp");

  /// The value of a variable, or nothing when it is not set; empty and not set differ. The view
  /// lives as long as this object.
  [[nodiscard]] std::optional<std::string_view> variable(std::string_view name) const noexcept;

  /// The name of the user this runs as; looked up only when asked. Nothing when there is none.
  [[nodiscard]] std::optional<std::string> user() const;

  /// Where a server on this machine keeps its Unix socket.
  [[nodiscard]] const std::string& socket_directory() const noexcept { return socket_directory_; }

 private:
  variable_list variables_;
  std::string user_;
  std::string socket_directory_;
  bool asks_system_ = false;
};

}  // namespace tusk
