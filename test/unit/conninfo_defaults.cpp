#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

using tusk::conninfo;
using tusk::environment;

namespace {

std::string refusal(const conninfo& c, const environment& from) {
  try {
    (void)c.with_defaults(from);
  } catch (const tusk::programming_error& e) {
    CHECK(e.kind() == tusk::error_kind::usage);
    return e.what();
  }
  return "accepted";
}

const environment plain{{}, "ada", "/run/pg"};

/// What nobody sets: libpq's built-in defaults.
conninfo builtin() {
  return {.port = "5432",
          .sslmode = "prefer",
          .gssencmode = "disable",
          .channel_binding = "prefer",
          .sslnegotiation = "postgres",
          .sslsni = "1",
          .ssl_min_protocol_version = "TLSv1.2",
          .target_session_attrs = "any",
          .load_balance_hosts = "disable"};
}

conninfo local_server() {
  conninfo c = builtin();
  c.host = "/run/pg";
  c.user = c.dbname = "ada";
  return c;
}

}  // namespace

TEST_CASE("without any variable libpq's defaults hold", "[conninfo]") {
  CHECK(conninfo{}.with_defaults(plain) == local_server());
  CHECK(conninfo{.user = "bob"}.with_defaults(plain).dbname == "bob");
}

TEST_CASE("an empty host, port, user or database takes the default, not the variable",
          "[conninfo]") {
  const environment from{
      {{"PGHOST", "h"}, {"PGPORT", "1"}, {"PGUSER", "u"}, {"PGDATABASE", "d"}}, "ada", "/run/pg"};
  const conninfo empty{.host = "", .port = "", .dbname = "", .user = ""};
  CHECK(empty.with_defaults(from) == local_server());
}

TEST_CASE("each variable fills its parameter, and what is set wins", "[conninfo]") {
  struct pair {
    std::string variable;
    std::string keyword;
    std::string value;
  };
  const std::vector<pair> all{{"PGHOST", "host", "h"},
                              {"PGHOSTADDR", "hostaddr", "127.0.0.1"},
                              {"PGPORT", "port", "1"},
                              {"PGDATABASE", "dbname", "d"},
                              {"PGUSER", "user", "u"},
                              {"PGPASSWORD", "password", "p"},
                              {"PGPASSFILE", "passfile", "f"},
                              {"PGAPPNAME", "application_name", "a"},
                              {"PGCONNECT_TIMEOUT", "connect_timeout", "3"},
                              {"PGOPTIONS", "options", "-c geqo=off"},
                              {"PGCLIENTENCODING", "client_encoding", "UTF8"},
                              {"PGSSLMODE", "sslmode", "require"},
                              {"PGSSLNEGOTIATION", "sslnegotiation", "direct"},
                              {"PGSSLCOMPRESSION", "sslcompression", "1"},
                              {"PGSSLCERT", "sslcert", "c"},
                              {"PGSSLKEY", "sslkey", "k"},
                              {"PGSSLCERTMODE", "sslcertmode", "require"},
                              {"PGSSLROOTCERT", "sslrootcert", "r"},
                              {"PGSSLCRL", "sslcrl", "l"},
                              {"PGSSLCRLDIR", "sslcrldir", "m"},
                              {"PGSSLSNI", "sslsni", "0"},
                              {"PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version", "TLSv1.3"},
                              {"PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version", "TLSv1.3"},
                              {"PGREQUIREPEER", "requirepeer", "postgres"},
                              {"PGREQUIREAUTH", "require_auth", "!md5"},
                              {"PGCHANNELBINDING", "channel_binding", "require"},
                              {"PGMINPROTOCOLVERSION", "min_protocol_version", "3.2"},
                              {"PGMAXPROTOCOLVERSION", "max_protocol_version", "latest"},
                              {"PGGSSENCMODE", "gssencmode", "prefer"},
                              {"PGKRBSRVNAME", "krbsrvname", "s"},
                              {"PGGSSLIB", "gsslib", "g"},
                              {"PGGSSDELEGATION", "gssdelegation", "1"},
                              {"PGTARGETSESSIONATTRS", "target_session_attrs", "standby"},
                              {"PGLOADBALANCEHOSTS", "load_balance_hosts", "random"}};
  environment::variable_list variables;
  for (const pair& each : all)
    variables.emplace_back(each.variable, each.value);
  const environment from{variables, "ada"};
  const auto items = conninfo{}.with_defaults(from).items(tusk::secrets::shown);
  CHECK(items.size() == all.size());
  for (const pair& each : all) {
    INFO(each.variable);
    CHECK(std::count(items.begin(), items.end(),
                     std::pair<std::string_view, std::string>(each.keyword, each.value)) == 1);
  }
  const conninfo full = conninfo{.host = "i", .password = ""}.with_defaults(from);
  CHECK(full.host == "i");
  CHECK(full.password == "");
}

TEST_CASE("a list of hosts names the local server where it names nothing", "[conninfo]") {
  CHECK(conninfo{.host = "a,,b"}.with_defaults(plain).host == "a,/run/pg,b");
  CHECK(conninfo{.host = ",b", .hostaddr = "::1,"}.with_defaults(plain).host == ",b");
  CHECK_FALSE(conninfo{.hostaddr = "::1"}.with_defaults(plain).host.has_value());
}

