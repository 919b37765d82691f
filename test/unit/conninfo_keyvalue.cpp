#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

using tusk::conninfo;

namespace {

std::string refusal(std::string_view text) {
  try {
    (void)conninfo::parse(text);
  } catch (const tusk::programming_error& e) {
    return e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("keyword=value pairs mean what they mean to libpq", "[conninfo]") {
  struct accepted {
    std::string_view text;
    conninfo means;
  };
  const std::vector<accepted> cases{
      {"", {}},
      {" \t\n\v\f\r", {}},
      {"host=h", {.host = "h"}},
      {"host=h port=1", {.host = "h", .port = "1"}},
      {"  host = h\tport\n=\r1 ", {.host = "h", .port = "1"}},
      {"host='h' port='1'", {.host = "h", .port = "1"}},
      {"host='h'port=1", {.host = "h", .port = "1"}},
      {"password='a b'", {.password = "a b"}},
      {R"(password='it\'s \\ \x')", {.password = R"(it's \ x)"}},
      {R"(password=a\ b\'\\)", {.password = R"(a b'\)"}},
      {R"(password=a\)", {.password = "a"}},
      {"password=a'b'", {.password = "a'b'"}},
      {"password=", {.password = ""}},
      {"password=''", {.password = ""}},
      {"password= user=u", {.password = "user=u"}},
      {"password=a=b", {.password = "a=b"}},
      {"password=%41", {.password = "%41"}},
      {"host=a host=b", {.host = "b"}},
      {"port=x port=1", {.port = "1"}},
      {"host=/tmp", {.host = "/tmp"}},
      {"host=@tusk", {.host = "@tusk"}},
      {"dbname=postgresql://h/d", {.dbname = "postgresql://h/d"}},
      {"user=\xc3\xa9", {.user = "\xc3\xa9"}},
      {"application_name=a fallback_application_name=b connect_timeout=5 options='-c geqo=off' "
       "client_encoding=utf-8 sslmode=allow gssencmode=prefer",
       {.application_name = "a",
        .fallback_application_name = "b",
        .connect_timeout = "5",
        .options = "-c geqo=off",
        .client_encoding = "utf-8",
        .sslmode = "allow",
        .gssencmode = "prefer"}},
      {"client_encoding=auto", {.client_encoding = "auto"}},
      {"client_encoding=Unicode", {.client_encoding = "Unicode"}},
      {"connect_timeout=-1 port=''", {.port = "", .connect_timeout = "-1"}},
      {"host=a,,b port=1,2,", {.host = "a,,b", .port = "1,2,"}},
      {"requiressl=1", {.sslmode = "require"}},
      {"requiressl=yes", {.sslmode = "prefer"}},
      // Values are judged later, by check().
      {"port=http sslmode=bogus connect_timeout=''",
       {.port = "http", .connect_timeout = "", .sslmode = "bogus"}},
  };
  for (const accepted& c : cases) {
    INFO(c.text);
    CHECK(conninfo::parse(c.text) == c.means);
  }
}

TEST_CASE("malformed pairs and values are refused by keyword and offset", "[conninfo]") {
  struct refused {
    std::string_view text;
    std::string_view message;
  };
  using namespace std::string_view_literals;
  const std::vector<refused> cases{
      {"shop", "offset 0: this is neither keyword=value pairs nor a URI"},
      {"host=h port", "offset 7: \"=\" is missing after the keyword"},
      {"host=h port 5", "offset 7: \"=\" is missing after the keyword"},
      {"=h", "offset 0: a keyword is expected here"},
      {"host=h =1", "offset 7: a keyword is expected here"},
      {"h\xc3\xb6st=h", "offset 0: a keyword is expected here"},
      {"host=h hots=i", "offset 7: there is no keyword \"hots\""},
      {"Host=h", "offset 0: there is no keyword \"Host\""},
      {"ssl=true", "offset 0: ssl is known as ssl=true in a URI only"},
      {"host='h", "offset 5: the quoted value of host does not end"},
      {"host=h password='a\\'", "offset 16: the quoted value of password does not end"},
      {"host=h\0i"sv, "offset 6: a NUL byte is not allowed"},
  };
  for (const refused& c : cases) {
    INFO(c.text);
    CHECK(refusal(c.text) == "connection string, " + std::string(c.message));
  }
}

TEST_CASE("the rest of an unquoted password is not shown", "[conninfo]") {
  CHECK(refusal("password=correct horse") ==
        "connection string, offset 17: \"=\" is missing after the keyword");
  CHECK(refusal("password=correct horse=battery") ==
        "connection string, offset 17: the word after the password is not a keyword");
  CHECK(refusal("password='correct' horse=battery") ==
        "connection string, offset 19: there is no keyword \"horse\"");
}

TEST_CASE("a connection string that looks like a database's name gets a hint", "[conninfo]") {
  try {
    (void)conninfo::parse("shop");
    FAIL("accepted");
  } catch (const tusk::programming_error& e) {
    CHECK(e.hint() == "If it is a database's name, write dbname=...");
  }
}
