#pragma once

#include <memory>
#include <string>

#include "engine/startup_options.hpp"
#include "session/connect_plan.hpp"

namespace tusk::detail {

/// Where the credentials of one login come from, asked only when the server wants them, and what a
/// person should know about that when the login fails.
class credentials {
 public:
  /// Refers to its arguments as long as it lives.
  credentials(const connect_plan& plan, const session_options& options, const endpoint& at,
              bool encrypted)
      : plan_(plan), options_(options), at_(at), encrypted_(encrypted) {}

  /// The provider's password, else the parameter's, else the password file's.
  [[nodiscard]] std::optional<auth::secret_text> password();
  /// The token provider's.
  [[nodiscard]] std::optional<auth::secret_text> token();
  /// For the error's hint: which file a refused password came from, or why a file was not read.
  [[nodiscard]] const std::string& remark() const noexcept { return remark_; }
  /// Whether a provider was left by an exception. Even a tusk::error is then the caller's own, and
  /// no server has said it.
  [[nodiscard]] bool provider_threw() const noexcept { return in_provider_; }

 private:
  [[nodiscard]] credential_request request() const;

  const connect_plan& plan_;
  const session_options& options_;
  const endpoint& at_;
  bool encrypted_;
  std::string remark_;
  bool in_provider_ = false;
};

}  // namespace tusk::detail
