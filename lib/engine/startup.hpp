#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/failure.hpp"
#include "engine/startup_options.hpp"
#include "tusk/authentication_method.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::auth {
class scram_client;
}

namespace tusk::engine {

/// From the first packet to AuthenticationOk ("Message Flow", "Start-up").
class startup {
 public:
  explicit startup(startup_options options);
  ~startup();
  startup(const startup&) = delete;
  startup& operator=(const startup&) = delete;

  /// Writes the StartupMessage.
  [[nodiscard]] failure begin(proto::writer& out);
  /// Takes an Authentication* or NegotiateProtocolVersion message and writes the answer.
  [[nodiscard]] failure take(const proto::backend_message& message, proto::writer& out);

  [[nodiscard]] bool authenticated() const noexcept { return state_ == state::authenticated; }
  /// The version that both sides speak: the one asked for, until the server names an older one.
  [[nodiscard]] std::uint32_t protocol_version() const noexcept { return version_; }
  /// The method that the server asked for last.
  [[nodiscard]] authentication_method method() const noexcept { return method_; }
  /// What the server said of the token that it refused, as the end of a sentence; or empty.
  [[nodiscard]] const std::string& token_refusal() const noexcept { return token_refusal_; }

 private:
  enum class state : std::uint8_t {
    begun,            ///< nothing asked of us yet
    password_sent,    ///< cleartext or MD5: only Ok may follow
    sasl_first_sent,  ///< SASLContinue may follow
    sasl_final_sent,  ///< SASLFinal may follow
    sasl_verified,    ///< the server has proved that it knows us: Ok may follow
    token_sent,       ///< Ok may follow, or SASLContinue that says why not
    token_refused,    ///< only ErrorResponse may follow
    authenticated,
  };

  failure take_ok();
  failure take_cleartext(proto::writer& out);
  failure take_md5(const proto::authentication_md5_password& request, proto::writer& out);
  failure take_sasl(const proto::authentication_sasl& request, proto::writer& out);
  failure take_sasl_continue(const proto::authentication_sasl_continue& request,
                             proto::writer& out);
  failure take_sasl_final(const proto::authentication_sasl_final& request);
  failure take_version(const proto::negotiate_protocol_version& answer);
  failure take_unsupported(const proto::backend_message& message) const;

  failure begin_scram(std::string_view gs2_header, proto::writer& out);
  failure continue_scram(std::string_view challenge, proto::writer& out);
  failure begin_oauth(proto::writer& out);
  failure take_token_refusal(std::string_view json, proto::writer& out);

  failure check_policy(auth_word word, std::string_view asked) const;
  failure unexpected(std::string_view what) const;
  failure password_missing(std::string_view asked) const;
  failure refuse_scram(std::string_view why) const;
  std::optional<auth::secret_text> ask(secret_source& source);

  startup_options options_;
  state state_ = state::begun;
  std::uint32_t version_;
  authentication_method method_ = authentication_method::none;
  bool negotiated_ = false;  // the server has named its version, which it does once
  std::unique_ptr<auth::scram_client> scram_;
  std::string token_refusal_;
};

}  // namespace tusk::engine