TEST_CASE("the password file is the one below home unless a password is set", "[conninfo]") {
  const environment from{{}, "ada", "/run/pg", "/home/ada"};
  CHECK(conninfo{}.with_defaults(from).passfile == "/home/ada/.pgpass");
  CHECK(conninfo{.passfile = ""}.with_defaults(from).passfile == "/home/ada/.pgpass");
  CHECK(conninfo{.passfile = "f"}.with_defaults(from).passfile == "f");
  CHECK_FALSE(conninfo{.password = "p"}.with_defaults(from).passfile.has_value());
  CHECK_FALSE(conninfo{}.with_defaults(plain).passfile.has_value());
}

TEST_CASE("the fallback name counts only when no other is set", "[conninfo]") {
  const conninfo fallback{.fallback_application_name = "tool"};
  CHECK(fallback.with_defaults(plain).application_name == "tool");
  const environment from{{{"PGAPPNAME", "mine"}}, "ada"};
  CHECK(fallback.with_defaults(from).application_name == "mine");
  CHECK(conninfo{.application_name = "", .fallback_application_name = "tool"}
            .with_defaults(plain)
            .application_name == "");
}

TEST_CASE("run-time parameters come from their variables unless default", "[conninfo]") {
  using pairs = std::vector<std::pair<std::string, std::string>>;
  const environment from{
      {{"PGDATESTYLE", "SQL, DMY"}, {"PGTZ", "Europe/Paris"}, {"PGGEQO", "Default"}}, "ada"};
  CHECK(conninfo{}.with_defaults(from).settings ==
        pairs{{"DateStyle", "SQL, DMY"}, {"TimeZone", "Europe/Paris"}});
  CHECK(conninfo{.settings = {{"TimeZone", "UTC"}}}.with_defaults(from).settings ==
        pairs{{"TimeZone", "UTC"}, {"DateStyle", "SQL, DMY"}});
}

TEST_CASE("the old PGREQUIRESSL counts when nothing else says which sslmode", "[conninfo]") {
  const environment old{{{"PGREQUIRESSL", "1"}}, "ada"};
  CHECK(conninfo{}.with_defaults(old).sslmode == "require");
  CHECK(conninfo{.sslmode = "allow"}.with_defaults(old).sslmode == "allow");
  CHECK(conninfo{.sslmode = "verify-full", .sslrootcert = "system"}.with_defaults(old).sslmode ==
        "verify-full");
  const environment both{{{"PGREQUIRESSL", "1"}, {"PGSSLMODE", "disable"}}, "ada"};
  CHECK(conninfo{}.with_defaults(both).sslmode == "disable");
  CHECK(conninfo{}.with_defaults(environment{{{"PGREQUIRESSL", "0"}}, "ada"}).sslmode == "prefer");
}

TEST_CASE("the system's certificates ask for the host's name, too", "[conninfo]") {
  CHECK(conninfo{.sslrootcert = "system"}.with_defaults(plain).sslmode == "verify-full");
  const environment weak{{{"PGSSLMODE", "require"}}, "ada"};
  CHECK(refusal({.sslrootcert = "system"}, weak) ==
        "connection parameter sslrootcert may be system only with sslmode=verify-full");
}

TEST_CASE("values are checked wherever they come from", "[conninfo]") {
  using namespace std::string_literals;
  CHECK(refusal({}, environment{{{"PGPORT", "http"}}, "ada"}) ==
        "environment variable PGPORT: port must be a whole number from 1 to 65535");
  CHECK(refusal({.port = "70000"}, plain) ==
        "connection parameter port must be a whole number from 1 to 65535");
  CHECK(refusal({.password = "a\0b"s}, plain) ==
        "connection parameter password must not contain a NUL byte");
  CHECK(refusal({}, environment{{{"PGCLIENTENCODING", "SJIS"}}, "ada"}) ==
        "environment variable PGCLIENTENCODING: client_encoding must be UTF8 or auto: tusk speaks "
        "no other encoding");
}

TEST_CASE("a process without a user's name needs one", "[conninfo]") {
  const environment nobody{{}};
  CHECK(refusal({}, nobody) ==
        "no user is named, and the operating system has no name for the user of this process: set "
        "user or PGUSER");
  CHECK(refusal({.user = "u"}, nobody) == "accepted");
}

TEST_CASE("rendering parses back, and hides the password unless asked", "[conninfo]") {
  const conninfo c{.host = "/tmp",
                   .port = "",
                   .user = "it's \\ me",
                   .password = "a b\t'\\\n",
                   .application_name = "=",
                   .options = "%20 -c x=y"};
  CHECK(conninfo::parse(c.to_string(tusk::secrets::shown)) == c);
  CHECK(c.to_string() ==
        R"(user='it\'s \\ me' password=******** host=/tmp port='' options='%20 -c x=y' )"
        R"(application_name==)");
  CHECK(conninfo{}.to_string().empty());
  const conninfo keys{.password = "1",
                      .sslpassword = "2",
                      .scram_client_key = "3",
                      .scram_server_key = "4",
                      .oauth_client_secret = "5"};
  CHECK(keys.to_string() ==
        "password=******** sslpassword=******** scram_client_key=******** "
        "scram_server_key=******** oauth_client_secret=********");
  // What would read as a URI is quoted by its keyword.
  const conninfo uri{.host = "postgresql://h"};
  CHECK(conninfo::parse(uri.to_string()) == uri);
}

TEST_CASE("this process's environment knows its user and a socket directory", "[conninfo]") {
  const environment from = environment::process();
  CHECK(from.socket_directory().starts_with('/'));
  CHECK_FALSE(from.variable("PATH").has_value());
  CHECK(from.home().value_or("/").starts_with('/'));
}
