#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

using tusk::conninfo;

namespace {

struct accepted {
  std::string_view uri;
  conninfo means;
};

struct refused {
  std::string_view uri;
  std::string_view message;
};

std::string refusal(std::string_view text) {
  try {
    (void)conninfo::parse(text);
  } catch (const tusk::programming_error& e) {
    CHECK(e.kind() == tusk::error_kind::usage);
    return e.what();
  }
  return "accepted";
}

}  // namespace

// The inputs are those of PostgreSQL's own test, src/interfaces/libpq/t/001_uri.pl.
TEST_CASE("URIs mean what they mean to libpq", "[conninfo]") {
  const std::vector<accepted> cases{
      {"postgresql://uri-user:secret@host:12345/db",
       {.host = "host", .port = "12345", .dbname = "db", .user = "uri-user", .password = "secret"}},
      {"postgresql://uri-user@host:12345/db",
       {.host = "host", .port = "12345", .dbname = "db", .user = "uri-user"}},
      {"postgresql://uri-user@host/db", {.host = "host", .dbname = "db", .user = "uri-user"}},
      {"postgresql://host:12345/db", {.host = "host", .port = "12345", .dbname = "db"}},
      {"postgresql://host/db", {.host = "host", .dbname = "db"}},
      {"postgresql://uri-user@host:12345/", {.host = "host", .port = "12345", .user = "uri-user"}},
      {"postgresql://uri-user@host/", {.host = "host", .user = "uri-user"}},
      {"postgresql://uri-user@", {.user = "uri-user"}},
      {"postgresql://host:12345/", {.host = "host", .port = "12345"}},
      {"postgresql://host:12345", {.host = "host", .port = "12345"}},
      {"postgresql://host/", {.host = "host"}},
      {"postgresql://host", {.host = "host"}},
      {"postgresql://", {}},
      {"postgresql://%68ost/", {.host = "host"}},
      {"postgresql://host/db?user=uri-user", {.host = "host", .dbname = "db", .user = "uri-user"}},
      {"postgresql://host/db?user=uri-user&port=12345",
       {.host = "host", .port = "12345", .dbname = "db", .user = "uri-user"}},
      {"postgresql://host/db?u%73er=someotheruser&port=12345",
       {.host = "host", .port = "12345", .dbname = "db", .user = "someotheruser"}},
      {"postgresql://host:12345?user=uri-user",
       {.host = "host", .port = "12345", .user = "uri-user"}},
      {"postgresql://host?user=uri-user", {.host = "host", .user = "uri-user"}},
      {"postgresql://host?", {.host = "host"}},
      {"postgresql://[::1]:12345/db", {.host = "::1", .port = "12345", .dbname = "db"}},
      {"postgresql://[::1]/db", {.host = "::1", .dbname = "db"}},
      {"postgresql://[2001:db8::1234]/", {.host = "2001:db8::1234"}},
      {"postgresql://[200z:db8::1234]/", {.host = "200z:db8::1234"}},
      {"postgresql://[::1]", {.host = "::1"}},
      {"postgres://", {}},
      {"postgres:///", {}},
      {"postgres:///db", {.dbname = "db"}},
      {"postgres://uri-user@/db", {.dbname = "db", .user = "uri-user"}},
      {"postgres://?host=/path/to/socket/dir", {.host = "/path/to/socket/dir"}},
      {"postgres://@host", {.host = "host"}},
      {"postgres://host:/", {.host = "host"}},
      {"postgres://:12345/", {.port = "12345"}},
      {"postgres://otheruser@?host=/no/such/directory",
       {.host = "/no/such/directory", .user = "otheruser"}},
      {"postgres://otheruser@/?host=/no/such/directory",
       {.host = "/no/such/directory", .user = "otheruser"}},
      {"postgres://otheruser@:12345?host=/no/such/socket/path",
       {.host = "/no/such/socket/path", .port = "12345", .user = "otheruser"}},
      {"postgres://otheruser@:12345/db?host=/path/to/socket",
       {.host = "/path/to/socket", .port = "12345", .dbname = "db", .user = "otheruser"}},
      {"postgres://:12345/db?host=/path/to/socket",
       {.host = "/path/to/socket", .port = "12345", .dbname = "db"}},
      {"postgres://:12345?host=/path/to/socket", {.host = "/path/to/socket", .port = "12345"}},
      {"postgres://%2Fvar%2Flib%2Fpostgresql/dbname",
       {.host = "/var/lib/postgresql", .dbname = "dbname"}},
      {"postgresql://host?sslmode=disable", {.host = "host", .sslmode = "disable"}},
      {"postgresql://host?sslmode=prefer", {.host = "host", .sslmode = "prefer"}},
      {"postgresql://host?sslmode=verify-full", {.host = "host", .sslmode = "verify-full"}},
  };
  for (const accepted& c : cases) {
    INFO(c.uri);
    CHECK(conninfo::parse(c.uri) == c.means);
  }
}

