#include "session/credentials.hpp"

#include <utility>

#include "session/password_file.hpp"

namespace tusk::detail {

credential_request credentials::request() const {
  return {.server = at_,
          .user = plan_.to.user.value_or(""),
          .dbname = plan_.to.dbname.value_or(""),
          .encrypted = encrypted_};
}

std::optional<auth::secret_text> credentials::password() {
  if (options_.password_provider) {
    in_provider_ = true;
    const auto given = options_.password_provider(request());
    in_provider_ = false;
    if (given) return auth::to_secret(given->reveal());
  }
  const auto& parameter = plan_.to.password;
  if (parameter && !parameter->empty()) return auth::to_secret(parameter->reveal());
  password_found found = look_up_password(plan_.to, at_);
  remark_ = std::move(found.warning);
  if (!found.password) {
    const std::string named = plan_.to.passfile.value_or("");
    if (remark_.empty() && !found.file.empty())
      remark_ = "The password file \"" + found.file + "\" has no line for this server and user.";
    else if (remark_.empty() && !named.empty())
      remark_ = "There is no password file \"" + named + "\".";
    return std::nullopt;
  }
  remark_ = "The password came from the password file \"" + found.file + "\".";
  return auth::to_secret(found.password->reveal());
}

std::optional<auth::secret_text> credentials::token() {
  if (!options_.token_provider) return std::nullopt;
  in_provider_ = true;
  const auto given =
      options_.token_provider({.login = request(),
                               .issuer = plan_.to.oauth_issuer.value_or(""),
                               .client_id = plan_.to.oauth_client_id.value_or(""),
                               .client_secret = plan_.to.oauth_client_secret.value_or(secret()),
                               .scope = plan_.to.oauth_scope.value_or("")});
  in_provider_ = false;
  return given ? std::optional(auth::to_secret(given->reveal())) : std::nullopt;
}

}  // namespace tusk::detail
