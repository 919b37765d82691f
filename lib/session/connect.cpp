#include "session/connect.hpp"

#include "auth/nonce.hpp"

namespace tusk::detail {

namespace {

engine::startup_options startup_of(const conninfo& to, const session_options& options) {
  engine::startup_options startup;
  startup.user = to.user.value_or("");
  startup.database = to.dbname.value_or("");
  startup.settings = to.settings;
  startup.settings.emplace_back("client_encoding", "UTF8");
  const auto& name = to.application_name ? to.application_name : to.fallback_application_name;
  if (name && !name->empty()) startup.settings.emplace_back("application_name", *name);
  if (to.options && !to.options->empty()) startup.settings.emplace_back("options", *to.options);
  if (to.password && !to.password->empty()) startup.password = to.password;
  startup.nonce = auth::make_nonce();
  startup.max_scram_iterations = options.max_scram_iterations;
  if (startup.nonce.empty()) {
    raise({.kind = error_kind::connect,
           .message = "the system gives no random bytes for a SCRAM nonce",
           .session_usable = false});
  }
  return startup;
}

net::deadline per_address(const conninfo& to, const net::deadline& until) {
  const std::int32_t seconds = to.connect_timeout_seconds();
  if (seconds <= 0) return until;
  return net::deadline::after(std::chrono::seconds(seconds)).or_before(until);
}

// What an attempt ended with: another address may answer better only when this one did not answer
// as a PostgreSQL server, or is one that is starting up or shutting down.
bool worth_another_address(const error& failed) noexcept {
  if (failed.sqlstate().empty()) return failed.kind() != error_kind::protocol;
  return failed.sqlstate() == sqlstate_code("57P03");
}

std::string place(const conninfo& to, const net::address& address) {
  const std::string host = to.host.value_or("");
  if (address.text().starts_with(host) || address.text().starts_with("[" + host))
    return address.text();
  return host + " (" + address.text() + ")";
}

[[noreturn]] void fail_connect(error_details details, const std::string& tried) {
  details.message = tried;
  details.session_usable = false;
  details.safe_to_retry = true;
  if (details.kind != error_kind::timeout) details.kind = error_kind::connect;
  raise(std::move(details));
}

}  // namespace

std::unique_ptr<connection> connect(const conninfo& to, const session_options& options,
                                    const net::deadline& until) {
  const std::string host = to.host.value_or("");
  const net::resolved found = net::resolve(host, to.port_number(), per_address(to, until));
  if (found.addresses.empty()) {
    fail_connect({.kind = found.timed_out ? error_kind::timeout : error_kind::connect},
                 "cannot connect to " + host + ": " + found.error);
  }
  std::string tried;
  for (const net::address& address : found.addresses) {
    try {
      return std::make_unique<connection>(address, startup_of(to, options), options,
                                          per_address(to, until));
    } catch (const error& failed) {
      if (!tried.empty()) tried += "; ";
      tried += "cannot connect to " + place(to, address) + " as user \"" + to.user.value_or("") +
               "\": " + std::string(failed.message());
      if (&address == &found.addresses.back() || until.passed() || !worth_another_address(failed)) {
        fail_connect(failed.details(), tried);
      }
    }
  }
  fail_connect({}, tried);
}

}  // namespace tusk::detail
