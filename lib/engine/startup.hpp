#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/failure.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::auth {
class scram_client;
}

namespace tusk::engine {

/// What a connection starts with. The nonce is handed in, for the engine has no randomness.
struct startup_options {
  std::uint32_t protocol_version = proto::protocol_3_0;
  std::string user;
  std::string database;
  std::vector<std::pair<std::string, std::string>> settings;  ///< further run-time parameters
  std::optional<std::string> password;
  std::string nonce;  ///< the client's part of the SCRAM nonce: printable, no comma
  std::uint32_t max_scram_iterations = 1'000'000;
};

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

 private:
  enum class state : std::uint8_t {
    begun,            ///< nothing asked of us yet
    password_sent,    ///< cleartext or MD5: only Ok may follow
    sasl_first_sent,  ///< SASLContinue may follow
    sasl_final_sent,  ///< SASLFinal may follow
    sasl_verified,    ///< the server has proved that it knows us: Ok may follow
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
  failure unexpected(std::string_view what) const;
  failure password_missing(std::string_view method) const;

  startup_options options_;
  state state_ = state::begun;
  bool negotiated_ = false;  // the server has named its version, which it does once
  std::unique_ptr<auth::scram_client> scram_;
};

}  // namespace tusk::engine
