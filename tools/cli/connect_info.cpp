#include "connect_info.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "arguments.hpp"
#include "facts.hpp"
#include "output.hpp"
#include "query.hpp"
#include "tusk/tusk.hpp"
#include "words.hpp"

namespace cli {
namespace {

constexpr std::string_view help =
    R"(Connects, and prints what came of it.

usage: tusk connect-info [--format text|json] [--timeout SECONDS] DSN

  DSN      where to connect; what it leaves out comes from the service file, the PG* environment
           variables and the password file. May be empty: "".
  --format text|json
           text   one key=value a line (the default)
           json   one object of strings
  --timeout SECONDS
           gives up after so long
  --help   prints this

What is printed: host (as the DSN names it), address, port, user, database, server_version, protocol,
server_process_id, authentication, tls (on or off); with TLS tls_version, tls_cipher,
tls_cipher_bits, tls_alpn, tls_verified, tls_client_certificate, certificate_subject,
certificate_issuer, certificate_not_before, certificate_not_after.

exit status: 0  connected
             2  the command line, DSN or environment is wrong
             3  no connection
)";

struct connect_info_arguments {
  bool help = false;
  bool json = false;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::string> dsn;
};

connect_info_arguments parse(std::span<const char* const> all) {
  connect_info_arguments found;
  words at(all);
  while (at.next()) {
    if (!at.is_option()) {
      if (found.dsn) throw usage_error("connect-info takes one DSN");
      found.dsn = at.text();
    } else if (at.text() == "--timeout") {
      found.timeout = parse_timeout(at.value());
    } else if (at.text() == "--format") {
      found.json = parse_is_json(at.value());
    } else if (at.text() == "--help" || at.text() == "-h") {
      at.require_no_value();
      found.help = true;
    } else {
      at.refuse();
    }
  }
  if (!found.help && !found.dsn) throw usage_error("DSN is missing");
  return found;
}

std::string yes_or_no(bool value) {
  return value ? "yes" : "no";
}

void add_tls(const tusk::tls_info& tls, fact_list& facts) {
  facts.emplace_back("tls_version", tls.version);
  facts.emplace_back("tls_cipher", tls.cipher);
  facts.emplace_back("tls_cipher_bits", std::to_string(tls.cipher_bits));
  facts.emplace_back("tls_alpn", tls.alpn);
  facts.emplace_back("tls_verified", yes_or_no(tls.verified));
  facts.emplace_back("tls_client_certificate", yes_or_no(tls.client_certificate));
  facts.emplace_back("certificate_subject", tls.server.subject);
  facts.emplace_back("certificate_issuer", tls.server.issuer);
  facts.emplace_back("certificate_not_before", tls.server.not_before);
  facts.emplace_back("certificate_not_after", tls.server.not_after);
}

fact_list facts_of(const tusk::session& db, const tusk::conninfo& asked) {
  const tusk::protocol_version protocol = db.protocol();
  fact_list facts{
      {"host", std::string(db.host())},
      {"address", std::string(db.peer())},
      {"port", std::to_string(db.port())},
      {"user", asked.user.value_or("")},
      {"database", asked.dbname.value_or("")},
      {"server_version", std::string(db.parameter("server_version"))},
      {"protocol", std::to_string(protocol.major) + "." + std::to_string(protocol.minor)},
      {"server_process_id", std::to_string(db.process_id())},
      {"authentication", std::string(tusk::name_of(db.authentication()))},
      {"tls", db.tls() == nullptr ? "off" : "on"},
  };
  if (db.tls() != nullptr) add_tls(*db.tls(), facts);
  return facts;
}

}  // namespace

int run_connect_info(std::span<const char* const> all) {
  const connect_info_arguments asked = parse(all);
  output to;
  if (asked.help) {
    to.write(help);
  } else {
    tusk::conninfo where = tusk::conninfo::parse(*asked.dsn);
    if (!where.fallback_application_name) where.fallback_application_name = "tusk";
    const auto from = tusk::environment::process();
    tusk::session db(where, from, {.timeout = asked.timeout});
    show_notices(db);
    write_facts(facts_of(db, where.with_defaults(from)), asked.json, to);
  }
  to.flush();
  return 0;
}

}  // namespace cli
