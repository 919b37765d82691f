#include "engine/sasl_choice.hpp"

#include <optional>

namespace tusk::engine {

namespace {

using method = authentication_method;

struct offer {
  bool plus = false;
  std::optional<method> first;  // of the mechanisms that bind no channel
};

offer look_through(const proto::list<std::string_view>& offered) {
  offer found;
  for (const std::string_view name : offered) {
    if (name == name_of(method::scram_sha_256_plus)) found.plus = true;
    if (found.first) continue;
    if (name == name_of(method::scram_sha_256)) found.first = method::scram_sha_256;
    if (name == name_of(method::oauthbearer)) found.first = method::oauthbearer;
  }
  return found;
}

sasl_choice refuse(std::string why) {
  return {.refusal = std::move(why)};
}

// Why channel binding is required and cannot be had.
std::string missing_binding(bool offered, const startup_options& options) {
  const std::string head = "channel_binding=require: ";
  if (!options.encrypted) return head + "only a TLS connection can be bound, and this one is plain";
  if (!offered) return head + "the server does not offer SCRAM-SHA-256-PLUS";
  const std::string& why = options.no_channel_binding;
  return head + (why.empty() ? "the server's certificate gives nothing to bind to" : why);
}

}  // namespace

sasl_choice choose_mechanism(const proto::list<std::string_view>& offered,
                             const startup_options& options) {
  const offer found = look_through(offered);
  const bool required = options.policy.channel_binding == channel_binding_mode::require;
  // A server offers it over TLS only. So one of the two ends of our connection has TLS and the
  // other has not.
  if (found.plus && !options.encrypted && !required) {
    return refuse(
        "the server offers SCRAM-SHA-256-PLUS on a connection without TLS: somebody between may "
        "have taken the encryption off");
  }
  const bool able = options.encrypted && !options.channel_binding_data.empty() &&
                    options.policy.channel_binding != channel_binding_mode::disable;
  if (found.plus && able) {
    return {.method = method::scram_sha_256_plus, .gs2_header = "p=tls-server-end-point,,"};
  }
  if (required) return refuse(missing_binding(found.plus, options));
  if (!found.first) {
    return refuse(found.plus ? "the server offers SCRAM-SHA-256-PLUS alone, which needs channel "
                               "binding (channel_binding=prefer, a certificate that allows it)"
                             : "the server offers no SASL mechanism that tusk has; it has "
                               "SCRAM-SHA-256, SCRAM-SHA-256-PLUS and OAUTHBEARER");
  }
  // "y" lets the server notice when somebody took PLUS out of its offer.
  return {.method = *found.first, .gs2_header = able ? "y,," : "n,,"};
}

}  // namespace tusk::engine
