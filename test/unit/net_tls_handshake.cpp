// Handshakes against an OpenSSL server in the same process: what is agreed, and each way to fail.
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/tls_context.hpp"
#include "support/catch.hpp"
#include "support/tls_peer.hpp"

namespace tusk::test {
namespace {

using net::tls_fault;

struct failing {
  tls_fault what;
  std::string part;
};

void check(const std::optional<net::tls_failure>& failure, const failing& expected) {
  REQUIRE(failure.has_value());
  CAPTURE(failure->message, expected.part);
  CHECK(failure->what == expected.what);
  CHECK(failure->message.find(expected.part) != std::string::npos);
}

std::optional<net::tls_failure> meet(const tls_peer_options& options,
                                     const net::tls_settings& settings) {
  tls_peer server(options, [](tls_peer_stream& stream) { stream.read(1); });
  net::transport line = server.client();
  auto failure = line.start_tls(settings, soon());
  line.farewell(as_bytes(std::span("x", 1)));
  server.finish();
  return failure;
}

net::tls_settings with_client(const std::string& name) {
  net::tls_settings settings = trusting_settings();
  settings.certificate = certificate_file(name + ".crt");
  settings.key = certificate_file(name + ".key");
  return settings;
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("What was agreed is told", "[net][tls]") {
  tls_peer server(tls_peer_options{});
  net::transport line = server.client();
  CHECK(line.tls() == nullptr);
  REQUIRE(line.start_tls(trusting_settings(), soon()) == std::nullopt);
  REQUIRE(line.tls() != nullptr);
  const net::tls_facts& facts = *line.tls();
  CHECK(facts.version == "TLSv1.3");
  CHECK(facts.cipher == "TLS_AES_256_GCM_SHA384");
  CHECK(facts.bits == 256);
  CHECK(facts.alpn == "postgresql");
  CHECK(facts.verified);
  CHECK_FALSE(facts.client_certificate_sent);
  CHECK(facts.subject == "CN=good server");
  CHECK(facts.issuer == "CN=Test Root");
  CHECK(facts.serial.size() == 4);
  CHECK(facts.not_before.ends_with(" UTC"));
  CHECK(facts.not_after > facts.not_before);
  CHECK(facts.certificate.size() > 300);
  CHECK(facts.warning.empty());
  net::transport moved = std::move(line);
  CHECK(moved.tls() == &facts);
}

TEST_CASE("The server sees the name that is asked for, but never an address", "[net][tls]") {
  const auto seen = [](const std::string& host, bool sni) {
    net::tls_settings settings;
    settings.host = host;
    settings.sni = sni;
    tls_peer server(tls_peer_options{});
    net::transport line = server.client();
    REQUIRE(line.start_tls(settings, soon()) == std::nullopt);
    server.finish();
    CHECK(server.offered() == "\x0apostgresql");
    return server.asked_name();
  };
  CHECK(seen("localhost", true) == "localhost");
  CHECK(seen("localhost", false).empty());
  CHECK(seen("127.0.0.1", true).empty());
  CHECK(seen("::1", true).empty());
  CHECK(seen("", true).empty());
}

TEST_CASE("Direct TLS needs the server to choose PostgreSQL's protocol", "[net][tls]") {
  net::tls_settings settings = trusting_settings();
  CHECK(meet({.alpn = ""}, settings) == std::nullopt);
  settings.direct = true;
  CHECK(meet({}, settings) == std::nullopt);
  check(meet({.alpn = ""}, settings), {tls_fault::handshake, "did not choose a protocol"});
  check(meet({.alpn = "http/1.1"}, settings), {tls_fault::handshake, "ALPN"});
  settings.direct = false;
  check(meet({.alpn = "http/1.1"}, settings), {tls_fault::handshake, "ALPN"});
}

TEST_CASE("A server outside of the allowed versions is refused, and they are named", "[net][tls]") {
  const tls_peer_options old{.max_version = TLS1_1_VERSION};
  const tls_peer_options middle{.max_version = TLS1_2_VERSION};
  const tls_peer_options newest{.min_version = TLS1_3_VERSION};
  net::tls_settings settings = trusting_settings();
  check(meet(old, settings), {tls_fault::handshake, "TLSv1.2 or newer"});
  CHECK(meet(middle, settings) == std::nullopt);
  settings.min_version = "TLSv1.3";
  check(meet(middle, settings), {tls_fault::handshake, "TLSv1.3 or newer"});
  settings.min_version = "tlsV1.3";
  check(meet(middle, settings), {tls_fault::handshake, "tlsV1.3 or newer"});
  CHECK(meet(newest, settings) == std::nullopt);
  settings.min_version = "";
  settings.max_version = "TLSv1.2";
  check(meet(newest, settings), {tls_fault::handshake, "which is TLSv1.2;"});
  settings.min_version = "TLSv1.1";
  check(meet(newest, settings), {tls_fault::handshake, "TLSv1.1 to TLSv1.2"});
  settings.min_version = "TLSv1.3";
  check(meet({}, settings), {tls_fault::settings, "is above ssl_max_protocol_version"});
  settings.min_version = "SSLv3";
  check(meet({}, settings), {tls_fault::settings, "ssl_min_protocol_version=SSLv3 is none of"});
  settings = trusting_settings();
  settings.max_version = "tls1";
  check(meet({}, settings), {tls_fault::settings, "ssl_max_protocol_version=tls1 is none of"});
}

TEST_CASE("A client certificate is sent when the server asks and the mode allows", "[net][tls]") {
  const auto subject = [](const net::tls_settings& settings, int version) {
    tls_peer server({.client_roots = "root.crt", .max_version = version});
    net::transport line = server.client();
    REQUIRE(line.start_tls(settings, soon()) == std::nullopt);
    server.finish();
    CHECK(line.tls()->client_certificate_sent == !server.client_subject().empty());
    return server.client_subject();
  };
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CHECK(subject(with_client("alice"), version) == "/CN=alice");
    CHECK(subject(trusting_settings(), version).empty());
    net::tls_settings settings = with_client("alice");
    settings.mode = net::client_certificate::disable;
    CHECK(subject(settings, version).empty());
    settings.mode = net::client_certificate::require;
    CHECK(subject(settings, version) == "/CN=alice");
    settings = with_client("alice");
    settings.certificate = certificate_file("absent.crt");
    CHECK(subject(settings, version).empty());
  }
  net::tls_settings settings = with_client("alice");
  settings.mode = net::client_certificate::require;
  check(meet({}, settings), {tls_fault::handshake, "did not ask for a client certificate"});
  settings.certificate = certificate_file("absent.crt");
  check(meet({}, settings), {tls_fault::settings, "sslcertmode=require needs"});
}

TEST_CASE("A server that refuses the client's certificate is understood", "[net][tls]") {
  const tls_peer_options asking{.client_roots = "root.crt", .max_version = TLS1_2_VERSION};
  check(meet(asking, with_client("mallory")), {tls_fault::handshake, "our client certificate"});
  // In TLS 1.3 the client is done before the server has looked: the first exchange tells.
  tls_peer server({.client_roots = "root.crt"});
  net::transport line = server.client();
  REQUIRE(line.start_tls(with_client("mallory"), soon()) == std::nullopt);
  std::byte in[16];
  const net::exchanged done = line.exchange({}, in, soon());
  CHECK(done.ended == net::outcome::failed);
  CAPTURE(done.error.message());
  CHECK(done.error.message().find("our client certificate") != std::string::npos);
}

TEST_CASE("A key that cannot be used is refused with what to do", "[net][tls]") {
  net::tls_settings settings = with_client("alice");
  const std::string copy = certificate_file("copy.key");
  std::filesystem::copy_file(settings.key, copy, std::filesystem::copy_options::overwrite_existing);
  settings.key = copy;
  for (const mode_t mode : {0644U, 0604U, 0620U, 0660U}) {
    CAPTURE(mode);
    REQUIRE(::chmod(copy.c_str(), mode) == 0);
    check(meet({}, settings), {tls_fault::settings, "chmod 600"});
  }
  REQUIRE(::chmod(copy.c_str(), 0640) == 0);
  const auto shared = meet({}, settings);
  CHECK(shared.has_value() == (::geteuid() != 0));  // root's key may be readable by a group
  std::filesystem::remove(copy);
  check(meet({}, settings), {tls_fault::settings, "copy.key\" (sslkey) of our certificate"});
  settings.key = certificates();
  check(meet({}, settings), {tls_fault::settings, "not a regular file"});
  settings.key = certificate_file("bob.key");
  check(meet({}, settings), {tls_fault::settings, "is not that of the certificate"});
  settings.key = "pkcs11:id=1";
  check(meet({}, settings), {tls_fault::settings, "sslkey=pkcs11:id=1 names a key in an OpenSSL"});
  settings = with_client("alice");
  settings.certificate = certificate_file("alice.key");
  check(meet({}, settings), {tls_fault::settings, "alice.key\" (sslcert) cannot be read"});
}

TEST_CASE("An encrypted key asks once for its passphrase, and nothing remembers it", "[net][tls]") {
  for (const char* const name : {"bob_pkcs8.key", "bob_traditional.key"}) {
    CAPTURE(name);
    net::tls_settings settings = with_client("bob");
    settings.key = certificate_file(name);
    int asked = 0;
    const auto answer = [&](const char* text) {
      return [&asked, text, &settings](const std::string& file) {
        ++asked;
        CHECK(file == settings.key);
        return std::optional(auth::to_secret(text));
      };
    };
    check(meet({}, settings), {tls_fault::settings, "there is no passphrase"});
    settings.passphrase = answer("correct horse");
    CHECK(meet({.client_roots = "root.crt"}, settings) == std::nullopt);
    CHECK(asked == 1);
    settings.passphrase = answer("wrong donkey");
    const auto failure = meet({}, settings);
    check(failure, {tls_fault::settings, "the passphrase (sslpassword) is wrong"});
    CHECK(failure->message.find("donkey") == std::string::npos);
    CHECK(asked == 2);
    settings.passphrase = answer("");
    check(meet({}, settings), {tls_fault::settings, "there is no passphrase"});
    settings.passphrase = [](const std::string&) -> std::optional<auth::secret_text> {
      throw std::runtime_error("the vault is shut");
    };
    CHECK_THROWS_WITH(meet({}, settings), "the vault is shut");
  }
}

TEST_CASE("A silent server ends in a timeout, and one that is no TLS server is told apart",
          "[net][tls]") {
  const auto bare = [](const tls_peer::bare_script& play, net::deadline until,
                       bool direct = false) {
    tls_peer server(play);
    net::transport line = server.client();
    net::tls_settings settings;
    settings.direct = direct;
    return line.start_tls(settings, until);
  };
  const auto read_on = [](int line) {
    char unread[4096];
    while (::recv(line, unread, sizeof unread, 0) > 0) {
    }
  };
  const auto answer = [](int line, std::string_view text) {
    char unread[4096];
    static_cast<void>(::recv(line, unread, sizeof unread, 0));
    static_cast<void>(::send(line, text.data(), text.size(), MSG_NOSIGNAL));
  };
  check(bare(read_on, net::deadline::after(std::chrono::milliseconds(50))),
        {tls_fault::timed_out, "not done within 50 ms"});
  check(bare([&](int line) { answer(line, "HTTP/1.1 400 Bad Request\r\n"); }, soon()),
        {tls_fault::handshake, "is not TLS"});
  const auto closed = [&](int line) { answer(line, ""); };
  check(bare(closed, soon()), {tls_fault::network, "server closed the connection during"});
  check(bare(closed, {}), {tls_fault::network, "server closed the connection during"});
  check(bare(closed, soon(), true), {tls_fault::network, "PostgreSQL 17 or later"});
}

TEST_CASE("A handshake that ends after any number of the server's bytes fails cleanly",
          "[net][tls]") {
  // Each prefix of what a server sends is all that comes.
  for (std::size_t size = 0; size < 700; size += 7) {
    tls_peer server(tls_peer_options{});
    tls_peer cut([&](int line) {
      char hello[4096];
      const ssize_t hello_size = ::recv(line, hello, sizeof hello, 0);
      const int to_server = server.bare_client();
      static_cast<void>(
          ::send(to_server, hello, static_cast<std::size_t>(hello_size), MSG_NOSIGNAL));
      std::string flight(size, '\0');
      const ssize_t got = size == 0 ? 0 : ::recv(to_server, flight.data(), size, MSG_WAITALL);
      static_cast<void>(::send(line, flight.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL));
      ::close(to_server);
    });
    net::transport line = cut.client();
    const auto failure = line.start_tls(trusting_settings(), soon());
    REQUIRE(failure.has_value());
    CAPTURE(size, failure->message);
    CHECK(failure->what == tls_fault::network);
  }
}

TEST_CASE("Equal settings share one context, and a changed file makes another", "[net][tls]") {
  const std::string roots = certificate_file("changing.crt");
  const auto copy = [&roots](const char* from) {
    std::filesystem::copy_file(certificate_file(from), roots,
                               std::filesystem::copy_options::overwrite_existing);
  };
  copy("root.crt");
  net::tls_settings settings = trusting_settings();
  settings.root_certificate = roots;
  net::tls_failure failure;
  const auto first = net::find_tls_context(settings, failure);
  settings.host = "elsewhere";
  settings.passphrase = [](const std::string&) { return auth::to_secret("x"); };
  CHECK(net::find_tls_context(settings, failure) == first);
  settings.max_version = "TLSv1.2";
  CHECK(net::find_tls_context(settings, failure) != first);
  settings = trusting_settings();
  settings.root_certificate = roots;
  CHECK(meet({}, settings) == std::nullopt);
  copy("other_root.crt");
  CHECK(net::find_tls_context(settings, failure) != first);
  check(meet({}, settings), {tls_fault::certificate, "is unknown"});
  CHECK(meet({"untrusted"}, settings) == std::nullopt);
  // More than are kept: the first is made anew, and works.
  for (int i = 0; i < 20; ++i) {
    settings.root_certificate = certificate_file("many" + std::to_string(i) + ".crt");
    std::filesystem::copy_file(certificate_file("root.crt"), settings.root_certificate);
    REQUIRE(net::find_tls_context(settings, failure) != nullptr);
  }
  settings.root_certificate = roots;
  CHECK(meet({"untrusted"}, settings) == std::nullopt);
}

TEST_CASE("The key log gets the secrets, for its owner alone; without it one goes on",
          "[net][tls]") {
  net::tls_settings settings = trusting_settings();
  settings.key_log = certificate_file("keys.log");
  const auto warning = [&settings] {
    tls_peer server(tls_peer_options{});
    net::transport line = server.client();
    REQUIRE(line.start_tls(settings, soon()) == std::nullopt);
    return line.tls()->warning;
  };
  CHECK(warning().empty());
  const std::string once = contents(settings.key_log);
  CHECK(once.find("CLIENT_TRAFFIC_SECRET_0 ") != std::string::npos);
  CHECK(once.ends_with('\n'));
  struct stat state{};
  REQUIRE(::stat(settings.key_log.c_str(), &state) == 0);
  CHECK((state.st_mode & 0777) == 0600);
  CHECK(warning().empty());
  CHECK(contents(settings.key_log).starts_with(once));
  CHECK(contents(settings.key_log).size() > once.size());
  settings.key_log = certificate_file("absent/keys.log");
  CHECK(warning().find("(sslkeylogfile) cannot be written") != std::string::npos);
}

}  // namespace tusk::test
