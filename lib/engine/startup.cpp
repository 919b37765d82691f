#include "engine/startup.hpp"

#include <utility>

#include "auth/scram.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::engine {

namespace {

// The server drops a longer first packet without a word (MAX_STARTUP_PACKET_LENGTH).
constexpr std::size_t longest_startup_packet = 10'000;

failure refuse(std::string message) {
  return {failure_kind::authentication, std::move(message)};
}

std::string text_of(std::uint32_t version) {
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
}

}  // namespace

startup::startup(startup_options options)
    : options_(std::move(options)), version_(options_.protocol_version) {}
startup::~startup() = default;

failure startup::begin(proto::writer& out) {
  std::vector<proto::startup_parameter> parameters{{"user", options_.user},
                                                   {"database", options_.database}};
  for (const auto& [name, value] : options_.settings)
    parameters.push_back({name, value});
  for (const auto& [name, value] : parameters) {
    if (name.find('\0') != name.npos || value.find('\0') != value.npos) {
      return refuse("the startup parameter \"" + std::string(name.data()) +
                    "\" holds a NUL character, which the protocol cannot carry");
    }
  }
  const std::size_t before = out.size();
  const proto::error error = proto::encode(
      out, proto::startup_message{options_.protocol_version,
                                  proto::list<proto::startup_parameter>(
                                      std::span<const proto::startup_parameter>(parameters))});
  if (error) {
    return refuse("the startup packet cannot be sent: " + std::string(proto::explain(error.what)));
  }
  if (out.size() - before > longest_startup_packet) {
    return refuse("the startup packet takes " + std::to_string(out.size() - before) +
                  " bytes and a server accepts " + std::to_string(longest_startup_packet) +
                  ": shorten user, database, application_name or options");
  }
  return {};
}

failure startup::take(const proto::backend_message& message, proto::writer& out) {
  if (std::get_if<proto::authentication_ok>(&message) != nullptr) return take_ok();
  if (std::get_if<proto::authentication_cleartext_password>(&message) != nullptr) {
    return take_cleartext(out);
  }
  if (const auto* md5 = std::get_if<proto::authentication_md5_password>(&message)) {
    return take_md5(*md5, out);
  }
  if (const auto* sasl = std::get_if<proto::authentication_sasl>(&message)) {
    return take_sasl(*sasl, out);
  }
  if (const auto* next = std::get_if<proto::authentication_sasl_continue>(&message)) {
    return take_sasl_continue(*next, out);
  }
  if (const auto* last = std::get_if<proto::authentication_sasl_final>(&message)) {
    return take_sasl_final(*last);
  }
  if (const auto* version = std::get_if<proto::negotiate_protocol_version>(&message)) {
    return take_version(*version);
  }
  return take_unsupported(message);
}

failure startup::take_unsupported(const proto::backend_message& message) const {
  std::string_view asked = "Kerberos V5";
  failure failed;
  if (std::get_if<proto::authentication_sspi>(&message) != nullptr) {
    asked = "SSPI";
    failed = check_policy(auth_word::sspi, asked);
  } else if (std::get_if<proto::authentication_kerberos_v5>(&message) == nullptr) {
    asked = "GSSAPI";
    failed = check_policy(auth_word::gss, asked);
  }
  if (failed) return failed;
  return refuse("the server asks for " + std::string(asked) +
                ", which tusk does not have; it has password, md5, SCRAM-SHA-256, "
                "SCRAM-SHA-256-PLUS and OAUTHBEARER");
}

failure startup::take_ok() {
  switch (state_) {
    case state::sasl_first_sent:
    case state::sasl_final_sent:
      return refuse(
          "the server claims success before it has proved that it knows the password "
          "(AuthenticationOk in the middle of a SCRAM exchange)");
    case state::token_refused:
      return refuse("the server claims success after it has refused the token");
    case state::authenticated: return unexpected("AuthenticationOk");
    case state::begun:
      if (failure failed = check_policy(auth_word::none, "no authentication")) return failed;
      break;
    // No other method comes this far when the channel must be bound.
    case state::sasl_verified:
    case state::password_sent:
    case state::token_sent: break;
  }
  state_ = state::authenticated;
  scram_.reset();
  return {};
}

// "NegotiateProtocolVersion": the server may go down to an older minor version and may decline
// protocol options; anything else is not a negotiation.
failure startup::take_version(const proto::negotiate_protocol_version& answer) {
  const auto bad = [](std::string why) {
    return failure{
        failure_kind::protocol,
        "the server negotiates a protocol version that makes no sense: " + std::move(why)};
  };
  if (state_ != state::begun || negotiated_) return unexpected("NegotiateProtocolVersion");
  negotiated_ = true;
  if (answer.newest > options_.protocol_version || answer.newest < proto::protocol_3_0 ||
      answer.newest == proto::protocol_3_0 + 1) {
    return bad(text_of(options_.protocol_version) + " was asked for, " + text_of(answer.newest) +
               " is offered");
  }
  if (!answer.unrecognized.empty()) return bad("it declines options that were not sent");
  if (answer.newest == options_.protocol_version) return bad("nothing is changed by it");
  if (answer.newest < options_.min_protocol_version) {
    return {failure_kind::protocol, "the server speaks protocol " + text_of(answer.newest) +
                                        ", and min_protocol_version is " +
                                        text_of(options_.min_protocol_version)};
  }
  version_ = answer.newest;
  return {};
}

// What may be asked, before anything is answered: a word of require_auth, and what channel_binding
// leaves of it.
failure startup::check_policy(auth_word word, std::string_view asked) const {
  const authentication_policy& policy = options_.policy;
  if (!policy.allowed.has(word)) {
    return refuse("the server asks for " + std::string(asked) +
                  ", and require_auth=" + policy.require_auth + " does not allow that");
  }
  if (policy.channel_binding == channel_binding_mode::require && word != auth_word::scram_sha_256) {
    return refuse("the server asks for " + std::string(asked) +
                  ", and channel_binding=require allows nothing but SCRAM-SHA-256-PLUS");
  }
  return {};
}

failure startup::unexpected(std::string_view what) const {
  return {failure_kind::protocol,
          std::string(what) + " came where the authentication exchange does not allow it"};
}

}  // namespace tusk::engine
