// How each authentication method is answered.
#include <utility>

#include "auth/md5.hpp"
#include "auth/oauthbearer.hpp"
#include "auth/scram.hpp"
#include "engine/sasl_choice.hpp"
#include "engine/startup.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::engine {

namespace {

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

// Once only, and what the source has captured goes with it. An empty secret is none.
std::optional<auth::secret_text> startup::ask(secret_source& source) {
  const secret_source once = std::exchange(source, nullptr);
  if (!once) return std::nullopt;
  std::optional<auth::secret_text> found = once();
  if (found && found->empty()) found.reset();
  return found;
}

failure startup::take_cleartext(proto::writer& out) {
  if (state_ != state::begun) return unexpected("AuthenticationCleartextPassword");
  constexpr std::string_view asked = "a cleartext password";
  if (failure failed = check_policy(auth_word::password, asked)) return failed;
  method_ = authentication_method::password;
  const auto password = ask(options_.password);
  if (!password) return password_missing(asked);
  state_ = state::password_sent;
  return sent(proto::encode(out, proto::password_message{view(*password)}), "password");
}

failure startup::take_md5(const proto::authentication_md5_password& request, proto::writer& out) {
  if (state_ != state::begun) return unexpected("AuthenticationMD5Password");
  constexpr std::string_view asked = "an MD5 password";
  if (failure failed = check_policy(auth_word::md5, asked)) return failed;
  method_ = authentication_method::md5;
  const auto password = ask(options_.password);
  if (!password) return password_missing(asked);
  state_ = state::password_sent;
  const auth::secret_text answer = auth::md5_password(options_.user, view(*password), request.salt);
  if (answer.empty()) return refuse("MD5 is not available in this OpenSSL (FIPS mode?)");
  return sent(proto::encode(out, proto::password_message{view(answer)}), "MD5 password");
}

failure startup::take_sasl(const proto::authentication_sasl& request, proto::writer& out) {
  if (state_ != state::begun) return unexpected("AuthenticationSASL");
  sasl_choice choice = choose_mechanism(request.mechanisms, options_);
  if (!choice.refusal.empty()) return refuse(std::move(choice.refusal));
  const bool is_oauth = choice.method == authentication_method::oauthbearer;
  if (failure failed = check_policy(is_oauth ? auth_word::oauth : auth_word::scram_sha_256,
                                    name_of(choice.method))) {
    return failed;
  }
  method_ = choice.method;
  return is_oauth ? begin_oauth(out) : begin_scram(choice.gs2_header, out);
}

failure startup::begin_scram(std::string_view gs2_header, proto::writer& out) {
  std::optional<auth::secret_text> password;
  if (options_.scram_client_key.empty()) {
    password = ask(options_.password);
    if (!password) return password_missing("a SCRAM-SHA-256 password");
  } else if (options_.scram_server_key.empty()) {
    return refuse(
        "scram_client_key is set without scram_server_key, and so the server could not prove that "
        "it knows the password: set both");
  }
  auth::scram_options scram;
  if (password) scram.password = view(*password);
  scram.nonce = options_.nonce;
  scram.max_iterations = options_.max_scram_iterations;
  scram.gs2_header = gs2_header;
  if (method_ == authentication_method::scram_sha_256_plus) {
    scram.channel_binding_data = options_.channel_binding_data;
  }
  scram.client_key = options_.scram_client_key;
  scram.server_key = options_.scram_server_key;
  scram.store = options_.scram_keys;
  scram_ = std::make_unique<auth::scram_client>(scram);
  state_ = state::sasl_first_sent;
  return sent(proto::encode(out, proto::sasl_initial_response{name_of(method_),
                                                              as_bytes(scram_->client_first())}),
              "SCRAM message");
}

failure startup::begin_oauth(proto::writer& out) {
  const auto token = ask(options_.token);
  if (!token) {
    return refuse("the server asks for a bearer token (OAUTHBEARER) for user \"" + options_.user +
                  "\" and none is given: set a token provider in the session's options");
  }
  if (!auth::is_bearer_token(view(*token))) {
    return refuse(
        "the bearer token holds characters that a token cannot have (RFC 6750: letters, "
        "digits and -._~+/, then =); is there a line break behind it?");
  }
  state_ = state::token_sent;
  const auth::secret_text first = auth::oauthbearer_first(view(*token));
  return sent(
      proto::encode(out, proto::sasl_initial_response{name_of(method_), as_bytes(view(first))}),
      "bearer token");
}

failure startup::take_sasl_continue(const proto::authentication_sasl_continue& request,
                                    proto::writer& out) {
  if (state_ == state::token_sent) return take_token_refusal(as_text(request.data), out);
  if (state_ != state::sasl_first_sent) return unexpected("AuthenticationSASLContinue");
  return continue_scram(as_text(request.data), out);
}

failure startup::continue_scram(std::string_view challenge, proto::writer& out) {
  auth::secret_text answer;
  const auth::scram_fault fault = scram_->server_first(challenge, answer);
  if (fault == auth::scram_fault::too_many_iterations) {
    return refuse("the server asks for " + std::to_string(scram_->iterations()) +
                  " SCRAM iterations; the limit is " +
                  std::to_string(options_.max_scram_iterations) + " (option max_scram_iterations)");
  }
  if (fault != auth::scram_fault::none) return refuse_scram(auth::describe(fault));
  state_ = state::sasl_final_sent;
  return sent(proto::encode(out, proto::sasl_response{as_bytes(view(answer))}), "SCRAM message");
}

// The server has refused the token and says why; it wants one byte before it ends with an error
// (RFC 7628, section 3.2.3).
failure startup::take_token_refusal(std::string_view json, proto::writer& out) {
  const auth::oauth_refusal why = auth::read_oauth_refusal(json);
  token_refusal_ = "the server refused the bearer token";
  if (!why.status.empty()) token_refusal_ += " (" + why.status + ")";
  if (!why.scope.empty()) token_refusal_ += "; it wants one of scope \"" + why.scope + "\"";
  if (!why.configuration.empty()) token_refusal_ += "; the issuer is " + why.configuration;
  state_ = state::token_refused;
  return sent(proto::encode(out, proto::sasl_response{as_bytes(auth::oauthbearer_dismissed)}),
              "answer to the token's refusal");
}

failure startup::take_sasl_final(const proto::authentication_sasl_final& request) {
  if (state_ != state::sasl_final_sent) return unexpected("AuthenticationSASLFinal");
  const auth::scram_fault fault = scram_->server_final(as_text(request.data));
  if (fault == auth::scram_fault::server_error) {
    return refuse_scram("the server says " + std::string(scram_->server_error()));
  }
  if (fault != auth::scram_fault::none) return refuse_scram(auth::describe(fault));
  state_ = state::sasl_verified;
  return {};
}

failure startup::refuse_scram(std::string_view why) const {
  return refuse("SCRAM: " + std::string(why));
}

failure startup::password_missing(std::string_view asked) const {
  return refuse("the server asks for " + std::string(asked) + " for user \"" + options_.user +
                "\" and none is given: set password in the connection string, PGPASSWORD, or a "
                "password file (passfile, ~/.pgpass)");
}

}  // namespace tusk::engine
