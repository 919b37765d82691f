// Which methods a connection string allows, what stands in for a password, and how one is changed.

#include <memory>
#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

std::string right_password() {
  return variable("TUSK_TEST_PASSWORD");
}

// A role for one test, with what its verifier or password is to be.
class role {
 public:
  role(std::string name, const std::string& stored) : name_(std::move(name)) {
    auto db = connect();
    db.script("drop role if exists " + name_ + "; create role " + name_ + " login password '" +
              stored + "'");
    // Whoever is a member of u_scram is asked for SCRAM.
    db.execute("grant u_scram to " + name_);
  }
  ~role() {
    try {
      connect().execute("drop role " + name_);
    } catch (const std::exception& failed) {
      WARN("a role stays: " << failed.what());
    }
  }
  role(const role&) = delete;
  role& operator=(const role&) = delete;

 private:
  std::string name_;
};

struct requirement {
  const char* user;
  const char* require_auth;
  bool connects;
};

// What libpq does with each, as measured with version 18.
constexpr requirement requirements[] = {
    {"u_trust", "none", true},
    {"u_trust", "password", false},
    {"u_trust", "md5", false},
    {"u_trust", "scram-sha-256", false},
    {"u_trust", "!none", false},
    {"u_trust", "!scram-sha-256", true},
    {"u_trust", "!password,!md5", true},
    {"u_trust", "none,scram-sha-256", true},
    {"u_pass", "none", false},
    {"u_pass", "password", true},
    {"u_pass", "md5", false},
    {"u_pass", "scram-sha-256", false},
    {"u_pass", "!none", true},
    {"u_pass", "!password", false},
    {"u_pass", "password,md5", true},
    {"u_pass", "scram-sha-256,md5", false},
    {"u_md5", "none", false},
    {"u_md5", "password", false},
    {"u_md5", "md5", true},
    {"u_md5", "scram-sha-256", false},
    {"u_md5", "!md5", false},
    {"u_md5", "!md5,!password", false},
    {"u_md5", "password,md5", true},
    {"u_scram", "none", false},
    {"u_scram", "password", false},
    {"u_scram", "md5", false},
    {"u_scram", "password,md5", false},
    {"u_scram", "scram-sha-256", true},
    {"u_scram", "!scram-sha-256", false},
    {"u_scram", "!password,!md5", true},
    {"u_scram", "gss,sspi,oauth,scram-sha-256", true},
};

}  // namespace

TEST_CASE("require_auth allows what it names, and no password is asked for otherwise") {
  for (const char* sslmode : {"disable", "require"}) {
    for (const auto& [user, require_auth, connects] : requirements) {
      const attempt made = try_to_connect(
          login(user) + " sslmode=" + sslmode + " require_auth=" + require_auth, right_password());
      CAPTURE(user, require_auth, sslmode, made.message);
      CHECK(made.connected == connects);
      if (!connects) {
        CHECK(made.says("require_auth"));
        CHECK(made.asked == 0);
      }
    }
  }
}

TEST_CASE("a certificate alone is no authentication that require_auth counts") {
  const std::string alice = trusting_login("alice") + with_certificate("alice");
  CHECK(try_to_connect(alice + " sslmode=require require_auth=none").connected);
  CHECK_FALSE(try_to_connect(alice + " sslmode=require require_auth=!none").connected);
  CHECK_FALSE(try_to_connect(alice + " sslmode=require require_auth=scram-sha-256").connected);
}

TEST_CASE("channel_binding=require says what stands in its way") {
  const std::string required = " channel_binding=require";
  const attempt plain =
      try_to_connect(login("u_scram") + required + " sslmode=disable", right_password());
  CHECK_FALSE(plain.connected);
  CHECK(plain.says("channel_binding"));
  CHECK(plain.asked == 0);
  for (const char* user : {"u_trust", "u_pass", "u_md5"}) {
    const attempt made =
        try_to_connect(login(user) + required + " sslmode=require", right_password());
    CAPTURE(user, made.message);
    CHECK_FALSE(made.connected);
    CHECK(made.says("channel_binding"));
    CHECK(made.asked == 0);
  }
}

