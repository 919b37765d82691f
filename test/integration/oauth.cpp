// OAUTHBEARER against PostgreSQL 18 and the validator of test/support/oauth_validator.c, to which
// `good-NAME` is NAME's token.

#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

struct provider {
  std::optional<std::string> token;
  int asked = 0;
  tusk::token_request heard{};

  tusk::session_options options() {
    tusk::session_options made;
    made.token_provider =
        [this](const tusk::token_request& request) -> std::optional<tusk::secret> {
      ++asked;
      heard = request;
      if (!token) return std::nullopt;
      return tusk::secret(*token);
    };
    return made;
  }
};

bool has_oauth() {
  return optional_variable("TUSK_TEST_OAUTH", "--version 18 --tls").has_value();
}

std::string to_server() {
  return trusting_login("u_oauth") +
         " sslmode=verify-full oauth_issuer=https://issuer.test oauth_client_id=tests "
         "oauth_scope=openid oauth_client_secret=for-the-issuer-alone";
}

}  // namespace

TEST_CASE("a good token logs in, in TLS") {
  if (!has_oauth()) return;
  provider good{"good-u_oauth"};
  const attempt made = try_to_connect(to_server(), std::nullopt, good.options());
  CAPTURE(made.message);
  CHECK(made.outcome() == "TLS OAUTHBEARER");
  CHECK(made.asked == 0);
  CHECK(good.asked == 1);
  CHECK(good.heard.issuer == "https://issuer.test");
  CHECK(good.heard.client_id == "tests");
  CHECK(good.heard.client_secret.reveal() == "for-the-issuer-alone");
  CHECK(good.heard.scope == "openid");
  CHECK(good.heard.login.user == "u_oauth");
  CHECK(good.heard.login.encrypted);
  CHECK(
      try_to_connect(to_server() + " require_auth=oauth", std::nullopt, good.options()).connected);
}

TEST_CASE("a token that the server refuses ends in its refusal, without the token") {
  if (!has_oauth()) return;
  provider bad{"bad-TOKEN-of-nobody"};
  const attempt made = try_to_connect(to_server(), std::nullopt, bad.options());
  CAPTURE(made.message);
  CHECK_FALSE(made.connected);
  CHECK(made.code == tusk::sqlstate::invalid_authorization_specification);
  CHECK_FALSE(made.says("bad-TOKEN"));
  CHECK(bad.asked == 1);
  // Somebody else's token is none.
  provider other{"good-somebody"};
  CHECK_FALSE(try_to_connect(to_server(), std::nullopt, other.options()).connected);
  // And it is asked for anew at each connection.
  bad.token = "good-u_oauth";
  CHECK(try_to_connect(to_server(), std::nullopt, bad.options()).connected);
  CHECK(bad.asked == 2);
}

TEST_CASE("without a token nothing is sent") {
  if (!has_oauth()) return;
  const attempt without = try_to_connect(to_server());
  CAPTURE(without.message);
  CHECK_FALSE(without.connected);
  CHECK(without.says("token"));
  provider none{std::nullopt};
  const attempt unknown = try_to_connect(to_server(), std::nullopt, none.options());
  CHECK_FALSE(unknown.connected);
  CHECK(unknown.says("token"));
  CHECK(none.asked == 1);
  // What is no token by RFC 6750 could forge the message around it.
  provider forged{std::string("good-u_oauth\x01host=evil")};
  const attempt refused = try_to_connect(to_server(), std::nullopt, forged.options());
  CHECK_FALSE(refused.connected);
  CHECK_FALSE(refused.says("good-u_oauth"));
}

TEST_CASE("require_auth without oauth asks for no token") {
  if (!has_oauth()) return;
  provider good{"good-u_oauth"};
  for (const char* required : {"scram-sha-256", "!oauth", "none"}) {
    const attempt made =
        try_to_connect(to_server() + " require_auth=" + required, std::nullopt, good.options());
    CAPTURE(required, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says("require_auth"));
  }
  CHECK(good.asked == 0);
}
