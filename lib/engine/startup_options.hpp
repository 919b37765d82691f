#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/secret.hpp"
#include "engine/authentication_policy.hpp"
#include "tusk/proto/format.hpp"

namespace tusk::auth {
class scram_key_store;
}

namespace tusk::engine {

/// Gives a secret when it is needed; nothing when there is none.
using secret_source = std::function<std::optional<auth::secret_text>()>;

/// What a connection starts with. What is random, and what only the network knows, is handed in.
struct startup_options {
  /// The newest version that is asked for.
  std::uint32_t protocol_version = proto::protocol_3_0;
  /// A server that knows only an older one is refused.
  std::uint32_t min_protocol_version = proto::protocol_3_0;
  std::string user;
  std::string database;
  std::vector<std::pair<std::string, std::string>> settings;  ///< further run-time parameters

  secret_source password;  ///< called once at most, when the server wants one; may be empty
  secret_source token;     ///< the same for OAUTHBEARER's bearer token
  std::string nonce;       ///< the client's part of the SCRAM nonce: printable, no comma
  std::uint32_t max_scram_iterations = 1'000'000;
  /// Kept keys of earlier logins; outlives the conversation. nullptr: none.
  auth::scram_key_store* scram_keys = nullptr;
  /// 32 bytes each, in place of a password, or empty. With the client key comes the server key, for
  /// without it the server could not prove itself.
  auth::secret_vector<unsigned char> scram_client_key;
  auth::secret_vector<unsigned char> scram_server_key;

  authentication_policy policy;
  bool encrypted = false;  ///< TLS is on
  /// With TLS: the hash of the server's certificate (tls-server-end-point, RFC 5929). Empty when
  /// there is none; `no_channel_binding` then says why ("the certificate is signed by Ed25519...").
  std::string channel_binding_data;
  std::string no_channel_binding;
};

}  // namespace tusk::engine
