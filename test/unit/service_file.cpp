#include "session/service_file.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

using tusk::conninfo;
using tusk::environment;

namespace {

std::string found(std::string_view text, std::string_view name = "s") {
  try {
    const auto values = tusk::find_service(text, name, "f");
    if (!values) return "none";
    std::string read;
    for (const auto& [keyword, value] : *values)
      read.append(keyword->name).append("=<").append(tusk::auth::view(value)).append(">");
    return read;
  } catch (const tusk::programming_error& e) {
    return std::string(e.message());
  }
}

/// A home, a directory for the system's file, and a file that is named.
class folder {
 public:
  folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    for (const char* name : {"/.pg_service.conf", "/pg_service.conf", "/named", "/other"})
      ::unlink((path_ + name).c_str());
    ::rmdir(path_.c_str());
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  /// An environment in which all services are below this directory.
  [[nodiscard]] environment with(environment::variable_list variables) const {
    variables.emplace_back("PGSYSCONFDIR", path_);
    return environment{std::move(variables), "ada", "/run/pg", path_};
  }

 private:
  std::string path_ = "/tmp/tusk-service-XXXXXX";
};

std::string refusal(const conninfo& c, const environment& from) {
  try {
    (void)c.with_defaults(from);
  } catch (const tusk::programming_error& e) {
    return std::string(e.message());
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a service is the first section of its name", "[service_file]") {
  struct looked_up {
    std::string_view text;
    std::string_view means;
  };
  using namespace std::string_view_literals;
  const std::vector<looked_up> cases{
      {"", "none"},
      {"[t]\nhost=h\n", "none"},
      {"[s]", ""},
      {"[s]\nhost=h\nport=1", "host=<h>port=<1>"},
      {"# c\n\n  [s]  \r\n  host=h  \r\n# port=1\n", "host=<h>"},
      {"[s]\nhost=h\n[s]\nport=1\n", "host=<h>"},
      {"[s]\nhost=h\n[t]\nport=1\n", "host=<h>"},
      {"[t]\nnonsense\n[s]\nhost=h\n", "host=<h>"},
      {"[s] and more\nhost=h\n", "host=<h>"},
      {"[s2]\nhost=h\n", "none"},
      {"[s]\nhost=h\nhost=i\n", "host=<h>"},
      {"[s]\nhost= a b\nuser='u'\n", "host=< a b>user=<'u'>"},
      {"[s]\npassword=a=b#c\\d\n", "password=<a=b#c\\d>"},
      {"[s]\nhost=\n", "host=<>"},
      {"[s]\nhost\n", "service file \"f\", line 2: \"=\" is missing"},
      {"\n[s]\n\nhots=h\n",
       "service file \"f\", line 4: there is no such keyword (no space may stand between it and "
       "the \"=\")"},
      {"[s]\nhost =h\n",
       "service file \"f\", line 2: there is no such keyword (no space may stand between it and "
       "the \"=\")"},
      {"[s]\nservice=t\n",
       "service file \"f\", line 2: service cannot be set in a service file: services do not "
       "nest"},
      {"[s]\nservicefile=t\n",
       "service file \"f\", line 2: servicefile cannot be set in a service file: services do not "
       "nest"},
      {"[s]\nldap://h/dc=x?a?one?b\n",
       "service file \"f\", line 2: tusk does not look services up in LDAP"},
      {"[s]\nhost=a\0b\n"sv, "service file \"f\", line 2: a NUL byte"},
  };
  for (const looked_up& c : cases) {
    INFO(c.text);
    CHECK(found(c.text) == c.means);
  }
  CHECK(found("[]\nhost=h\n", "") == "host=<h>");
}

TEST_CASE("a service loses to what is set and wins over variables", "[service_file]") {
  const folder in;
  in.write(".pg_service.conf", "[s]\nhost=h\nport=7\nsslrootcert=system\n");
  const environment from = in.with({{"PGHOST", "v"}, {"PGPORT", "8"}, {"PGAPPNAME", "a"}});
  const conninfo full = conninfo{.host = "i", .service = "s"}.with_defaults(from);
  CHECK(full.host == "i");
  CHECK(full.port == "7");
  CHECK(full.application_name == "a");
  CHECK(full.sslmode == "verify-full");
  const environment named = in.with({{"PGSERVICE", "s"}, {"PGPORT", "8"}});
  CHECK(conninfo{}.with_defaults(named).port == "7");
  CHECK(conninfo{}.with_defaults(named).service == "s");
}

TEST_CASE("service files are searched in libpq's order", "[service_file]") {
  const folder in;
  in.write("named", "[a]\nport=1\n");
  in.write("other", "[a]\nport=2\n");
  in.write(".pg_service.conf", "[a]\nport=3\n[b]\nport=3\n");
  in.write("pg_service.conf", "[a]\nport=4\n[b]\nport=4\n[c]\nport=4\n");
  const std::string named = in.path() + "/named";
  const environment plain = in.with({});
  const environment variable = in.with({{"PGSERVICEFILE", in.path() + "/other"}});
  const auto port = [](const conninfo& c, const environment& from) {
    return c.with_defaults(from).port;
  };
  CHECK(port({.service = "a", .servicefile = named}, variable) == "1");
  CHECK(port({.service = "a"}, variable) == "2");
  CHECK(port({.service = "a"}, plain) == "3");
  // A file that is named takes the place of the one in home, not of the system's.
  CHECK(port({.service = "b"}, variable) == "4");
  CHECK(port({.service = "b"}, plain) == "3");
  CHECK(port({.service = "c"}, plain) == "4");
}

TEST_CASE("a service that is nowhere, and a file that is not there, are named", "[service_file]") {
  const folder in;
  in.write(".pg_service.conf", "[s]\nsslmode=bogus\n");
  const environment plain = in.with({});
  const std::string home = in.path() + "/.pg_service.conf";
  CHECK(refusal({.service = "q"}, plain) ==
        "service \"q\" is not defined in \"" + home + "\", \"" + in.path() + "/pg_service.conf\"");
  CHECK(refusal({.service = "q", .servicefile = in.path() + "/named"}, plain) ==
        "service file \"" + in.path() + "/named\" cannot be read: No such file or directory");
  CHECK(refusal({.service = "s"}, plain) ==
        "service file \"" + home +
            "\", service \"s\": sslmode must be one of disable, allow, prefer, require, verify-ca, "
            "verify-full");
}