TEST_CASE("URIs of other spellings", "[conninfo]") {
  const std::vector<accepted> cases{
      {"postgresql+psycopg://u@h/d", {.host = "h", .dbname = "d", .user = "u"}},
      {"postgresql+asyncpg:///d", {.dbname = "d"}},
      {"postgresql://a+b:c+d@h/e+f?application_name=g+h",
       {.host = "h", .dbname = "e+f", .user = "a+b", .password = "c+d", .application_name = "g+h"}},
      {"postgresql://u:p%40%2F%3a%25@h", {.host = "h", .user = "u", .password = "p@/:%"}},
      {"postgresql://u:@h", {.host = "h", .user = "u"}},
      {"postgresql://:p@h", {.host = "h", .password = "p"}},
      {"postgresql://u:a:b@h", {.host = "h", .user = "u", .password = "a:b"}},
      {"postgresql://u:a?b=c@h", {.host = "h", .user = "u", .password = "a?b=c"}},
      {"postgresql://h/d/e", {.host = "h", .dbname = "d/e"}},
      {"postgresql://h/d?dbname=&user=", {.host = "h", .dbname = "", .user = ""}},
      {"postgresql://h/?port=1&port=2", {.host = "h", .port = "2"}},
      {"postgresql://h/?user=a&", {.host = "h", .user = "a"}},
      {"postgresql://h:%35432", {.host = "h", .port = "5432"}},
      {"postgresql:// h / d ? user = u ", {.host = "h", .dbname = "d", .user = "u"}},
      {"postgresql://@@abstract/d", {.host = "@abstract", .dbname = "d"}},
      {"postgresql://h?options=-c%20geqo%3Doff", {.host = "h", .options = "-c geqo=off"}},
      {"postgres+driver://h", {.host = "h"}},
      {"postgresql://h,i/d", {.host = "h,i", .port = ",", .dbname = "d"}},
      {"postgresql://u@h:1,,[::1]:3/d",
       {.host = "h,,::1", .port = "1,,3", .dbname = "d", .user = "u"}},
      {"postgresql://:1,:2", {.host = ",", .port = "1,2"}},
      {"postgresql://h?hostaddr=127.0.0.1", {.host = "h", .hostaddr = "127.0.0.1"}},
      {"postgresql://h?ssl=true", {.host = "h", .sslmode = "require"}},
      {"postgresql://h?requiressl=0", {.host = "h", .sslmode = "prefer"}},
      {"postgresql://h:0/d", {.host = "h", .port = "0", .dbname = "d"}},
      {"postgresql://h?sslmode=require&sslmode=disable", {.host = "h", .sslmode = "disable"}},
  };
  for (const accepted& c : cases) {
    INFO(c.uri);
    CHECK(conninfo::parse(c.uri) == c.means);
  }
}

TEST_CASE("a malformed URI is refused where it goes wrong", "[conninfo]") {
  const std::vector<refused> cases{
      {"postgresql://host/db?u%7aer=someotheruser&port=12345",
       "connection string, offset 21: there is no keyword \"uzer\""},
      {"postgresql://host?uzer=", "connection string, offset 18: there is no keyword \"uzer\""},
      {"postgre://", "connection string, offset 0: this is not a URI for PostgreSQL"},
      {"mysql://h/d?a=b", "connection string, offset 0: this is not a URI for PostgreSQL"},
      {"postgresql+://h", "connection string, offset 0: this is not a URI for PostgreSQL"},
      {"postgres://[::1", "connection string, offset 11: the IPv6 address has no closing \"]\""},
      {"postgres://[]", "connection string, offset 12: the IPv6 address is empty"},
      {"postgres://[::1]z",
       "connection string, offset 16: \":\" or \"/\" is expected after the IPv6 address"},
      {"postgresql://host?zzz",
       "connection string, offset 18: \"=\" is missing in the URI's parameter"},
      {"postgresql://host?value1&value2",
       "connection string, offset 18: \"=\" is missing in the URI's parameter"},
      {"postgresql://host?user=a&&port=1",
       "connection string, offset 25: \"=\" is missing in the URI's parameter"},
      {"postgresql://host?key=key=value",
       "connection string, offset 18: the URI's parameter has a second \"=\""},
      {"postgres://host?dbname=%XXfoo",
       "connection string, offset 23: in dbname, \"%\" is not followed by two hexadecimal digits"},
      {"postgresql://a%00b", "connection string, offset 14: in host, %00 is not allowed"},
      {"postgresql://%zz",
       "connection string, offset 13: in host, \"%\" is not followed by two hexadecimal digits"},
      {"postgresql://%1",
       "connection string, offset 13: in host, \"%\" is not followed by two hexadecimal digits"},
      {"postgresql://%",
       "connection string, offset 13: in host, \"%\" is not followed by two hexadecimal digits"},
      {"postgresql://u:a b@h",
       "connection string, offset 16: in password, a space in a URI is written %20"},
      {"postgresql://h,i j",
       "connection string, offset 16: in host, a space in a URI is written %20"},
      {"postgresql://h:1,i:%zz",
       "connection string, offset 19: in port, \"%\" is not followed by two hexadecimal digits"},
      {"postgresql://h?ssl=1",
       "connection string, offset 15: ssl is known as ssl=true in a URI only"},
  };
  for (const refused& c : cases) {
    INFO(c.uri);
    CHECK(refusal(c.uri) == c.message);
  }
}

TEST_CASE("a password whose characters are not escaped is refused without being shown",
          "[conninfo]") {
  const std::vector<refused> cases{
      {"postgresql://u:hun/ter2@h/d",
       "connection string, offset 15: port must be a whole number from 1 to 65535"},
      {"postgresql://u:hun/ter?two=3@h/d",
       "connection string, offset 15: port must be a whole number from 1 to 65535"},
      {"postgresql://u:hun@ter2@h/d", "connection string, offset 23: a host has no \"@\" inside"},
      {"postgresql://u:hun@t:er2@h/d",
       "connection string, offset 21: port must be a whole number from 1 to 65535"},
      {"postgresql://u:hun%ter2@h/d",
       "connection string, offset 18: in password, \"%\" is not followed by two hexadecimal "
       "digits"},
  };
  for (const refused& c : cases) {
    INFO(c.uri);
    CHECK(refusal(c.uri) == c.message);
  }
}
