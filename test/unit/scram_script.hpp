#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "auth/base64.hpp"
#include "auth/scram_keys.hpp"
#include "support/catch.hpp"
#include "unit/engine_script.hpp"

namespace tusk::test {

/// The server's side of one SCRAM-SHA-256 exchange (RFC 5802, section 3) with a client whose nonce
/// is known, so that all of it is known beforehand. `binding` is the gs2 header and what follows
/// it.
class scram_script {
 public:
  scram_script(std::string client_nonce, std::string_view password,
               std::string_view binding = "n,,")
      : client_first_bare_("n=,r=" + client_nonce),
        server_first_("r=" + client_nonce +
                      "%hvYDpWUa2RaTCAfuxFIlj,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
        client_final_("c=" + auth::base64_encode(bytes_of_text(binding)) + ",r=" + client_nonce +
                      "%hvYDpWUa2RaTCAfuxFIlj") {
    constexpr std::array<unsigned char, 16> salt{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e,
                                                 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81};
    REQUIRE(keys_.derive(password, salt, 4096));
  }

  static byte_string continue_message(std::string_view text) {
    return say(proto::authentication_sasl_continue{bytes_of(text)});
  }
  static byte_string final_message(std::string_view text) {
    return say(proto::authentication_sasl_final{bytes_of(text)});
  }

  [[nodiscard]] byte_string first() const { return continue_message(server_first_); }
  [[nodiscard]] byte_string final() const {
    return final_message("v=" + auth::base64_encode(signature(keys_.server)));
  }
  /// Whether what the client sent holds the proof that it knows the password: ClientKey XOR
  /// HMAC(StoredKey, AuthMessage).
  [[nodiscard]] bool accepts(std::string_view sent) const {
    digest proof = signature(keys_.stored);
    for (std::size_t i = 0; i < proof.size(); ++i)
      proof[i] = static_cast<unsigned char>(proof[i] ^ keys_.client[i]);
    return sent.find(client_final_ + ",p=" + auth::base64_encode(proof)) != sent.npos;
  }

  [[nodiscard]] const auth::scram_keys& keys() const noexcept { return keys_; }

 private:
  static std::span<const unsigned char> bytes_of_text(std::string_view text) {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
  }

  using digest = std::array<unsigned char, auth::sha256_size>;

  [[nodiscard]] digest signature(const auth::scram_key& key) const {
    auth::scram_key made;
    REQUIRE(auth::hmac(key, client_first_bare_ + "," + server_first_ + "," + client_final_, made));
    digest out;
    std::copy_n(made.data(), out.size(), out.begin());
    return out;
  }

  std::string client_first_bare_;
  std::string server_first_;
  std::string client_final_;
  auth::scram_keys keys_;
};

}  // namespace tusk::test
