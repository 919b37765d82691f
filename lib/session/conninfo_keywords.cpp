#include "session/conninfo_keywords.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "tusk/error.hpp"

namespace tusk {
namespace {

constexpr std::array<conninfo_keyword, 12> keywords{{
    {"host", &conninfo::host, "PGHOST"},
    {"port", &conninfo::port, "PGPORT"},
    {"dbname", &conninfo::dbname, "PGDATABASE"},
    {"user", &conninfo::user, "PGUSER"},
    {"password", &conninfo::password, "PGPASSWORD"},
    {"application_name", &conninfo::application_name, "PGAPPNAME"},
    {"fallback_application_name", &conninfo::fallback_application_name, ""},
    {"connect_timeout", &conninfo::connect_timeout, "PGCONNECT_TIMEOUT"},
    {"options", &conninfo::options, "PGOPTIONS"},
    {"client_encoding", &conninfo::client_encoding, "PGCLIENTENCODING"},
    {"sslmode", &conninfo::sslmode, "PGSSLMODE"},
    {"gssencmode", &conninfo::gssencmode, "PGGSSENCMODE"},
}};

// Of libpq 18. Ignoring one could mean a weaker connection than was asked for.
constexpr std::array<std::string_view, 38> unsupported_keywords{
    "channel_binding",
    "gssdelegation",
    "gsslib",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_issuer",
    "oauth_scope",
    "passfile",
    "replication",
    "require_auth",
    "requirepeer",
    "scram_client_key",
    "scram_server_key",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslkeylogfile",
    "sslnegotiation",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
};

// PGSERVICEFILE, PGSYSCONFDIR, PGLOCALEDIR and PGOAUTHDEBUG change nothing by themselves.
constexpr std::array<std::string_view, 24> variables{
    "PGCHANNELBINDING",
    "PGGSSDELEGATION",
    "PGGSSLIB",
    "PGHOSTADDR",
    "PGKRBSRVNAME",
    "PGLOADBALANCEHOSTS",
    "PGMAXPROTOCOLVERSION",
    "PGMINPROTOCOLVERSION",
    "PGPASSFILE",
    "PGREQUIREAUTH",
    "PGREQUIREPEER",
    "PGSERVICE",
    "PGSSLCERT",
    "PGSSLCERTMODE",
    "PGSSLCOMPRESSION",
    "PGSSLCRL",
    "PGSSLCRLDIR",
    "PGSSLKEY",
    "PGSSLMAXPROTOCOLVERSION",
    "PGSSLMINPROTOCOLVERSION",
    "PGSSLNEGOTIATION",
    "PGSSLROOTCERT",
    "PGSSLSNI",
    "PGTARGETSESSIONATTRS",
};

/// As the server compares encoding names: letters and digits only, without case.
bool is_utf8_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      plain += c;
    else if (c >= 'A' && c <= 'Z')
      plain += static_cast<char>(c - 'A' + 'a');
  }
  return plain == "utf8" || plain == "unicode";
}

std::string mode_objection(std::string_view keyword, std::string_view value,
                           std::initializer_list<std::string_view> fine,
                           std::initializer_list<std::string_view> encrypting,
                           std::string_view layer) {
  if (std::ranges::find(fine, value) != fine.end()) return {};
  std::string text(keyword);
  if (std::ranges::find(encrypting, value) != encrypting.end()) {
    text.append("=").append(value).append(" asks for an encrypted connection, and ");
    return text.append(layer).append(" is not supported by this version of tusk");
  }
  text.append(" must be one of");
  std::string_view separator = " ";
  for (const auto& list : {fine, encrypting}) {
    for (const std::string_view name : list) {
      text.append(separator).append(name);
      separator = ", ";
    }
  }
  return text;
}

}  // namespace

std::span<const conninfo_keyword> supported_keywords() noexcept {
  return keywords;
}

const conninfo_keyword* find_keyword(std::string_view name) noexcept {
  const auto* found = std::ranges::find(keywords, name, &conninfo_keyword::name);
  return found == keywords.end() ? nullptr : found;
}

bool is_unsupported_keyword(std::string_view name) noexcept {
  return std::ranges::find(unsupported_keywords, name) != unsupported_keywords.end();
}

std::span<const std::string_view> unsupported_variables() noexcept {
  return variables;
}

std::optional<std::int32_t> whole_number(std::string_view text) noexcept {
  while (!text.empty() && is_conninfo_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_conninfo_space(text.back()))
    text.remove_suffix(1);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string objection(std::string_view keyword, std::string_view value) {
  if (value.find('\0') != std::string_view::npos)
    return std::string(keyword).append(" must not contain a NUL byte");
  const bool has_comma = value.find(',') != std::string_view::npos;
  if (keyword == "host" && has_comma)
    return "host names several hosts, which is not supported by this version of tusk";
  if (keyword == "port" && has_comma)
    return "port names several ports, which is not supported by this version of tusk";
  if (keyword == "port" && !value.empty()) {
    const auto number = whole_number(value);
    if (!number || *number < 1 || *number > 65535)
      return "port must be a whole number from 1 to 65535";
  }
  if (keyword == "connect_timeout" && !whole_number(value))
    return "connect_timeout must be a whole number of seconds";
  if (keyword == "client_encoding" && !value.empty() && value != "auto" && !is_utf8_name(value))
    return "client_encoding must be UTF8 or auto: tusk speaks no other encoding";
  if (keyword == "sslmode") {
    return mode_objection(keyword, value, {"disable", "allow", "prefer"},
                          {"require", "verify-ca", "verify-full"}, "TLS");
  }
  if (keyword == "gssencmode")
    return mode_objection(keyword, value, {"disable", "prefer"}, {"require"}, "GSSAPI encryption");
  return {};
}

void fail_conninfo(std::size_t offset, std::string_view what, std::string_view hint) {
  error_details details;
  details.kind = error_kind::usage;
  details.message = "connection string, offset ";
  details.message.append(std::to_string(offset)).append(": ").append(what);
  details.hint = hint;
  throw programming_error(std::move(details));
}

void fail_keyword(std::size_t offset, std::string_view keyword) {
  std::string what(keyword);
  if (is_unsupported_keyword(keyword))
    fail_conninfo(offset, what.append(" is not supported by this version of tusk"));
  if (keyword == "ssl")
    fail_conninfo(offset, "ssl is known as ssl=true in a URI only", "Use sslmode.");
  const auto in_a_name = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  // Anything else is hardly a mistyped keyword; it may be the rest of an unquoted password.
  if (keyword.empty() || keyword.size() > 63 || !std::ranges::all_of(keyword, in_a_name))
    fail_conninfo(offset, "a keyword is expected here");
  fail_conninfo(offset, what.insert(0, "there is no keyword \"").append("\""));
}

}  // namespace tusk
