#include "session/conninfo_check.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "auth/base64.hpp"
#include "engine/authentication_policy.hpp"
#include "session/conninfo_hosts.hpp"
#include "session/conninfo_keywords.hpp"

// What libpq refuses before it connects or while it does; here all of it comes before.
namespace tusk {
namespace {

using found_fault = std::optional<conninfo_fault>;
using text_member = std::optional<std::string> conninfo::*;

/// A parameter with few values. A value that is set but empty is none of them.
struct choice {
  std::string_view keyword;
  text_member member;
  std::string_view values;
};
constexpr std::array<choice, 9> choices{{
    {"sslmode", &conninfo::sslmode, "disable, allow, prefer, require, verify-ca, verify-full"},
    {"sslnegotiation", &conninfo::sslnegotiation, "postgres, direct"},
    {"gssencmode", &conninfo::gssencmode, "disable, prefer, require"},
    {"channel_binding", &conninfo::channel_binding, "disable, prefer, require"},
    {"sslcertmode", &conninfo::sslcertmode, "disable, allow, require"},
    {"target_session_attrs", &conninfo::target_session_attrs,
     "any, read-write, read-only, primary, standby, prefer-standby"},
    {"load_balance_hosts", &conninfo::load_balance_hosts, "disable, random"},
    {"min_protocol_version", &conninfo::min_protocol_version, "3.0, 3.2, latest"},
    {"max_protocol_version", &conninfo::max_protocol_version, "3.0, 3.2, latest"},
}};

struct number {
  std::string_view keyword;
  text_member member;
  std::string_view unit;
};
constexpr std::array<number, 6> numbers{{
    {"connect_timeout", &conninfo::connect_timeout, " of seconds"},
    {"keepalives", &conninfo::keepalives, ": 0 or 1"},
    {"keepalives_idle", &conninfo::keepalives_idle, " of seconds"},
    {"keepalives_interval", &conninfo::keepalives_interval, " of seconds"},
    {"keepalives_count", &conninfo::keepalives_count, ""},
    {"tcp_user_timeout", &conninfo::tcp_user_timeout, " of milliseconds"},
}};

constexpr std::array<std::string_view, 4> tls_versions{"tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3"};

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_without_case(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, {}, lower);
}

found_fault fault(std::string_view keyword, std::string_view rest) {
  return conninfo_fault{keyword, std::string(keyword).append(" ").append(rest)};
}

bool is_among(std::string_view value, std::string_view values) noexcept {
  constexpr std::string_view separator = ", ";
  for (;;) {
    const std::size_t end = values.find(separator);
    if (values.substr(0, end) == value) return true;
    if (end == values.npos) return false;
    values.remove_prefix(end + separator.size());
  }
}

found_fault nul_fault(const conninfo& in) {
  const auto has_nul = [](std::string_view text) { return text.find('\0') != text.npos; };
  for (const conninfo_keyword& keyword : conninfo_keywords()) {
    if (has_nul(value_of(in, keyword).value_or("")))
      return fault(keyword.name, "must not contain a NUL byte");
  }
  for (const auto& [name, value] : in.settings) {
    if (has_nul(name) || has_nul(value)) return fault("settings", "must not contain a NUL byte");
  }
  return std::nullopt;
}

found_fault choice_fault(const conninfo& in) {
  for (const choice& c : choices) {
    const auto& value = in.*c.member;
    if (value && !is_among(*value, c.values))
      return fault(c.keyword, std::string("must be one of ").append(c.values));
  }
  if (text_of(in.gssencmode) == "require") {
    return fault("gssencmode",
                 "asks for GSSAPI encryption, which tusk does not have: use disable or prefer");
  }
  // A server before 17 does not know it: with a weaker mode the answer would be plain text.
  if (text_of(in.sslnegotiation) == "direct" && in.sslmode && !in.sslmode->starts_with("require") &&
      !in.sslmode->starts_with("verify"))
    return fault("sslnegotiation", "may be direct only with sslmode=require or above");
  if (text_of(in.sslrootcert) == "system" && in.sslmode && *in.sslmode != "verify-full")
    return fault("sslrootcert", "may be system only with sslmode=verify-full");
  return std::nullopt;
}

found_fault number_fault(const conninfo& in) {
  for (const number& n : numbers) {
    const auto& value = in.*n.member;
    if (value && !parse_integer(*value))
      return fault(n.keyword, std::string("must be a whole number").append(n.unit));
  }
  // libpq takes anything that does not begin with 1 for 0, "yes" included.
  if (in.sslsni && !in.sslsni->empty() && *in.sslsni != "0" && *in.sslsni != "1")
    return fault("sslsni", "must be 0 or 1");
  return std::nullopt;
}

/// Only what getaddrinfo() takes without asking anybody.
bool is_numeric_address(const std::string& text) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  return true;
}

std::string counted(std::size_t number, std::string_view noun) {
  std::string text = std::to_string(number) + ' ' + std::string(noun);
  if (number != 1) text += noun.ends_with('s') ? "es" : "s";
  return text;
}

