// Password files and service files, as sessions use them.

#include <string>

#include "integration/attempt.hpp"
#include "support/catch.hpp"

using namespace tusk::test;

namespace {

std::string line(const std::string& host, const std::string& port, const std::string& password) {
  return host + ":" + port + ":postgres:u_scram:" + password + "\n";
}

}  // namespace

TEST_CASE("the password file is looked up for the host that asks") {
  const temporary_folder home;
  const scoped_variable in_home("HOME", home.path());
  const std::string port = variable("TUSK_TEST_PORT");
  const std::string right = variable("TUSK_TEST_PASSWORD");
  const std::string folder = variable("TUSK_TEST_SOCKET_DIR");
  CHECK_FALSE(try_to_connect(login("u_scram")).connected);
  const std::string file =
      home.write(".pgpass", "# a comment\n" + line("127.0.0.1", port, "not-the-one") +
                                line("localhost", "1", "not-the-one") +
                                line("localhost", port, right) + line(folder, "*", right));
  CHECK(try_to_connect(login("u_scram")).connected);
  CHECK(try_to_connect("dbname=postgres user=u_scram host=" + folder + " port=" + port).connected);
  // A wrong one out of a file is no better than another, but the file is named.
  const attempt wrong = try_to_connect(login("u_scram") + " host=127.0.0.1");
  CAPTURE(wrong.message);
  CHECK_FALSE(wrong.connected);
  CHECK(wrong.says(file));
  CHECK_FALSE(wrong.says("not-the-one"));
  // What is given otherwise goes first.
  CHECK(try_to_connect(login("u_scram") + " host=127.0.0.1 password=" + right).connected);
  CHECK(try_to_connect(login("u_scram") + " host=127.0.0.1", right).connected);
  const std::string other = home.write("other", line("*", "*", right));
  CHECK(try_to_connect(login("u_scram") + " host=127.0.0.1 passfile=" + other).connected);
  const scoped_variable by_variable("PGPASSFILE", other);
  CHECK(try_to_connect(login("u_scram") + " host=127.0.0.1").connected);
}

TEST_CASE("a password file that others may read is left alone") {
  const temporary_folder home;
  const scoped_variable in_home("HOME", home.path());
  const std::string text = "*:*:*:*:" + variable("TUSK_TEST_PASSWORD") + "\n";
  for (const unsigned mode : {0644U, 0640U, 0602U}) {
    static_cast<void>(home.write(".pgpass", text, mode));
    CAPTURE(mode);
    CHECK_FALSE(try_to_connect(login("u_scram")).connected);
  }
  static_cast<void>(home.write(".pgpass", text, 0600));
  CHECK(try_to_connect(login("u_scram")).connected);
}

TEST_CASE("a service file gives what the connection string leaves open") {
  const temporary_folder home;
  const scoped_variable in_home("HOME", home.path());
  const std::string text = "[tests]\nhost=127.0.0.1\nport=" + variable("TUSK_TEST_PORT") +
                           "\nuser=u_trust\ndbname=postgres\napplication_name=of-the-file\n";
  static_cast<void>(home.write(".pg_service.conf", text));
  CHECK(tusk::session("service=tests").scalar<std::string>("show application_name") ==
        "of-the-file");
  CHECK(tusk::session("service=tests application_name=mine")
            .scalar<std::string>("show application_name") == "mine");
  const attempt unknown = try_to_connect("service=nowhere");
  CHECK_FALSE(unknown.connected);
  CHECK(unknown.says("nowhere"));
  const scoped_variable by_variable("PGSERVICE", "tests");
  const scoped_variable loses("PGAPPNAME", "of-the-variable");
  CHECK(tusk::session("").scalar<std::string>("show application_name") == "of-the-file");
  const std::string other = home.write("other", "[tests]\nuser=u_reject\n");
  const scoped_variable elsewhere("PGSERVICEFILE", other);
  CHECK_FALSE(try_to_connect("service=tests host=127.0.0.1 dbname=postgres port=" +
                             variable("TUSK_TEST_PORT"))
                  .connected);
  CHECK(try_to_connect("service=tests servicefile=" + home.path() + "/.pg_service.conf").connected);
}
