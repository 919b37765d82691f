// Whom a certificate is for: libpq's rules as a table.
#include "net/tls_host_name.hpp"

#include "support/catch.hpp"

namespace tusk::net {
namespace {

using namespace std::string_literals;

const std::string loopback("\x7f\0\0\1", 4);
const std::string loopback6 = std::string(15, '\0') + '\1';

const std::string advice =
    "; connect by one of its names, or trust any name with sslmode=verify-ca";

struct row {
  std::string host;
  certificate_names names;
  bool matches;
};

}  // namespace

TEST_CASE("A certificate is for the hosts it names and for no other", "[net][tls]") {
  const std::vector<row> table{
      {"localhost", {{"localhost"}, {}, {}}, true},
      {"LocalHost", {{"lOCALhOST"}, {}, {}}, true},
      {"localhost", {{"other", "localhost"}, {}, {}}, true},
      {"localhost.", {{"localhost"}, {}, {}}, false},
      {"localhos", {{"localhost"}, {}, {}}, false},
      {"localhost", {{}, {}, {}}, false},
      // A wildcard stands for one whole label, the first.
      {"a.wild.test", {{"*.wild.test"}, {}, {}}, true},
      {"A.WILD.test", {{"*.wild.TEST"}, {}, {}}, true},
      {"wild.test", {{"*.wild.test"}, {}, {}}, false},
      {".wild.test", {{"*.wild.test"}, {}, {}}, false},
      {"a.b.wild.test", {{"*.wild.test"}, {}, {}}, false},
      {"ab.wild.test", {{"a*.wild.test"}, {}, {}}, false},
      {"a.wild.test", {{"a.*.test"}, {}, {}}, false},
      {"wild", {{"*"}, {}, {}}, false},
      {"a.", {{"*."}, {}, {}}, false},
      // CN: only where the certificate has no name of the host's kind.
      {"localhost", {{}, {}, "localhost"}, true},
      {"a.wild.test", {{}, {}, "*.wild.test"}, true},
      {"localhost", {{"other"}, {}, "localhost"}, false},
      {"localhost", {{}, {loopback}, "localhost"}, true},
      {"127.0.0.1", {{"other"}, {}, "127.0.0.1"}, true},
      {"127.0.0.1", {{}, {std::string("\xc0\0\2\1", 4)}, "127.0.0.1"}, false},
      // Addresses.
      {"127.0.0.1", {{}, {loopback}, {}}, true},
      {"127.0.0.2", {{}, {loopback}, {}}, false},
      {"::1", {{}, {loopback6}, {}}, true},
      {"0:0:0:0:0:0:0:1", {{}, {loopback, loopback6}, {}}, true},
      {"::2", {{}, {loopback6}, {}}, false},
      {"127.0.0.1", {{"127.0.0.1"}, {}, {}}, true},
      {"127.0.0.1", {{"*.0.0.1"}, {}, {}}, false},
      {"localhost", {{}, {loopback}, {}}, false},
      // A zero byte ends a C string, and a forger's trick.
      {"localhost", {{"localhost\0.evil.test"s}, {}, {}}, false},
      {"localhost", {{"localhost", "x\0"s}, {}, {}}, false},
      {"localhost", {{}, {}, "localhost\0.evil.test"s}, false},
      {"localhost\0.evil.test"s, {{"localhost\0.evil.test"s}, {}, {}}, false},
      {"", {{""}, {}, ""}, false},
  };
  for (const row& one : table) {
    const auto refused = refuse_host(one.host, one.names);
    CAPTURE(one.host, one.names.dns, one.names.common_name.value_or("(none)"),
            refused.value_or("accepted"));
    CHECK(refused.has_value() == !one.matches);
  }
}

TEST_CASE("The refusal of a host lists the names that would do", "[net][tls]") {
  const certificate_names names{{"a.test", "*.b.test"}, {loopback, loopback6}, "cn.test"};
  CHECK(refuse_host("c.test", names) ==
        "is for \"a.test\", \"*.b.test\", 127.0.0.1, ::1, not for \"c.test\"" + advice);
  CHECK(refuse_host("c.test", {{}, {}, "cn.test"}) ==
        "is for \"cn.test\", not for \"c.test\"" + advice);
  CHECK(refuse_host("c.test", {}) ==
        "names no host, not for \"c.test\"; trust any name with sslmode=verify-ca");
  CHECK(refuse_host("c.test", {{"\x1b[31m"}, {}, {}}) ==
        "is for \"?[31m\", not for \"c.test\"" + advice);
  const std::vector<std::string> many(20, "a");
  CHECK(refuse_host("c", {many, {}, {}})->find("and 12 others") != std::string::npos);
}

TEST_CASE("Addresses are told from names for SNI", "[net][tls]") {
  for (const char* const address : {"127.0.0.1", "::1", "fe80::1%eth0", "127.1"})
    CHECK(looks_numeric(address));
  for (const char* const name : {"localhost", "1and1.test", "a.b", "10.in-addr"})
    CHECK_FALSE(looks_numeric(name));
}

}  // namespace tusk::net
