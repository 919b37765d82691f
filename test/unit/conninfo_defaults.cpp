#include <array>
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

}  // namespace

TEST_CASE("without any variable libpq's defaults hold", "[conninfo]") {
  CHECK(conninfo{}.with_defaults(plain) ==
        conninfo{.host = "/run/pg", .port = "5432", .dbname = "ada", .user = "ada"});
  CHECK(conninfo{.user = "bob"}.with_defaults(plain).dbname == "bob");
}

TEST_CASE("an empty host, port, user or database takes the default, not the variable",
          "[conninfo]") {
  const environment from{
      {{"PGHOST", "h"}, {"PGPORT", "1"}, {"PGUSER", "u"}, {"PGDATABASE", "d"}}, "ada", "/run/pg"};
  const conninfo empty{.host = "", .port = "", .dbname = "", .user = ""};
  CHECK(empty.with_defaults(from) ==
        conninfo{.host = "/run/pg", .port = "5432", .dbname = "ada", .user = "ada"});
}

TEST_CASE("each variable fills its parameter, and what is set wins", "[conninfo]") {
  const environment from{{{"PGHOST", "h"},
                          {"PGPORT", "1"},
                          {"PGDATABASE", "d"},
                          {"PGUSER", "u"},
                          {"PGPASSWORD", "p"},
                          {"PGAPPNAME", "a"},
                          {"PGCONNECT_TIMEOUT", "3"},
                          {"PGOPTIONS", "-c geqo=off"},
                          {"PGCLIENTENCODING", "UTF8"},
                          {"PGSSLMODE", "disable"},
                          {"PGGSSENCMODE", "disable"}}};
  const conninfo all{.host = "h",
                     .port = "1",
                     .dbname = "d",
                     .user = "u",
                     .password = "p",
                     .application_name = "a",
                     .connect_timeout = "3",
                     .options = "-c geqo=off",
                     .client_encoding = "UTF8",
                     .sslmode = "disable",
                     .gssencmode = "disable"};
  CHECK(conninfo{}.with_defaults(from) == all);
  conninfo changed = all;
  changed.host = "i";
  changed.password = "";
  CHECK(conninfo{.host = "i", .password = ""}.with_defaults(from) == changed);
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

TEST_CASE("what libpq would honour and tusk cannot is refused by the variable's name",
          "[conninfo]") {
  for (const std::string name : {"PGSERVICE",
                                 "PGPASSFILE",
                                 "PGCHANNELBINDING",
                                 "PGHOSTADDR",
                                 "PGSSLNEGOTIATION",
                                 "PGSSLCOMPRESSION",
                                 "PGSSLCERT",
                                 "PGSSLKEY",
                                 "PGSSLCERTMODE",
                                 "PGSSLROOTCERT",
                                 "PGSSLCRL",
                                 "PGSSLCRLDIR",
                                 "PGSSLSNI",
                                 "PGREQUIREPEER",
                                 "PGREQUIREAUTH",
                                 "PGMINPROTOCOLVERSION",
                                 "PGMAXPROTOCOLVERSION",
                                 "PGSSLMINPROTOCOLVERSION",
                                 "PGSSLMAXPROTOCOLVERSION",
                                 "PGKRBSRVNAME",
                                 "PGGSSLIB",
                                 "PGGSSDELEGATION",
                                 "PGTARGETSESSIONATTRS",
                                 "PGLOADBALANCEHOSTS"}) {
    CHECK(refusal({}, environment{{{name, "x"}}, "ada"}) ==
          "environment variable " + name + " is set, but is not supported by this version of tusk");
    CHECK(refusal({}, environment{{{name, ""}}, "ada"}) == "accepted");
  }
  for (const std::string name :
       {"PGLOCALEDIR", "PGSYSCONFDIR", "PGSERVICEFILE", "PGDATA", "PGOAUTHDEBUG"})
    CHECK(refusal({}, environment{{{name, "x"}}, "ada"}) == "accepted");
}

TEST_CASE("a variable never weakens: encryption that was asked for is refused", "[conninfo]") {
  const environment require{{{"PGSSLMODE", "require"}}, "ada"};
  const std::string rest =
      "sslmode=require asks for an encrypted connection, and TLS is not supported by this version "
      "of tusk";
  CHECK(refusal({}, require) == "environment variable PGSSLMODE: " + rest);
  CHECK(refusal({.sslmode = "disable"}, require) == "accepted");
  CHECK(refusal({.sslmode = "require"}, plain) == "connection parameter " + rest);
  const environment old{{{"PGREQUIRESSL", "1"}}, "ada"};
  CHECK(refusal({}, old) == "environment variable PGREQUIRESSL: " + rest);
  CHECK(refusal({.sslmode = "prefer"}, old) == "accepted");
  CHECK(refusal({}, environment{{{"PGREQUIRESSL", "0"}}, "ada"}) == "accepted");
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

TEST_CASE("port and connect_timeout as numbers", "[conninfo]") {
  CHECK(conninfo{}.port_number() == 5432);
  CHECK(conninfo{.port = ""}.port_number() == 5432);
  CHECK(conninfo{.port = " +65535 "}.port_number() == 65535);
  CHECK_THROWS_AS(conninfo{.port = "+-1"}.port_number(), tusk::programming_error);
  CHECK(conninfo{}.connect_timeout_seconds() == 0);
  CHECK(conninfo{.connect_timeout = "-5"}.connect_timeout_seconds() == 0);
  CHECK(conninfo{.connect_timeout = "1"}.connect_timeout_seconds() == 1);
  CHECK_THROWS_AS(conninfo{.connect_timeout = "1s"}.connect_timeout_seconds(),
                  tusk::programming_error);
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
        R"(host=/tmp port='' user='it\'s \\ me' password=******** application_name== )"
        R"(options='%20 -c x=y')");
  CHECK(conninfo{}.to_string().empty());
  // What would read as a URI is quoted by its keyword.
  const conninfo uri{.host = "postgresql://h"};
  CHECK(conninfo::parse(uri.to_string()) == uri);
}

TEST_CASE("this process's environment knows its user and a socket directory", "[conninfo]") {
  const environment from = environment::process();
  CHECK(from.socket_directory().starts_with('/'));
  CHECK_FALSE(from.variable("PATH").has_value());
}
