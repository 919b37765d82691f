#include "session/connect_plan.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "auth/base64.hpp"
#include "session/conninfo_keywords.hpp"
#include "tusk/error.hpp"

namespace tusk::detail {

namespace {

using member = std::optional<std::string>;

// Where an empty value is as good as none.
std::string_view text_or(const member& value, std::string_view otherwise) noexcept {
  return value && !value->empty() ? std::string_view(*value) : otherwise;
}

int number_of(const member& value, int otherwise) noexcept {
  return value && !value->empty() ? parse_integer(*value).value_or(otherwise) : otherwise;
}

encryption encryption_of(std::string_view sslmode) noexcept {
  if (sslmode == "disable") return encryption::disable;
  if (sslmode == "allow") return encryption::allow;
  return sslmode == "prefer" ? encryption::prefer : encryption::require;
}

net::tls_settings tls_of(const conninfo& to, const session_options& options,
                         const std::string& home) {
  net::tls_settings tls;
  const std::string_view mode = text_or(to.sslmode, "prefer");
  if (mode == "verify-ca") tls.check = net::certificate_check::authority;
  if (mode == "verify-full") tls.check = net::certificate_check::host;
  tls.sni = text_or(to.sslsni, "1") != "0";
  tls.direct = text_or(to.sslnegotiation, "postgres") == "direct";
  tls.root_certificate = text_of(to.sslrootcert);
  tls.certificate = text_of(to.sslcert);
  tls.key = text_of(to.sslkey);
  tls.crl = text_of(to.sslcrl);
  tls.crl_folder = text_of(to.sslcrldir);
  tls.min_version = text_or(to.ssl_min_protocol_version, "TLSv1.2");
  tls.max_version = text_of(to.ssl_max_protocol_version);
  tls.key_log = text_of(to.sslkeylogfile);
  if (!home.empty()) tls.default_folder = home + "/.postgresql";
  const std::string_view certificates = text_or(to.sslcertmode, "allow");
  if (certificates == "disable") tls.mode = net::client_certificate::disable;
  if (certificates == "require") tls.mode = net::client_certificate::require;
  tls.passphrase = [given = to.sslpassword, ask = options.key_passphrase_provider](
                       const std::string& file) -> std::optional<auth::secret_text> {
    if (given) return auth::to_secret(given->reveal());
    if (!ask) return std::nullopt;
    const std::optional<secret> asked = ask(file);
    return asked ? std::optional(auth::to_secret(asked->reveal())) : std::nullopt;
  };
  return tls;
}

net::tcp_options tcp_of(const conninfo& to) noexcept {
  return {.keepalives = number_of(to.keepalives, 1) != 0,
          .idle = number_of(to.keepalives_idle, 0),
          .interval = number_of(to.keepalives_interval, 0),
          .count = number_of(to.keepalives_count, 0),
          .user_timeout = number_of(to.tcp_user_timeout, 0)};
}

std::uint32_t version_of(const member& value) noexcept {
  const std::string_view text = text_or(value, "3.0");
  return text == "3.2" || text == "latest" ? proto::protocol_3_2 : proto::protocol_3_0;
}

auth::secret_vector<unsigned char> key_of(const std::optional<secret>& base64) {
  if (!base64) return {};
  const auto bytes = auth::base64_decode(base64->reveal());
  return bytes ? auth::secret_vector<unsigned char>(bytes->begin(), bytes->end())
               : auth::secret_vector<unsigned char>();
}

engine::startup_options startup_of(const conninfo& to, const session_options& options) {
  engine::startup_options startup;
  startup.protocol_version = version_of(to.max_protocol_version);
  startup.min_protocol_version = version_of(to.min_protocol_version);
  startup.protocol_version = std::max(startup.protocol_version, startup.min_protocol_version);
  startup.user = text_of(to.user);
  startup.database = text_of(to.dbname);
  startup.settings = to.settings;
  startup.settings.emplace_back("client_encoding", "UTF8");
  if (const auto& name = to.application_name; name && !name->empty())
    startup.settings.emplace_back("application_name", *name);
  if (to.options && !to.options->empty()) startup.settings.emplace_back("options", *to.options);
  if (to.replication && !to.replication->empty())
    startup.settings.emplace_back("replication", *to.replication);
  startup.max_scram_iterations = options.max_scram_iterations;
  startup.scram_client_key = key_of(to.scram_client_key);
  startup.scram_server_key = key_of(to.scram_server_key);
  if (options.scram_keys) startup.scram_keys = &options.scram_keys->store();
  engine::parsed_policy read =
      engine::parse_policy(text_of(to.require_auth), text_of(to.channel_binding));
  if (!read.error.empty())
    raise({.kind = error_kind::usage, .message = "connection parameter " + read.error});
  startup.policy = std::move(read.policy);
  return startup;
}

}  // namespace

std::shared_ptr<const connect_plan> make_plan(conninfo to, const session_options& options,
                                              std::string home) {
  auto plan = std::make_shared<connect_plan>();
  plan->hosts = host_list(to);
  plan->shuffled = text_or(to.load_balance_hosts, "disable") == "random";
  if (const int seconds = number_of(to.connect_timeout, 0); seconds > 0)
    plan->timeout_per_address = std::chrono::seconds(seconds);
  plan->target = session_target_of(text_or(to.target_session_attrs, "any"));
  plan->tls = encryption_of(text_or(to.sslmode, "prefer"));
  plan->tls_settings = tls_of(to, options, home);
  plan->tcp = tcp_of(to);
  plan->required_peer = text_of(to.requirepeer);
  plan->startup = startup_of(to, options);
  if (plan->tls == encryption::require && !net::tls_supported()) {
    raise({.kind = error_kind::usage,
           .message = "connection parameter sslmode=" + *to.sslmode +
                      " asks for TLS, and this build of tusk has none (it was configured with "
                      "-Dtls=disabled)"});
  }
  plan->to = std::move(to);
  return plan;
}

}  // namespace tusk::detail
