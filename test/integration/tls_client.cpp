// Our side of TLS: certificate, key and passphrase, versions, the files that are found by default,
// and what a session tells of its TLS.

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

const char* const passphrase = "correct horse";

std::string verified(std::string_view user) {
  return trusting_login(user) + " sslmode=verify-full";
}

std::string bob_with_key(const std::string& file) {
  return verified("bob") + " sslcert=" + certificate_file("bob.crt") + " sslkey=" + file;
}

}  // namespace

TEST_CASE("a session tells the TLS facts that the server tells") {
  tusk::session db(verified("alice") + with_certificate("alice"));
  const tusk::tls_info* tls = db.tls();
  REQUIRE(tls != nullptr);
  const auto [version, cipher, bits, subject] = db.one<std::string, std::string, int, std::string>(
      "select version, cipher, bits, client_dn from pg_stat_ssl where pid = pg_backend_pid()");
  CHECK(tls->version == version);
  CHECK(tls->cipher == cipher);
  CHECK(tls->cipher_bits == bits);
  CHECK(subject == "/CN=alice");
  CHECK(tls->client_certificate);
  CHECK(tls->server.subject == "CN=good server");
  CHECK(tls->server.issuer == "CN=Test Root");
  CHECK(tls->server.not_before < tls->server.not_after);
  CHECK(tls->server.der.size() > 300);
  CHECK(tls->alpn == (major_version(db) >= 17 ? "postgresql" : ""));
  CHECK_FALSE(tusk::session(verified("u_trust")).tls()->client_certificate);
  CHECK(tusk::session(login("u_trust") + " sslmode=disable").tls() == nullptr);
  // There is no TLS on a Unix socket, whatever is asked for.
  CHECK(connect().tls() == nullptr);
}

