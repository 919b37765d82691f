#include "session/conninfo_keywords.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tusk/error.hpp"

namespace tusk {
namespace {

// The order, the variables and the defaults are those of libpq 18 (PostgreSQL documentation, 34.1.2
// and 34.15); servicefile is libpq 19's. libpq built with GSSAPI has gssencmode=prefer.
constexpr std::array<conninfo_keyword, 51> keywords{{
    {"service", &conninfo::service, "PGSERVICE", ""},
    {"servicefile", &conninfo::servicefile, "PGSERVICEFILE", ""},
    {"user", &conninfo::user, "PGUSER", ""},
    {"password", &conninfo::password, "PGPASSWORD", ""},
    {"passfile", &conninfo::passfile, "PGPASSFILE", ""},
    {"channel_binding", &conninfo::channel_binding, "PGCHANNELBINDING", "prefer"},
    {"connect_timeout", &conninfo::connect_timeout, "PGCONNECT_TIMEOUT", ""},
    {"dbname", &conninfo::dbname, "PGDATABASE", ""},
    {"host", &conninfo::host, "PGHOST", ""},
    {"hostaddr", &conninfo::hostaddr, "PGHOSTADDR", ""},
    {"port", &conninfo::port, "PGPORT", "5432"},
    {"client_encoding", &conninfo::client_encoding, "PGCLIENTENCODING", ""},
    {"options", &conninfo::options, "PGOPTIONS", ""},
    {"application_name", &conninfo::application_name, "PGAPPNAME", ""},
    {"fallback_application_name", &conninfo::fallback_application_name, "", ""},
    {"keepalives", &conninfo::keepalives, "", ""},
    {"keepalives_idle", &conninfo::keepalives_idle, "", ""},
    {"keepalives_interval", &conninfo::keepalives_interval, "", ""},
    {"keepalives_count", &conninfo::keepalives_count, "", ""},
    {"tcp_user_timeout", &conninfo::tcp_user_timeout, "", ""},
    {"sslmode", &conninfo::sslmode, "PGSSLMODE", "prefer"},
    {"sslnegotiation", &conninfo::sslnegotiation, "PGSSLNEGOTIATION", "postgres"},
    {"sslcompression", &conninfo::sslcompression, "PGSSLCOMPRESSION", ""},
    {"sslcert", &conninfo::sslcert, "PGSSLCERT", ""},
    {"sslkey", &conninfo::sslkey, "PGSSLKEY", ""},
    {"sslcertmode", &conninfo::sslcertmode, "PGSSLCERTMODE", ""},
    {"sslpassword", &conninfo::sslpassword, "", ""},
    {"sslrootcert", &conninfo::sslrootcert, "PGSSLROOTCERT", ""},
    {"sslcrl", &conninfo::sslcrl, "PGSSLCRL", ""},
    {"sslcrldir", &conninfo::sslcrldir, "PGSSLCRLDIR", ""},
    {"sslsni", &conninfo::sslsni, "PGSSLSNI", "1"},
    {"requirepeer", &conninfo::requirepeer, "PGREQUIREPEER", ""},
    {"require_auth", &conninfo::require_auth, "PGREQUIREAUTH", ""},
    {"min_protocol_version", &conninfo::min_protocol_version, "PGMINPROTOCOLVERSION", ""},
    {"max_protocol_version", &conninfo::max_protocol_version, "PGMAXPROTOCOLVERSION", ""},
    {"ssl_min_protocol_version", &conninfo::ssl_min_protocol_version, "PGSSLMINPROTOCOLVERSION",
     "TLSv1.2"},
    {"ssl_max_protocol_version", &conninfo::ssl_max_protocol_version, "PGSSLMAXPROTOCOLVERSION",
     ""},
    {"gssencmode", &conninfo::gssencmode, "PGGSSENCMODE", "disable"},
    {"krbsrvname", &conninfo::krbsrvname, "PGKRBSRVNAME", ""},
    {"gsslib", &conninfo::gsslib, "PGGSSLIB", ""},
    {"gssdelegation", &conninfo::gssdelegation, "PGGSSDELEGATION", ""},
    {"replication", &conninfo::replication, "", ""},
    {"target_session_attrs", &conninfo::target_session_attrs, "PGTARGETSESSIONATTRS", "any"},
    {"load_balance_hosts", &conninfo::load_balance_hosts, "PGLOADBALANCEHOSTS", "disable"},
    {"scram_client_key", &conninfo::scram_client_key, "", ""},
    {"scram_server_key", &conninfo::scram_server_key, "", ""},
    {"oauth_issuer", &conninfo::oauth_issuer, "", ""},
    {"oauth_client_id", &conninfo::oauth_client_id, "", ""},
    {"oauth_client_secret", &conninfo::oauth_client_secret, "", ""},
    {"oauth_scope", &conninfo::oauth_scope, "", ""},
    {"sslkeylogfile", &conninfo::sslkeylogfile, "", ""},
}};

}  // namespace

std::span<const conninfo_keyword> conninfo_keywords() noexcept {
  return keywords;
}

const conninfo_keyword* find_keyword(std::string_view name) noexcept {
  const auto* found = std::ranges::find(keywords, name, &conninfo_keyword::name);
  return found == keywords.end() ? nullptr : found;
}

std::optional<std::string_view> value_of(const conninfo& in,
                                         const conninfo_keyword& keyword) noexcept {
  if (const auto* text = std::get_if<0>(&keyword.member)) {
    const std::optional<std::string>& value = in.**text;
    return value ? std::optional<std::string_view>(*value) : std::nullopt;
  }
  const std::optional<secret>& value = in.**std::get_if<1>(&keyword.member);
  return value ? std::optional(value->reveal()) : std::nullopt;
}

void set_value(conninfo& in, const conninfo_keyword& keyword, std::string_view value) {
  if (const auto* text = std::get_if<0>(&keyword.member))
    (in.**text).emplace(value);
  else
    (in.**std::get_if<1>(&keyword.member)).emplace(value);
}

void translate_requiressl(std::string& keyword, auth::secret_text& value) {
  if (keyword != "requiressl") return;
  keyword = "sslmode";
  value = auth::to_secret(auth::view(value).starts_with('1') ? "require" : "prefer");
}

void fail_usage(std::string message) {
  error_details details;
  details.kind = error_kind::usage;
  details.message = std::move(message);
  throw programming_error(std::move(details));
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
  if (keyword == "ssl")
    fail_conninfo(offset, "ssl is known as ssl=true in a URI only", "Use sslmode.");
  const auto in_a_name = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  // Anything else is hardly a mistyped keyword; it may be the rest of an unquoted password.
  if (keyword.empty() || keyword.size() > 63 || !std::ranges::all_of(keyword, in_a_name))
    fail_conninfo(offset, "a keyword is expected here");
  fail_conninfo(offset, std::string("there is no keyword \"").append(keyword).append("\""));
}

}  // namespace tusk
