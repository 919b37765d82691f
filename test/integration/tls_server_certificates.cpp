// What each certificate of a server's leads to under each sslmode. Where it is refused, no password
// has been asked for, so none can have been sent.

#include <cstdio>
#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

constexpr const char* sslmodes[] = {"prefer", "require", "verify-ca", "verify-full"};

/// `+` TLS and SCRAM bound to it, `T` TLS and SCRAM, `p` plain text, `-` refused: under prefer,
/// require, verify-ca and verify-full.
struct row {
  const char* certificate;
  const char* root;  ///< file of the trusted authorities; empty: no such file anywhere
  const char* more;  ///< a file of revoked certificates, or something else
  const char* expected;
  const char* reason;  ///< a part of each refusal's message
};

constexpr const char* untrusted = "";

// sslmode=prefer goes on in plain text where TLS comes to nothing, as libpq does.
constexpr row rows[] = {
    {"good", "root.crt", "", "++++", ""},
    {"good", untrusted, "", "++--", "sslrootcert"},
    {"good", "other_root.crt", "", "p---", "other_root.crt"},
    {"chain", "root.crt", "", "++++", ""},
    {"cn_only", "root.crt", "", "++++", ""},
    {"wrong_host", "root.crt", "", "+++-", "elsewhere.test"},
    {"wrong_host", untrusted, "", "++--", "sslrootcert"},
    {"expired", "root.crt", "", "p---", "expired"},
    {"expired", untrusted, "", "++--", "sslrootcert"},
    {"future", "root.crt", "", "p---", "not valid before"},
    {"revoked", "root.crt", "", "++++", ""},
    {"revoked", "root.crt", "sslcrl=root.crl", "p---", "revoked"},
    {"revoked", "root.crt", "sslcrldir=crl", "p---", "revoked"},
    {"good", "root.crt", "sslcrl=root.crl", "++++", ""},
    {"good", "root.crt", "sslcrldir=crl", "++++", ""},
    {"self_signed", "root.crt", "", "p---", "self-signed"},
    {"self_signed", "self_signed.crt", "", "++++", ""},
    {"untrusted", "root.crt", "", "p---", "root.crt"},
    {"nul", "root.crt", "", "+++-", "zero byte"},
    {"sha384", "root.crt", "", "++++", ""},
    {"sha512", "root.crt", "", "++++", ""},
    {"rsa_sha512", "every_root.crt", "", "++++", ""},
    // Two more for which libpq cannot make SCRAM's channel binding; see doc/.
    {"rsa_pss", "every_root.crt", "", "++++", ""},
    {"ed25519", "every_root.crt", "", "TTTT", ""},
    {"ed25519", "root.crt", "", "p---", "self-signed"},
    {"ed25519", "every_root.crt", "channel_binding=require", "----", "channel_binding=require"},
};

std::string dsn_of(const row& one, const char* sslmode) {
  std::string dsn = login("u_scram") + " sslmode=" + sslmode;
  if (*one.root != '\0') dsn += " sslrootcert=" + certificate_file(one.root);
  const std::string more = one.more;
  if (more.starts_with("sslcrl")) {
    const auto end = more.find('=') + 1;
    dsn += " " + more.substr(0, end) + certificate_file(more.substr(end));
  } else {
    dsn += " " + more;
  }
  return dsn;
}

std::string expected_of(char cell) {
  if (cell == '-') return "refused";
  if (cell == 'p') return "plain SCRAM-SHA-256";
  return cell == '+' ? "TLS SCRAM-SHA-256-PLUS" : "TLS SCRAM-SHA-256";
}

void check_cell(const row& one, const char* sslmode, char cell) {
  const attempt made = try_to_connect(dsn_of(one, sslmode), variable("TUSK_TEST_PASSWORD"));
  INFO(one.certificate << ", root " << one.root << " " << one.more << ", sslmode=" << sslmode
                       << ": " << made.message);
  CHECK(made.outcome() == expected_of(cell));
  if (cell == '-') {
    CHECK(made.says(one.reason));
    CHECK(made.asked == 0);
  } else {
    CHECK(made.asked == 1);
  }
  std::printf("certificate PostgreSQL %s | %-11s | %-15s | %-23s | %-11s | %s%s\n",
              variable("TUSK_TEST_SERVER_VERSION").c_str(), one.certificate,
              *one.root != '\0' ? one.root : "no root", one.more, sslmode, made.outcome().c_str(),
              made.outcome() == expected_of(cell) ? "" : "   <-- NOT AS EXPECTED");
}

}  // namespace

TEST_CASE("a wrong certificate is refused with its reason and before any password is asked for") {
  std::optional<server_certificate> shown;
  std::string current;
  for (const row& one : rows) {
    if (current != one.certificate) {
      shown.reset();
      shown.emplace(one.certificate);
      current = one.certificate;
    }
    for (std::size_t i = 0; i < std::size(sslmodes); ++i) {
      check_cell(one, sslmodes[i], one.expected[i]);
    }
  }
}

TEST_CASE("a certificate's name is compared with the host as it was written") {
  const std::string verified = trusting_login("u_trust") + " sslmode=verify-full ";
  struct named {
    const char* host;
    bool right;
  };
  // `good` is for localhost, *.wild.test, 127.0.0.1 and ::1.
  constexpr named hosts[] = {{"localhost", true},      {"LOCALHOST", true},
                             {"one.wild.test", true},  {"One.Wild.Test", true},
                             {"a.b.wild.test", false}, {"wild.test", false},
                             {"127.0.0.1", true},      {"::1", true},
                             {"127.0.0.2", false},     {"elsewhere.test", false}};
  for (const auto& [host, right] : hosts) {
    const attempt made = try_to_connect(verified + "host=" + host);
    CAPTURE(host, made.message);
    CHECK(made.connected == right);
    if (!right) CHECK(made.says("localhost"));
  }
  // An address without a host is compared itself: never is nothing compared.
  const std::string numeric =
      "hostaddr=127.0.0.1 user=u_trust dbname=postgres sslmode=verify-full sslrootcert=" +
      variable("TUSK_TEST_ROOT_CERT") + " port=" + variable("TUSK_TEST_PORT");
  CHECK(try_to_connect(numeric).connected);
  const server_certificate without_addresses("cn_only");
  CHECK_FALSE(try_to_connect(numeric).connected);
}

TEST_CASE("sslrootcert=system trusts the system's authorities only, and verifies the host") {
  const std::string system = login("u_trust") + " sslrootcert=system";
  const attempt refused = try_to_connect(system);
  CHECK_FALSE(refused.connected);
  CHECK(refused.says("certificate"));
  const attempt weak = try_to_connect(system + " sslmode=require");
  CHECK_FALSE(weak.connected);
  CHECK(weak.says("sslrootcert"));
  // OpenSSL's own variable says what the system trusts.
  const scoped_variable trusted("SSL_CERT_FILE", variable("TUSK_TEST_ROOT_CERT"));
  const attempt accepted = try_to_connect(system);
  CAPTURE(accepted.message);
  CHECK(accepted.outcome() == "TLS none");
  CHECK_FALSE(try_to_connect(system + " host=elsewhere.test").connected);
}
