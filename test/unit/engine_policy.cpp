// What the client lets a server ask: require_auth, method by method.
#include <string>
#include <utility>
#include <vector>

#include "engine/authentication_policy.hpp"
#include "unit/engine_script.hpp"
#include "unit/scram_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::auth_word;
using engine::channel_binding_mode;

namespace {

constexpr std::string_view password = "correct horse";
constexpr std::string_view token = "good-token";

engine::startup_options under(std::string_view require_auth) {
  engine::startup_options options = alice();
  options.password = knows(password);
  options.token = knows(token);
  options.nonce = "rOprNGfwEbeRWgbNEkqO";
  const engine::parsed_policy parsed = engine::parse_policy(require_auth, "");
  REQUIRE(parsed.error.empty());
  options.policy = parsed.policy;
  return options;
}

std::string error_of(std::string_view require_auth, std::string_view channel_binding = "") {
  return engine::parse_policy(require_auth, channel_binding).error;
}

// What servers ask, by the letters of the table below.
byte_string asked_by(char kind) {
  const scram_script scram("rOprNGfwEbeRWgbNEkqO", password);
  switch (kind) {
    case 'n': return {};
    case 'p': return wire("'R' 00000008 00000003");
    case 'm': return wire("'R' 0000000c 00000005 01020304");
    case 's':
      return wire("'R' 00000017 0000000a 'SCRAM-SHA-256' 00 00") + scram.first() + scram.final();
    case 'o': return wire("'R' 00000015 0000000a 'OAUTHBEARER' 00 00");
    default: throw std::logic_error("no such server");
  }
}

}  // namespace

TEST_CASE("require_auth lets a server ask for what it names, and for nothing else") {
  // n: lets us in without asking; p: cleartext; m: MD5; s: SCRAM-SHA-256; o: OAUTHBEARER
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "npmso"},
      {"none", "n"},
      {"password", "p"},
      {"md5", "m"},
      {"scram-sha-256", "s"},
      {"oauth", "o"},
      {"gss", ""},
      {"sspi", ""},
      {"gss,sspi,none", "n"},
      {"password,md5", "pm"},
      {"scram-sha-256,none", "ns"},
      {"md5,scram-sha-256,oauth", "mso"},
      {"!none", "pmso"},
      {"!password", "nmso"},
      {"!md5", "npso"},
      {"!scram-sha-256", "npmo"},
      {"!oauth", "npms"},
      {"!gss", "npmso"},
      {"!password,!md5,!none", "so"},
      {"!scram-sha-256,!oauth,!md5,!password", "n"},
  };
  for (const auto& [require_auth, allowed] : table) {
    for (const char server : std::string("npmso")) {
      INFO("require_auth=" << require_auth << ", server " << server);
      const played seen =
          play_all_ways(under(require_auth), {{.answer = asked_by(server) + let_in()}});
      if (allowed.find(server) != std::string::npos) {
        CHECK(seen.phase == engine::phase::running);
        continue;
      }
      CHECK(seen.phase == engine::phase::broken);
      CHECK(seen.failure.kind == engine::failure_kind::authentication);
      CHECK(seen.failure.message.find("require_auth=" + require_auth) != std::string::npos);
      // Not a byte beyond the startup packet, so no secret either.
      const std::string_view sent(reinterpret_cast<const char*>(seen.sent.data()),
                                  seen.sent.size());
      CHECK(sent.find(password) == sent.npos);
      CHECK(sent.find(token) == sent.npos);
      CHECK(sent.find('p') == sent.rfind('p'));  // the p of "shop"
    }
  }
}

TEST_CASE("require_auth refuses GSSAPI and SSPI by name; without it they are missing here") {
  const auto message = [](std::string_view require_auth, const char* code) {
    return play_all_ways(under(require_auth),
                         {{.answer = wire(std::string("'R' 00000008 ") + code)}})
        .failure.message;
  };
  CHECK(message("!gss", "00000007") ==
        "the server asks for GSSAPI, and require_auth=!gss does not allow that");
  CHECK(message("md5", "00000009") ==
        "the server asks for SSPI, and require_auth=md5 does not allow that");
  CHECK(message("gss", "00000007").find("which tusk does not have") != std::string::npos);
  CHECK(message("", "00000009").find("which tusk does not have") != std::string::npos);
}

TEST_CASE("the methods of require_auth are all plain or all negated, and stand once") {
  for (const char* good : {"", "none", "!none", "password,md5,gss,sspi,scram-sha-256,oauth,none",
                           "!password,!md5,!gss,!sspi,!scram-sha-256,!oauth,!none"}) {
    INFO(good);
    CHECK(error_of(good).empty());
  }
  for (const char* mixed : {"!password,md5", "password,!md5", "none,!none", "md5,password,!gss"}) {
    INFO(mixed);
    CHECK(error_of(mixed).find("other kind") != std::string::npos);
  }
  for (const char* twice : {"md5,md5", "none,none", "!none,!none", "!md5,!gss,!md5"}) {
    INFO(twice);
    CHECK(error_of(twice).find("twice") != std::string::npos);
  }
  for (const char* unknown : {"scram", "SCRAM-SHA-256", "md5,", ",md5", "md5, password", "!",
                              "!!md5", " md5", "scram-sha-256-plus", "kerberos", "!none,"}) {
    INFO(unknown);
    CHECK_FALSE(error_of(unknown).empty());
  }
}

TEST_CASE("channel_binding is disable, prefer or require") {
  const auto mode = [](std::string_view text) {
    return engine::parse_policy("", text).policy.channel_binding;
  };
  CHECK(mode("") == channel_binding_mode::prefer);
  CHECK(mode("prefer") == channel_binding_mode::prefer);
  CHECK(mode("disable") == channel_binding_mode::disable);
  CHECK(mode("require") == channel_binding_mode::require);
  CHECK(error_of("", "Require").find("channel_binding") == 0);
  CHECK(error_of("x", "x").find("require_auth") == 0);
}

TEST_CASE("a policy names the methods it allows") {
  const engine::auth_words allowed = engine::parse_policy("!none,!md5", "").policy.allowed;
  CHECK_FALSE(allowed.has(auth_word::none));
  CHECK_FALSE(allowed.has(auth_word::md5));
  CHECK(allowed.has(auth_word::password));
  CHECK(engine::parse_policy("", "").policy.allowed == engine::auth_words::all());
}
