// Scripted servers, from the first packet to the first ReadyForQuery.
#include <array>
#include <utility>

#include "auth/md5.hpp"
#include "unit/engine_script.hpp"
#include "unit/scram_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::failure_kind;

namespace {

constexpr std::string_view password = "correct horse";

engine::startup_options alice_with_password() {
  engine::startup_options options = alice();
  options.password = knows(password);
  options.nonce = "rOprNGfwEbeRWgbNEkqO";
  return options;
}

byte_string startup_packet(std::uint32_t version = proto::protocol_3_0) {
  const std::vector<proto::startup_parameter> parameters{{"user", "alice"}, {"database", "shop"}};
  return say(proto::startup_message{version, parameters});
}

const std::vector<std::string> let_in_events{"S 0 server_version=15.0", "K 1", "Z 1 I"};

/// The whole must fail so, at once and byte by byte, and without telling the password.
void check_failure(const engine::startup_options& options, const byte_string& answer,
                   failure_kind kind, std::string_view words) {
  const played seen = play_all_ways(options, {{.answer = answer}});
  INFO(seen.failure.message);
  CHECK(seen.phase == engine::phase::broken);
  CHECK(static_cast<int>(seen.failure.kind) == static_cast<int>(kind));
  CHECK(seen.failure.message.find(words) != std::string::npos);
  CHECK(seen.failure.message.find(password) == std::string::npos);
  CHECK(seen.events.empty());
}

void check_refused(const byte_string& answer, std::string_view words) {
  check_failure(alice_with_password(), answer, failure_kind::authentication, words);
}
void check_nonsense(const byte_string& answer, std::string_view words) {
  check_failure(alice_with_password(), answer, failure_kind::protocol, words);
}

const byte_string sasl = wire("'R' 00000017 0000000a 'SCRAM-SHA-256' 00 00");

}  // namespace

TEST_CASE("a server that trusts us lets us in at once") {
  const played seen = play_all_ways(alice(), {{.answer = let_in()}});
  CHECK(seen.events == let_in_events);
  CHECK(seen.phase == engine::phase::running);
  CHECK(seen.sent == startup_packet());
}

TEST_CASE("a cleartext password is sent when the server asks for it") {
  const byte_string ask = wire("'R' 00000008 00000003");
  const played seen = play_all_ways(alice_with_password(), {{.answer = ask + let_in()}});
  CHECK(seen.events == let_in_events);
  CHECK(seen.sent == startup_packet() + say(proto::password_message{password}));
}

