#include "session/password_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

namespace {

std::string found(std::string_view text, std::string_view host = "h") {
  const auto password = tusk::find_in_password_file(text, host, "5432", "d", "u");
  return password ? "<" + std::string(password->reveal()) + ">" : "none";
}

/// A directory of its own with a password file in it.
class folder {
 public:
  folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    ::unlink(file().c_str());
    ::rmdir(path_.c_str());
  }
  [[nodiscard]] std::string path() const { return path_; }
  [[nodiscard]] std::string file() const { return path_ + "/pgpass"; }
  void write(std::string_view text, mode_t mode) const {
    std::ofstream(file(), std::ios::binary) << text;
    REQUIRE(::chmod(file().c_str(), mode) == 0);
  }

 private:
  std::string path_ = "/tmp/tusk-password-XXXXXX";
};

}  // namespace

TEST_CASE("the first line of a password file that fits has the password", "[password_file]") {
  struct looked_up {
    std::string_view text;
    std::string_view password;
  };
  const std::vector<looked_up> cases{
      {"", "none"},
      {"h:5432:d:u:p", "<p>"},
      {"h:5432:d:u:p\n", "<p>"},
      {"h:5432:d:u:p\r\n", "<p>"},
      {"i:5432:d:u:a\nh:5432:d:u:b\nh:5432:d:u:c\n", "<b>"},
      {"*:*:*:*:p", "<p>"},
      {"h:*:d:*:p", "<p>"},
      {"*x:*:*:*:p", "none"},
      {"h:5433:d:u:p", "none"},
      {"h:5432:d:U:p", "none"},
      {"h:5432:dd:u:p", "none"},
      {"h:5432:d:u", "none"},
      {"h:5432:d:u:", "<>"},
      {"#h:5432:d:u:p\nh:5432:d:u:q", "<q>"},
      {" h:5432:d:u:p", "none"},
      {"h:5432:d:u: p ", "< p >"},
      {"h:5432:d:u:a\\:b\\\\c\\d", "<a:b\\cd>"},
      {"h:5432:d:u:a\\", "<a\\>"},
      {"h:5432:d:u:a:b", "<a>"},
      {"\\h:5432:\\d:u:p", "<p>"},
      {"\n\n::::\nh:5432:d:u:p", "<p>"},
  };
  for (const looked_up& c : cases) {
    INFO(c.text);
    CHECK(found(c.text) == c.password);
  }
  const std::string longer(100000, 'x');
  CHECK(found(longer + "\nh:5432:d:u:" + longer) == "<" + longer + ">");
}

TEST_CASE("an IPv6 address may be written with and without escapes", "[password_file]") {
  CHECK(found("\\:\\:1:5432:d:u:p", "::1") == "<p>");
  CHECK(found("::1:5432:d:u:p", "::1") == "<p>");
  CHECK(found("\\:\\:2:5432:d:u:p", "::1") == "none");
}

TEST_CASE("a password file that others can read is ignored with a warning", "[password_file]") {
  const folder in;
  const tusk::conninfo to{.dbname = "d", .user = "u", .passfile = in.file()};
  const tusk::endpoint at{.host = "h", .hostaddr = {}, .port = 5432};
  CHECK_FALSE(tusk::look_up_password(to, at).password.has_value());
  CHECK(tusk::look_up_password(to, at).warning.empty());

  in.write("h:5432:d:u:p\n", 0600);
  CHECK(tusk::look_up_password(to, at).password == "p");
  CHECK(tusk::look_up_password(to, at).file == in.file());
  CHECK(tusk::look_up_password(to, at).warning.empty());
  for (const mode_t mode : {0640U, 0604U, 0610U}) {
    in.write("h:5432:d:u:p\n", mode);
    const auto open = tusk::look_up_password(to, at);
    CHECK_FALSE(open.password.has_value());
    CHECK(open.warning == "password file \"" + in.file() +
                              "\" is ignored: others than its owner have access to it; its mode "
                              "should be 0600");
  }
  const tusk::conninfo directory{.dbname = "d", .user = "u", .passfile = in.path()};
  CHECK(tusk::look_up_password(directory, at).warning ==
        "password file \"" + in.path() + "\" is ignored: it is not a plain file");
}

TEST_CASE("the host is looked up by its name, the local server as localhost", "[password_file]") {
  const folder in;
  const tusk::conninfo to{.user = "u", .passfile = in.file()};
  in.write("localhost:5432:u:u:local\nh:5432:u:u:name\n127.0.0.1:5432:u:u:address\n", 0600);
  CHECK(tusk::look_up_password(to, {.host = "h", .hostaddr = "127.0.0.1", .port = 5432}).password ==
        "name");
  CHECK(tusk::look_up_password(to, {.host = "", .hostaddr = "127.0.0.1", .port = 5432}).password ==
        "address");
  CHECK(tusk::look_up_password(to, tusk::host_list({}).front()).password == "local");
  CHECK_FALSE(tusk::look_up_password(to, {.host = "/s", .hostaddr = "", .port = 5432}).password);
  tusk::conninfo first = to;
  first.host = "h,i";
  CHECK(first.password_from_file().password == "name");
}

TEST_CASE("an empty password in the file is as good as none", "[password_file]") {
  const folder in;
  in.write("h:5432:d:u:\n", 0600);
  const tusk::conninfo to{.dbname = "d", .user = "u", .passfile = in.file()};
  CHECK_FALSE(
      tusk::look_up_password(to, {.host = "h", .hostaddr = "", .port = 5432}).password.has_value());
}
