#pragma once

#include <string>
#include <string_view>

#include "auth/secret.hpp"

namespace tusk::auth {

/// Whether `token` can stand in an Authorization header: letters, digits and `-._~+/`, at least
/// one, then any number of `=` (RFC 6750, section 2.1, b64token).
[[nodiscard]] bool is_bearer_token(std::string_view token) noexcept;

/// The client's first message of OAUTHBEARER (RFC 7628, section 3.1), without host and port, as
/// PostgreSQL expects it. `token` has passed is_bearer_token.
[[nodiscard]] secret_text oauthbearer_first(std::string_view token);

/// What the client answers when the server says why it refuses the token (section 3.2.3).
inline constexpr std::string_view oauthbearer_dismissed = "\x01";

/// Why a server refused a token (section 3.2.2). Each text is at most 200 printable ASCII
/// characters, with `?` for any other; empty when the server did not say.
struct oauth_refusal {
  std::string status;
  std::string scope;
  std::string configuration;  ///< where the issuer describes itself
};

/// Reads the JSON object that the server sent. Whatever is not well-formed, or not an object with
/// strings in these members, gives an empty refusal: it is for a message only.
[[nodiscard]] oauth_refusal read_oauth_refusal(std::string_view json);

}  // namespace tusk::auth