TEST_CASE("a password comes from the callback, else from the connection string") {
  const std::string given = login("u_scram") + " password=" + right_password();
  // A callback that knows none leaves it to the connection string.
  const attempt from_string = try_to_connect(given);
  CHECK(from_string.connected);
  CHECK(from_string.asked >= 1);
  const attempt from_callback = try_to_connect(login("u_scram") + " password=x", right_password());
  CHECK(from_callback.connected);
  // It hears which server asks.
  tusk::session_options options;
  tusk::credential_request heard;
  options.password_provider = [&heard](const tusk::credential_request& asked) {
    heard = asked;
    return std::optional<tusk::secret>(right_password());
  };
  tusk::session db(login("u_scram") + " sslmode=require", options);
  CHECK(heard.server.host == "localhost");
  CHECK(heard.server.hostaddr == "127.0.0.1");
  CHECK(std::to_string(heard.server.port) == variable("TUSK_TEST_PORT"));
  CHECK(heard.user == "u_scram");
  CHECK(heard.dbname == "postgres");
  CHECK(heard.encrypted);
  // And what it throws comes out as it is.
  options.password_provider = [](const tusk::credential_request&) -> std::optional<tusk::secret> {
    throw 42;
  };
  CHECK_THROWS_AS(tusk::session(login("u_scram"), options), int);
}

TEST_CASE("SCRAM keys stand in for the password") {
  // Of the password "a kept password", the salt "0123456789abcdef" and 4,096 iterations.
  const role keeper(
      "u_member",
      "SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$xBq1/hEP2jD8/7QtOnXCYGrCOLoqZ6WVEnCa"
      "dRItHtA=:uKvgbmVQHwCDMpTg8wYvLQVTbRVGREpQrVB50pEoo5w=");
  const std::string client_key = " scram_client_key=dPSD3l/HLQoye/Xu0D9Fnfz7xEH0rOSs1d9s6BFgCjo=";
  const std::string server_key = " scram_server_key=uKvgbmVQHwCDMpTg8wYvLQVTbRVGREpQrVB50pEoo5w=";
  for (const char* sslmode : {" sslmode=disable", " sslmode=require"}) {
    const std::string to = login("u_member") + sslmode;
    const attempt made = try_to_connect(to + client_key + server_key);
    CAPTURE(made.message);
    CHECK(made.connected);
    CHECK(made.asked == 0);
    CHECK(try_to_connect(to, "a kept password").connected);
    // A server that cannot prove that it knows us is refused: the wrong server key.
    const attempt wrong =
        try_to_connect(to + client_key + " scram_server_key=" + std::string(43, 'A') + "=");
    CHECK_FALSE(wrong.connected);
    CHECK_FALSE(wrong.says("dPSD3l"));
  }
}

TEST_CASE("kept SCRAM keys serve the next login with the same password and no other") {
  tusk::session_options options;
  options.scram_keys = std::make_shared<tusk::scram_key_cache>(4);
  const std::string to = login("u_scram") + " sslmode=require";
  CHECK(try_to_connect(to, right_password(), options).connected);
  CHECK(options.scram_keys->size() == 1);
  CHECK(try_to_connect(to, right_password(), options).connected);
  CHECK(options.scram_keys->size() == 1);
  CHECK_FALSE(try_to_connect(to, "not-the-one", options).connected);
  CHECK(try_to_connect(to, right_password(), options).connected);
  options.scram_keys->clear();
  CHECK(options.scram_keys->size() == 0);
  CHECK(try_to_connect(to, right_password(), options).connected);
}

TEST_CASE("a changed password is the one to log in with, and the server never sees it") {
  const role changing("u_member", "the old one");
  connect().script("alter role u_member set log_statement = 'all'");
  const std::string fresh = "a'fresh\"\\ p\xc3\xa4ssword";
  {
    tusk::session_options options;
    options.password_provider = [](const auto&) { return tusk::secret("the old one"); };
    tusk::session db(login("u_member"), options);
    db.change_password(fresh);
    CHECK(db.scalar<int>("select 1") == 1);
  }
  CHECK(try_to_connect(login("u_member"), fresh).connected);
  CHECK_FALSE(try_to_connect(login("u_member"), "the old one").connected);
  auto superuser = connect();
  CHECK(
      superuser.scalar<std::string>("select rolpassword from pg_authid where rolname = 'u_member'")
          .starts_with("SCRAM-SHA-256$"));
  const std::string log = content_of(variable("TUSK_TEST_SERVER_LOG"));
  CHECK(log.find("SCRAM-SHA-256$") != std::string::npos);
  CHECK(log.find("a'fresh") == std::string::npos);
  CHECK(log.find("a''fresh") == std::string::npos);
  // Somebody else's, by a superuser.
  superuser.change_password("another one", "u_member");
  CHECK(try_to_connect(login("u_member"), "another one").connected);
}