found_fault host_fault(const conninfo& in) {
  const std::size_t servers = host_count(in);
  for (const std::string_view address : split_list(text_of(in.hostaddr))) {
    if (!address.empty() && !is_numeric_address(std::string(address))) {
      return fault("hostaddr", "must be a numeric address for each host: a name belongs into host");
    }
  }
  const std::size_t hosts = split_list(text_of(in.host)).size();
  if (!text_of(in.host).empty() && hosts != servers) {
    return fault("host", "names " + counted(hosts, "host") + " and hostaddr " +
                             counted(servers, "address") + ": there must be as many of each");
  }
  const std::vector<std::string_view> ports = split_list(text_of(in.port));
  if (!std::ranges::all_of(ports, [](std::string_view port) { return port_of(port).has_value(); }))
    return fault("port", "must be a whole number from 1 to 65535");
  if (ports.size() != 1 && ports.size() != servers) {
    return fault("port", "names " + std::to_string(ports.size()) + " ports for " +
                             counted(servers, "host") +
                             ": give one for all of them or one for each");
  }
  return std::nullopt;
}

/// Its place in the list, nothing when not set or empty; the list's size when it is not there.
std::optional<std::size_t> tls_version(const std::optional<std::string>& value) {
  if (text_of(value).empty()) return std::nullopt;
  const auto* const found = std::ranges::find_if(
      tls_versions, [&](std::string_view name) { return equal_without_case(*value, name); });
  return static_cast<std::size_t>(found - tls_versions.begin());
}

found_fault version_fault(const conninfo& in) {
  const std::string_view rest = "must be one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3";
  const auto least = tls_version(in.ssl_min_protocol_version);
  const auto most = tls_version(in.ssl_max_protocol_version);
  if (least == tls_versions.size()) return fault("ssl_min_protocol_version", rest);
  if (most == tls_versions.size()) return fault("ssl_max_protocol_version", rest);
  if (least && most && *least > *most) {
    return fault("ssl_max_protocol_version",
                 "must not be below ssl_min_protocol_version, which is TLSv1.2 unless set");
  }
  // Of 3.0, 3.2 and latest only the first is below the others.
  if (in.min_protocol_version && *in.min_protocol_version != "3.0" &&
      text_of(in.max_protocol_version) == "3.0")
    return fault("max_protocol_version", "must not be below min_protocol_version");
  return std::nullopt;
}

/// As the server compares encoding names: letters and digits only, without case.
bool is_utf8_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const char small = lower(c);
    if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9')) plain += small;
  }
  return plain == "utf8" || plain == "unicode";
}

/// The server's words for a boolean: any beginning of them that is not a beginning of two.
bool is_boolean(std::string_view value) {
  constexpr std::string_view long_words[] = {"true", "false", "yes", "no", "on", "off"};
  if (value == "1" || value == "0") return true;
  if (value.empty() || (value.size() == 1 && lower(value.front()) == 'o')) return false;
  return std::ranges::any_of(long_words, [&](std::string_view word) {
    return equal_without_case(value, word.substr(0, value.size())) && value.size() <= word.size();
  });
}

found_fault session_fault(const conninfo& in) {
  const std::string_view encoding = text_of(in.client_encoding);
  if (!encoding.empty() && encoding != "auto" && !is_utf8_name(encoding))
    return fault("client_encoding", "must be UTF8 or auto: tusk speaks no other encoding");
  const std::string_view replication = text_of(in.replication);
  if (!replication.empty() && replication != "database" && !is_boolean(replication))
    return fault("replication", "must be database, true or false");
  // The engine reads it, and says what is wrong with it.
  if (std::string why = engine::parse_policy(text_of(in.require_auth), {}).error; !why.empty())
    return conninfo_fault{"require_auth", std::move(why)};
  return std::nullopt;
}

found_fault scram_key_fault(const conninfo& in) {
  constexpr std::size_t key_size = 32;  // of SHA-256
  const auto is_wrong = [](const std::optional<secret>& key) {
    if (!key) return false;
    const auto bytes = auth::base64_decode(key->reveal());
    return !bytes || bytes->size() != key_size;
  };
  constexpr std::string_view rest = "must be 32 bytes in base64";
  if (is_wrong(in.scram_client_key)) return fault("scram_client_key", rest);
  if (is_wrong(in.scram_server_key)) return fault("scram_server_key", rest);
  return std::nullopt;
}

}  // namespace

std::optional<conninfo_fault> find_fault(const conninfo& in) {
  constexpr std::array judges{nul_fault,     host_fault,    choice_fault,   number_fault,
                              version_fault, session_fault, scram_key_fault};
  for (const auto judge : judges) {
    if (found_fault found = judge(in)) return found;
  }
  return std::nullopt;
}

void conninfo::check() const {
  if (const auto found = find_fault(*this)) fail_usage("connection parameter " + found->text);
}

}  // namespace tusk