TEST_CASE("an MD5 password is hashed with user and salt") {
  const byte_string ask = wire("'R' 0000000c 00000005 01020304");
  const played seen = play_all_ways(alice_with_password(), {{.answer = ask + let_in()}});
  CHECK(seen.events == let_in_events);
  const std::array salt{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  const auth::secret_text hashed = auth::md5_password("alice", password, salt);
  CHECK(seen.sent == startup_packet() + say(proto::password_message{view(hashed)}));
}

TEST_CASE("SCRAM-SHA-256 proves both sides to each other") {
  const scram_script server(alice_with_password().nonce, password);
  const played seen = play_all_ways(
      alice_with_password(), {{.answer = sasl + server.first() + server.final() + let_in()}});
  CHECK(seen.failure.message.empty());
  CHECK(seen.events == let_in_events);
  const std::string_view sent(reinterpret_cast<const char*>(seen.sent.data()), seen.sent.size());
  CHECK(sent.find("n,,n=,r=" + alice_with_password().nonce) != sent.npos);
  CHECK(server.accepts(sent));
  CHECK_FALSE(scram_script(alice_with_password().nonce, "another").accepts(sent));
}

TEST_CASE("AuthenticationOk before the server has proved itself is refused") {
  const scram_script server(alice_with_password().nonce, password);
  const byte_string ok = say(proto::authentication_ok{});
  check_refused(sasl + ok, "AuthenticationOk in the middle of a SCRAM exchange");
  check_refused(sasl + server.first() + ok, "AuthenticationOk in the middle of a SCRAM exchange");
}

TEST_CASE("a server that does not know the password is refused") {
  const std::string nonce = alice_with_password().nonce;
  const scram_script server(nonce, password);
  const scram_script liar(nonce, "another password");
  check_refused(sasl + server.first() + liar.final(), "SCRAM: ");
  check_refused(sasl + server.first() + scram_script::final_message(""), "SCRAM: ");
  check_refused(sasl + server.first() + scram_script::final_message("v="), "SCRAM: ");
  check_refused(sasl + server.first() + scram_script::final_message("e=invalid-proof"),
                "SCRAM: the server says invalid-proof");
}

TEST_CASE("a SCRAM challenge that is not for us is refused") {
  const std::string nonce = alice_with_password().nonce;
  check_refused(sasl + scram_script("another nonce", password).first(), "SCRAM: ");
  check_refused(
      sasl + scram_script::continue_message("r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
      "SCRAM: ");  // the server added nothing of its own
  check_refused(sasl + scram_script::continue_message("r=" + nonce + "x,s=,i=4096"), "SCRAM: ");
  check_refused(sasl + scram_script::continue_message(""), "SCRAM: ");
  check_refused(wire("'R' 00000013 0000000a 'SCRAM-MD5' 00 00"), "no SASL mechanism");
}

TEST_CASE("more SCRAM iterations than the setting allows are refused, naming both") {
  engine::startup_options options = alice_with_password();
  options.max_scram_iterations = 5000;
  const byte_string greedy = scram_script::continue_message(
      "r=" + options.nonce + "more,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=5001");
  check_failure(options, sasl + greedy, failure_kind::authentication, "5001");
  check_failure(options, sasl + greedy, failure_kind::authentication, "5000");
}

TEST_CASE("the steps of authentication come in their order only") {
  const scram_script server(alice_with_password().nonce, password);
  const byte_string cleartext = wire("'R' 00000008 00000003");
  const byte_string md5 = wire("'R' 0000000c 00000005 01020304");
  check_nonsense(server.first(), "AuthenticationSASLContinue");
  check_nonsense(server.final(), "AuthenticationSASLFinal");
  check_nonsense(sasl + server.final(), "AuthenticationSASLFinal");
  check_nonsense(sasl + sasl, "AuthenticationSASL");
  check_nonsense(sasl + server.first() + server.first(), "AuthenticationSASLContinue");
  check_nonsense(sasl + cleartext, "AuthenticationCleartextPassword");
  check_nonsense(sasl + md5, "AuthenticationMD5Password");
  check_nonsense(cleartext + cleartext, "AuthenticationCleartextPassword");
  check_nonsense(cleartext + sasl, "AuthenticationSASL");
  const played late = play_all_ways(alice(), {{.answer = let_in() + cleartext}});
  CHECK(late.failure.kind == failure_kind::protocol);
}

TEST_CASE("methods that we do not have are refused by name") {
  check_refused(wire("'R' 00000008 00000002"), "Kerberos V5");
  check_refused(wire("'R' 00000008 00000007"), "GSSAPI");
  check_refused(wire("'R' 00000008 00000009"), "SSPI");
  check_nonsense(wire("'R' 00000008 0000000d"), "malformed");
}

TEST_CASE("a server that wants a password is told apart from one that refuses it") {
  for (const byte_string& ask :
       {wire("'R' 00000008 00000003"), wire("'R' 0000000c 00000005 01020304"), sasl}) {
    check_failure(alice(), ask, failure_kind::authentication, "\"alice\" and none is given");
  }
}

TEST_CASE("a server may go down to an older minor version, once and before anything else") {
  engine::startup_options options = alice_with_password();
  options.protocol_version = proto::protocol_3_0 + 2;
  const byte_string older = wire("'v' 0000000c 00030000 00000000");
  const played seen = play_all_ways(options, {{.answer = older + let_in()}});
  CHECK(seen.events == let_in_events);
  CHECK(seen.sent == startup_packet(proto::protocol_3_0 + 2));

  const auto refused = [&options](const byte_string& answer, std::string_view words) {
    check_failure(options, answer, failure_kind::protocol, words);
  };
  refused(older + older, "NegotiateProtocolVersion");
  refused(wire("'R' 00000008 00000003") + older, "NegotiateProtocolVersion");
  refused(sasl + older, "NegotiateProtocolVersion");
  refused(wire("'v' 0000000c 00030003 00000000"), "3.2 was asked for, 3.3 is offered");
  refused(wire("'v' 0000000c 00040000 00000000"), "4.0 is offered");
  refused(wire("'v' 0000000c 00020000 00000000"), "2.0 is offered");
  refused(wire("'v' 0000000c 00030001 00000000"), "3.1 is offered");
  refused(wire("'v' 0000000c 00030002 00000000"), "nothing is changed");
  refused(wire("'v' 00000011 00030000 00000001 '_pq_.'"), "malformed");
  refused(wire("'v' 00000013 00030000 00000001 '_pq_.x' 00"), "options that were not sent");
  refused(wire("'v' 0000000c 00030000 ffffffff"), "malformed");
  const played late = play_all_ways(options, {{.answer = let_in() + older}});
  CHECK(late.failure.kind == failure_kind::protocol);
}

TEST_CASE("a server that knows no version from min_protocol_version on is refused") {
  engine::startup_options options = alice();
  options.protocol_version = proto::protocol_3_2;
  options.min_protocol_version = proto::protocol_3_2;
  check_failure(options, wire("'v' 0000000c 00030000 00000000"), failure_kind::protocol,
                "the server speaks protocol 3.0, and min_protocol_version is 3.2");
  CHECK(play_all_ways(options, {{.answer = let_in()}}).phase == engine::phase::running);
}

TEST_CASE("a cancel key has 4 bytes in protocol 3.0 and 4 to 256 in protocol 3.2") {
  engine::startup_options newer = alice();
  newer.protocol_version = proto::protocol_3_2;
  const byte_string older = wire("'v' 0000000c 00030000 00000000");
  const byte_string ok = say(proto::authentication_ok{});
  for (const std::size_t size : {4U, 5U, 32U, 256U}) {
    const std::vector<std::byte> secret(size, std::byte{0x5a});
    const byte_string key = say(proto::backend_key_data{7, secret});
    INFO(size);
    const auto phase_after = [&](const engine::startup_options& options, const byte_string& first) {
      return play_all_ways(options, {{.answer = first + ok + key + ready()}}).phase;
    };
    const auto in_3_0 = size == 4 ? engine::phase::running : engine::phase::broken;
    CHECK(phase_after(newer, {}) == engine::phase::running);
    CHECK(phase_after(newer, older) == in_3_0);
    CHECK(phase_after(alice(), {}) == in_3_0);
  }
  for (const std::size_t size : {0U, 3U, 257U}) {
    byte_string key = wire("'K' 00000000 00000007");
    key.resize(key.size() + size);
    proto::store_big_endian(key.data() + 1, static_cast<std::uint32_t>(key.size() - 1));
    check_failure(newer, ok + key, failure_kind::protocol, "malformed BackendKeyData");
  }
}

TEST_CASE("the version and the method that were agreed on can be asked for") {
  const scram_script server(alice_with_password().nonce, password);
  const auto method_after = [](const byte_string& answer) {
    engine::conversation talk(alice_with_password());
    played seen;
    collect(talk, seen.sent);
    feed(talk, answer, whole(), seen);
    CHECK(talk.phase() == engine::phase::running);
    CHECK(talk.protocol_version() == proto::protocol_3_0);
    return talk.method();
  };
  CHECK(method_after(let_in()) == authentication_method::none);
  CHECK(method_after(wire("'R' 00000008 00000003") + let_in()) == authentication_method::password);
  CHECK(method_after(wire("'R' 0000000c 00000005 01020304") + let_in()) ==
        authentication_method::md5);
  CHECK(method_after(sasl + server.first() + server.final() + let_in()) ==
        authentication_method::scram_sha_256);

  engine::startup_options newer = alice();
  newer.protocol_version = proto::protocol_3_2;
  engine::conversation talk(newer);
  played seen;
  feed(talk, let_in(), whole(), seen);
  CHECK(talk.protocol_version() == proto::protocol_3_2);
}

TEST_CASE("a password is asked for once, and only when the server wants one") {
  int asked = 0;
  engine::startup_options options = alice_with_password();
  options.password = [&asked]() -> std::optional<auth::secret_text> {
    ++asked;
    return auth::to_secret(password);
  };
  play(options, {{.answer = let_in()}}, whole());
  CHECK(asked == 0);
  play(options, {{.answer = wire("'R' 00000008 00000003") + let_in()}}, whole());
  CHECK(asked == 1);

  for (const auto& none :
       {engine::secret_source{}, knows(""), engine::secret_source([] { return std::nullopt; })}) {
    options.password = none;
    check_failure(options, sasl, failure_kind::authentication, "PGPASSWORD");
  }
}

TEST_CASE("a peer that does not speak PostgreSQL is recognised by its first bytes") {
  const std::string_view words = "does not speak PostgreSQL's protocol";
  check_nonsense(wire("'HTTP/1.1 400 Bad Request' 0d0a 0d0a"), words);
  check_nonsense(wire("'SSH-2.0-OpenSSH_9.2p1' 0d0a"), words);
  check_nonsense(wire("'220 mail.example ESMTP' 0d0a"), words);
  check_nonsense(wire("15 0301 0002 0228"), words);         // a TLS alert
  check_nonsense(wire("4a 000000 0a '8.0.32' 00"), words);  // MySQL's greeting
  check_nonsense(wire("'RFB 003.008' 0a"), words);          // VNC: starts like Authentication
  check_nonsense(wire("'EHLO there' 0d0a"), words);         // starts like ErrorResponse
  check_nonsense(wire("'R' 00000003"), words);
  check_nonsense(wire("'R' 80000000"), words);
  check_nonsense(wire("'R' 000007d1"), words);  // 2,001 bytes of authentication
  check_nonsense(wire("00 00 00 00 00"), words);
}

TEST_CASE("what belongs behind AuthenticationOk is refused before it") {
  for (const char* early :
       {"'S' 00000008 'a' 00 'b' 00", "'K' 0000000c 00000001 00000002", "'Z' 00000005 'I'",
        "'A' 0000000a 00000001 00 00", "'T' 00000006 0000", "'D' 00000006 0000"}) {
    check_nonsense(wire(early), "an authentication request was expected");
  }
}

TEST_CASE("a server's error ends the start wherever it comes") {
  const scram_script server(alice_with_password().nonce, password);
  const byte_string ok = say(proto::authentication_ok{});
  const byte_string key = say(proto::backend_key_data{7, bytes_of("key!")});
  for (const byte_string& before :
       {byte_string{}, wire("'R' 00000008 00000003"), sasl, sasl + server.first(),
        sasl + server.first() + server.final(), ok, ok + key}) {
    const played seen =
        play_all_ways(alice_with_password(), {{.answer = before + refusal("28P01") + ready()}});
    REQUIRE_FALSE(seen.events.empty());
    CHECK(seen.events.back() == "E 1 28P01");
    CHECK(seen.phase == engine::phase::broken);
    CHECK(seen.failure.kind == failure_kind::authentication);
  }
}

TEST_CASE("a notice may come anywhere in the start, a parameter behind AuthenticationOk") {
  const scram_script server(alice_with_password().nonce, password);
  const byte_string n = remark("hear");
  const played seen = play_all_ways(
      alice_with_password(), {{.answer = n + sasl + n + server.first() + n + server.final() + n +
                                         say(proto::authentication_ok{}) + n + ready() + n}});
  CHECK(seen.phase == engine::phase::running);
  CHECK(std::count(seen.events.begin(), seen.events.end(), "N 0 hear") == 6);
}

TEST_CASE("a server without a cancel key is no worse for it") {
  const played seen =
      play_all_ways(alice(), {{.answer = say(proto::authentication_ok{}) + ready()}});
  CHECK(seen.events == std::vector<std::string>{"Z 1 I"});
  CHECK(seen.phase == engine::phase::running);
}

TEST_CASE("a first packet that no server takes is not sent") {
  engine::startup_options options = alice();
  options.settings.emplace_back("options", std::string(10'000, 'x'));
  engine::conversation too_long(options);
  CHECK(too_long.failure().message.find("10000") != std::string::npos);
  CHECK(too_long.wants().send.empty());

  options = alice();
  options.user = std::string("alice\0database\0postgres", 23);
  engine::conversation injected(options);
  CHECK(injected.failure().message.find("\"user\"") != std::string::npos);
  CHECK(injected.failure().kind == failure_kind::authentication);
  CHECK(injected.wants().send.empty());
}

TEST_CASE("the end of the connection in the start says how far it came") {
  const scram_script server(alice_with_password().nonce, password);
  const byte_string all = sasl + server.first() + server.final() + let_in();
  for (std::size_t end = 0; end < all.size(); ++end) {
    engine::conversation talk(alice_with_password());
    played seen;
    collect(talk, seen.sent);
    feed(talk, bytes_view(all).first(end), whole(), seen);
    talk.closed("the server closed the connection");
    INFO(end << ": " << talk.failure().message);
    CHECK(talk.phase() == engine::phase::broken);
    CHECK(talk.failure().kind == failure_kind::closed);
    CHECK(talk.failure().message.find("the server closed the connection") == 0);
    CHECK_FALSE(talk.wants().receive);
    engine::event none;
    CHECK(talk.next(none) == engine::step::broken);
  }
}
