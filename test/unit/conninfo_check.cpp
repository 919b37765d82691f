#include <string>
#include <string_view>
#include <vector>

#include "session/conninfo_hosts.hpp"
#include "support/catch.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

using tusk::conninfo;

namespace {

std::string objection(std::string_view text) {
  const conninfo read = conninfo::parse(text);
  try {
    read.check();
  } catch (const tusk::programming_error& e) {
    CHECK(e.kind() == tusk::error_kind::usage);
    return std::string(e.message()).substr(std::string_view("connection parameter ").size());
  }
  return "fine";
}

}  // namespace

TEST_CASE("a value that cannot be honoured is refused by its keyword", "[conninfo]") {
  struct judged {
    std::string_view text;
    std::string_view verdict;
  };
  const std::vector<judged> cases{
      {"", "fine"},
      {"sslmode=require", "fine"},
      {"sslmode=requir",
       "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full"},
      {"sslnegotiation=direct sslmode=require", "fine"},
      {"sslnegotiation=direct sslmode=prefer",
       "sslnegotiation may be direct only with sslmode=require or above"},
      {"gssencmode=prefer", "fine"},
      {"gssencmode=require",
       "gssencmode asks for GSSAPI encryption, which tusk does not have: use disable or prefer"},
      {"channel_binding=maybe", "channel_binding must be one of disable, prefer, require"},
      {"sslcertmode=''", "sslcertmode must be one of disable, allow, require"},
      {"target_session_attrs=prefer-standby", "fine"},
      {"target_session_attrs=leader",
       "target_session_attrs must be one of any, read-write, read-only, primary, standby, "
       "prefer-standby"},
      {"load_balance_hosts=on", "load_balance_hosts must be one of disable, random"},
      {"port=' +5432 '", "fine"},
      {"port=5432x", "port must be a whole number from 1 to 65535"},
      {"host=a,b port=1", "fine"},
      {"host=a,b port=,2", "fine"},
      {"host=a,b port=1,2,3",
       "port names 3 ports for 2 hosts: give one for all of them or one for each"},
      {"hostaddr=::1,127.0.0.1 host=a,b", "fine"},
      {"hostaddr=::1,127.0.0.1 host=a",
       "host names 1 host and hostaddr 2 addresses: there must be as many of each"},
      {"hostaddr=localhost",
       "hostaddr must be a numeric address for each host: a name belongs into host"},
      {"keepalives=yes", "keepalives must be a whole number: 0 or 1"},
      {"keepalives_idle=1m", "keepalives_idle must be a whole number of seconds"},
      {"keepalives_count=", "keepalives_count must be a whole number"},
      {"tcp_user_timeout=3000000000", "tcp_user_timeout must be a whole number of milliseconds"},
      {"connect_timeout=-5", "fine"},
      {"connect_timeout=1.5", "connect_timeout must be a whole number of seconds"},
      {"sslsni=yes", "sslsni must be 0 or 1"},
      {"ssl_min_protocol_version=tlsv1.3", "fine"},
      {"ssl_max_protocol_version=SSLv3",
       "ssl_max_protocol_version must be one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"},
      {"ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
       "ssl_max_protocol_version must not be below ssl_min_protocol_version, which is TLSv1.2 "
       "unless set"},
      {"min_protocol_version=3.2 max_protocol_version=latest", "fine"},
      {"max_protocol_version=3.1", "max_protocol_version must be one of 3.0, 3.2, latest"},
      {"min_protocol_version=latest max_protocol_version=3.0",
       "max_protocol_version must not be below min_protocol_version"},
      {"require_auth=scram-sha-256,oauth,none", "fine"},
      {"require_auth=!password,!md5", "fine"},
      {"require_auth=md5,!none",
       "require_auth: \"!none\" stands among methods of the other kind: put a ! before all of them "
       "or none"},
      {"require_auth=md5,md5", "require_auth: \"md5\" stands there twice"},
      {"require_auth=krb5",
       "require_auth: \"krb5\" is no method; they are password, md5, gss, sspi, scram-sha-256, "
       "oauth and none"},
      {"sslrootcert=system sslmode=verify-full", "fine"},
      {"sslrootcert=system sslmode=verify-ca",
       "sslrootcert may be system only with sslmode=verify-full"},
      {"client_encoding=unicode", "fine"},
      {"client_encoding=LATIN1",
       "client_encoding must be UTF8 or auto: tusk speaks no other encoding"},
      {"replication=database", "fine"},
      {"replication=Off", "fine"},
      {"replication=o", "replication must be database, true or false"},
      {"scram_client_key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "fine"},
      {"scram_client_key=c2VjcmV0", "scram_client_key must be 32 bytes in base64"},
      {"scram_server_key=secret!", "scram_server_key must be 32 bytes in base64"},
  };
  for (const judged& c : cases) {
    INFO(c.text);
    CHECK(objection(c.text) == c.verdict);
  }
}

TEST_CASE("a NUL byte is refused wherever it stands", "[conninfo]") {
  using namespace std::string_literals;
  CHECK_THROWS_AS(conninfo{.sslpassword = "a\0b"s}.check(), tusk::programming_error);
  const conninfo setting{.settings = {{"search_path", "a\0b"s}}};
  CHECK_THROWS_AS(setting.check(), tusk::programming_error);
}

TEST_CASE("the servers are listed with their own addresses and ports", "[conninfo]") {
  const auto list = tusk::host_list({.host = "a,,/s", .port = "1,,3", .hostaddr = ",::1,"});
  REQUIRE(list.size() == 3);
  CHECK((list[0].host == "a" && list[0].hostaddr.empty() && list[0].port == 1));
  CHECK((list[1].host.empty() && list[1].hostaddr == "::1" && list[1].port == 5432));
  CHECK((list[1].name() == "::1" && list[2].name() == "/s" && list[2].port == 3));
  const auto shared = tusk::host_list({.host = "a,b", .port = "7"});
  REQUIRE(shared.size() == 2);
  CHECK((shared[0].port == 7 && shared[1].port == 7));
  const auto alone = tusk::host_list({});
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].host.starts_with('/'));
}
