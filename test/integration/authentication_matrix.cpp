// Each way to authenticate, with right and wrong credentials, under each sslmode, on a real server.
// One line a cell goes to standard output, so that the whole can be read.

#include <cstdio>
#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

constexpr const char* sslmodes[] = {"disable", "allow",     "prefer",
                                    "require", "verify-ca", "verify-full"};

enum class password { right, wrong, none };
enum class certificate { none, alice, bob };

constexpr const char* name_of(password kind) {
  switch (kind) {
    case password::right: return "right password";
    case password::wrong: return "wrong password";
    case password::none: return "no password";
  }
  return "";
}

constexpr const char* name_of(certificate kind) {
  switch (kind) {
    case certificate::none: return "no certificate";
    case certificate::alice: return "alice's certificate";
    case certificate::bob: return "bob's certificate";
  }
  return "";
}

/// What is to come of a row under the six values of sslmode, in their order: `-` refused, `p` in
/// plain text, `T` with TLS, `+` with TLS and SCRAM bound to it.
struct row {
  const char* method;  ///< as pg_hba.conf has it, or what else is asked for
  const char* user;
  password with;
  certificate and_with;
  const char* more;  ///< of the connection string
  const char* expected;
  tusk::authentication_method used;
  int since = 0;  ///< the first major version of the server that has it
};

using used = tusk::authentication_method;
constexpr certificate nobody = certificate::none;

constexpr row rows[] = {
    {"trust", "u_trust", password::none, nobody, "", "ppTTTT", used::none},
    {"trust", "u_trust", password::wrong, nobody, "", "ppTTTT", used::none},
    {"password", "u_pass", password::right, nobody, "", "ppTTTT", used::password},
    {"password", "u_pass", password::wrong, nobody, "", "------", used::password},
    {"password", "u_pass", password::none, nobody, "", "------", used::password},
    {"md5", "u_md5", password::right, nobody, "", "ppTTTT", used::md5},
    {"md5", "u_md5", password::wrong, nobody, "", "------", used::md5},
    {"md5", "u_md5", password::none, nobody, "", "------", used::md5},
    {"scram", "u_scram", password::right, nobody, "", "pp++++", used::scram_sha_256},
    {"scram", "u_scram", password::wrong, nobody, "", "------", used::scram_sha_256},
    {"scram", "u_scram", password::none, nobody, "", "------", used::scram_sha_256},
    {"scram", "u_scram", password::right, nobody, "channel_binding=disable", "ppTTTT",
     used::scram_sha_256},
    // sslmode=allow begins in plain text; that we refuse it there ourselves is final.
    {"scram-plus", "u_scram", password::right, nobody, "channel_binding=require", "--++++",
     used::scram_sha_256},
    {"scram-plus", "u_scram", password::wrong, nobody, "channel_binding=require", "------",
     used::scram_sha_256},
    {"trust", "u_trust", password::none, nobody, "channel_binding=require", "------", used::none},
    {"password", "u_pass", password::right, nobody, "channel_binding=require", "------",
     used::password},
    {"md5", "u_md5", password::right, nobody, "channel_binding=require", "------", used::md5},
    {"cert", "alice", password::none, certificate::alice, "", "-TTTTT", used::none},
    {"cert", "alice", password::none, certificate::bob, "", "------", used::none},
    {"cert", "alice", password::right, nobody, "", "------", used::none},
    {"cert", "bob", password::none, certificate::bob, "", "-TTTTT", used::none},
    {"scram and a certificate", "u_cert_scram", password::right, certificate::alice, "", "-+++++",
     used::scram_sha_256, 12},
    {"scram and a certificate", "u_cert_scram", password::wrong, certificate::alice, "", "------",
     used::scram_sha_256, 12},
    {"scram and a certificate", "u_cert_scram", password::right, nobody, "", "------",
     used::scram_sha_256, 12},
    {"scram, TLS only", "u_ssl", password::right, nobody, "", "-+++++", used::scram_sha_256},
    {"scram, TLS only", "u_ssl", password::wrong, nobody, "", "------", used::scram_sha_256},
    {"scram, plain only", "u_nossl", password::right, nobody, "", "ppp---", used::scram_sha_256},
    {"scram, plain only", "u_nossl", password::wrong, nobody, "", "------", used::scram_sha_256},
    {"reject", "u_reject", password::right, nobody, "", "------", used::none},
};

std::string dsn_of(const row& one, const char* sslmode) {
  std::string dsn = trusting_login(one.user) + " sslmode=" + sslmode + " " + one.more;
  if (one.and_with != certificate::none) {
    const std::string name = one.and_with == certificate::alice ? "alice" : "bob";
    dsn += with_certificate(name);
  }
  return dsn;
}

std::optional<std::string> password_of(const row& one) {
  if (one.with == password::none) return std::nullopt;
  return one.with == password::right ? variable("TUSK_TEST_PASSWORD") : "not-the-one";
}

std::string expected_of(const row& one, char cell) {
  if (cell == '-') return "refused";
  const used method = cell == '+' ? used::scram_sha_256_plus : one.used;
  return (cell == 'p' ? "plain " : "TLS ") + std::string(tusk::name_of(method));
}

void show(const row& one, const char* sslmode, const attempt& made, bool as_expected) {
  const std::string with = std::string(name_of(one.with)) + ", " + name_of(one.and_with) +
                           (*one.more != '\0' ? std::string(", ") + one.more : std::string());
  std::printf("matrix PostgreSQL %s | %-23s | %-62s | %-11s | %s%s\n",
              variable("TUSK_TEST_SERVER_VERSION").c_str(), one.method, with.c_str(), sslmode,
              made.outcome().c_str(), as_expected ? "" : "   <-- NOT AS EXPECTED");
}

}  // namespace

TEST_CASE("each method under each sslmode does what libpq does") {
  const int version = std::stoi(variable("TUSK_TEST_SERVER_VERSION"));
  for (const row& one : rows) {
    if (version < one.since) continue;
    for (std::size_t i = 0; i < std::size(sslmodes); ++i) {
      const attempt made = try_to_connect(dsn_of(one, sslmodes[i]), password_of(one));
      const std::string expected = expected_of(one, one.expected[i]);
      INFO(one.method << ", " << name_of(one.with) << ", " << name_of(one.and_with) << " "
                      << one.more << ", sslmode=" << sslmodes[i] << ": " << made.message);
      CHECK(made.outcome() == expected);
      // A refusal names the server and never the password.
      if (!made.connected) CHECK(made.says("cannot connect to localhost"));
      CHECK_FALSE(made.says("not-the-one"));
      CHECK_FALSE(made.says(variable("TUSK_TEST_PASSWORD")));
      show(one, sslmodes[i], made, made.outcome() == expected);
    }
  }
}
