// Which certificates of a server are refused, with the reason that a person reads.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <filesystem>

#include "support/catch.hpp"
#include "support/tls_peer.hpp"

namespace tusk::test {
namespace {

using net::certificate_check;
using net::tls_fault;

std::optional<net::tls_failure> meet(const std::string& certificate,
                                     const net::tls_settings& settings) {
  tls_peer server({certificate});
  net::transport line = server.client();
  return line.start_tls(settings, soon());
}

void check_refused(const std::string& certificate, const net::tls_settings& settings,
                   const std::vector<std::string>& parts) {
  CAPTURE(certificate);
  const auto failure = meet(certificate, settings);
  REQUIRE(failure.has_value());
  CAPTURE(failure->message);
  CHECK(failure->what == tls_fault::certificate);
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(failure->message.find(part) != std::string::npos);
  }
}

// The digest that binds a channel to NAME.crt, computed apart from the library.
std::string digest_of(const std::string& name, const EVP_MD* hash) {
  std::FILE* const file = std::fopen(certificate_file(name + ".crt").c_str(), "r");
  REQUIRE(file != nullptr);
  X509* const certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
  std::fclose(file);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int digest_size = 0;
  EVP_Digest(der, static_cast<std::size_t>(size), bytes, &digest_size, hash, nullptr);
  OPENSSL_free(der);
  X509_free(certificate);
  return {reinterpret_cast<const char*>(bytes), digest_size};
}

}  // namespace

TEST_CASE("A good certificate is accepted by each of its names", "[net][tls]") {
  for (const char* const host : {"localhost", "LOCALHOST", "a.wild.test", "127.0.0.1", "::1"}) {
    CAPTURE(host);
    CHECK(meet("good", trusting_settings(host)) == std::nullopt);
    CHECK(meet("chain", trusting_settings(host)) == std::nullopt);
  }
  CHECK(meet("cn_only", trusting_settings()) == std::nullopt);
}

TEST_CASE("Each bad certificate is refused with its own reason", "[net][tls]") {
  const net::tls_settings full = trusting_settings();
  check_refused("wrong_host", full,
                {"\"elsewhere.test\"", "192.0.2.1", "not for \"localhost\"", "sslmode=verify-ca"});
  check_refused("good", trusting_settings("wild.test"), {"*.wild.test", "not for \"wild.test\""});
  check_refused("cn_only", trusting_settings("127.0.0.1"), {"not for \"127.0.0.1\""});
  check_refused("expired", full, {"expired on 2020-02-01 00:00:00 UTC"});
  check_refused("future", full, {"not valid before 2045-01-01"});
  check_refused("self_signed", full, {"self-signed", "root.crt"});
  check_refused("untrusted", full, {"issuer \"CN=Other Root\" is unknown", "root.crt"});
  const auto forged = meet("nul", full);
  REQUIRE(forged.has_value());
  CHECK(forged->message.find("zero byte") != std::string::npos);
  CHECK(forged->message.find("verify-ca") == std::string::npos);
  net::tls_settings listed = full;
  listed.crl = certificate_file("root.crl");
  check_refused("revoked", listed, {"revoked", "root.crl"});
  listed.crl.clear();
  listed.crl_folder = certificate_file("crl");
  check_refused("revoked", listed, {"revoked", "/crl"});
}

TEST_CASE("verify-ca takes any name, and a chain needs the lists of all its authorities",
          "[net][tls]") {
  net::tls_settings settings = trusting_settings();
  settings.check = certificate_check::authority;
  CHECK(meet("wrong_host", settings) == std::nullopt);
  check_refused("self_signed", settings, {"self-signed"});
  settings.crl = certificate_file("root.crl");
  CHECK(meet("good", settings) == std::nullopt);
  check_refused("chain", settings, {"no revocation list", "CN=Test Intermediate"});
  settings.crl = certificate_file("chain.crl");
  CHECK(meet("chain", settings) == std::nullopt);
  settings.crl.clear();
  settings.crl_folder = certificate_file("crl");
  CHECK(meet("chain", settings) == std::nullopt);
}

