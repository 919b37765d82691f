#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "auth/scram.hpp"
#include "session/quoting.hpp"
#include "session/session_core.hpp"

// ALTER ROLE with a verifier instead of a password (PostgreSQL documentation, "ALTER ROLE").
namespace tusk::detail {

void session_core::change_password(std::string_view role, const secret& new_password) {
  const call_options options;
  require_ready({options, "alter user ... password ..."});
  const std::string_view reported = line_->parameter("scram_iterations");
  // Servers before 16 do not report it, for it could not be set.
  constexpr std::uint32_t default_iterations = 4096;
  std::uint32_t iterations = default_iterations;
  std::from_chars(reported.data(), reported.data() + reported.size(), iterations);
  // A server that lies must not get a verifier that is cheap to guess from.
  iterations = std::min(std::max(iterations, default_iterations), options_.max_scram_iterations);
  const std::string verifier = auth::make_scram_verifier(new_password.reveal(), iterations);
  if (verifier.empty()) {
    raise({.kind = error_kind::usage,
           .message = "no SCRAM-SHA-256 verifier could be made of the new password: libcrypto "
                      "refuses, or the system gives no random bytes"});
  }
  const std::string name = role.empty() ? "current_user" : quoted_name(role, quoting_rules());
  try {
    // By the simple protocol, so that the text is kept as no prepared statement.
    const std::string sql = "alter user " + name + " password '" + verifier + "'";
    if (const script_run run = run_script({options, sql}); run.failed) raise(*run.failed);
  } catch (const error& failed) {
    error_details details = failed.details();
    details.statement = "alter user " + name + " password '********'";
    details.position = 0;
    details.in_script.reset();  // which has the text, too
    raise(std::move(details));
  }
}

}  // namespace tusk::detail
