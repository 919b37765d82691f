#include "auth/oauthbearer.hpp"

#include <string>

#include "support/catch.hpp"

using namespace std::string_literals;
using tusk::auth::is_bearer_token;
using tusk::auth::oauth_refusal;
using tusk::auth::read_oauth_refusal;

TEST_CASE("A bearer token is what RFC 6750 calls b64token") {
  for (const char* good : {"a", "mF_9.B5f-4.1JqM", "AZaz09-._~+/", "abc=", "abc=="})
    CHECK(is_bearer_token(good));
  for (const std::string& bad : {""s, "="s, "=a"s, "a=b"s, "a b"s, "a\n"s, "a\x01"s, "a,b"s,
                                 "a\0b"s, "t\u00F6ken"s, "\"a\""s, "a\x7f"s}) {
    CHECK_FALSE(is_bearer_token(bad));
  }
}

TEST_CASE("OAUTHBEARER begins as the example of RFC 7628 does, without host and port") {
  const auto message = tusk::auth::oauthbearer_first("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
  CHECK(view(message) ==
        "n,,\x01"
        "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01");
}

TEST_CASE("A server's reason to refuse a token is read from its JSON") {
  const oauth_refusal found = read_oauth_refusal(
      R"({"status":"invalid_token", "openid-configuration":"https:\/\/issuer.test\/.well-known",)"
      R"( "scope" : "openid \"email\"", "more": [1, {"scope": "no"}, true, []], "n": -1e3})");
  CHECK(found.status == "invalid_token");
  CHECK(found.configuration == "https://issuer.test/.well-known");
  CHECK(found.scope == "openid \"email\"");
}

TEST_CASE("What a server says of a token is cut and made printable") {
  const oauth_refusal found = read_oauth_refusal(
      "{\"status\":\"a\\nb\\u0041\\u00e9\x1b[31m\","
      "\"scope\":\"" +
      std::string(5000, 'x') + "\"}");
  CHECK(found.status == "a?bA??[31m");
  CHECK(found.scope == std::string(200, 'x'));
}

TEST_CASE("JSON that is not an object of strings gives no reason, and does no harm") {
  const std::string whole = R"({"status":"x","a":{"b":["\u0041",null]}})";
  CHECK(read_oauth_refusal(whole).status == "x");
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(read_oauth_refusal(std::string(whole, 0, size)).status.empty());
  for (const char* bad : {"null", "[]", R"({"status":"x"}})", R"({"status":"x"} x)",
                          R"({status:"x"})", R"({"status" "x"})", R"({"status":"\q"})",
                          R"({"status":"\u00g0"})", R"({"status":"x",})", R"(["status","x"])"}) {
    CHECK(read_oauth_refusal(bad).status.empty());
  }
  CHECK(read_oauth_refusal(R"({"status":5,"scope":"s"})").scope == "s");
  CHECK(read_oauth_refusal(R"({"a":)" + std::string(100'000, '[')).status.empty());
}