TEST_CASE("long values and many rows come over TLS as they are") {
  tusk::session db(verified("u_trust"));
  const std::string sent(5'000'000, 'x');
  CHECK(db.scalar<std::string>("select $1::text || 'y'", sent) == sent + "y");
  std::int64_t sum = 0;
  for (const auto row : db.stream<std::int64_t>("select generate_series(1, 200000)::int8")) {
    sum += row;
  }
  CHECK(sum == 20'000'100'000);
}

TEST_CASE("COPY goes both ways over TLS, and its error is noticed while data is still sent") {
  tusk::session db(verified("u_trust"));
  db.execute("create temp table copied(i int check (i >= 0), t text)");
  const std::string text(300, 'x');
  const std::string large(5'000'000, 'y');
  const auto fill = [&](tusk::copy_in& in) {
    for (int i = 0; i < 20'000; ++i)
      in.row(i, text);
    in.row(20'000, large);
  };
  CHECK(db.copy_in({.table = "copied"}, fill) == 20'001);
  std::int64_t sum = 0;
  std::size_t bytes = 0;
  for (const auto& [i, t] : db.copy_rows<int, std::string_view>({.table = "copied"})) {
    sum += i;
    bytes += t.size();
  }
  CHECK(sum == 20'000LL * 20'001 / 2);
  CHECK(bytes == 20'000 * text.size() + large.size());
  auto in = db.copy_in({.table = "copied"});
  in.row(-1, text);
  const auto give_without_end = [&] {
    for (;;)
      in.row(1, text);
  };
  CHECK_THROWS_AS(give_without_end(), tusk::integrity_error);
  CHECK(db.scalar<std::int64_t>("select count(*) from copied") == 20'001);
}

TEST_CASE("TLS versions are those that the bounds allow") {
  tusk::session old(verified("u_trust") + " ssl_max_protocol_version=TLSv1.2");
  CHECK(old.tls()->version == "TLSv1.2");
  tusk::session recent(verified("u_trust") + " ssl_min_protocol_version=TLSv1.3");
  CHECK(recent.tls()->version == "TLSv1.3");
  const attempt crossed = try_to_connect(
      verified("u_trust") + " ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2");
  CHECK_FALSE(crossed.connected);
  CHECK(crossed.says("ssl_min_protocol_version"));
  const server_settings only_old("ssl_max_protocol_version", "TLSv1.2");
  const attempt too_old =
      try_to_connect(verified("u_scram") + " ssl_min_protocol_version=TLSv1.3", "x");
  CAPTURE(too_old.message);
  CHECK_FALSE(too_old.connected);
  CHECK(too_old.says("TLSv1.3"));
  CHECK(too_old.asked == 0);
}

TEST_CASE("SCRAM is bound to the channel in TLS 1.2, too") {
  const attempt made = try_to_connect(
      verified("u_scram") + " ssl_max_protocol_version=TLSv1.2 channel_binding=require",
      variable("TUSK_TEST_PASSWORD"));
  CHECK(made.outcome() == "TLS SCRAM-SHA-256-PLUS");
}

TEST_CASE("direct TLS works where the server has it, and is named where not") {
  const std::string direct = verified("u_scram") + " sslnegotiation=direct";
  const attempt made = try_to_connect(direct, variable("TUSK_TEST_PASSWORD"));
  CAPTURE(made.message);
  if (std::stoi(variable("TUSK_TEST_SERVER_VERSION")) >= 17) {
    CHECK(made.outcome() == "TLS SCRAM-SHA-256-PLUS");
    CHECK(tusk::session(verified("u_trust") + " sslnegotiation=direct").tls()->alpn ==
          "postgresql");
  } else {
    CHECK_FALSE(made.connected);
    CHECK(made.says("sslnegotiation"));
    CHECK(made.asked == 0);
  }
  const attempt weak = try_to_connect(direct + " sslmode=prefer");
  CHECK_FALSE(weak.connected);
  CHECK(weak.says("sslnegotiation"));
}

TEST_CASE("a key that others could read is refused") {
  const temporary_folder folder;
  const std::string certificate = " sslcert=" + certificate_file("alice.crt") + " sslkey=";
  for (const unsigned mode : {0644U, 0604U, 0660U}) {
    const std::string key = folder.copy("alice.key", certificate_file("alice.key"), mode);
    const attempt made = try_to_connect(verified("alice") + certificate + key);
    CAPTURE(mode, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says(key));
    CHECK(made.says("chmod 600"));
  }
  // Root's keys may be shared with a group by 0640, nobody else's.
  const std::string key = folder.copy("alice.key", certificate_file("alice.key"), 0640);
  CHECK(try_to_connect(verified("alice") + certificate + key).connected == (::geteuid() == 0));
}

TEST_CASE("a certificate without its key, another's key, and what is no key are named") {
  const temporary_folder folder;
  const std::string certificate = " sslcert=" + certificate_file("alice.crt") + " sslkey=";
  const std::string nowhere = folder.path() + "/nothing.key";
  const std::string nonsense = folder.write("nonsense.key", "this is no key\n");
  for (const std::string& key : {nowhere, nonsense, certificate_file("bob.key")}) {
    const attempt made = try_to_connect(verified("alice") + certificate + key);
    CAPTURE(key, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says(key));
  }
}

TEST_CASE("an encrypted key opens with its passphrase and never asks on the terminal") {
  for (const char* name : {"bob_pkcs8.key", "bob_traditional.key"}) {
    const std::string to = bob_with_key(certificate_file(name));
    CAPTURE(name);
    CHECK(try_to_connect(to + " sslpassword='" + passphrase + "'").outcome() == "TLS none");
    const attempt wrong = try_to_connect(to + " sslpassword=wrong-PASSPHRASE");
    CAPTURE(wrong.message);
    CHECK_FALSE(wrong.connected);
    CHECK(wrong.says(name));
    CHECK_FALSE(wrong.says("wrong-PASSPHRASE"));
    const attempt none = try_to_connect(to);
    CHECK_FALSE(none.connected);
    CHECK(none.says(name));
    CHECK(none.says("sslpassword"));
    tusk::session_options options;
    std::string asked_for;
    options.key_passphrase_provider = [&asked_for](const std::string& file) {
      asked_for = file;
      return std::optional<tusk::secret>(passphrase);
    };
    CHECK(try_to_connect(to, std::nullopt, options).outcome() == "TLS none");
    CHECK(asked_for == certificate_file(name));
  }
}

TEST_CASE("sslcertmode decides whether our certificate is sent") {
  const std::string alice = verified("alice") + with_certificate("alice");
  CHECK(try_to_connect(alice + " sslcertmode=allow").connected);
  CHECK(try_to_connect(alice + " sslcertmode=require").connected);
  CHECK_FALSE(try_to_connect(alice + " sslcertmode=disable").connected);
  const attempt none = try_to_connect(verified("u_trust") + " sslcertmode=require");
  CAPTURE(none.message);
  CHECK_FALSE(none.connected);
  CHECK(none.says("sslcertmode"));
  // A server that asks for none makes sslcertmode=require fail.
  const server_settings asks_for_none("ssl_ca_file", "");
  const attempt unasked =
      try_to_connect(verified("u_trust") + with_certificate("alice") + " sslcertmode=require");
  CAPTURE(unasked.message);
  CHECK_FALSE(unasked.connected);
  CHECK(unasked.says("sslcertmode"));
}

TEST_CASE("a certificate that the server does not trust is the server's refusal") {
  const attempt made = try_to_connect(verified("alice") + with_certificate("mallory"));
  CAPTURE(made.message);
  CHECK_FALSE(made.connected);
  CHECK(made.says("does not trust"));
  CHECK(made.says("sslcert"));
}

TEST_CASE("~/.postgresql is looked into for everything") {
  const temporary_folder home;
  const scoped_variable variable_of_it("HOME", home.path());
  const std::string alice = login("alice") + " sslmode=require";
  CHECK_FALSE(try_to_connect(alice).connected);
  static_cast<void>(home.copy(".postgresql/postgresql.crt", certificate_file("alice.crt")));
  static_cast<void>(home.copy(".postgresql/postgresql.key", certificate_file("alice.key")));
  CHECK(try_to_connect(alice).connected);
  // With root certificates at hand, sslmode=require verifies, as verify-ca does.
  static_cast<void>(home.copy(".postgresql/root.crt", certificate_file("other_root.crt")));
  const attempt distrusted = try_to_connect(alice);
  CHECK_FALSE(distrusted.connected);
  CHECK(distrusted.says(home.path() + "/.postgresql/root.crt"));
  static_cast<void>(home.copy(".postgresql/root.crt", certificate_file("root.crt")));
  CHECK(try_to_connect(login("alice") + " sslmode=verify-full").connected);
  const server_certificate revoked("revoked");
  CHECK(try_to_connect(alice).connected);
  static_cast<void>(home.copy(".postgresql/root.crl", certificate_file("root.crl")));
  const attempt refused = try_to_connect(alice);
  CHECK_FALSE(refused.connected);
  CHECK(refused.says("revoked"));
}

TEST_CASE("sslkeylogfile takes the secrets of the session, for its owner alone") {
  const temporary_folder folder;
  const std::string file = folder.path() + "/keys";
  for (int times = 1; times <= 2; ++times) {
    CHECK(try_to_connect(verified("u_trust") + " sslkeylogfile=" + file).connected);
  }
  const std::string log = content_of(file);
  const auto first = log.find("CLIENT_TRAFFIC_SECRET_0 ");
  REQUIRE(first != std::string::npos);
  CHECK(log.find("CLIENT_TRAFFIC_SECRET_0 ", first + 1) != std::string::npos);
  struct stat found{};
  REQUIRE(::stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
  // One that cannot be written hinders nothing.
  CHECK(try_to_connect(verified("u_trust") + " sslkeylogfile=/nowhere/keys").connected);
}

TEST_CASE("a statement whose time is up is cancelled over TLS, and the session goes on") {
  using namespace std::chrono_literals;
  for (const char* more : {"", " max_protocol_version=latest"}) {
    tusk::session db(verified("u_trust") + more);
    const auto failed = error_of<tusk::operational_error>(
        [&] { return db.execute({.timeout = 200ms}, "select pg_sleep(300)"); });
    CAPTURE(more, failed.message());
    CHECK(failed.kind() == tusk::error_kind::timeout);
    CHECK(failed.session_usable());
    CHECK(db.scalar<int>("select 1") == 1);
    CHECK(db.tls() != nullptr);
  }
}

TEST_CASE("without sslsni the host's name is verified all the same") {
  CHECK(try_to_connect(verified("u_trust") + " sslsni=0").connected);
  CHECK_FALSE(try_to_connect(verified("u_trust") + " sslsni=0 host=elsewhere.test").connected);
}
