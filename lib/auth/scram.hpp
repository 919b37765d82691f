#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "auth/scram_keys.hpp"
#include "auth/secret.hpp"

namespace tusk::auth {

/// Why an exchange failed. After any of them it is over: nothing more may be sent to this server.
enum class scram_fault : std::uint8_t {
  none,
  malformed,            ///< not a message of RFC 5802, or one that comes out of turn
  bad_nonce,            ///< the server's nonce does not extend ours, or ours was unusable
  bad_salt,             ///< the salt is empty or not base64
  bad_iterations,       ///< the iteration count is not a positive decimal number
  too_many_iterations,  ///< the iteration count is above the limit
  server_error,         ///< the server sent e=; see scram_client::server_error
  bad_signature,        ///< the server does not know the password: not the server we want
  missing_server_key,   ///< a client key was given without the server key that verifies the server
  crypto,               ///< libcrypto refused to compute
};

/// The sentence a person reads, without a full stop.
std::string_view describe(scram_fault what) noexcept;

class scram_key_store;

struct scram_options {
  /// In UTF-8 where that is possible; prepared by SASLprep, or taken as bytes where that refuses.
  std::string_view password = {};
  /// The name to authenticate as. PostgreSQL takes it from StartupMessage and ignores this one;
  /// its own clients leave it empty.
  std::string_view user = {};
  /// Ours, fresh for every exchange: printable ASCII without commas, at least 18 random bytes'
  /// worth.
  std::string_view nonce = {};
  /// The largest iteration count to work for; a count takes about 0.3 ms per 1,000.
  std::uint32_t max_iterations = 1'000'000;
  /// "n,,": no channel binding; "y,,": supported here but not offered; "p=tls-server-end-point,,".
  std::string gs2_header = "n,,";
  /// With "p=": the bytes that bind the exchange to the channel.
  std::string channel_binding_data = {};
  /// 32 bytes each, or empty: keys in place of those that the password gives. With a client key no
  /// password is needed.
  std::span<const unsigned char> client_key = {};
  std::span<const unsigned char> server_key = {};
  /// Where derived keys are looked up, and kept once the server has proved itself. It outlives the
  /// client.
  scram_key_store* store = nullptr;
};

/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without I/O, clock or randomness: each
/// call takes the server's message and gives ours.
///
/// Secrets are wiped as soon as they are used, on failure, and on destruction.
class scram_client {
 public:
  /// Copies what it needs of `options`.
  explicit scram_client(const scram_options& options);

  scram_client(const scram_client&) = delete;
  scram_client& operator=(const scram_client&) = delete;

  /// client-first-message, for SASLInitialResponse. Lives as long as this object.
  const std::string& client_first() const noexcept { return client_first_; }

  /// Takes server-first-message (AuthenticationSASLContinue) and writes client-final-message, for
  /// SASLResponse, into `client_final`; on a fault `client_final` is left empty.
  scram_fault server_first(std::string_view message, secret_text& client_final);

  /// Takes server-final-message (AuthenticationSASLFinal) and checks that the server knows the
  /// password too.
  scram_fault server_final(std::string_view message);

  /// What the server said in e=, at most 100 characters, unprintable ones replaced by `?`.
  std::string_view server_error() const noexcept { return server_error_; }

  /// Whether the server has proved itself. Before that AuthenticationOk must not be believed.
  bool finished() const noexcept { return step_ == step::finished; }

  /// The iteration count the server asked for; 0 before it did, the largest value when it asked for
  /// more than that.
  std::uint32_t iterations() const noexcept { return iterations_; }

 private:
  enum class step : std::uint8_t { server_first, server_final, finished, failed };

  struct challenge {
    std::string_view nonce;
    std::string_view salt;
    std::string_view iterations;
  };

  scram_fault fail(scram_fault why);
  void forget() noexcept;
  static bool parse(std::string_view message, challenge& to);
  scram_fault check(const challenge& asked);
  scram_fault find_keys(const challenge& asked, scram_keys& keys);
  bool derive_keys(std::span<const unsigned char> salt, scram_keys& keys);
  scram_fault prove(const challenge& asked, std::string_view message, secret_text& client_final);

  secret_text password_;
  secret_vector<unsigned char> client_key_;
  secret_vector<unsigned char> server_key_;
  scram_key_store* store_;
  std::string nonce_;
  std::string channel_binding_;  // the value of c=, in base64
  std::string client_first_;
  std::size_t bare_offset_ = 0;  // where client-first-message-bare begins in client_first_
  std::string server_error_;
  scram_key server_signature_;  // the one that we expect
  // Keys that were derived here, for the store, should they prove right.
  scram_keys fresh_;
  scram_key identity_;
  bool keeps_fresh_ = false;
  std::uint32_t max_iterations_;
  std::uint32_t iterations_ = 0;
  step step_ = step::server_first;
};

/// What the server stores for a password ("SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey"), so
/// that `ALTER ROLE ... PASSWORD` need not carry the password itself. Empty when `iterations` is 0
/// or above 2^31 - 1, or when libcrypto refuses.
std::string make_scram_verifier(std::string_view password, std::span<const std::byte> salt,
                                std::uint32_t iterations);
/// The same with a salt of 16 random bytes, as the server makes it; empty when the system has none
/// to give, too.
std::string make_scram_verifier(std::string_view password, std::uint32_t iterations);

}  // namespace tusk::auth
