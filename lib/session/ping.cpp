#include "tusk/ping.hpp"

#include <utility>

#include "session/connect.hpp"
#include "tusk/sqlstate.hpp"

namespace tusk {

namespace {

ping_result ask(conninfo to, const environment& from, session_options options) {
  to = to.with_defaults(from);
  // Being asked for credentials is answer enough, so none are at hand.
  to.password.reset();
  to.passfile.reset();
  to.scram_client_key.reset();
  to.scram_server_key.reset();
  to.target_session_attrs.reset();
  options.password_provider = {};
  options.token_provider = {};
  const auto plan = detail::make_plan(std::move(to), options, from.home().value_or(""));
  try {
    detail::connect(plan, options, net::deadline::after(options.timeout))->farewell();
    return {ping_status::accepting, {}};
  } catch (const operational_error& failed) {
    ping_result heard{ping_status::no_response, std::string(failed.message())};
    // Whatever has a code was said by a server, or to one that had asked something.
    if (!failed.sqlstate().empty()) {
      heard.status = failed.sqlstate() == sqlstate::cannot_connect_now ? ping_status::rejecting
                                                                       : ping_status::accepting;
    }
    return heard;
  } catch (const internal_error& failed) {
    return {ping_status::no_response, std::string(failed.message())};
  }
}

}  // namespace

std::string_view name_of(ping_status status) noexcept {
  switch (status) {
    case ping_status::accepting: return "accepting connections";
    case ping_status::rejecting: return "rejecting connections";
    case ping_status::no_response: return "no response";
  }
  return "?";
}

ping_result ping(std::string_view dsn, const session_options& options) {
  return ask(conninfo::parse(dsn), environment::process(), options);
}

ping_result ping(const conninfo& to, const session_options& options) {
  return ask(to, environment::bare(), options);
}

}  // namespace tusk
