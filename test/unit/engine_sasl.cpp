// Which SASL mechanism is chosen, and what is said of channel binding.
#include <string>
#include <vector>

#include "auth/base64.hpp"
#include "auth/scram_key_store.hpp"
#include "unit/engine_script.hpp"
#include "unit/scram_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::channel_binding_mode;
using engine::failure_kind;
using method = authentication_method;

namespace {

constexpr std::string_view password = "correct horse";
constexpr std::string_view token = "mF_9.B5f-4.1JqM";
constexpr std::string_view nonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view certificate_hash = "0123456789abcdef0123456789abcdef";

engine::startup_options alice_with_secrets() {
  engine::startup_options options = alice();
  options.password = knows(password);
  options.token = knows(token);
  options.nonce = nonce;
  return options;
}

engine::startup_options over_tls(channel_binding_mode mode = channel_binding_mode::prefer) {
  engine::startup_options options = alice_with_secrets();
  options.encrypted = true;
  options.channel_binding_data = certificate_hash;
  options.policy.channel_binding = mode;
  return options;
}

byte_string offer(const std::vector<std::string_view>& mechanisms) {
  return say(proto::authentication_sasl{mechanisms});
}

const byte_string plain_offer = offer({"SCRAM-SHA-256"});
const byte_string plus_offer = offer({"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"});

const std::string plus_binding = "p=tls-server-end-point,," + std::string(certificate_hash);

std::string text(const byte_string& sent) {
  return {reinterpret_cast<const char*>(sent.data()), sent.size()};
}

/// The exchange succeeds with this gs2 header and binding.
void check_bound(const engine::startup_options& options, const byte_string& offered,
                 std::string_view binding, method expected) {
  const scram_script server(std::string(nonce), password, binding);
  engine::conversation talk(options);
  played seen;
  collect(talk, seen.sent);
  feed(talk, offered + server.first() + server.final() + let_in(), whole(), seen);
  INFO(talk.failure().message);
  CHECK(talk.phase() == engine::phase::running);
  CHECK(talk.method() == expected);
  CHECK(server.accepts(text(seen.sent)));
  CHECK(text(seen.sent).find(std::string(name_of(expected)) + '\0') != std::string::npos);
}

std::string refusal_of(const engine::startup_options& options, const byte_string& answer) {
  const played seen = play_all_ways(options, {{.answer = answer}});
  CHECK(seen.phase == engine::phase::broken);
  CHECK(seen.failure.kind == failure_kind::authentication);
  CHECK(seen.failure.message.find(password) == std::string::npos);
  CHECK(seen.failure.message.find(token) == std::string::npos);
  CHECK(text(seen.sent).find("SCRAM") == std::string::npos);
  CHECK(text(seen.sent).find(password) == std::string::npos);
  CHECK(text(seen.sent).find(token) == std::string::npos);
  return seen.failure.message;
}

bool has(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("over TLS the SCRAM exchange is bound to the server's certificate when it can be") {
  for (const auto mode : {channel_binding_mode::prefer, channel_binding_mode::require}) {
    check_bound(over_tls(mode), plus_offer, plus_binding, method::scram_sha_256_plus);
    check_bound(over_tls(mode), offer({"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"}), plus_binding,
                method::scram_sha_256_plus);
    check_bound(over_tls(mode), offer({"SCRAM-SHA-256-PLUS"}), plus_binding,
                method::scram_sha_256_plus);
  }
}

TEST_CASE("a client that could bind the channel says so when PLUS is not offered") {
  check_bound(over_tls(), plain_offer, "y,,", method::scram_sha_256);
}

TEST_CASE("a client that cannot or must not bind the channel says so") {
  check_bound(alice_with_secrets(), plain_offer, "n,,", method::scram_sha_256);
  check_bound(over_tls(channel_binding_mode::disable), plain_offer, "n,,", method::scram_sha_256);
  check_bound(over_tls(channel_binding_mode::disable), plus_offer, "n,,", method::scram_sha_256);
  engine::startup_options no_hash = over_tls();
  no_hash.channel_binding_data.clear();
  check_bound(no_hash, plus_offer, "n,,", method::scram_sha_256);
  check_bound(no_hash, plain_offer, "n,,", method::scram_sha_256);
}

TEST_CASE("a proof that was bound to another certificate is not the server's") {
  const scram_script server(std::string(nonce), password, "p=tls-server-end-point,,other");
  const played seen =
      play_all_ways(over_tls(), {{.answer = plus_offer + server.first() + server.final()}});
  CHECK_FALSE(server.accepts(text(seen.sent)));
  CHECK(has(seen.failure.message, "signature is wrong"));
}

TEST_CASE(
    "PLUS on a plain connection is a sign of something between, whatever channel_binding is") {
  for (const auto mode : {channel_binding_mode::prefer, channel_binding_mode::disable}) {
    engine::startup_options options = alice_with_secrets();
    options.policy.channel_binding = mode;
    CHECK(has(refusal_of(options, plus_offer), "on a connection without TLS"));
  }
}

TEST_CASE("channel_binding=require refuses whatever is not SCRAM-SHA-256-PLUS") {
  const engine::startup_options strict = over_tls(channel_binding_mode::require);
  const std::string_view words = "channel_binding=require";
  for (const char* asked :
       {"'R' 00000008 00000000", "'R' 00000008 00000003", "'R' 0000000c 00000005 01020304",
        "'R' 00000008 00000007", "'R' 00000008 00000009"}) {
    INFO(asked);
    CHECK(has(refusal_of(strict, wire(asked)), words));
  }
  CHECK(has(refusal_of(strict, plain_offer), "does not offer SCRAM-SHA-256-PLUS"));
  CHECK(has(refusal_of(strict, offer({"OAUTHBEARER"})), words));
  CHECK(has(refusal_of(strict, offer({})), words));

  engine::startup_options plain = alice_with_secrets();
  plain.policy.channel_binding = channel_binding_mode::require;
  CHECK(has(refusal_of(plain, plain_offer), "this one is plain"));
  CHECK(has(refusal_of(plain, plus_offer), "this one is plain"));

  engine::startup_options no_hash = strict;
  no_hash.channel_binding_data.clear();
  no_hash.no_channel_binding = "the certificate is signed by Ed25519, which has no hash";
  CHECK(has(refusal_of(no_hash, plus_offer), "require: the certificate is signed by Ed25519"));
}

TEST_CASE("channel_binding=require accepts AuthenticationOk only behind the bound exchange") {
  const engine::startup_options strict = over_tls(channel_binding_mode::require);
  const scram_script server(std::string(nonce), password, plus_binding);
  const byte_string ok = say(proto::authentication_ok{});
  for (const byte_string& early : {byte_string{}, plus_offer, plus_offer + server.first()}) {
    const played seen = play_all_ways(strict, {{.answer = early + ok}});
    CHECK(seen.phase == engine::phase::broken);
    CHECK(seen.failure.kind == failure_kind::authentication);
  }
}

TEST_CASE("of the mechanisms that bind no channel the server's first is taken") {
  check_bound(alice_with_secrets(), offer({"X", "SCRAM-SHA-256", "OAUTHBEARER"}), "n,,",
              method::scram_sha_256);
  check_bound(over_tls(), offer({"OAUTHBEARER", "SCRAM-SHA-256-PLUS"}), plus_binding,
              method::scram_sha_256_plus);
  const played seen = play_all_ways(
      alice_with_secrets(), {{.answer = offer({"OAUTHBEARER", "SCRAM-SHA-256"}) + let_in()}});
  CHECK(seen.phase == engine::phase::running);
  CHECK(has(text(seen.sent), "OAUTHBEARER"));
  CHECK(has(refusal_of(alice_with_secrets(), offer({"X"})), "no SASL mechanism"));
  CHECK(has(refusal_of(alice_with_secrets(), offer({})), "no SASL mechanism"));
  CHECK(has(refusal_of(over_tls(channel_binding_mode::disable), offer({"SCRAM-SHA-256-PLUS"})),
            "SCRAM-SHA-256-PLUS alone"));
}

TEST_CASE("SCRAM keys stand in for the password, and only both of them") {
  const scram_script server(std::string(nonce), password);
  const auto copy = [](const auth::scram_key& key) {
    return auth::secret_vector<unsigned char>(key.bytes().begin(), key.bytes().end());
  };
  engine::startup_options options = alice();
  options.nonce = nonce;
  options.scram_client_key = copy(server.keys().client);
  CHECK(has(refusal_of(options, plain_offer), "scram_server_key"));
  options.scram_server_key = copy(server.keys().server);
  check_bound(options, plain_offer, "n,,", method::scram_sha_256);
  // They answer nothing else.
  CHECK(has(refusal_of(options, wire("'R' 00000008 00000003")), "none is given"));
}

TEST_CASE("a conversation keeps the keys of a login in the store") {
  auth::scram_key_store store;
  engine::startup_options options = alice_with_secrets();
  options.scram_keys = &store;
  check_bound(options, plain_offer, "n,,", method::scram_sha_256);
  CHECK(store.size() == 1);
  check_bound(options, plain_offer, "n,,", method::scram_sha_256);
  CHECK(store.size() == 1);
}

TEST_CASE("a bearer token lets us in") {
  const played seen =
      play_all_ways(alice_with_secrets(), {{.answer = offer({"OAUTHBEARER"}) + let_in()}});
  CHECK(seen.phase == engine::phase::running);
  const std::string first =
      "n,,\x01"
      "auth=Bearer " +
      std::string(token) + "\x01\x01";
  const byte_string answer = say(proto::sasl_initial_response{"OAUTHBEARER", bytes_of(first)});
  CHECK(has(text(seen.sent), text(answer)));
}

TEST_CASE("a refused token is answered with one byte, and the server's reason is told") {
  const std::string json =
      R"({"status":"invalid_token","openid-configuration":"https://issuer.test/x","scope":"openid"})";
  const byte_string why = say(proto::authentication_sasl_continue{bytes_of(json)});
  const played seen = play_all_ways(alice_with_secrets(),
                                    {{.answer = offer({"OAUTHBEARER"}) + why + refusal("28000")}});
  CHECK(seen.events == std::vector<std::string>{"E 1 28000"});
  CHECK(seen.failure.message ==
        "the server refused the bearer token (invalid_token); it wants one of scope \"openid\"; "
        "the issuer is https://issuer.test/x");

  engine::conversation talk(alice_with_secrets());
  played heard;
  collect(talk, heard.sent);
  feed(talk, offer({"OAUTHBEARER"}), whole(), heard);
  heard.sent.clear();
  feed(talk, why, whole(), heard);
  CHECK(heard.sent == wire("'p' 00000005 01"));
}

TEST_CASE("nothing but an error may follow a refused token, and no SASLFinal a good one") {
  const byte_string first = offer({"OAUTHBEARER"});
  const byte_string why = say(proto::authentication_sasl_continue{bytes_of("{}")});
  const byte_string final = say(proto::authentication_sasl_final{bytes_of("")});
  for (const byte_string& answer :
       {first + why + say(proto::authentication_ok{}), first + why + why, first + why + final,
        first + final, first + first, first + wire("'R' 00000008 00000003")}) {
    const played seen = play_all_ways(alice_with_secrets(), {{.answer = answer}});
    CHECK(seen.phase == engine::phase::broken);
    CHECK(seen.events.empty());
  }
}

TEST_CASE("a token that is missing or is none is not sent") {
  engine::startup_options options = alice_with_secrets();
  for (const auto& none : {engine::secret_source{}, knows("")}) {
    options.token = none;
    CHECK(has(refusal_of(options, offer({"OAUTHBEARER"})), "token provider"));
  }
  for (const char* bad : {"two words", "line\n", "\x01user=root", "a,b"}) {
    options.token = knows(bad);
    const std::string message = refusal_of(options, offer({"OAUTHBEARER"}));
    CHECK(has(message, "RFC 6750"));
    CHECK_FALSE(has(message, bad));
  }
}
