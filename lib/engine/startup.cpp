#include "engine/startup.hpp"

#include <algorithm>

#include "auth/md5.hpp"
#include "auth/scram.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::engine {

namespace {

// The server drops a longer first packet without a word (MAX_STARTUP_PACKET_LENGTH).
constexpr std::size_t longest_startup_packet = 10'000;

bytes_view as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::string_view as_text(bytes_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

failure refuse(std::string message) {
  return {failure_kind::authentication, std::move(message)};
}

failure sent(proto::error error, std::string_view what) {
  if (!error) return {};
  return refuse("the " + std::string(what) +
                " cannot be sent: " + std::string(proto::explain(error.what)));
}

}  // namespace

startup::startup(startup_options options) : options_(std::move(options)) {}
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
  failure failed = sent(
      proto::encode(
          out, proto::startup_message{options_.protocol_version,
                                      proto::list<proto::startup_parameter>(
                                          std::span<const proto::startup_parameter>(parameters))}),
      "startup packet");
  if (!failed && out.size() - before > longest_startup_packet) {
    failed = refuse("the startup packet takes " + std::to_string(out.size() - before) +
                    " bytes and a server accepts " + std::to_string(longest_startup_packet) +
                    ": shorten user, database, application_name or options");
  }
  return failed;
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
  return refuse(
      "the server asks for an authentication method that tusk does not have (Kerberos, GSSAPI or "
      "SSPI); it has password, MD5 and SCRAM-SHA-256");
}

failure startup::take_ok() {
  if (state_ == state::sasl_first_sent || state_ == state::sasl_final_sent) {
    return refuse(
        "the server claims success before it has proved that it knows the password "
        "(AuthenticationOk in the middle of a SCRAM exchange)");
  }
  state_ = state::authenticated;
  scram_.reset();
  return {};
}

failure startup::take_cleartext(proto::writer& out) {
  if (state_ != state::begun) return unexpected("AuthenticationCleartextPassword");
  if (!options_.password) return password_missing("a password");
  state_ = state::password_sent;
  return sent(proto::encode(out, proto::password_message{*options_.password}), "password");
}

failure startup::take_md5(const proto::authentication_md5_password& request, proto::writer& out) {
  if (state_ != state::begun) return unexpected("AuthenticationMD5Password");
  if (!options_.password) return password_missing("an MD5 password");
  state_ = state::password_sent;
  const std::string answer = auth::md5_password(options_.user, *options_.password, request.salt);
  if (answer.empty()) return refuse("MD5 is not available in this OpenSSL (FIPS mode?)");
  return sent(proto::encode(out, proto::password_message{answer}), "MD5 password");
}

failure startup::take_sasl(const proto::authentication_sasl& request, proto::writer& out) {
  if (state_ != state::begun) return unexpected("AuthenticationSASL");
  constexpr std::string_view mechanism = "SCRAM-SHA-256";
  if (std::find(request.mechanisms.begin(), request.mechanisms.end(), mechanism) ==
      request.mechanisms.end()) {
    return refuse("the server offers no SASL mechanism that tusk has; it has SCRAM-SHA-256");
  }
  if (!options_.password) return password_missing("a SCRAM-SHA-256 password");
  auth::scram_options scram;
  scram.password = *options_.password;
  scram.nonce = options_.nonce;
  scram.max_iterations = options_.max_scram_iterations;
  scram_ = std::make_unique<auth::scram_client>(scram);
  state_ = state::sasl_first_sent;
  return sent(
      proto::encode(out, proto::sasl_initial_response{mechanism, as_bytes(scram_->client_first())}),
      "SCRAM message");
}

failure startup::take_sasl_continue(const proto::authentication_sasl_continue& request,
                                    proto::writer& out) {
  if (state_ != state::sasl_first_sent) return unexpected("AuthenticationSASLContinue");
  std::string answer;
  const auth::scram_fault fault = scram_->server_first(as_text(request.data), answer);
  if (fault == auth::scram_fault::too_many_iterations) {
    return refuse("the server asks for " + std::to_string(scram_->iterations()) +
                  " SCRAM iterations; the limit is " +
                  std::to_string(options_.max_scram_iterations) + " (option max_scram_iterations)");
  }
  if (fault != auth::scram_fault::none) {
    return refuse("SCRAM: " + std::string(auth::describe(fault)));
  }
  state_ = state::sasl_final_sent;
  return sent(proto::encode(out, proto::sasl_response{as_bytes(answer)}), "SCRAM message");
}

failure startup::take_sasl_final(const proto::authentication_sasl_final& request) {
  if (state_ != state::sasl_final_sent) return unexpected("AuthenticationSASLFinal");
  const auth::scram_fault fault = scram_->server_final(as_text(request.data));
  if (fault == auth::scram_fault::server_error) {
    return refuse("SCRAM: the server says " + std::string(scram_->server_error()));
  }
  if (fault != auth::scram_fault::none) {
    return refuse("SCRAM: " + std::string(auth::describe(fault)));
  }
  state_ = state::sasl_verified;
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
  const auto text = [](std::uint32_t version) {
    return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
  };
  if (state_ != state::begun || negotiated_) return unexpected("NegotiateProtocolVersion");
  negotiated_ = true;
  if (answer.newest > options_.protocol_version || answer.newest < proto::protocol_3_0 ||
      answer.newest == proto::protocol_3_0 + 1) {
    return bad(text(options_.protocol_version) + " was asked for, " + text(answer.newest) +
               " is offered");
  }
  if (!answer.unrecognized.empty()) return bad("it declines options that were not sent");
  if (answer.newest == options_.protocol_version) return bad("nothing is changed by it");
  return {};
}

failure startup::unexpected(std::string_view what) const {
  return {failure_kind::protocol,
          std::string(what) + " came where the authentication exchange does not allow it"};
}

failure startup::password_missing(std::string_view method) const {
  return refuse("the server asks for " + std::string(method) + " for user \"" + options_.user +
                "\" and none is given: set password in the connection string, or PGPASSWORD");
}

}  // namespace tusk::engine