TEST_CASE("Without a file of roots require takes any certificate, with one it checks",
          "[net][tls]") {
  net::tls_settings settings;
  settings.host = "localhost";
  CHECK(meet("self_signed", settings) == std::nullopt);
  CHECK(meet("expired", settings) == std::nullopt);
  settings.root_certificate = certificate_file("absent.crt");
  CHECK(meet("self_signed", settings) == std::nullopt);
  settings.root_certificate.clear();
  settings.default_folder = certificates();  // has a root.crt and, with revoked.crt, a root.crl
  CHECK(meet("good", settings) == std::nullopt);
  CHECK(meet("wrong_host", settings) == std::nullopt);
  check_refused("self_signed", settings, {"self-signed", "root.crt"});
  check_refused("revoked", settings, {"revoked", "root.crl"});
}

TEST_CASE("A file that is asked for must be there", "[net][tls]") {
  const auto refused = [](const net::tls_settings& settings, const std::string& part) {
    const auto failure = meet("good", settings);
    REQUIRE(failure.has_value());
    CAPTURE(failure->message, part);
    CHECK(failure->what == tls_fault::settings);
    CHECK(failure->message.find(part) != std::string::npos);
  };
  net::tls_settings settings = trusting_settings();
  settings.root_certificate = certificate_file("absent.crt");
  refused(settings, "sslmode=verify-full needs");
  refused(settings, "absent.crt\"");
  settings.check = certificate_check::authority;
  refused(settings, "sslmode=verify-ca needs");
  settings.root_certificate.clear();
  refused(settings, "no home folder");
  settings = trusting_settings();
  settings.root_certificate = certificate_file("good.key");
  refused(settings, "good.key\" cannot be read (PEM is expected)");
  settings = trusting_settings();
  settings.certificate = certificate_file("crl");
  refused(settings, "crl\" cannot be read: it is a folder, not a file");
  settings.certificate = certificate_file("good.key");
  refused(settings, "cannot be read (PEM is expected): no start line");
  settings = trusting_settings();
  settings.crl = certificate_file("absent.crl");
  refused(settings, "no revocation list \"");
  settings.crl = certificate_file("root.crt");
  refused(settings, "revocation list in \"");
  settings.crl.clear();
  settings.crl_folder = certificate_file("absent");
  refused(settings, "no folder \"");
}

TEST_CASE("sslrootcert=system trusts what OpenSSL's variables name", "[net][tls]") {
  net::tls_settings settings = trusting_settings();
  settings.root_certificate = "system";
  ::setenv("SSL_CERT_DIR", certificate_file("books").c_str(), 1);
  ::setenv("SSL_CERT_FILE", certificate_file("other_root.crt").c_str(), 1);
  check_refused("good", settings, {"unknown", "sslrootcert=system"});
  CHECK(meet("untrusted", settings) == std::nullopt);
  ::setenv("SSL_CERT_FILE", certificate_file("root.crt").c_str(), 1);
  CHECK(meet("good", settings) == std::nullopt);
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
}

TEST_CASE("A channel is bound by the hash of the certificate's signature", "[net][tls]") {
  struct row {
    std::string certificate;
    const EVP_MD* hash;
  };
  for (const row& one :
       {row{"good", EVP_sha256()}, row{"sha384", EVP_sha384()}, row{"sha512", EVP_sha512()},
        row{"rsa_sha512", EVP_sha512()}, row{"rsa_pss", EVP_sha384()}}) {
    CAPTURE(one.certificate);
    tls_peer server({one.certificate});
    net::transport line = server.client();
    CHECK_FALSE(line.binding().why_not.empty());
    REQUIRE(line.start_tls({}, soon()) == std::nullopt);
    CHECK(line.binding().data == digest_of(one.certificate, one.hash));
    CHECK(line.binding().why_not.empty());
  }
  tls_peer server({"ed25519"});
  net::transport line = server.client();
  REQUIRE(line.start_tls({}, soon()) == std::nullopt);
  CHECK(line.binding().data.empty());
  CHECK(line.binding().why_not.find("ED25519") != std::string::npos);
}

}  // namespace tusk::test
